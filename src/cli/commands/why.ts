import { resolve } from 'node:path'

import { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'

export function whyCommand(context: CommandContext): Command {
  return new Command('why')
    .summary('explain a basket, an order or a record of a journal, in words')
    .description(
      'Replays the journal up to the event that led to it, and shows the books then, the ' +
        'certificate, what risk said, and what came of it.',
    )
    .argument('<id>', 'a basket (B000001), an order (B000001-1), or a record ("#42")')
    .requiredOption('--journal <directory>', 'the journal, as written by --journal')
    .action(async (id: string, options: { readonly journal: string }) =>
      context.end(await explain(id, options, context)),
    )
}

async function explain(
  id: string,
  options: { readonly journal: string },
  { io, machine }: CommandContext,
): Promise<number> {
  const { why } = await import('../../app/why.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  try {
    const lines = await why(resolve(machine.folder, options.journal), id)
    if (lines === undefined) {
      io.complain(`nothing in ${options.journal} is called ${id}`)
      return exitCode.failure
    }
    for (const line of lines) io.print(line)
    return exitCode.ok
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}
