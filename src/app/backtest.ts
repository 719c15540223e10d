import type { Solver } from '../arbitrage/solver.ts'
import { assert } from '../core/assert.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { BacktestResult } from '../backtest/backtest-result.ts'
import { feedRecording } from '../backtest/feed-recording.ts'
import { ResultCollector } from '../backtest/result-collector.ts'
import { readJournal } from '../journal/journal-reader.ts'
import type { RecordingPart } from '../journal/recording.ts'
import { listParts } from '../journal/recording.ts'
import type { Strategy } from '../ports/strategy.ts'
import type { ConfigChange } from './config-change.ts'
import { withChange } from './config-change.ts'
import type { JournalHeader } from './journal-header.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { takeHeader } from './take-header.ts'

export type BacktestRequest = {
  readonly directory: string
  /** Settings that replace the recorded ones: `strategies.crossOutcome.edgeMin` and the like. */
  readonly changes: readonly ConfigChange[]
  readonly seed?: number | undefined
  /**
   * `recorded`: books are proven as often as in the recording, which gives its very decisions.
   * `candidates`: only when a strategy asks; several times faster.
   */
  readonly proofs: 'recorded' | 'candidates'
  /** Trading only within; what lies before is still needed to have the books. */
  readonly window?: { readonly fromMs: number; readonly untilMs: number } | undefined
  readonly plugins?: readonly Strategy[]
  /** Loaded before, by whoever runs many. */
  readonly solver?: Solver
}

/** More episodes and fills than this in one backtest and the oldest are not reported on. */
const recentMax = 200_000

/** Runs a recording through the kernel that trades on paper, with other settings if need be. */
export async function runBacktest(request: BacktestRequest): Promise<BacktestResult> {
  const { directory, plugins = [], proofs, seed, window } = request
  const parts = await listParts(directory)
  const headers = new Map<RecordingPart, JournalHeader>()
  for (const part of parts) headers.set(part, await headerOf(part.directory))
  const first = [...headers.values()][0]
  assert(first !== undefined, 'a recording has a part')
  const header = { ...first, config: request.changes.reduce(withChange, first.config) }
  const collector = new ResultCollector()
  const { engine, intake } = await recordedKernel(header, {
    obey: (effect) => collector.observe(effect),
    plugins,
    ...(request.solver === undefined ? {} : { solver: request.solver }),
    ...(seed === undefined ? {} : { seed }),
    limits: { recentMax, ...(proofs === 'recorded' ? {} : { auditBudget: 0 }) },
  })
  let lastAt = 0 as Nanos
  const command = (kind: 'pause' | 'resume', at: Nanos): void =>
    intake.process({ kind: 'command', command: { kind }, at })
  if (window !== undefined) command('pause', lastAt)
  const span = await feedRecording({
    parts,
    venuesOf: (part) => headers.get(part)?.venues ?? [],
    intake,
    onPause: (at) => {
      lastAt = at
      collector.sample(engine.view, at)
    },
    window: window && { ...window, onOpen: (at) => command('resume', at) },
  })
  const { eventCount: events, frameCount: frames, faults } = span
  const fromMs = span.fromMs ?? (header.startedAtMs as EpochMs)
  return {
    recording: {
      directory,
      parts: parts.length,
      fromMs,
      untilMs: span.untilMs ?? fromMs,
      events,
      frames,
      faults,
    },
    strategies: engine.view.strategies.map(({ strategy }) => strategy.name),
    latencyMs: header.config.paper.latencyMs,
    seed: seed ?? 1,
    ...collector.result(engine.view, lastAt),
  }
}

/** How the kernel of a recording was built. */
export async function headerOfRecording(directory: string): Promise<JournalHeader> {
  const [first] = await listParts(directory)
  return headerOf(first?.directory ?? directory)
}

async function headerOf(directory: string): Promise<JournalHeader> {
  const items = readJournal(directory)
  try {
    return await takeHeader(items, directory)
  } finally {
    await items.return(undefined)
  }
}
