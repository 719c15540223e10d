import type { JournalItem } from '../journal/journal-reader.ts'
import { readJournalBlocks } from '../journal/journal-reader.ts'
import { JournalReplay } from '../journal/replay-journal.ts'
import type { ReplayResult } from '../journal/replay-journal.ts'
import type { JournalHeader } from './journal-header.ts'
import type { Kernel } from './kernel.ts'
import type { Machine } from './machine.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { recordedStrategies } from './recorded-strategies.ts'
import { headerIn } from './take-header.ts'

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
  const blocks = readJournalBlocks(directory)
  let items = valueOf(await blocks.next())
  const header = headerIn(items?.[0], directory)
  const replay = new JournalReplay()
  const own = await recordedStrategies(directory, header.own ?? [])
  const kernel = await recordedKernel(header, {
    obey: (effect) => replay.onEffect(effect),
    plugins: own.map(({ strategy }) => strategy),
  })
  const pace = speed === 'recorded' ? pacer(machine) : undefined
  const engine = { intake: kernel.intake, venues: header.venues }
  while (items !== undefined) {
    for (const item of items) {
      const wait = pace?.(item)
      if (wait !== undefined) await wait
      replay.take(item, engine)
    }
    items = valueOf(await blocks.next())
  }
  return { ...replay.end(), header, kernel }
}

function valueOf<T>(result: IteratorResult<T, unknown>): T | undefined {
  return result.done === true ? undefined : result.value
}

/** Waits until as much time has passed here as had passed there. */
function pacer({ clock, timers }: Machine): (item: JournalItem) => Promise<void> | undefined {
  let offset: number | undefined
  return (item) => {
    if (item.kind === 'fault') return undefined
    const { type, at } = item.record
    if (type !== 'frame' && type !== 'event') return undefined
    offset ??= clock.nanos() - at
    const waitMs = (at + offset - clock.nanos()) / 1e6
    if (waitMs < 1) return undefined
    return new Promise<void>((resolve) => void timers.after(waitMs, resolve))
  }
}
