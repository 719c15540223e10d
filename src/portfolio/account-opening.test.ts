import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { marketOf } from '../../test/engine/market-of.ts'
import type { MarketId, VenueId } from '../core/market.ts'
import type { BasketId, ClientOrderId, Fill, Order, Side } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import { cost, proceeds } from '../core/units.ts'
import type { LedgerEntry } from './ledger.ts'
import type { Reserve } from './portfolio.ts'
import { Portfolio } from './portfolio.ts'

const now = 0 as Nanos
const rain = marketOf('rain')
const basket = (name: string): BasketId => name as BasketId
const usd = (amount: number): MicroUsd => amount as MicroUsd

function opened(): { portfolio: Portfolio; entries: LedgerEntry[] } {
  const entries: LedgerEntry[] = []
  const portfolio = new Portfolio((entry) => entries.push(entry))
  portfolio.open('polymarket', usd(1_000_000), [], now)
  portfolio.open('kalshi', usd(1_000_000), [], now)
  return { portfolio, entries }
}

function reserve(amount: number, venue: VenueId = 'polymarket', market = 'rain'): Reserve {
  return { venue, market: market as MarketId, strategy: 'mine', amount: usd(amount) }
}

function tradeOf(side: Side, price: number, size: number): { order: Order; fill: Fill } {
  const order: Order = {
    id: 'B1-1' as ClientOrderId,
    basket: basket('B1'),
    legIndex: 0,
    venue: rain.venue,
    market: rain.id,
    instrument: rain.yes.id,
    outcome: 'yes',
    side,
    limit: price as Ticks,
    size: size as MicroShares,
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
  }
  const { limit } = order
  const notional = side === 'buy' ? cost(limit, order.size) : proceeds(limit, order.size)
  const fill = {
    order: order.id,
    venueTradeId: 'T',
    price: limit,
    size: order.size,
    notional,
    fee: usd(7),
    liquidity: 'taker',
    at: now,
  } as const
  return { order, fill }
}

describe('cash that a basket ties up', () => {
  test('is just what it is told last, and none when it is over', () => {
    const { portfolio } = opened()

    portfolio.hold(basket('B1'), [reserve(300), reserve(200, 'polymarket', 'snow')], now)
    portfolio.hold(basket('B2'), [reserve(50)], now)
    expect(portfolio.cashOf('polymarket')).toBe(1_000_000 - 550)
    expect(portfolio.exposure).toBe(550)
    expect(portfolio.exposureOf('polymarket', rain.id)).toBe(350)

    portfolio.hold(basket('B1'), [reserve(120)], now)
    expect(portfolio.cashOf('polymarket')).toBe(1_000_000 - 170)

    portfolio.hold(basket('B1'), [], now)
    portfolio.hold(basket('B2'), [], now)
    expect(portfolio.cashOf('polymarket')).toBe(1_000_000)
    expect(portfolio.exposure).toBe(0)
    expect([...portfolio.stakes()]).toEqual([])
  })

  test('is told once: the same again is no entry', () => {
    const { entries, portfolio } = opened()
    portfolio.hold(basket('B1'), [reserve(300)], now)
    const before = entries.length

    portfolio.hold(basket('B1'), [reserve(100), reserve(200, 'polymarket', 'snow')], now)

    expect(entries).toHaveLength(before)
    expect(portfolio.exposureOf('polymarket', rain.id)).toBe(100)
  })

  test('is what the reserves sum up to, whatever comes in whatever order', () => {
    const hold = fc.record({
      name: fc.constantFrom('B1', 'B2', 'B3'),
      reserves: fc.array(
        fc.record({
          venue: fc.constantFrom<VenueId>('polymarket', 'kalshi'),
          amount: fc.integer({ min: 1, max: 1_000 }),
        }),
        { maxLength: 3 },
      ),
    })
    fc.assert(
      fc.property(fc.array(hold, { maxLength: 30 }), (holds) => {
        const { portfolio } = opened()
        const last = new Map<string, readonly { venue: VenueId; amount: number }[]>()
        for (const { name, reserves } of holds) {
          const wanted = reserves.map(({ amount, venue }) => reserve(amount, venue))
          portfolio.hold(basket(name), wanted, now)
          last.set(name, reserves)
        }

        const tied = [...last.values()].flat()
        for (const venue of ['polymarket', 'kalshi'] as const) {
          const sum = tied
            .filter((each) => each.venue === venue)
            .reduce((total, { amount }) => total + amount, 0)
          expect(portfolio.cashOf(venue)).toBe(1_000_000 - sum)
          expect(portfolio.ledger.balance(`reserved:${venue}`)).toBe(sum)
        }
        expect(portfolio.ledger.balanced).toBe(true)
      }),
    )
  })
})

describe('what an account held before', () => {
  test('is taken in: cash as capital, shares at no cost', () => {
    const portfolio = new Portfolio(() => undefined)
    expect(portfolio.knows('polymarket')).toBe(false)
    const { id: instrument, outcome } = rain.no
    const size = 12_000_000 as MicroShares

    portfolio.open(
      'polymarket',
      usd(70_000_001),
      [{ venue: 'polymarket', market: rain.id, instrument, outcome, size }],
      now,
    )

    expect(portfolio.knows('polymarket')).toBe(true)
    expect(portfolio.knows('kalshi')).toBe(false)
    expect(portfolio.cashOf('polymarket')).toBe(70_000_001)
    expect(portfolio.sizeOf('polymarket', instrument)).toBe(size)
    expect(portfolio.basisOf('polymarket', instrument)).toBe(0)
    expect(portfolio.ledger.balance('capital')).toBe(-70_000_001)
    expect(portfolio.realised).toBe(0)
    expect(portfolio.ledger.balanced).toBe(true)
  })

  test('can be told again from the entries alone', () => {
    const { entries, portfolio } = opened()
    const { fill, order } = tradeOf('buy', 3_333, 777_777)
    portfolio.fill(order, fill, 'mine', now)

    const again = new Portfolio(() => undefined)
    for (const entry of entries) again.adopt(entry)

    expect([...again.positions()]).toEqual([...portfolio.positions()])
    expect([...again.ledger.balances()]).toEqual([...portfolio.ledger.balances()])
  })
})

describe('a fill that never was', () => {
  test('leaves nothing behind when it was a buy', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9_999 }), fc.integer({ min: 1, max: 1e9 }), (p, s) => {
        const { portfolio } = opened()
        const { fill, order } = tradeOf('buy', p, s)
        portfolio.fill(order, fill, 'mine', now)

        expect(portfolio.unfill(order, fill, 'mine', now)).toBe(true)

        expect(portfolio.cashOf('polymarket')).toBe(1_000_000)
        expect([...portfolio.positions()]).toEqual([])
        expect([portfolio.exposure, portfolio.realised, portfolio.fees]).toEqual([0, 0, 0])
        expect(portfolio.ledger.balanced).toBe(true)
      }),
    )
  })

  test('gives cash and shares back to the micro-dollar when it was a sale', () => {
    const { portfolio } = opened()
    const bought = tradeOf('buy', 4_000, 900_001)
    portfolio.fill(bought.order, bought.fill, 'mine', now)
    const before = portfolio.cashOf('polymarket')
    const sold = tradeOf('sell', 5_000, 300_001)
    portfolio.fill(sold.order, sold.fill, 'mine', now)

    expect(portfolio.unfill(sold.order, sold.fill, 'mine', now)).toBe(true)

    expect(portfolio.cashOf('polymarket')).toBe(before)
    expect(portfolio.sizeOf('polymarket', rain.yes.id)).toBe(900_001)
    expect(portfolio.ledger.balanced).toBe(true)
  })

  test('cannot be taken back when its shares are gone, and then changes nothing', () => {
    const { entries, portfolio } = opened()
    const bought = tradeOf('buy', 4_000, 900_000)
    portfolio.fill(bought.order, bought.fill, 'mine', now)
    const sold = tradeOf('sell', 5_000, 300_000)
    portfolio.fill(sold.order, sold.fill, 'mine', now)
    const before = entries.length

    expect(portfolio.unfill(bought.order, bought.fill, 'mine', now)).toBe(false)

    expect(entries).toHaveLength(before)
    expect(portfolio.sizeOf('polymarket', rain.yes.id)).toBe(600_000)
  })
})
