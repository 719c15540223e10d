import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { marketOf } from '../../test/engine/market-of.ts'
import type { Market } from '../core/market.ts'
import { askSide } from '../core/order-book.ts'
import { takerSizeStep } from '../core/taker-size-step.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { MarketCache } from '../engine/market-cache.ts'
import type { SizedLeg } from './certify.ts'
import { LegCurve } from './leg-curve.ts'
import { sayableSizes } from './sayable-sizes.ts'

const takerSpend = { step: 10_000 as MicroUsd, min: 1_000_000 as MicroUsd }

/** A leg of so many micro-shares, of a book with these asks in cents, a thousand shares each. */
function legOf(market: Market, cents: readonly number[], size: number): SizedLeg {
  const entry = new MarketCache().add(market)
  if (entry === undefined) throw new Error('a market is added once')
  const { book } = entry.yes
  book.mark('proven')
  for (const price of cents) {
    book.set(askSide, (price * 100) as Ticks, 1_000_000_000 as MicroShares)
  }
  return { curve: new LegCurve(market, 'yes', entry.yes), size: size as MicroShares }
}

const told = (name: string): Market => marketOf(name, { takerSpend })

function sizesOf(legs: readonly SizedLeg[] | undefined): readonly number[] | undefined {
  return legs?.map(({ size }) => size)
}

describe('sizes that every leg can be told in', () => {
  test('are those that were asked for where no venue is told in money', () => {
    const legs = [legOf(marketOf('a'), [51], 12_340_000), legOf(marketOf('b'), [47], 12_340_000)]

    expect(sayableSizes(legs)).toBe(legs)
  })

  test('are cut to whole cents on every leg, in the proportions that they have', () => {
    const equal = [legOf(told('a'), [51], 12_340_000), legOf(marketOf('b'), [47], 12_340_000)]
    expect(sizesOf(sayableSizes(equal))).toEqual([12_000_000, 12_000_000])

    const double = [legOf(told('a'), [50], 25_300_000), legOf(told('b'), [51], 50_600_000)]
    const [first = 0, second = 0] = sizesOf(sayableSizes(double)) ?? []
    expect([first, second]).toEqual([25_000_000, 50_000_000])
  })

  test('are none where less than the least step is wanted', () => {
    expect(sayableSizes([legOf(told('a'), [51], 990_000)])).toBeUndefined()
    expect(sayableSizes([legOf(told('a'), [51], 0)])).toBeUndefined()
  })

  test('are looked at again where a smaller size reaches a better price', () => {
    // 1000.2 shares end at 0.51 and are cut to 1000, which end at 0.50 and may stay.
    const cut = sayableSizes([legOf(told('a'), [50, 51], 1_000_200_000)])

    expect(sizesOf(cut)).toEqual([1_000_000_000])
  })

  test('are sayable, never larger, and in the old proportions', () => {
    const count = fc.integer({ min: 1, max: 90_000 })
    const price = fc.integer({ min: 1, max: 90 })
    fc.assert(
      fc.property(count, price, price, fc.constantFrom(1, 2, 3), (lots, a, b, times) => {
        const legs = [
          legOf(told('a'), [a, a + 3], lots * 10_000),
          legOf(told('b'), [b, b + 1], lots * 10_000 * times),
        ]
        const found = sayableSizes(legs)
        if (found === undefined) return
        const [first = 0, second = 0] = sizesOf(found) ?? []
        expect(second).toBe(first * times)
        expect(first).toBeGreaterThan(0)
        expect(first).toBeLessThanOrEqual(lots * 10_000)
        for (const { curve, size } of found) {
          const limit = curve.priceAt(curve.levelOf(size))
          expect(size % takerSizeStep(curve.market, 'buy', limit)).toBe(0)
        }
      }),
    )
  })
})
