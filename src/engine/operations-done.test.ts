import { describe, expect, test } from 'vitest'

import type { InstrumentId } from '../core/market.ts'
import type { OperationId } from '../ports/settlement.ts'
import type { OpenOperation } from './operations-done.ts'
import { operationsDone } from './operations-done.ts'

function merge(operation: string, market: string, size: number): OpenOperation {
  const moves = ['yes', 'no'].map((side) => ({
    token: `${market}-${side}` as InstrumentId,
    by: -size,
  }))
  return { operation: operation as OperationId, moves }
}

function decide(
  operations: readonly OpenOperation[],
  surplus: Readonly<Record<string, number>>,
): Record<string, boolean> {
  const decided = operationsDone(operations, (token) => surplus[token] ?? 0)
  return Object.fromEntries(decided)
}

describe('operations of an earlier life', () => {
  const one = merge('one', 'rain', 100)

  test('are done when what they give is gone, and not when it is all there', () => {
    const done = decide([one], { 'rain-yes': -100, 'rain-no': -100 })
    const undone = decide([one], {})

    expect(done).toEqual({ one: true })
    expect(undone).toEqual({ one: false })
  })

  test('in the same market are decided by their sum', () => {
    const two = merge('two', 'rain', 100)
    const three = merge('three', 'rain', 40)

    const both = decide([one, two], { 'rain-yes': -200, 'rain-no': -200 })
    const earlier = decide([one, two], { 'rain-yes': -100, 'rain-no': -100 })
    const last = decide([one, two, three], { 'rain-yes': -40, 'rain-no': -40 })

    expect(both).toEqual({ one: true, two: true })
    expect(earlier).toEqual({ one: true, two: false })
    expect(last).toEqual({ one: false, two: false, three: true })
  })

  test('are left undecided by what they cannot explain, and others are decided all the same', () => {
    const other = merge('other', 'snow', 7)

    const decided = decide([one, other], { 'rain-yes': -100, 'snow-yes': -7, 'snow-no': -7 })

    expect(decided).toEqual({ other: true })
  })
})
