import type { Nanos } from '../core/units.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { JournalReplay } from '../journal/replay-journal.ts'
import type { ReplayResult } from '../journal/replay-journal.ts'
import type { JournalHeader } from './journal-header.ts'
import type { Kernel } from './kernel.ts'
import type { Machine } from './machine.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { recordedStrategies } from './recorded-strategies.ts'
import { takeHeader } from './take-header.ts'

export type ReplayRequest = {
  readonly directory: string
  readonly machine: Machine
  /** `recorded`: as fast as it was. `full`: as fast as it goes. */
  readonly speed: 'full' | 'recorded'
}

export type Replayed = ReplayResult & { readonly header: JournalHeader; readonly kernel: Kernel }

/**
 * Runs a journal through the whole kernel, the venues' decoding included, and compares its effects.
 *
 * The kernel is built from the journal's own header, by the very function that built it then.
 */
export async function replayDirectory(request: ReplayRequest): Promise<Replayed> {
  const { directory, machine, speed } = request
  const items = readJournal(directory)
  const header = await takeHeader(items, directory)
  const replay = new JournalReplay()
  const own = await recordedStrategies(directory, header.own ?? [])
  const kernel = await recordedKernel(header, {
    obey: (effect) => replay.onEffect(effect),
    plugins: own.map(({ strategy }) => strategy),
  })
  const pace = speed === 'recorded' ? pacer(machine) : undefined
  const result = await replay.run(items, { intake: kernel.intake, venues: header.venues }, pace)
  return { ...result, header, kernel }
}

/** Waits until as much time has passed here as had passed there. */
function pacer({ clock, timers }: Machine): (at: Nanos) => Promise<void> | undefined {
  let offset: number | undefined
  return (at) => {
    offset ??= clock.nanos() - at
    const waitMs = (at + offset - clock.nanos()) / 1e6
    if (waitMs < 1) return undefined
    return new Promise<void>((resolve) => void timers.after(waitMs, resolve))
  }
}
