import { resolve } from 'node:path'

import { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'

type ReplayOptions = { readonly json?: true; readonly realTime?: true }

export function replayCommand(context: CommandContext): Command {
  return new Command('replay')
    .summary('run a journal through the engine again, and check that it decides the same')
    .description(
      'Feeds every recorded event to a kernel built from the journal’s header, decoding included, ' +
        'and compares every effect. Exits with 1 at a difference, or when the journal is not as ' +
        'it was written.',
    )
    .argument('<directory>', 'a journal, as written by --journal, or a recording')
    .option('--json', 'the result as one JSON object')
    .option('--real-time', 'at the speed of the recording')
    .action(async (directory: string, options: ReplayOptions) =>
      context.end(await replay(directory, options, context)),
    )
}

async function replay(
  directory: string,
  options: ReplayOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { replayRecording } = await import('../../app/replay-recording.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  try {
    const startedAt = machine.clock.nanos()
    const replayed = await replayRecording({
      directory: resolve(machine.folder, directory),
      machine,
      speed: options.realTime === true ? 'recorded' : 'full',
    })
    const { events, effects, divergence, effectDivergence, faults, differsIn } = replayed
    const seconds = (machine.clock.nanos() - startedAt) / 1e9
    const eventsPerSecond = Math.round(events / seconds)
    if (options.json === true) {
      io.print(JSON.stringify({ ...replayed, eventsPerSecond }))
    } else {
      const same = divergence === null ? 'every effect the same' : 'and it differs'
      io.print(
        `${events} events replayed, ${effects} effects, ${same} (${eventsPerSecond} a second)`,
      )
      for (const { kind, path, offset, detail } of faults) {
        io.print(`  ${kind} in ${path} at byte ${offset}: ${detail}`)
      }
      for (const found of new Set([divergence, effectDivergence])) {
        if (found === null) continue
        io.print(`first ${found.kind} at record ${found.record} of ${differsIn ?? directory}`)
        io.print(`  recorded  ${found.recorded}`)
        io.print(`  replayed  ${found.replayed}`)
      }
    }
    return divergence === null ? exitCode.ok : exitCode.failure
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}
