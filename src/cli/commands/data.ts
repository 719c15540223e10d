import { resolve } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import type { ImportFormat, Imported } from '../../app/data-import.ts'
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

type ImportOptions = {
  readonly into: string
  readonly format?: ImportFormat
  readonly markets?: string
  readonly only: readonly string[]
  readonly json?: true
  readonly config?: string
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
    .addCommand(importCommand(context))
}

function importCommand(context: CommandContext): Command {
  return new Command('import')
    .summary('make a recording from an archive: raw lines, pmxt hours, CSV')
    .description(
      'Adds a part to a recording that replays and backtests read, and says what the archive ' +
        'lacks and what that makes impossible. docs/recordings.md describes the formats.',
    )
    .argument('<file>', 'the archive; .gz and .zst are unpacked')
    .requiredOption('--into <directory>', 'the folder of the recording')
    .option('--format <name>', 'tardis, pmxt or csv; left out: by the name', importFormatOption)
    .option('--markets <file>', 'facts of markets: a table `markets` of an export, or a recording')
    .option('--only <list>', 'only these markets of a pmxt hour, with commas', listOption, [])
    .option('--json', 'the result as one JSON object')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (file: string, options: ImportOptions) =>
      context.end(await importFile(file, options, context)),
    )
}

async function importFile(
  file: string,
  { format, into, markets, only, json, config }: ImportOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { importArchive } = await import('../../app/data-import.ts')
  const { ImportError } = await import('../../archive/import-source.ts')
  const { createLog } = await import('../../telemetry/create-log.ts')
  try {
    const imported = await importArchive({
      machine,
      file: resolve(machine.folder, file),
      format,
      into: resolve(machine.folder, into),
      markets: markets === undefined ? undefined : resolve(machine.folder, markets),
      only,
      configFile: config,
      log: createLog({
        filter: { level: 'warn', rooms: new Map() },
        destination: { write: (line) => io.complain(line.trimEnd()) },
        secrets: [],
      })('import'),
    })
    if (json === true) io.print(JSON.stringify(imported))
    else for (const line of describeImported(imported)) io.print(line)
    return exitCode.ok
  } catch (error) {
    if (!(error instanceof ImportError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

function describeImported(imported: Imported): readonly string[] {
  const { part, format, frames, frameCount, markets, disconnects, lacks, skipped } = imported
  return [
    `${part}: ${formatCount(frameCount)} frames of ${markets} markets, from ${format}`,
    `  ${new Date(imported.fromMs).toISOString()} to ${new Date(imported.untilMs).toISOString()}`,
    `  ${framesMean[frames]}; ${disconnects} times not connected`,
    ...Object.entries(skipped).map(([reason, count]) => `  passed by: ${count} (${reason})`),
    ...lacks.flatMap(({ what, makesImpossible }) => [
      `  it lacks ${what}`,
      `    which makes it impossible ${makesImpossible}`,
    ]),
  ]
}

const framesMean: Readonly<Record<Imported['frames'], string>> = {
  'as-sent': 'frames as the venue sent them',
  reserialised: 'the venue’s messages, written anew',
  made: 'frames made in the venue’s shape from what the archive tells',
}

function importFormatOption(text: string): ImportFormat {
  if (text === 'tardis' || text === 'pmxt' || text === 'csv') return text
  throw new InvalidArgumentError('Expected tardis, pmxt or csv.')
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
