import { describe, expect, test } from 'vitest'
import { Random } from '../core/random.ts'
import type { EpochMs, MicroShares, Ticks } from '../core/units.ts'
import type { Outcome } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import { lineCheck } from './line-check.ts'
import { MarketIds } from './market-ids.ts'
import type { MispricingCheck } from './mispricing-check.ts'
import { checksOfSet, exactFee, exactTick } from './mispricing-check.ts'
import type { SetPlan } from './set-plan.ts'
import { SetLister } from './set-plan.ts'
import {
  outrightPlan,
  rangesPlan,
  separatePlan,
  singlePlan,
  stepOfTenth,
  strikesPlan,
} from './set-plans.ts'
import type { SimMarket, SimSet } from './sim-market.ts'

const lister = new SetLister(new MarketIds(1))

function list(plan: SetPlan): SimSet {
  return lister.draw(plan, 0 as EpochMs)
}

/** Puts one order of ten shares into a market's book. */
function quote(market: SimMarket | undefined, outcome: Outcome, side: Side, price: number): void {
  const id = `${market?.listing.id}-${outcome}-${side}-${price}`
  const amount = { kind: 'shares', shares: 10_000_000 as MicroShares } as const
  const how = { timeInForce: 'gtc', postOnly: true } as const
  market?.engine.submit({ id, owner: 'm', outcome, side, price: price as Ticks, amount, ...how })
}

function only(set: SimSet, kind: MispricingCheck['kind']): MispricingCheck {
  const found = checksOfSet(set).filter((check) => check.kind === kind)
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} of ${kind}`)
  return found[0]
}

/** An edge in ticks, with its fraction. */
function ticksOf(check: MispricingCheck): number | undefined {
  const edge = check.edge()
  return edge === undefined ? undefined : Number(edge) / Number(exactTick)
}

describe('the fee', () => {
  // Fills on chain: what was charged is the exact fee cut down to five decimals. 8.2 and app. B.
  test.each([
    { category: 'sports', microShares: 7_042_251n, price: 7_100, charged: 72_490n },
    { category: 'sports', microShares: 5_000_000n, price: 3_100, charged: 53_470n },
    { category: 'crypto', microShares: 5_149_310n, price: 9_710, charged: 10_140n },
    { category: 'crypto', microShares: 2_083_334n, price: 4_800, charged: 36_400n },
    { category: 'geopolitics', microShares: 5_952_381n, price: 8_400, charged: 0n },
  ] as const)(
    'of $microShares at $price is as charged',
    ({ category, microShares, price, charged }) => {
      const [market] = list(
        singlePlan(`fee-${category}-${price}`, 'Is it so?', { category }),
      ).markets
      if (market === undefined) throw new Error('there is a market')

      const fee = exactFee(market, price) ?? -1n

      expect(((fee * microShares) / 10n ** 14n / 10n) * 10n).toBe(charged)
    },
  )
})

describe('two books of one market', () => {
  test('both outcomes for less than a dollar earn the rest, less the fees', () => {
    const set = list(separatePlan('s1', 'Is it so?', { category: 'crypto', fee: 'stated' }))
    quote(set.markets[0], 'yes', 'sell', 4_500)
    quote(set.markets[0], 'no', 'sell', 4_800)

    // 700 ticks, less 0.07 × 0.45 × 0.55 and 0.07 × 0.48 × 0.52.
    expect(ticksOf(only(set, 'cross-outcome'))).toBeCloseTo(700 - 173.25 - 174.72, 6)
  })

  test('both bids together above a dollar count too', () => {
    const set = list(separatePlan('s2', 'Is it so?', { category: 'geopolitics', fee: 'stated' }))
    quote(set.markets[0], 'yes', 'buy', 5_500)
    quote(set.markets[0], 'no', 'buy', 4_800)

    expect(ticksOf(only(set, 'cross-outcome'))).toBe(300)
  })

  test('where the fee is not published nothing can be known', () => {
    const set = list(separatePlan('s3', 'Is it so?', { category: 'finance', fee: 'unstated' }))
    quote(set.markets[0], 'yes', 'sell', 1_000)
    quote(set.markets[0], 'no', 'sell', 1_000)

    expect(only(set, 'cross-outcome').edge()).toBeUndefined()
  })

  test('a mirrored market has no such portfolio', () => {
    expect(checksOfSet(list(singlePlan('s4', 'Is it so?', { category: 'tech' })))).toEqual([])
  })
})

describe('sets', () => {
  const names = ['A', 'B', 'C']

  test('every YES is checked only where one must win', () => {
    const kinds = (['fixed', 'open', 'growing'] as const).map((how) =>
      checksOfSet(
        list(outrightPlan(`who-${how}`, 'Who?', names, { category: 'geopolitics', list: how })),
      ).map(({ kind }) => kind),
    )

    expect(kinds).toEqual([
      ['outcome-basket-yes', 'outcome-basket-no'],
      ['outcome-basket-no'],
      ['outcome-basket-no'],
    ])
  })

  test('a politics set at .40, .35 and .22 earns the worked example', () => {
    const set = list(
      rangesPlan('e1', 'it', [1, 2], {
        category: 'politics',
        scale: { prefix: '', suffix: '', line: 'e1' },
      }),
    )
    for (const [at, price] of [4_000, 3_500, 2_200].entries()) {
      quote(set.markets[at], 'yes', 'sell', price)
    }

    // 3 cents a set; fees of 0.04 × (0.24 + 0.2275 + 0.1716).
    expect(ticksOf(only(set, 'outcome-basket-yes'))).toBeCloseTo(300 - 255.64, 6)
  })

  test('an outcome without a bid is left out of what is sold', () => {
    const set = list(
      outrightPlan('who-bid', 'Who?', names, { category: 'geopolitics', list: 'open' }),
    )
    quote(set.markets[0], 'yes', 'buy', 6_000)
    quote(set.markets[2], 'yes', 'buy', 4_300)

    expect(ticksOf(only(set, 'outcome-basket-no'))).toBe(300)
  })
})

const scale = { prefix: '', suffix: '', line: 'level' }

test('a higher strike sold for more than a lower one costs is a mispricing', () => {
  const set = list(strikesPlan('k', 'it', [1, 2], { category: 'geopolitics', scale }))
  quote(set.markets[0], 'yes', 'sell', 4_000)
  quote(set.markets[1], 'yes', 'buy', 4_200)
  quote(set.markets[0], 'yes', 'buy', 3_000)

  expect(ticksOf(only(set, 'ladder'))).toBe(200)
})

describe('a line of thresholds and ranges', () => {
  function line(name: string): { thresholds: SimSet; ranges: SimSet; check: MispricingCheck } {
    const common = { category: 'geopolitics', scale, tick: stepOfTenth } as const
    const thresholds = list(strikesPlan(`${name}-above`, 'it', [1, 2, 3], common))
    const ranges = list(rangesPlan(`${name}-range`, 'it', [1, 2, 3], common))
    return { thresholds, ranges, check: lineCheck([thresholds, ranges]) }
  }

  test('a range and the threshold at its end, cheaper than the one at its start', () => {
    const { thresholds, ranges, check } = line('l1')
    quote(thresholds.markets[0], 'yes', 'buy', 7_000)
    quote(thresholds.markets[1], 'yes', 'sell', 4_000)
    quote(ranges.markets[1], 'yes', 'sell', 2_600)

    expect(ticksOf(check)).toBe(400)
  })

  test('a higher threshold above a lower one, as in a ladder', () => {
    const { thresholds, check } = line('l0')
    quote(thresholds.markets[0], 'yes', 'sell', 4_000)
    quote(thresholds.markets[2], 'yes', 'buy', 4_200)

    expect(ticksOf(check)).toBe(200)
  })

  test('a sum of neighbouring ranges counts as one', () => {
    const { thresholds, ranges, check } = line('l2')
    quote(thresholds.markets[0], 'yes', 'buy', 7_000)
    quote(ranges.markets[1], 'yes', 'sell', 2_000)
    quote(ranges.markets[2], 'yes', 'sell', 2_000)
    quote(ranges.markets[3], 'yes', 'sell', 2_500)

    expect(ticksOf(check)).toBe(500)
  })

  test('quotes on both sides of any falling chances earn nothing', () => {
    const random = new Random(5)
    for (let round = 0; round < 50; round++) {
      const { thresholds, ranges, check } = line(`l3-${round}`)
      const falls = [1, 2, 3].map(() => random.integer(500, 2_500))
      const chances = falls.map((_, at) => 9_000 - falls.slice(0, at + 1).reduce((a, b) => a + b))
      const steps = [10_000, ...chances, 0]
      const around = (market: SimMarket | undefined, fair: number): void => {
        quote(market, 'yes', 'buy', Math.floor(fair / 10) * 10 - 10)
        quote(market, 'yes', 'sell', Math.ceil(fair / 10) * 10 + 10)
      }
      for (const [at, chance] of chances.entries()) around(thresholds.markets[at], chance)
      for (const [at, market] of ranges.markets.entries()) {
        around(market, (steps[at] ?? 0) - (steps[at + 1] ?? 0))
      }

      expect(check.edge()).toBe(0n)
    }
  })
})
