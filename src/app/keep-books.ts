import { rmSync } from 'node:fs'
import { join } from 'node:path'

import { LedgerStore } from './ledger-store.ts'
import type { Machine } from './machine.ts'
import { programVersion } from './program-version.ts'
import type { Badge } from './run-view.ts'
import type { Runtime } from './runtime.ts'

/** How long a posting may wait for the disk. */
const commitEveryMs = 50
const markEveryMs = 1_000

export type BooksOptions = {
  readonly folder: string
  readonly badge: Badge
  readonly machine: Machine
  readonly runtime: Runtime
}

/** The file of a run's ledger. A simulated one never mixes with the books of real markets. */
export function ledgerPath(folder: string, badge: Badge): string {
  return join(folder, badge === 'SIMULATED' ? 'ledger-simulated.db' : 'ledger.db')
}

/**
 * Keeps the ledger of a run on disk, where another process reads it while we run.
 *
 * A simulation begins anew each time; anything else goes on with what is there. What is given back closes the file.
 */
export function keepBooks({ folder, badge, machine, runtime }: BooksOptions): () => void {
  const { clock, timers } = machine
  const path = ledgerPath(folder, badge)
  if (badge === 'SIMULATED') {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  }
  const store = new LedgerStore({
    path,
    badge,
    program: programVersion(),
    startedAt: clock.epochMs(),
    continues: badge !== 'SIMULATED',
    durableOrders: badge === 'LIVE',
    msOf: (at) => runtime.view.msOf(at),
    marketOf: (venue, id) => runtime.marketOf(venue, id),
  })
  runtime.follow({ observe: (effect) => store.observe(effect), learn: () => undefined })
  const stops = [
    timers.every(commitEveryMs, () => store.commit()),
    timers.every(markEveryMs, () => store.mark(runtime.view, clock.epochMs())),
  ]
  return () => {
    for (const stop of stops) stop()
    store.mark(runtime.view, clock.epochMs())
    store.close(clock.epochMs())
  }
}
