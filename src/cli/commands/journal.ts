import { resolve } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import type { JournalRecord } from '../../journal/record.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { countOption } from '../option-parsers.ts'

type ShowOptions = {
  readonly from: number
  readonly count: number
  readonly type: readonly JournalRecord['type'][]
}

const types: readonly JournalRecord['type'][] = ['header', 'frame', 'event', 'effect', 'note']

export function journalCommand(context: CommandContext): Command {
  const show = new Command('show')
    .summary('print the records of a journal')
    .argument('<directory>', 'the journal, as written by --journal')
    .option('--from <number>', 'the first record', countOption, 1)
    .option('--count <number>', 'how many records of the journal to look at', countOption, 100)
    .option('--type <list>', `only ${types.join(', ')}; with commas`, typeList, [])
    .action(async (directory: string, options: ShowOptions) =>
      context.end(await showRecords(directory, options, context)),
    )
  return new Command('journal')
    .summary('look into a journal')
    .description('A journal is everything that went into an engine, and everything it did.')
    .addCommand(show)
}

async function showRecords(
  directory: string,
  { from, count, type }: ShowOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { showJournal } = await import('../../app/show-journal.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  try {
    await showJournal({
      directory: resolve(machine.folder, directory),
      from,
      to: from + count - 1,
      types: type,
      print: io.print,
    })
    return exitCode.ok
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

function typeList(text: string): readonly JournalRecord['type'][] {
  return text.split(',').map((name) => {
    const type = types.find((known) => known === name.trim())
    if (type === undefined) throw new InvalidArgumentError(`Expected some of ${types.join(', ')}.`)
    return type
  })
}
