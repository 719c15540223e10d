import { describe, expect, test } from 'vitest'
import type { Nanos } from '../core/units.ts'
import { LookWatch } from './look-watch.ts'

function watch(): {
  readonly look: (tookMs: number, strategy?: string) => void
  readonly guard: LookWatch
  readonly slow: string[]
} {
  const time = { ms: 0 }
  const slow: string[] = []
  const guard = new LookWatch({
    clock: { nanos: () => (time.ms * 1e6) as Nanos, epochMs: () => 0 as never },
    budgetMs: 100,
    stallAfterMs: 5_000,
    onSlow: (strategy, reason) => slow.push(`${strategy} ${reason}`),
    onStalled: () => {},
  })
  const look = (tookMs: number, strategy = 'mine'): void => {
    guard.enter(strategy)
    time.ms += tookMs
    guard.leave()
  }
  return { look, guard, slow }
}

describe('a look over the budget', () => {
  test('is forgiven twice: the first ones meet a compiler', () => {
    const { look, slow } = watch()

    for (const tookMs of [101, 5, 100, 250]) look(tookMs)

    expect(slow).toEqual([])
  })

  test('ends a strategy with the third, and says how long it took', () => {
    const { look, slow } = watch()

    for (const tookMs of [101, 101, 312, 400]) look(tookMs)

    expect(slow).toEqual(['mine took 312 ms for a look: 3 were over 100 ms'])
  })

  test('counts for its own strategy, and not for the code that takes its place', () => {
    const { look, guard, slow } = watch()

    for (const strategy of ['mine', 'yours', 'mine', 'yours']) look(200, strategy)
    guard.forgive('mine')
    for (const strategy of ['mine', 'mine', 'yours']) look(200, strategy)

    expect(slow).toEqual(['yours took 200 ms for a look: 3 were over 100 ms'])
  })
})
