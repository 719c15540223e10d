import type { Solver } from '../arbitrage/solver.ts'
import { assert } from '../core/assert.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { BacktestResult } from '../backtest/backtest-result.ts'
import type { FeedOptions, RecordedSpan } from '../backtest/feed-recording.ts'
import { feedRecording } from '../backtest/feed-recording.ts'
import { ResultCollector } from '../backtest/result-collector.ts'
import { ShuffledIntake } from '../backtest/shuffled-intake.ts'
import { JournalError } from '../journal/journal-reader.ts'
import { readOpening } from '../journal/read-opening.ts'
import type { StartEvent } from '../journal/read-opening.ts'
import type { RecordingPart } from '../journal/recording.ts'
import { listParts } from '../journal/recording.ts'
import type { Strategy } from '../ports/strategy.ts'
import type { ConfigChange } from './config-change.ts'
import { withChange } from './config-change.ts'
import type { JournalHeader } from './journal-header.ts'
import { readHeader, tradingConfig } from './journal-header.ts'
import { recordedKernel } from './recorded-kernel.ts'
import { triedStrategies } from './recorded-strategies.ts'
import { withoutReloads } from './tried-intake.ts'
import type { LookGuard } from './user-strategy.ts'
import { unpackInThread } from './unpack-in-thread.ts'

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
  /** Files of strategies of the user's own, in place of a recorded one with the same name. */
  readonly strategyFiles?: readonly string[]
  /** `shuffled`: the same frames in an order drawn from the seed. Nothing may be earned in it. */
  readonly control?: 'shuffled' | undefined
  /** Sees when a strategy of the user's own never comes back. */
  readonly guard?: LookGuard
  /** Loaded before, by whoever runs many. */
  readonly solver?: Solver
}

/** More episodes and fills than this in one backtest and the oldest are not reported on. */
const recentMax = 200_000

/** Runs a recording through the kernel that trades on paper, with other settings if need be. */
export async function runBacktest(request: BacktestRequest): Promise<BacktestResult> {
  const { directory, plugins = [], proofs, seed, window } = request
  const parts: OpenedPart[] = []
  for (const part of await listParts(directory)) parts.push(await openPart(part))
  const first = parts[0]?.header
  assert(first !== undefined, 'a recording has a part')
  const { strategies, names, changes } = await triedStrategies(
    parts[0]?.directory ?? directory,
    { ...first, config: tradingConfig(first) },
    { files: request.strategyFiles ?? [], changes: request.changes, guard: request.guard },
  )
  const header = { ...first, config: changes.reduce(withChange, tradingConfig(first)) }
  const collector = new ResultCollector()
  const kernel = await recordedKernel(header, {
    obey: (effect) => collector.observe(effect),
    plugins: [...strategies.map(({ strategy }) => strategy), ...plugins],
    ...(request.solver === undefined ? {} : { solver: request.solver }),
    ...(seed === undefined ? {} : { seed }),
    limits: { recentMax, ...(proofs === 'recorded' ? {} : { auditBudget: 0 }) },
  })
  const { engine } = kernel
  const shuffled =
    request.control === 'shuffled' ? new ShuffledIntake(kernel.intake, seed ?? 1) : undefined
  const intake = withoutReloads(shuffled ?? kernel.intake, names)
  let lastAt = 0 as Nanos
  const onPause = (at: Nanos): void => {
    lastAt = at
    collector.sample(engine.view, at)
  }
  const span = await feedParts(parts, { intake, onPause, window })
  shuffled?.flush()
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
    control: request.control ?? null,
    ...collector.result(engine.view, lastAt),
  }
}

/** Feeds the parts, trading only within the window; the rest is needed to have the books. */
async function feedParts(
  parts: readonly OpenedPart[],
  {
    intake,
    onPause,
    window,
  }: Pick<FeedOptions, 'intake' | 'onPause'> & Pick<BacktestRequest, 'window'>,
): Promise<RecordedSpan> {
  const command = (kind: 'pause' | 'resume', at: Nanos): void =>
    intake.process({ kind: 'command', command: { kind }, at })
  if (window !== undefined) command('pause', 0 as Nanos)
  const segments = parts.flatMap((part) => part.segments)
  // One segment is read before a thread has started.
  const thread = segments.length > 1 ? unpackInThread(segments) : undefined
  try {
    return await feedRecording({
      parts: parts.map(({ segments, header: { venues }, start }) => ({ segments, venues, start })),
      unpack: thread?.unpack,
      intake,
      onPause,
      window: window && { ...window, onOpen: (at) => command('resume', at) },
    })
  } finally {
    await thread?.stop()
  }
}

/** How the kernel of a recording was built. */
export async function headerOfRecording(directory: string): Promise<JournalHeader> {
  const [first] = await listParts(directory)
  assert(first !== undefined, 'a recording has a part')
  return (await openPart(first)).header
}

type OpenedPart = RecordingPart & {
  readonly header: JournalHeader
  readonly start: StartEvent | undefined
}

async function openPart(part: RecordingPart): Promise<OpenedPart> {
  const { header: text, start } = await readOpening(part)
  const header = readHeader(text)
  if (header === undefined) {
    throw new JournalError(`${part.directory}: the first record is no header`)
  }
  return { ...part, header, start }
}
