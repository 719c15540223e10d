import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../test/engine/market-of.ts'
import { BookSlab } from '../core/book-slab.ts'
import type { Market } from '../core/market.ts'
import { askSide, bidSide, OrderBook } from '../core/order-book.ts'
import { OrderFees } from '../core/order-fees.ts'
import type { BasketId, ClientOrderId, Order, Side } from '../core/order.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, Nanos } from '../core/units.ts'
import { cost, microShares, ppm, proceeds, ticks } from '../core/units.ts'
import { ConsumedLiquidity } from './consumed-liquidity.ts'
import type { Arrival, ArrivalOutcome, OrderTab } from './paper-fill.ts'
import { arrive, makerFill, sizeOf, takeCrossing, yieldTo } from './paper-fill.ts'

const shares = (count: number): MicroShares => microShares(count * 1_000_000)

function orderOf(facts: Partial<Order> = {}): Order {
  const market = marketOf('rain')
  return {
    id: 'B1-1' as ClientOrderId,
    basket: 'B1' as BasketId,
    legIndex: 0,
    venue: market.venue,
    market: market.id,
    instrument: market.yes.id,
    outcome: 'yes',
    side: 'buy',
    limit: ticks(5_000),
    size: shares(30),
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
    ...facts,
  }
}

/** Asks of 10 at 40, 20 at 45 and 50 at 55 cents; bids of 10 at 35 and 20 at 30. */
function arrivalOf(facts: Partial<Market> = {}): Arrival {
  const book = new OrderBook(0, marketOf('rain').grid, new BookSlab())
  book.set(askSide, ticks(4_000), shares(10))
  book.set(askSide, ticks(4_500), shares(20))
  book.set(askSide, ticks(5_500), shares(50))
  book.set(bidSide, ticks(3_500), shares(10))
  book.set(bidSide, ticks(3_000), shares(20))
  book.mark('proven')
  return {
    market: marketOf('rain', { fee: feeOf(50_000), ...facts }),
    book: new OutcomeBook(book, 'direct'),
    consumed: new ConsumedLiquidity(),
    at: 7 as Nanos,
  }
}

const tabOf = ({ market }: Pick<Arrival, 'market'>): OrderTab => ({
  fees: new OrderFees(market.fee),
  fillCount: 0,
})

function met(order: Order, arrival: Arrival): ArrivalOutcome {
  return arrive(order, tabOf(arrival), arrival)
}

describe('an order that arrives', () => {
  test('fills level by level from the best, with the fee that the venue charges', () => {
    const { end, fills } = met(orderOf(), arrivalOf())

    expect(end).toBe('filled')
    expect(
      fills.map(({ price, size, notional, fee, at }) => [price, size, notional, fee, at]),
    ).toEqual([
      // 10 × 0.05 × 0.40 × 0.60, and 20 × 0.05 × 0.45 × 0.55 cut to five decimals
      [4_000, 10_000_000, 4_000_000, 120_000, 7],
      [4_500, 20_000_000, 9_000_000, 247_500, 7],
    ])
    expect(new Set(fills.map(({ venueTradeId }) => venueTradeId)).size).toBe(2)
  })

  test('fills a sale from the best bid down', () => {
    const order = orderOf({ side: 'sell', limit: ticks(3_000), size: shares(15) })

    const { fills } = met(order, arrivalOf({ fee: feeOf(0) }))

    expect(fills.map(({ price, notional }) => [price, notional])).toEqual([
      [3_500, 3_500_000],
      [3_000, 1_500_000],
    ])
  })

  test.each([
    {
      name: 'all or nothing is nothing when a share is missing',
      timeInForce: 'fok',
      end: 'fok-killed',
      filled: 0,
    },
    {
      name: 'what is there is taken and the rest cancelled',
      timeInForce: 'ioc',
      end: 'rest-cancelled',
      filled: 30_000_000,
    },
    {
      name: 'what is there is taken and the rest waits',
      timeInForce: 'gtc',
      end: undefined,
      filled: 30_000_000,
    },
  ] as const)('$name', ({ timeInForce, end, filled }) => {
    const order = orderOf({ timeInForce, size: microShares(30_010_000) })

    const result = met(order, arrivalOf())

    expect([result.end, sizeOf(result.fills)]).toEqual([end, filled])
  })

  test('nothing within the limit is no match for an order that takes what is there', () => {
    const order = orderOf({ timeInForce: 'ioc', limit: ticks(3_900) })

    expect(met(order, arrivalOf())).toEqual({ fills: [], end: 'no-match' })
  })

  test('an order that must not take is refused when it would', () => {
    const order = orderOf({ timeInForce: 'gtc', postOnly: true, limit: ticks(4_000) })

    expect(met(order, arrivalOf())).toEqual({ fills: [], end: 'would-cross' })
    expect(met({ ...order, limit: ticks(3_900) }, arrivalOf()).end).toBeUndefined()
  })

  test.each<{ reason: string; order?: Partial<Order>; market?: Partial<Market> }>([
    { reason: 'market-not-open', market: { status: 'closed' } },
    { reason: 'unknown-fee', market: { fee: { kind: 'unknown', reason: '' } } },
    { reason: 'off-grid', order: { limit: ticks(5_050) } },
    { reason: 'bad-size', order: { size: microShares(1) } },
    { reason: 'bad-size', order: { size: microShares(0) } },
    { reason: 'below-minimum', order: { timeInForce: 'gtc', size: microShares(990_000) } },
  ])('the venue refuses: $reason', ({ reason, order, market }) => {
    expect(met(orderOf(order), arrivalOf(market))).toEqual({ fills: [], end: reason })
  })

  test('nothing is filled from a book that may not be believed', () => {
    for (const spoil of [
      ({ book }: OutcomeBook) => book.mark('unproven'),
      ({ book }: OutcomeBook) => book.mark('broken'),
      ({ book }: OutcomeBook) => book.set(bidSide, ticks(4_500), shares(1)),
    ]) {
      const arrival = arrivalOf()
      spoil(arrival.book)
      expect(met(orderOf(), arrival).end).toBe('book-not-believed')
    }
  })

  test('the same shares are not filled twice', () => {
    const arrival = arrivalOf()
    met(orderOf(), arrival)

    const second = met(orderOf({ timeInForce: 'ioc', limit: ticks(5_500) }), arrival)

    expect(second.fills.map(({ price }) => price)).toEqual([5_500])
  })
})

describe('an order that arrives at any book', () => {
  const slot = fc.integer({ min: 1, max: 99 })
  const level = fc.tuple(fc.integer({ min: 1, max: 49 }), fc.integer({ min: 1, max: 50 }))
  const attempt = fc.record({
    side: fc.constantFrom<Side>('buy', 'sell'),
    way: fc.constantFrom('direct' as const, 'mirrored' as const),
    timeInForce: fc.constantFrom('fok' as const, 'ioc' as const),
    slot,
    count: fc.integer({ min: 1, max: 200 }),
  })

  test('fills never more than is shown, never beyond the limit, at the price of each level', () => {
    fc.assert(
      fc.property(fc.array(level), fc.array(level), fc.array(attempt), (bids, asks, attempts) => {
        const { consumed, at, market } = arrivalOf()
        const book = new OrderBook(0, market.grid, new BookSlab())
        book.mark('proven')
        for (const [price, count] of bids) book.set(bidSide, ticks(price * 100), shares(count))
        for (const [price, count] of asks)
          book.set(askSide, ticks(5_000 + price * 100), shares(count))
        const taken = new Map<string, number>()
        for (const { side, way, timeInForce, slot: limitSlot, count } of attempts) {
          const view = new OutcomeBook(book, way)
          const order = orderOf({
            side,
            timeInForce,
            limit: ticks(limitSlot * 100),
            size: shares(count),
          })
          const { fills, end } = met(order, { market, book: view, consumed, at })
          const sum = sizeOf(fills)
          if (timeInForce === 'fok') expect([0, order.size]).toContain(sum)
          expect(end === 'filled').toBe(sum === order.size)
          for (const { price, size, notional } of fills) {
            expect(side === 'buy' ? price <= order.limit : price >= order.limit).toBe(true)
            expect(notional).toBe(side === 'buy' ? cost(price, size) : proceeds(price, size))
            const isAsk = (side === 'buy') === (way === 'direct')
            const key = `${isAsk} ${way === 'direct' ? price : 10_000 - price}`
            const total = (taken.get(key) ?? 0) + size
            taken.set(key, total)
            expect(total).toBeLessThanOrEqual(
              view.sizeAt(side === 'buy' ? askSide : bidSide, price),
            )
          }
        }
      }),
    )
  })
})

describe('an order that rests', () => {
  test('takes what the other side brings to its limit, and nothing twice', () => {
    const arrival = arrivalOf()
    const order = orderOf({ timeInForce: 'gtc', limit: ticks(4_500), size: shares(25) })

    expect(takeCrossing(order, shares(25), ticks(4_500), arrival)).toBe(25_000_000)
    expect(takeCrossing(order, shares(25), ticks(4_500), arrival)).toBe(5_000_000)
    expect(takeCrossing(order, shares(25), ticks(3_900), arrival)).toBe(0)
  })

  test('fills at its own price, and pays what makers pay', () => {
    const arrival = arrivalOf()
    const order = orderOf({ limit: ticks(4_500) })

    expect(makerFill(order, shares(25), tabOf(arrival), arrival.at)).toMatchObject({
      price: 4_500,
      size: 25_000_000,
      notional: 11_250_000,
      fee: 0,
      liquidity: 'maker',
    })
  })
})

describe('a rival that comes first', () => {
  test.each([
    { share: 1_000_000, left: [0, 0, 50] },
    { share: 500_000, left: [5, 10, 50] },
    { share: 1, left: [9.99, 19.99, 50] },
    { share: 0, left: [10, 20, 50] },
  ])('has taken $share ppm of each level that the order wants', ({ share, left }) => {
    const arrival = arrivalOf()
    const { book, consumed } = arrival

    yieldTo(ppm(share), orderOf({ limit: ticks(5_500) }), arrival)

    const available = [4_000, 4_500, 5_500].map((price) =>
      consumed.available(book, askSide, ticks(price)),
    )
    expect(available).toEqual(left.map((count) => Math.round(count * 1_000_000)))
  })
})
