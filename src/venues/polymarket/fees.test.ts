import { describe, expect, test } from 'vitest'
import { takerFee } from '../../core/fee.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { feeSchedule } from './fees.ts'

const schedule = (rate: number) =>
  feeSchedule({ feesEnabled: true, feeSchedule: { rate, exponent: 1, takerOnly: true } })

describe('the fee of a market', () => {
  test.each([
    // Charged on chain: docs/venues/polymarket.md, 8.2.
    { shares: 7_042_251, price: 7100, rate: 0.05, fee: 72_490 },
    { shares: 5_000_000, price: 3100, rate: 0.05, fee: 53_470 },
    { shares: 7_590_000, price: 6600, rate: 0.05, fee: 85_150 },
    { shares: 5_149_310, price: 9710, rate: 0.07, fee: 10_140 },
    { shares: 2_083_334, price: 4800, rate: 0.07, fee: 36_400 },
  ])('of $shares micro-shares at $price ticks is $fee', ({ shares, price, rate, fee }) => {
    expect(takerFee(schedule(rate), price as Ticks, shares as MicroShares)).toBe(fee)
  })

  test.each([
    { name: 'is nothing when fees are off', facts: { feesEnabled: false }, kind: 'known' },
    {
      name: 'is unknown when they are on and nobody says how',
      facts: { feesEnabled: true },
      kind: 'unknown',
    },
    { name: 'is unknown when nobody says anything', facts: {}, kind: 'unknown' },
    {
      name: 'is unknown with an exponent we have not seen',
      facts: { feesEnabled: true, feeSchedule: { rate: 0.05, exponent: 3 } },
      kind: 'unknown',
    },
    {
      name: 'is unknown with a rate finer than a millionth',
      facts: { feesEnabled: true, feeSchedule: { rate: 0.0500000001, exponent: 1 } },
      kind: 'unknown',
    },
    {
      name: 'is unknown with a negative rate',
      facts: { feesEnabled: true, feeSchedule: { rate: -0.05, exponent: 1 } },
      kind: 'unknown',
    },
  ])('$name', ({ facts, kind }) => {
    expect(feeSchedule(facts).kind).toBe(kind)
  })

  test('is charged to the maker too, unless only takers pay', () => {
    const both = feeSchedule({ feesEnabled: true, feeSchedule: { rate: 0.05, exponent: 1 } })

    expect(both).toMatchObject({ maker: { rate: 50_000 } })
    expect(schedule(0.05)).toMatchObject({ maker: { rate: 0 } })
  })
})
