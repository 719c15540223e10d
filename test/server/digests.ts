import type { EpochMs, MicroUsd, Nanos } from '../../src/core/units.ts'
import { usedLimits } from '../../src/risk/limit-use.ts'
import { riskDefaults } from '../../src/risk/risk-limits.ts'
import type { Digest, Figures } from '../../src/server/digest.ts'
import type { Run } from '../../src/server/schema/run-status.ts'

export const startMs = 1_796_000_000_000

export const run: Run = {
  id: 'run-1',
  badge: 'SIMULATED',
  title: 'a run of a test',
  version: '0.0.0',
  startedAtMs: startMs,
  endsAtMs: null,
  keepsJournal: false,
}

export const figures: Figures = {
  paused: false,
  killed: false,
  books: { proven: 2, unproven: 1, broken: 0 },
  framesReceived: 100,
  framesRefused: 0,
  eventCount: 100,
  turnP50Us: 5,
  turnP99Us: 90,
  signalCount: 0,
  fillCount: 0,
  rejectionCount: 0,
  phantomCount: 0,
  openBaskets: 0,
  ordersOut: 0,
  cash: 10_000_000_000 as MicroUsd,
  capital: 10_000_000_000 as MicroUsd,
  realised: 0 as MicroUsd,
  unrealised: 0 as MicroUsd,
  fees: 0 as MicroUsd,
  exposure: 0 as MicroUsd,
  limitUse: usedLimits.map((name) => ({ name, unit: 'usd', used: 0, max: 1_000_000 }) as const),
  ledgerBalanced: true,
  limits: riskDefaults,
  ordersLastSecond: 0,
  ordersLastMinute: 0,
  feeds: [{ venue: 'polymarket', mode: 'socket', open: 1, wanted: 1, markets: 3, reconnects: 0 }],
  strategies: [
    {
      name: 'cross-outcome',
      stopped: undefined,
      evaluations: 10,
      episodes: 0,
      openEpisodes: 0,
      phantoms: 0,
      parameters: {},
    },
  ],
  profits: [],
}

/** A digest so long after the start in which nothing has happened, but for what is given. */
export function digestAt(afterMs: number, given: Partial<Digest> = {}): Digest {
  return {
    at: (afterMs * 1e6) as Nanos,
    atMs: (startMs + afterMs) as EpochMs,
    figures,
    effects: [],
    untold: 0,
    episodes: [],
    positions: undefined,
    tops: { rows: new Float64Array(0), count: 0 },
    seen: [],
    ...given,
  }
}
