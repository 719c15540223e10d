import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeeCurve, FeeSchedule } from './fee.ts'
import { curveFloor, freeCurve, makerFee, takerFee, takerFeeMax } from './fee.ts'
import { microShares, ppm, ticks } from './units.ts'

function polymarket(rate: number): FeeSchedule {
  const taker: FeeCurve = { rate: ppm(rate), exponent: 1 }
  return { kind: 'known', taker, maker: freeCurve, rounding: 'down-to-5-decimals' }
}

const price = fc.integer({ min: 0, max: 10_000 }).map(ticks)
const size = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }).map(microShares)
const rate = fc.integer({ min: 0, max: 250_000 }).map(ppm)

describe('the curve of a fee', () => {
  test('is the exact product, rounded down, for every size', () => {
    fc.assert(
      fc.property(
        price,
        size,
        rate,
        fc.constantFrom(1 as const, 2 as const),
        (p, s, r, exponent) => {
          const spread = BigInt(p) * BigInt(10_000 - p)
          const product = BigInt(s) * BigInt(r) * spread ** BigInt(exponent)
          const scale = 1_000_000n * 100_000_000n ** BigInt(exponent)
          expect(BigInt(curveFloor({ rate: r, exponent }, p, s))).toBe(product / scale)
        },
      ),
    )
  })

  test('is the same for a price and its complement', () => {
    fc.assert(
      fc.property(price, size, rate, (p, s, r) => {
        const curve: FeeCurve = { rate: r, exponent: 1 }
        expect(curveFloor(curve, p, s)).toBe(curveFloor(curve, ticks(10_000 - p), s))
      }),
    )
  })
})

describe('a taker’s fee', () => {
  // Fills on chain. docs/venues/polymarket.md, 8.2.
  test.each([
    { size: 7_042_251, price: 7_100, rate: 50_000, charged: 72_490 },
    { size: 5_000_000, price: 3_100, rate: 50_000, charged: 53_470 },
    { size: 7_590_000, price: 6_600, rate: 50_000, charged: 85_150 },
    { size: 5_149_310, price: 9_710, rate: 70_000, charged: 10_140 },
    { size: 2_083_334, price: 4_800, rate: 70_000, charged: 36_400 },
  ])('is $charged for $size at $price, as it was charged', ({ size, price, rate, charged }) => {
    expect(takerFee(polymarket(rate), ticks(price), microShares(size))).toBe(charged)
  })

  test('is never above what a plan allows for, however the venue rounds one fill', () => {
    fc.assert(
      fc.property(
        price,
        size,
        rate,
        fc.constantFrom('down-to-5-decimals' as const, 'up-to-micro' as const),
        (p, s, r, rounding) => {
          const taker: FeeCurve = { rate: r, exponent: 1 }
          const schedule: FeeSchedule = { kind: 'known', taker, maker: freeCurve, rounding }
          expect(takerFee(schedule, p, s)).toBeLessThanOrEqual(takerFeeMax(schedule, p, s) ?? -1)
        },
      ),
    )
  })

  test('is nothing for a maker and where the rate is zero', () => {
    expect(makerFee(polymarket(70_000), ticks(5_000), microShares(1_000_000))).toBe(0)
    expect(takerFeeMax(polymarket(0), ticks(5_000), microShares(1_000_000))).toBe(0)
  })

  test('is not known where the schedule is not', () => {
    const unknown: FeeSchedule = { kind: 'unknown', reason: 'no schedule' }
    const of = [takerFee, makerFee, takerFeeMax]

    expect(of.map((fee) => fee(unknown, ticks(5_000), microShares(1)))).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
