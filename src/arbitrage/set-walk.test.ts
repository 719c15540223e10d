import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSlab } from '../core/book-slab.ts'
import { askSide, OrderBook } from '../core/order-book.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { smallFee, smallMarket } from './fixtures/small-market.ts'
import { LegCurve } from './leg-curve.ts'
import { walkEqual, walkShort } from './set-walk.ts'

type DrawnLeg = {
  readonly levels: readonly (readonly [price: number, lots: number])[]
  readonly lot: number
  readonly sizeMinLots: number
  readonly feeRate: number
}

function curveOf(leg: DrawnLeg, index: number): LegCurve {
  const market = smallMarket(`m${index}`, {
    lot: leg.lot as MicroShares,
    sizeMin: (leg.sizeMinLots * leg.lot) as MicroShares,
    fee: smallFee(leg.feeRate),
  })
  const book = new OrderBook(index, market.grid, new BookSlab())
  for (const [price, lots] of leg.levels) {
    book.set(askSide, price as Ticks, (lots * 10_000) as MicroShares)
  }
  return new LegCurve(market, 'yes', new OutcomeBook(book, 'direct'))
}

/** Sizes a leg may have: nothing, or whole lots from its least size to its depth. */
function sizesOf({ depth, market }: LegCurve): readonly MicroShares[] {
  const sizes: MicroShares[] = [0 as MicroShares]
  for (let size = market.lot as number; size <= depth; size += market.lot) {
    if (size >= market.sizeMin) sizes.push(size as MicroShares)
  }
  return sizes
}

function spendOf(curve: LegCurve, size: MicroShares): number {
  return size === 0 ? 0 : curve.spend(size)
}

/** Every size of every leg, one after the other. */
function bestOf(curves: readonly LegCurve[], payoff: (sizes: readonly number[]) => number): number {
  let best = 0
  const visit = (index: number, sizes: readonly number[], spent: number): void => {
    const curve = curves[index]
    if (curve === undefined) {
      best = Math.max(best, payoff(sizes) - spent)
      return
    }
    for (const size of sizesOf(curve)) {
      visit(index + 1, [...sizes, size], spent + spendOf(curve, size))
    }
  }
  visit(0, [], 0)
  return best
}

const least = (sizes: readonly number[]): number => Math.min(...sizes)
const allButLargest = (sizes: readonly number[]): number =>
  sizes.reduce((sum, size) => sum + size, 0) - Math.max(...sizes)

/**
 * Legs whose prices come to a dollar within a few ticks, with fees so small that a lot gains less
 * than a micro-dollar: there rounding decides, and the optimum need not end a level.
 */
const flatPair = fc
  .record({
    price: fc.integer({ min: 1_000, max: 8_990 }),
    short: fc.integer({ min: 0, max: 2 }),
    lots: fc.tuple(fc.integer({ min: 60, max: 200 }), fc.integer({ min: 60, max: 200 })),
    rates: fc.tuple(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 })),
    further: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ price, short, lots, rates, further }): readonly DrawnLeg[] => [
    { levels: [[price, lots[0]]], lot: 10_000, sizeMinLots: 0, feeRate: rates[0] },
    {
      levels: [
        [10_000 - price - short - 1, Math.ceil(lots[1] / 2)],
        [10_000 - price - short + further, Math.ceil(lots[1] / 2)],
      ],
      lot: 10_000,
      sizeMinLots: 0,
      feeRate: rates[1],
    },
  ])

/** Legs of different lots and least sizes, of which some must buy more than their share. */
const mixed = fc
  .array(
    fc.record({
      levels: fc
        .array(fc.tuple(fc.integer({ min: 1, max: 900 }), fc.integer({ min: 1, max: 6 })), {
          minLength: 1,
          maxLength: 3,
        })
        .map((steps) => {
          let price = 500
          return steps.map(([step, lots]) => {
            price += step
            return [price, lots] as const
          })
        }),
      lot: fc.constantFrom(10_000, 20_000, 30_000),
      sizeMinLots: fc.integer({ min: 0, max: 3 }),
      feeRate: fc.constantFrom(0, 40_000),
    }),
    { minLength: 2, maxLength: 3 },
  )
  .chain((legs) =>
    fc
      .array(fc.integer({ min: 0, max: 4_500 }), { minLength: legs.length, maxLength: legs.length })
      .map((raises) =>
        legs.map((leg, index) => ({
          ...leg,
          levels: leg.levels.map(([price, lots]) => [price + (raises[index] ?? 0), lots] as const),
        })),
      ),
  )

describe('a walk of equal shares', () => {
  test('ends at the optimum where a lot gains less than rounding does', () => {
    fc.assert(
      fc.property(flatPair, (legs) => {
        const curves = legs.map(curveOf)
        expect(walkEqual(curves, 1)?.edge ?? 0).toBe(bestOf(curves, least))
      }),
      { numRuns: 200 },
    )
  })

  test('ends at the optimum where lots and least sizes differ', () => {
    fc.assert(
      fc.property(mixed, (legs) => {
        const curves = legs.map(curveOf)
        expect(walkEqual(curves, 1)?.edge ?? 0).toBe(bestOf(curves, least))
      }),
      { numRuns: 600 },
    )
  })
})

describe('a walk of NO', () => {
  test('ends at the optimum where lots and least sizes differ', () => {
    fc.assert(
      fc.property(mixed, (legs) => {
        const curves = legs.map((leg, index) => curveOf({ ...leg, levels: dear(leg) }, index))
        expect(walkShort(curves)?.edge ?? 0).toBe(bestOf(curves, allButLargest))
      }),
      { numRuns: 600 },
    )
  })

  test('is cut down to the money there is', () => {
    fc.assert(
      fc.property(mixed, fc.integer({ min: 0, max: 100_000 }), (legs, money) => {
        const curves = legs.map((leg, index) => curveOf({ ...leg, levels: dear(leg) }, index))
        const cash = new Map([['polymarket' as const, money as MicroUsd]])
        const walked = walkShort(curves, { cash, hurdle: 0 as never })
        expect(walked?.spent ?? 0).toBeLessThanOrEqual(money)
      }),
      { numRuns: 300 },
    )
  })
})

/** NO is dear where YES is cheap: the same legs, a little above half a dollar. */
function dear({ levels }: DrawnLeg): DrawnLeg['levels'] {
  return levels.map(([price, lots]) => [Math.min(9_990, price + 2_500), lots] as const)
}
