import type { Trial } from '../backtest/parameter-grid.ts'
import type { TrialResult } from './run-trial.ts'

export type WalkForward = {
  /** All that was earned on what followed each choice. */
  readonly profitUsd: number
  readonly folds: readonly WalkForwardFold[]
}

export type WalkForwardFold = {
  /** The best on all pieces up to this one. */
  readonly trial: Trial
  readonly chosenProfitUsd: number
  /** What it earned on the next piece, which nobody had looked at. */
  readonly heldProfitUsd: number
}

/** Chooses anew at the end of each piece, by what was known then, and looks how that went. */
export function walkForward(results: readonly TrialResult[]): WalkForward | null {
  const pieces = results[0]?.pieces.length ?? 0
  if (pieces < 2) return null

  const folds: WalkForwardFold[] = []
  for (let next = 1; next < pieces; next++) {
    const soFar = (result: TrialResult): number => profitOf(result, 0, next)
    const best = results.reduce((a, b) => (soFar(b) > soFar(a) ? b : a))
    folds.push({
      trial: best.trial,
      chosenProfitUsd: rounded(soFar(best)),
      heldProfitUsd: rounded(profitOf(best, next, next + 1)),
    })
  }
  return { profitUsd: rounded(folds.reduce((sum, fold) => sum + fold.heldProfitUsd, 0)), folds }
}

function profitOf({ pieces }: TrialResult, from: number, until: number): number {
  return pieces.slice(from, until).reduce((sum, { profitUsd }) => sum + profitUsd, 0)
}

/** Micro-dollars: sums of floats end in dust. */
function rounded(usd: number): number {
  return Math.round(usd * 1e6) / 1e6
}
