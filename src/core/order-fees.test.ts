import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeeSchedule } from './fee.ts'
import { freeCurve, takerFeeMax } from './fee.ts'
import { OrderFees, type ChargedFill } from './order-fees.ts'
import type { MicroShares } from './units.ts'
import { add, microShares, ppm, ticks, zeroShares } from './units.ts'

const cent = 10_000

function kalshi(takerRate: number, makerRate: number = 0): FeeSchedule {
  const curve = (rate: number): typeof freeCurve => ({ rate: ppm(rate), exponent: 1 })
  return {
    kind: 'known',
    taker: curve(takerRate),
    maker: curve(makerRate),
    rounding: 'up-to-micro',
  }
}

function taken(side: 'buy' | 'sell', contracts: number, price: number): ChargedFill {
  const size = microShares(Math.round(contracts * 1_000_000))
  return { side, liquidity: 'taker', price: ticks(price), size }
}

describe('the fee of a fill', () => {
  // The worked examples of docs/venues/kalshi.md, 7.4, in micro-dollars, by their letters.
  test.each([
    { name: 'A', fill: taken('buy', 100, 5_000), rate: 70_000, want: 1_750_000 },
    { name: 'B1', fill: taken('sell', 1, 900), rate: 70_000, want: 5_800 },
    { name: 'B2', fill: taken('sell', 1, 700), rate: 70_000, want: 4_600 },
    { name: 'B3', fill: taken('sell', 1, 600), rate: 70_000, want: 4_000 },
    { name: 'F', fill: taken('buy', 20, 6_200), rate: 35_000, want: 165_000 },
    { name: 'H', fill: taken('buy', 0.03, 3_301), rate: 70_000, want: 497 },
  ])('is $want in example $name', ({ fill, rate, want }) => {
    expect(new OrderFees(kalshi(rate)).charge(fill)?.fee).toBe(want)
  })

  test.each([
    { name: 'D', fill: { ...taken('buy', 10, 3_000), liquidity: 'maker' as const }, want: 36_800 },
    { name: 'E', fill: { ...taken('buy', 50, 2_000), liquidity: 'maker' as const }, want: 280_000 },
  ])('is $want for the maker in example $name', ({ name, fill, want }) => {
    const rate = name === 'D' ? 17_500 : 35_000

    expect(new OrderFees(kalshi(70_000, rate)).charge(fill)?.fee).toBe(want)
  })

  test.each([
    { name: 'C', fill: taken('buy', 1, 550), want: 5_000 },
    { name: 'G', fill: taken('buy', 1, 5_000), want: 20_000 },
  ])('is $want through a broker in example $name', ({ fill, want }) => {
    expect(new OrderFees(kalshi(70_000), cent).charge(fill)?.fee).toBe(want)
  })

  test('is less once the remainders of its order come to an alignment', () => {
    const fees = new OrderFees(kalshi(70_000))
    const fill = taken('sell', 1, 900)

    const charged = [1, 2, 3].map(() => fees.charge(fill)?.fee)

    expect(charged).toEqual([5_800, 5_700, 5_700])
  })

  test('has no memory at a venue that cuts off', () => {
    const schedule: FeeSchedule = {
      kind: 'known',
      taker: { rate: ppm(50_000), exponent: 1 },
      maker: freeCurve,
      rounding: 'down-to-5-decimals',
    }
    const fees = new OrderFees(schedule)
    const fill = { ...taken('buy', 1, 7_100), size: microShares(7_042_251) }

    expect([fees.charge(fill)?.fee, fees.charge(fill)?.fee]).toEqual([72_490, 72_490])
  })

  test('is not known where the schedule is not', () => {
    const fees = new OrderFees({ kind: 'unknown', reason: 'no schedule' })

    expect(fees.charge(taken('buy', 1, 5_000))).toBeUndefined()
  })
})

describe('the fees of an order', () => {
  const whole = fc.integer({ min: 1, max: 40 }).map((count) => microShares(count * 1_000_000))
  const dust = fc.integer({ min: 1, max: 99 }).map((count) => microShares(count * 10_000))
  const fills = fc
    .tuple(fc.array(whole, { maxLength: 30 }), fc.array(dust, { maxLength: 3 }))
    .map(([large, small]) => [...large, ...small])
    .filter((sizes) => sizes.length > 0)
    .chain((sizes) => fc.shuffledSubarray(sizes, { minLength: sizes.length }))

  test('are never more than a plan allows for, however one level is split', () => {
    fc.assert(
      fc.property(
        fills,
        fc.integer({ min: 1, max: 9_999 }).map(ticks),
        fc.constantFrom(0, 7_000, 35_000, 70_000, 140_000),
        fc.constantFrom('buy' as const, 'sell' as const),
        (sizes, price, rate, side) => {
          const schedule = kalshi(rate)
          const fees = new OrderFees(schedule)
          const size = sizes.reduce<MicroShares>((sum, one) => add(sum, one), zeroShares)
          const total = sizes
            .map((one) => fees.charge({ side, liquidity: 'taker', price, size: one })?.fee ?? 0)
            .reduce<number>((sum, fee) => sum + fee, 0)

          expect(total).toBeLessThanOrEqual(takerFeeMax(schedule, price, size) ?? -1)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  test('leave the money of every fill aligned', () => {
    fc.assert(
      fc.property(fills, fc.integer({ min: 1, max: 9_999 }).map(ticks), (sizes, price) => {
        const fees = new OrderFees(kalshi(70_000))
        for (const size of sizes) {
          const charge = fees.charge({ side: 'buy', liquidity: 'taker', price, size })
          const money = -(price * size) / 10_000 - (charge?.fee ?? 0)
          expect(Math.abs(money % 100)).toBe(0)
          expect(charge?.fee).toBeGreaterThanOrEqual(0)
        }
      }),
    )
  })
})
