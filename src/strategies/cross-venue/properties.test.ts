import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Verdict } from '../../arbitrage/check-certificate.ts'
import { checkCertificate } from '../../arbitrage/check-certificate.ts'
import type { SideLevels, YesBook } from '../../../test/propositions/two-venues.ts'
import {
  anyProfit,
  kalshiFee,
  polymarketFee,
  rainMarket,
  sameRain,
  TwoVenues,
} from '../../../test/propositions/two-venues.ts'
import { takerFeeMax } from '../../core/fee.ts'
import type { Market, Outcome } from '../../core/market.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { Proposition } from '../../core/proposition.ts'
import type { Relation } from '../../core/relation.ts'
import type { TradeSignal } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { cost } from '../../core/units.ts'

/** Both books and all that decides what they are worth to each other. */
type Made = {
  readonly books: readonly [YesBook, YesBook]
  readonly orientation: Proposition['orientation']
  readonly holds: Proposition['holds']
  readonly rates: readonly [number, number]
}

const steps = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 12 })),
  {
    maxLength: 3,
  },
)

function levels(best: number, direction: 1 | -1, drawn: SideLevels): SideLevels {
  let ticks = best
  return drawn.flatMap(([step, shares]) => {
    ticks += direction * step
    return ticks > 0 && ticks < 10_000 ? [[ticks, shares] as const] : []
  })
}

const book = fc
  .tuple(fc.integer({ min: 300, max: 9_700 }), steps, steps)
  .map(([middle, bids, asks]) => ({
    bids: levels(middle, -1, bids),
    asks: levels(middle, 1, asks),
  }))

const made: fc.Arbitrary<Made> = fc.record({
  books: fc.tuple(book, book),
  orientation: fc.constantFrom('same' as const, 'complement' as const),
  holds: fc.constantFrom(
    'alike' as const,
    'first-never-more' as const,
    'second-never-more' as const,
  ),
  rates: fc.tuple(fc.constantFrom(0, 40_000, 50_000, 70_000), fc.constantFrom(0, 35_000, 70_000)),
})

/** Whole shares only, so that every size can be tried. */
const lot = 1_000_000 as MicroShares

function sceneOf({ books, orientation, holds, rates }: Made, spendMax = 1_000_000_000): TwoVenues {
  return new TwoVenues({
    books,
    proposition: { ...sameRain, orientation, holds },
    config: { ...anyProfit, spendMax: spendMax as MicroUsd },
    markets: [
      rainMarket('polymarket', { lot, sizeMin: lot, fee: polymarketFee(rates[0]) }),
      rainMarket('kalshi', { lot, sizeMin: lot, fee: kalshiFee(rates[1]) }),
    ],
  })
}

/** What the two YES can be worth, in dollars, by what a person has confirmed and nothing else. */
function worlds({ orientation, holds }: Made): readonly (readonly [number, number])[] {
  const all = [0, 1].flatMap((first) => [0, 1].map((second) => [first, second] as const))
  return all.filter(([first, second]) => {
    const other = orientation === 'same' ? second : 1 - second
    if (holds === 'alike') return first === other
    return holds === 'first-never-more' ? first <= other : other <= first
  })
}

type Leg = { readonly market: Market; readonly outcome: Outcome; readonly levels: SideLevels }

/** The most that `shares` of a leg can cost, level by level; undefined when the book is short. */
function spend({ market, levels }: Leg, shares: number): number | undefined {
  let left = shares
  let paid = 0
  for (const [ticks, depth] of levels) {
    const taken = Math.min(left, depth)
    const size = (taken * 1_000_000) as MicroShares
    paid += cost(ticks as Ticks, size) + (takerFeeMax(market.fee, ticks as Ticks, size) ?? 0)
    left -= taken
    if (left === 0) return paid
  }
  return undefined
}

function legOf(scene: TwoVenues, index: 0 | 1, outcome: Outcome): Leg {
  const entry = scene.entries[index]
  const found = entry[outcome].levels(askSide)
  return {
    market: entry.market,
    outcome,
    levels: found.map(({ price, size }) => [price, size / 1_000_000] as const),
  }
}

/**
 * The best profit of all baskets of equal shares that pay a dollar in every world, by trying all.
 */
function bestByTrying(scene: TwoVenues, one: Made, spendMax = Number.POSITIVE_INFINITY): number {
  let best = 0
  for (const first of ['yes', 'no'] as const) {
    for (const second of ['yes', 'no'] as const) {
      const isSafe = worlds(one).every(
        ([a, b]) => (first === 'yes' ? a : 1 - a) + (second === 'yes' ? b : 1 - b) >= 1,
      )
      if (!isSafe) continue
      const legs = [legOf(scene, 0, first), legOf(scene, 1, second)] as const
      for (let shares = 1; shares <= 36; shares++) {
        const [a, b] = legs.map((leg) => spend(leg, shares))
        if (a === undefined || b === undefined || a > spendMax || b > spendMax) break
        best = Math.max(best, shares * 1_000_000 - a - b)
      }
    }
  }
  return best
}

/** Payoff of a signal in a world, less all that its legs can cost. */
function profitIn(scene: TwoVenues, signal: TradeSignal, world: readonly [number, number]): number {
  return signal.legs.reduce((sum, leg) => {
    const index = leg.venue === 'polymarket' ? 0 : 1
    const yes = world[index]
    const paid = (leg.outcome === 'yes' ? yes : 1 - yes) * leg.size
    return sum + paid - (spend(legOf(scene, index, leg.outcome), leg.size / 1_000_000) ?? Infinity)
  }, 0)
}

describe('cross-venue, whatever the books', () => {
  test('loses in no world that the proposition allows, and claims no more than the least', () => {
    fc.assert(
      fc.property(made, (one) => {
        const scene = sceneOf(one)
        const decision = scene.evaluate()
        if (decision.kind === 'pass') return

        const profits = worlds(one).map((world) => profitIn(scene, decision, world))
        expect(Math.min(...profits)).toBe(decision.edge)
        expect(decision.edge).toBeGreaterThan(0)
        expect(new Set(decision.legs.map(({ size }) => size)).size).toBe(1)
      }),
      { numRuns: 3_000 },
    )
  })

  test('finds the best basket of the side it takes, and none is left where it passes', () => {
    fc.assert(
      fc.property(made, (one) => {
        const scene = sceneOf(one)
        const decision = scene.evaluate()
        const best = bestByTrying(scene, one)
        // Both sides of one pair cannot be cheap at once while no book is crossed.
        expect(decision.kind === 'pass' ? 0 : decision.edge).toBe(best)
      }),
      { numRuns: 3_000 },
    )
  })

  test('finds the best basket that the money at each venue allows', () => {
    fc.assert(
      fc.property(made, fc.integer({ min: 1, max: 10 }), (one, dollars) => {
        const scene = sceneOf(one, dollars * 1_000_000)
        const decision = scene.evaluate()
        expect(decision.kind === 'pass' ? 0 : decision.edge).toBe(
          bestByTrying(scene, one, dollars * 1_000_000),
        )
      }),
      { numRuns: 2_000 },
    )
  })

  test('writes a certificate that holds against the books and the registry, and not without it', () => {
    fc.assert(
      fc.property(made, (one) => {
        const scene = sceneOf(one)
        const decision = scene.evaluate()
        if (decision.kind === 'pass' || decision.certificate === undefined) return

        const { certificate } = decision
        const group = scene.registry
          .groupsOf(scene.catalogue.markets(), [])
          .byId.get(certificate.group)
        const check = (relations: readonly Relation[]): Verdict =>
          checkCertificate(certificate, {
            relations,
            market: ({ venue, market }) => scene.catalogue.market(venue, market),
            levels: ({ venue, market }, outcome, side) =>
              scene.cache
                .byMarket(venue, market)
                ?.[outcome].levels(side === 'ask' ? askSide : bidSide) ?? [],
          })
        expect(check(group?.facts.relations ?? [])).toEqual({ kind: 'true' })
        expect(check([]).kind).toBe('refused')
      }),
      { numRuns: 1_000 },
    )
  })

  test('is silent about every pair that was withdrawn', () => {
    fc.assert(
      fc.property(made, (one) => {
        const scene = sceneOf(one)
        scene.watch.withdraw('rules-changed')
        expect(scene.answer()).toBe('withdrawn-rules-changed')
      }),
      { numRuns: 500 },
    )
  })
})
