import { resolve } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import type { TableName } from '../../archive/table.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { formatCount } from '../format-number.ts'
import { countOption, listOption } from '../option-parsers.ts'

type ExportOptions = {
  readonly format: 'parquet' | 'csv'
  readonly out: string
  readonly tables?: readonly string[]
  readonly depth: number
  readonly json?: true
}

const depthUsual = 10

export function dataCommand(context: CommandContext): Command {
  const toTables = new Command('export')
    .summary('write a recording as tables: books, changes, trades, opportunities, fills')
    .description(
      'Takes a recording through the venues’ decoding and the engine, and writes what they see and ' +
        'do as Parquet or CSV. docs/recordings.md describes every column.',
    )
    .argument('<directory>', 'a recording, or one journal')
    .requiredOption('--out <directory>', 'where the files go')
    .option('--format <name>', 'parquet or csv', formatOption, 'parquet')
    .option('--tables <list>', 'only these, with commas; left out: all', listOption)
    .option('--depth <levels>', 'levels of each side in `books`', countOption, depthUsual)
    .option('--json', 'the result as one JSON object')
    .action(async (directory: string, options: ExportOptions) =>
      context.end(await exportTables(directory, options, context)),
    )
  return new Command('data')
    .summary('recordings to tables, and archives of others to recordings')
    .addCommand(toTables)
}

async function exportTables(
  directory: string,
  { format, out, tables, depth, json }: ExportOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { exportRecording } = await import('../../app/data-export.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  const { tableNames } = await import('../../archive/table.ts')
  const wanted = tables ?? tableNames
  const unknown = wanted.filter((name) => !tableNames.some((known) => known === name))
  if (unknown.length > 0) {
    io.complain(`error: --tables: no "${unknown.join('", "')}" among ${tableNames.join(', ')}`)
    return exitCode.usage
  }
  try {
    const exported = await exportRecording({
      directory: resolve(machine.folder, directory),
      into: resolve(machine.folder, out),
      format,
      tables: tableNames.filter((name: TableName) => wanted.includes(name)),
      depth,
    })
    if (json === true) io.print(JSON.stringify(exported))
    else {
      for (const { file, rows } of exported.tables) io.print(`${file}  ${formatCount(rows)} rows`)
      for (const place of exported.faults) io.print(`  the recording is damaged: ${place}`)
    }
    return exported.faults.length === 0 ? exitCode.ok : exitCode.failure
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

function formatOption(text: string): ExportOptions['format'] {
  if (text === 'parquet' || text === 'csv') return text
  throw new InvalidArgumentError('Expected parquet or csv.')
}
