import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Bound } from './bounds.ts'
import { onLattice, readBound, relateBounds, stepIn } from './bounds.ts'

const micro = 1_000_000

function bound(facts: Partial<Bound>): Bound {
  return {
    low: undefined,
    lowOpen: false,
    high: undefined,
    highOpen: false,
    unit: undefined,
    step: undefined,
    ...facts,
  }
}

describe('readBound', () => {
  test.each<[string, Partial<Bound>]>([
    ['above $110000', { low: 110_000 * micro, lowOpen: true, highOpen: true, unit: '$' }],
    ['at or above $5000', { low: 5_000 * micro, unit: '$' }],
    ['56 or more games', { low: 56 * micro, unit: 'game' }],
    ['30+ points', { low: 30 * micro, unit: 'point' }],
    ['4.4% or lower', { high: 4_400_000, unit: '%' }],
    ['below 6.00%', { high: 6_000_000, highOpen: true, lowOpen: true, unit: '%' }],
    ['between 30-31°f', { low: 30 * micro, high: 31 * micro, unit: '°f' }],
    ['exactly 25 bps', { low: 25 * micro, high: 25 * micro, unit: 'bps' }],
    ['greater than or equal to its open price', { low: 0 }],
  ])('reads "%s"', (text, want) => {
    expect(readBound(text)).toEqual(bound(want))
  })

  test.each(['the 8-9 meeting', 'wins the game', 'top 5 of 40'])('finds none in "%s"', (text) => {
    expect(readBound(text)).toBeUndefined()
  })
})

describe('onLattice', () => {
  test.each<[string, Bound, Bound]>([
    [
      'more than 3.5 runs is 4 or more',
      bound({ low: 3.5 * micro, lowOpen: true }),
      bound({ low: 4 * micro }),
    ],
    [
      'more than 4 runs is 5 or more',
      bound({ low: 4 * micro, lowOpen: true }),
      bound({ low: 5 * micro }),
    ],
    [
      'less than 4 runs is 3 or fewer',
      bound({ high: 4 * micro, highOpen: true }),
      bound({ high: 3 * micro }),
    ],
  ])('%s', (_, given, want) => {
    expect(onLattice(given, micro)).toEqual({ ...want, step: micro })
  })

  test('the step comes from the text, or from what is counted', () => {
    expect(stepIn('as published to one decimal', '%')).toBe(micro / 10)
    expect(stepIn('in whole degrees fahrenheit', '°f')).toBe(micro)
    expect(stepIn('nothing said', 'run')).toBe(micro)
    expect(stepIn('nothing said', '$')).toBeUndefined()
  })
})

/** Ends on whole numbers from 0 to 8, open or not, or none. */
const end = fc.option(fc.record({ at: fc.integer({ min: 0, max: 8 }), open: fc.boolean() }), {
  nil: undefined,
})
const anyBound = fc
  .record({ low: end, high: end })
  .filter(({ low, high }) => low !== undefined || high !== undefined)
  .filter(({ low, high }) => low === undefined || high === undefined || low.at < high.at)
  .map(({ low, high }) =>
    bound({
      low: low?.at,
      lowOpen: low?.open ?? false,
      high: high?.at,
      highOpen: high?.open ?? false,
    }),
  )

function holds({ low, lowOpen, high, highOpen }: Bound, value: number): boolean {
  const isAbove = low === undefined || (lowOpen ? value > low : value >= low)
  return isAbove && (high === undefined || (highOpen ? value < high : value <= high))
}

/** Every whole number, and one between each two: all that can tell such ranges apart. */
const values = Array.from({ length: 23 }, (_, index) => index / 2 - 1)

describe('relateBounds', () => {
  test('says what trying every value says', () => {
    fc.assert(
      fc.property(anyBound, anyBound, (a, b) => {
        const pairs = values.map((value) => [holds(a, value), holds(b, value)] as const)
        const inB = pairs.every(([first, second]) => !first || second)
        const inA = pairs.every(([first, second]) => !second || first)
        const isSplit = pairs.every(([first, second]) => first !== second)
        const want =
          inA && inB
            ? 'same'
            : isSplit
              ? 'complement'
              : inB
                ? 'first-inside'
                : inA
                  ? 'second-inside'
                  : 'other'
        expect(relateBounds(a, b)).toBe(want)
      }),
      { numRuns: 3_000 },
    )
  })
})
