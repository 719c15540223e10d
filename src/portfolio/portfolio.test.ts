import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../test/engine/market-of.ts'
import { takerFee } from '../core/fee.ts'
import type { Market, Outcome } from '../core/market.ts'
import { instrumentOf } from '../core/market.ts'
import type { BasketId, ClientOrderId, Fill, Order, Side } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import { cost, microUsd, ppm, proceeds } from '../core/units.ts'
import type { LedgerEntry } from './ledger.ts'
import { Portfolio } from './portfolio.ts'

const now = 0 as Nanos
const rain = marketOf('rain', { fee: feeOf(50_000) })
const shares = (count: number): MicroShares => (count * 1_000_000) as MicroShares

function orderOf(market: Market, outcome: Outcome, side: Side): Order {
  return {
    id: 'B1-1' as ClientOrderId,
    basket: 'B1' as BasketId,
    legIndex: 0,
    venue: market.venue,
    market: market.id,
    instrument: instrumentOf(market, outcome).id,
    outcome,
    side,
    limit: 5_000 as Ticks,
    size: shares(1),
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
  }
}

function fillOf(market: Market, side: Side, price: Ticks, size: MicroShares): Fill {
  return {
    order: 'B1-1' as ClientOrderId,
    venueTradeId: 'T1',
    price,
    size,
    notional: side === 'buy' ? cost(price, size) : proceeds(price, size),
    fee: takerFee(market.fee, price, size) ?? (0 as MicroUsd),
    liquidity: 'taker',
    at: now,
  }
}

class Hands {
  readonly entries: LedgerEntry[] = []
  readonly portfolio: Portfolio = new Portfolio((entry) => this.entries.push(entry))
  readonly #market: Market

  constructor(market: Market = rain) {
    this.#market = market
    this.portfolio.deposit('polymarket', microUsd(1e12), now)
  }

  trade(side: Side, outcome: Outcome, price: number, size: MicroShares): void {
    const fill = fillOf(this.#market, side, price as Ticks, size)
    this.portfolio.fill(orderOf(this.#market, outcome, side), fill, 'mine', now)
  }

  basis(outcome: Outcome): MicroUsd {
    return this.portfolio.basisOf('polymarket', instrumentOf(this.#market, outcome).id)
  }

  size(outcome: Outcome): MicroShares {
    return this.portfolio.sizeOf('polymarket', instrumentOf(this.#market, outcome).id)
  }
}

describe('a portfolio', () => {
  test('carries what it bought at cost, fee in, and says what was paid in fees', () => {
    const hands = new Hands()

    hands.trade('buy', 'yes', 4_000, shares(100))

    expect(hands.basis('yes')).toBe(41_200_000)
    // 100 × 0.05 × 0.4 × 0.6
    expect(hands.portfolio.fees).toBe(1_200_000)
    expect(hands.portfolio.cashOf('polymarket')).toBe(1e12 - 41_200_000)
    expect(hands.portfolio.realised).toBe(0)
  })

  test('realises against the average cost when it sells', () => {
    const hands = new Hands(marketOf('rain'))
    hands.trade('buy', 'yes', 4_000, shares(100))
    hands.trade('buy', 'yes', 5_000, shares(100))

    hands.trade('sell', 'yes', 6_000, shares(50))

    expect(hands.portfolio.realised).toBe(50 * 600_000 - 50 * 450_000)
    expect(hands.basis('yes')).toBe(150 * 450_000)
  })

  test('takes a fraction of a micro-dollar off the cost against us, and the rest with the last share', () => {
    const hands = new Hands(marketOf('rain'))
    hands.trade('buy', 'yes', 3_333, 3_000_001 as MicroShares)
    expect(hands.basis('yes')).toBe(999_901)

    hands.trade('sell', 'yes', 5_000, 1_000_000 as MicroShares)
    // 999 901 × 1 000 000 / 3 000 001 = 333 300.22…
    expect(hands.portfolio.realised).toBe(500_000 - 333_301)

    hands.trade('sell', 'yes', 5_000, 2_000_001 as MicroShares)
    expect(hands.basis('yes')).toBe(0)
    expect(hands.portfolio.realised).toBe(1_500_000 - 999_901)
  })

  test('makes a dollar of a pair', () => {
    const hands = new Hands(marketOf('rain'))
    hands.trade('buy', 'yes', 4_500, shares(20))
    hands.trade('buy', 'no', 5_000, shares(30))

    hands.portfolio.merge(rain, shares(20), 'mine', now)

    expect(hands.portfolio.realised).toBe(1_000_000)
    expect([hands.size('yes'), hands.size('no')]).toEqual([0, shares(10)])
    expect(hands.basis('no')).toBe(5_000_000)
  })

  test('makes a pair of a dollar, and shares its cost out by the price', () => {
    const hands = new Hands(marketOf('rain'))

    hands.portfolio.split(rain, shares(20), 5_500 as Ticks, 'mine', now)

    expect([hands.basis('yes'), hands.basis('no')]).toEqual([11_000_000, 9_000_000])
    expect([hands.size('yes'), hands.size('no')]).toEqual([shares(20), shares(20)])
    expect(hands.portfolio.realised).toBe(0)
  })

  test.each([
    { yesValue: 1_000_000, realised: 6_000_000 - 10_000_000 / 2 },
    { yesValue: 0, realised: -4_000_000 + 5_000_000 },
    { yesValue: 500_000, realised: 1_000_000 },
    { yesValue: 333_333, realised: -666_670 + 1_666_670 },
  ])('settles at $yesValue ppm for YES, once', ({ yesValue, realised }) => {
    const hands = new Hands(marketOf('rain'))
    hands.trade('buy', 'yes', 4_000, shares(10))
    hands.trade('buy', 'no', 5_000, shares(10))

    hands.portfolio.settle(rain, { yesValue: ppm(yesValue) }, now)
    hands.portfolio.settle(rain, { yesValue: ppm(yesValue) }, now)

    expect(hands.portfolio.realised).toBe(realised)
    expect([...hands.portfolio.positions()]).toEqual([])
    expect(hands.portfolio.ledger.balanced).toBe(true)
  })

  test('ties up cash for a basket and counts it as exposure until it is freed', () => {
    const { portfolio } = new Hands()
    const basket = 'B1' as BasketId
    const amount = microUsd(7)

    portfolio.hold(
      basket,
      [{ venue: 'polymarket', market: rain.id, strategy: 'mine', amount }],
      now,
    )
    const tied = [portfolio.cashOf('polymarket'), portfolio.exposure]
    const inMarket = portfolio.exposureOf('polymarket', rain.id)
    portfolio.hold(basket, [], now)
    portfolio.hold(basket, [], now)

    expect(tied).toEqual([1e12 - 7, 7])
    expect(inMarket).toBe(7)
    expect([portfolio.cashOf('polymarket'), portfolio.exposure]).toEqual([1e12, 0])
  })

  test('sells nothing that it does not hold', () => {
    const hands = new Hands()
    hands.trade('buy', 'yes', 4_000, shares(1))

    expect(() => hands.trade('sell', 'yes', 4_000, shares(2))).toThrow('sells what one holds')
  })
})

describe('a conversion', () => {
  const bids = [0.45, 0.3, 0.15, 0.08, 0.06]
  const markets = bids.map((_, index) => marketOf(`m${index}`, { fee: feeOf(40_000) }))

  /** 100 NO of each of some markets, at a dollar less the bid for YES. */
  function buyNo(count: number): { portfolio: Portfolio; spent: number } {
    const portfolio = new Portfolio(() => {})
    portfolio.deposit('polymarket', microUsd(1e9), now)
    for (const [index, market] of markets.slice(0, count).entries()) {
      const price = Math.round((1 - (bids[index] ?? 0)) * 10_000) as Ticks
      const fill = fillOf(market, 'buy', price, shares(100))
      portfolio.fill(orderOf(market, 'no', 'buy'), fill, 'mine', now)
    }
    return { portfolio, spent: 1e9 - portfolio.cashOf('polymarket') }
  }

  test('of every NO of a set is cash at once, and realises its edge exactly', () => {
    const { portfolio } = buyNo(5)

    portfolio.convert({
      given: markets,
      received: [],
      size: shares(100),
      strategy: 'mine',
      at: now,
    })

    expect(portfolio.cashOf('polymarket')).toBe(1e9 + 1_140_000)
    expect(portfolio.realised).toBe(1_140_000)
    expect([...portfolio.positions()]).toEqual([])
    expect(portfolio.ledger.balanced).toBe(true)
  })

  test('of some of them leaves YES of the others, at what the NO cost beyond the cash', () => {
    const { portfolio, spent } = buyNo(2)
    const received = markets.slice(2)
    const given = markets.slice(0, 2)

    portfolio.convert({ given, received, size: shares(100), strategy: 'mine', at: now })

    const held = [...portfolio.positions()].map(({ market, outcome, size }) => [
      market,
      outcome,
      size,
    ])
    expect(held).toEqual(received.map(({ id }) => [id, 'yes', 100_000_000]))
    const basis = received.map(({ yes }) => portfolio.basisOf('polymarket', yes.id))
    expect(basis.reduce<number>((a, b) => a + b, 0)).toBe(spent - 100_000_000)
    expect(Math.max(...basis) - Math.min(...basis)).toBeLessThanOrEqual(1)
    expect(portfolio.realised).toBe(0)
    expect(portfolio.ledger.balanced).toBe(true)
  })
})

test('cash that was tied up in an earlier life is free after a restart', () => {
  const hands = new Hands()
  const reserve = {
    venue: 'polymarket',
    market: rain.id,
    strategy: 'mine',
    amount: microUsd(7_000_000),
  } as const
  hands.portfolio.hold('B1' as BasketId, [reserve], now)

  const reborn = new Portfolio(() => {})
  for (const entry of hands.entries) reborn.adopt(entry)
  reborn.releaseAdopted(now)

  expect(reborn.cashOf('polymarket')).toBe(1e12)
  expect(reborn.ledger.balanced).toBe(true)
})

describe('a portfolio against exact arithmetic', () => {
  const size = fc.oneof(
    fc.integer({ min: 1, max: 3_000_000 }),
    fc.integer({ min: 1, max: 1_000_000_000_000 }),
  )
  const deed = fc.record({
    kind: fc.constantFrom('buy', 'buy', 'sell', 'merge', 'split', 'settle'),
    outcome: fc.constantFrom<Outcome>('yes', 'no'),
    price: fc.integer({ min: 1, max: 9_999 }),
    size,
    yesValue: fc.constantFrom(0, 1_000_000, 500_000, 123_457),
  })

  /**
   * The same account in `bigint`, and without a ledger: cash, shares and cost, and all that was
   * gained.
   */
  class Exact {
    cash = 1_000_000_000_000n
    fees = 0n
    gains = 0n
    readonly size = { yes: 0n, no: 0n }
    readonly basis = { yes: 0n, no: 0n }

    take(outcome: Outcome, size: bigint): bigint {
      const held = this.size[outcome]
      const kept = held === size ? 0n : (this.basis[outcome] * (held - size)) / held
      const gone = this.basis[outcome] - kept
      this.size[outcome] -= size
      this.basis[outcome] = kept
      return gone
    }

    give(outcome: Outcome, size: bigint, paid: bigint): void {
      this.size[outcome] += size
      this.basis[outcome] += paid
    }
  }

  type Deed = { kind: string; outcome: Outcome; price: number; size: number; yesValue: number }

  function both(hands: Hands, exact: Exact, one: Deed): void {
    const { portfolio } = hands
    const amount = BigInt(one.size)
    const price = BigInt(one.price)
    const spread = price * (10_000n - price)
    const fee = ((amount * 50_000n * spread) / 10n ** 14n / 10n) * 10n
    const { outcome } = one
    switch (one.kind) {
      case 'buy': {
        const paid = (price * amount + 9_999n) / 10_000n
        hands.trade('buy', outcome, one.price, one.size as MicroShares)
        exact.cash -= paid + fee
        exact.fees += fee
        exact.give(outcome, amount, paid + fee)
        return
      }
      case 'sell': {
        const sold = amount < exact.size[outcome] ? amount : exact.size[outcome]
        if (sold === 0n) return
        const brought = (price * sold) / 10_000n
        const kept = ((sold * 50_000n * spread) / 10n ** 14n / 10n) * 10n
        hands.trade('sell', outcome, one.price, Number(sold) as MicroShares)
        exact.cash += brought - kept
        exact.fees += kept
        exact.gains += brought - kept - exact.take(outcome, sold)
        return
      }
      case 'merge': {
        const pairs = [amount, exact.size.yes, exact.size.no].reduce((a, b) => (a < b ? a : b))
        if (pairs === 0n) return
        portfolio.merge(rain, Number(pairs) as MicroShares, 'mine', now)
        exact.cash += pairs
        exact.gains += pairs - exact.take('yes', pairs) - exact.take('no', pairs)
        return
      }
      case 'split': {
        const yesPaid = (price * amount + 9_999n) / 10_000n
        portfolio.split(rain, one.size as MicroShares, one.price as Ticks, 'mine', now)
        exact.cash -= amount
        exact.give('yes', amount, yesPaid)
        exact.give('no', amount, amount - yesPaid)
        return
      }
      default:
        settleBoth(portfolio, exact, one.yesValue)
    }
  }

  function settleBoth(portfolio: Portfolio, exact: Exact, yesValue: number): void {
    portfolio.settle(rain, { yesValue: ppm(yesValue) }, now)
    for (const [side, value] of [
      ['yes', yesValue],
      ['no', 1_000_000 - yesValue],
    ] as const) {
      if (exact.size[side] === 0n) continue
      const paid = (exact.size[side] * BigInt(value)) / 1_000_000n
      exact.cash += paid
      exact.gains += paid - exact.take(side, exact.size[side])
    }
  }

  test('agrees to the micro-dollar, and balances, after any sequence of deeds', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 60, size: 'max' }), (deeds) => {
        const hands = new Hands()
        const exact = new Exact()
        for (const one of deeds) {
          both(hands, exact, one)
          const { portfolio } = hands
          expect(BigInt(portfolio.cashOf('polymarket'))).toBe(exact.cash)
          expect(BigInt(portfolio.realised)).toBe(exact.gains)
          for (const side of ['yes', 'no'] as const) {
            expect(BigInt(hands.size(side))).toBe(exact.size[side])
            expect(BigInt(hands.basis(side))).toBe(exact.basis[side])
          }
          expect(portfolio.ledger.balanced).toBe(true)
          // What went in, and what was made of it, is what is there.
          const there = exact.cash + exact.basis.yes + exact.basis.no
          expect(there).toBe(1_000_000_000_000n + exact.gains)
        }

        const reborn = new Portfolio(() => {})
        for (const entry of hands.entries) reborn.adopt(entry)
        expect([...reborn.positions()]).toEqual([...hands.portfolio.positions()])
        expect([...reborn.ledger.balances()]).toEqual([...hands.portfolio.ledger.balances()])
      }),
    )
  })
})
