import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { feeOf, marketOf } from '../../test/engine/market-of.ts'
import { takerFeeMax } from '../core/fee.ts'
import { isOnGrid } from '../core/price-grid.ts'
import { takerSizeStep } from '../core/taker-size-step.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { cost } from '../core/units.ts'
import { sayableQuote } from './sayable-quote.ts'

const takerSpend = { step: 10_000 as MicroUsd, min: 1_000_000 as MicroUsd }
const told = marketOf('rain', { takerSpend })
const quote = (limit: number, paid = 0): { limit: Ticks; paid: MicroUsd } => ({
  limit: limit as Ticks,
  paid: paid as MicroUsd,
})
const shares = (count: number): MicroShares => Math.round(count * 1e6) as MicroShares

describe('a quote that a venue can be told', () => {
  test('is at the most that its limit allows, however cheap a part of it would be', () => {
    const plain = marketOf('rain', { fee: feeOf(40_000) })

    // 100 × 0.04 × 0.5 × 0.5, and ten micro-dollars for the rounding.
    expect(sayableQuote(plain, 'buy', shares(100), quote(5_000, 41_000_000))).toEqual(
      quote(5_000, 50_000_000 + 1_000_010),
    )
    expect(sayableQuote(plain, 'sell', shares(100), quote(5_000, -59_000_000))).toEqual(
      quote(5_000, -50_000_000 + 1_000_010),
    )
  })

  test('is a little dearer where the money of a buy would not come out even', () => {
    expect(sayableQuote(told, 'buy', shares(10.5), quote(5_100))).toEqual(quote(5_200, 5_460_000))
    expect(sayableQuote(told, 'sell', shares(10.5), quote(5_100))?.limit).toBe(5_100)
  })

  test('is none for less than the venue takes, or where the fee is not known', () => {
    const unknown = marketOf('rain', { fee: { kind: 'unknown', reason: 'not told' } })

    expect(sayableQuote(told, 'buy', shares(1), quote(5_000))).toBeUndefined()
    expect(sayableQuote(told, 'buy', shares(2), quote(5_000))).toBeDefined()
    expect(sayableQuote(unknown, 'buy', shares(2), quote(5_000))).toBeUndefined()
  })

  test('is none where no price near is even', () => {
    expect(sayableQuote(told, 'buy', shares(10.01), quote(9_700))).toBeUndefined()
  })

  test('is never cheaper than what the books say, and always sayable', () => {
    const any = fc.tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 50_000 }))
    fc.assert(
      fc.property(any, ([cents, lots]) => {
        const size = (lots * 10_000) as MicroShares
        const found = sayableQuote(told, 'buy', size, quote(cents * 100))
        if (found === undefined) return
        const { limit, paid } = found
        expect(limit).toBeGreaterThanOrEqual(cents * 100)
        expect(isOnGrid(told.grid, limit)).toBe(true)
        expect(size % takerSizeStep(told, 'buy', limit)).toBe(0)
        expect(paid).toBe(cost(limit, size) + (takerFeeMax(told.fee, limit, size) ?? 0))
        expect(paid).toBeGreaterThanOrEqual(takerSpend.min)
      }),
    )
  })
})
