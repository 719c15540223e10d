import type { Solver } from '../arbitrage/solver.ts'
import type { BacktestResult, EquityPoint } from '../backtest/backtest-result.ts'
import type { Trial } from '../backtest/parameter-grid.ts'
import { runBacktest } from './backtest.ts'
import { pathOfSetting } from './config-change.ts'

/** What all trials of a sweep share. */
export type SweepPlan = {
  readonly directory: string
  readonly proofs: 'recorded' | 'candidates'
  /** Files of strategies of the user's own. */
  readonly strategyFiles: readonly string[]
  /** Hashes of those: trials of other code are not trials of this sweep. */
  readonly versions: readonly string[]
  readonly fromMs: number
  /** Before it parameters are chosen, after it the choice is tried. */
  readonly splitMs: number
  readonly untilMs: number
  /** Where the recording is cut for a walk forward; empty when there is none. */
  readonly cutsMs: readonly number[]
}

export type TrialTask = { readonly number: number; readonly trial: Trial }

export type TrialResult = {
  readonly number: number
  readonly trial: Trial
  /** On the part by which parameters are chosen. */
  readonly chosen: TrialOutcome
  /** On the part that was not looked at. */
  readonly held: TrialOutcome
  /** On each piece of a walk forward; empty when there is none. */
  readonly pieces: readonly TrialOutcome[]
}

export type TrialOutcome = {
  readonly profitUsd: number
  readonly baskets: number
  readonly maxDrawdownUsd: number
  /** Gains from one point of the equity curve to the next. */
  readonly gains: readonly number[]
}

/** One choice of parameters, on both sides of the split, each from the same capital. */
export async function runTrial(
  plan: SweepPlan,
  { number, trial }: TrialTask,
  solver: Solver,
): Promise<TrialResult> {
  const changes = Object.entries(trial).map(([name, text]) => ({ path: pathOfSetting(name), text }))
  const { directory, proofs, strategyFiles, fromMs, splitMs, untilMs, cutsMs } = plan
  const within = async (window: { fromMs: number; untilMs: number }): Promise<TrialOutcome> =>
    outcomeOf(await runBacktest({ directory, changes, proofs, strategyFiles, window, solver }))
  const pieces: TrialOutcome[] = []
  for (const [index, startMs] of cutsMs.entries()) {
    const endMs = cutsMs[index + 1] ?? untilMs + 1
    pieces.push(await within({ fromMs: startMs, untilMs: endMs }))
  }
  return {
    number,
    trial,
    chosen: await within({ fromMs, untilMs: splitMs }),
    held: await within({ fromMs: splitMs, untilMs: untilMs + 1 }),
    pieces,
  }
}

function outcomeOf(result: BacktestResult): TrialOutcome {
  const profit = Number(result.finalEquityUsd) - Number(result.capitalUsd)
  return {
    profitUsd: Math.round(profit * 1e6) / 1e6,
    baskets: result.baskets,
    maxDrawdownUsd: Number(result.maxDrawdownUsd),
    gains: gainsOf(result.equity),
  }
}

function gainsOf(equity: readonly EquityPoint[]): readonly number[] {
  return equity
    .slice(1)
    .map(({ equityUsd }, index) => equityUsd - (equity[index]?.equityUsd ?? equityUsd))
}
