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
  /** Goes on with the books that are there, instead of beginning new ones. */
  readonly continues: boolean
  /** Orders are on the disk before a venue can have them. */
  readonly durableOrders: boolean
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
 * Books that are not gone on with begin anew; those of a simulation are thrown away before. What is
 * given back closes the file.
 */
export function keepBooks(options: BooksOptions): () => void {
  const { folder, badge, continues, durableOrders, machine, runtime } = options
  const { clock, timers } = machine
  const path = ledgerPath(folder, badge)
  if (!continues && badge === 'SIMULATED') {
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
  }
  const store = new LedgerStore({
    path,
    badge,
    program: programVersion(),
    startedAt: clock.epochMs(),
    continues,
    durableOrders,
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
