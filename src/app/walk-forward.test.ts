import { describe, expect, test } from 'vitest'
import type { TrialOutcome, TrialResult } from './run-trial.ts'
import { walkForward } from './walk-forward.ts'

function outcome(profitUsd: number): TrialOutcome {
  return { profitUsd, baskets: 1, maxDrawdownUsd: 0, gains: [] }
}

function trial(name: string, ...profits: readonly number[]): TrialResult {
  const none = outcome(0)
  const pieces = profits.map(outcome)
  return { number: 0, trial: { name }, chosen: none, held: none, pieces }
}

describe('walkForward', () => {
  test('goes on with the best so far, and counts only what came after', () => {
    const walked = walkForward([trial('early', 3, 1, 1), trial('late', 1, 4, -2)])

    expect(walked).toEqual({
      profitUsd: -1,
      folds: [
        { trial: { name: 'early' }, chosenProfitUsd: 3, heldProfitUsd: 1 },
        { trial: { name: 'late' }, chosenProfitUsd: 5, heldProfitUsd: -2 },
      ],
    })
  })

  test('never looks at the piece that it tries: a choice that only pays there is not made', () => {
    const walked = walkForward([trial('dull', 1, 0), trial('lucky', 0, 100)])

    expect(walked?.profitUsd).toBe(0)
  })

  test('is none without pieces', () => {
    expect(walkForward([trial('one')])).toBeNull()
    expect(walkForward([])).toBeNull()
  })
})
