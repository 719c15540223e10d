import fc from 'fast-check'
import type { CreateOrderV2Request } from 'kalshi-typescript'
import { describe, expect, test } from 'vitest'
import type { InstrumentId, MarketId, Outcome } from '../../core/market.ts'
import type { BasketId, ClientOrderId, Order, Side, TimeInForce } from '../../core/order.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import { epochMs, microShares, ticks } from '../../core/units.ts'
import type { OrderBody } from './encode.ts'
import { encodeAmend, encodeOrder } from './encode.ts'

const tenth = uniformGrid(ticks(10))
const plain = { group: undefined, cancelOnPause: true }

function order(terms: Partial<Order> = {}): Order {
  return {
    id: 'b1-1' as ClientOrderId,
    basket: 'b1' as BasketId,
    legIndex: 0,
    venue: 'kalshi',
    market: 'KXTEST-26-A' as MarketId,
    instrument: 'KXTEST-26-A:yes' as InstrumentId,
    outcome: 'yes',
    side: 'buy',
    limit: ticks(5_600),
    size: microShares(10_000_000),
    timeInForce: 'gtc',
    postOnly: false,
    expiresAt: undefined,
    ...terms,
  }
}

/** What an order would do to somebody's money, worked out from its body alone, in exact numbers. */
function readBack(body: CreateOrderV2Request): object {
  const cents = BigInt(body.price.replace('.', ''))
  const hundredths = BigInt(body.count.replace('.', ''))
  // Bought at p, YES costs p and wins if yes. Sold at p, it costs 1 − p and wins if no.
  const risk = (body.side === 'bid' ? cents : 10_000n - cents) * hundredths
  return { wins: body.side === 'bid' ? 'yes' : 'no', risk, hundredths }
}

/** The same from the order itself: what a sale gives up is what the other outcome would cost. */
function meant({ outcome, side, limit, size }: Order): object {
  const isLong = side === 'buy'
  const wins = isLong ? outcome : outcome === 'yes' ? 'no' : 'yes'
  const hundredths = BigInt(size) / 10_000n
  const risk = (isLong ? BigInt(limit) : 10_000n - BigInt(limit)) * hundredths
  return { wins, risk, hundredths }
}

const anyOrder = fc
  .record({
    outcome: fc.constantFrom<Outcome>('yes', 'no'),
    side: fc.constantFrom<Side>('buy', 'sell'),
    tenths: fc.integer({ min: 1, max: 999 }),
    hundredths: fc.integer({ min: 1, max: 1_000_000_000 }),
    timeInForce: fc.constantFrom<TimeInForce>('fok', 'ioc', 'gtc', 'gtd'),
    postOnly: fc.boolean(),
    expiresAt: fc.integer({ min: 1_800_000_000_000, max: 1_900_000_000_000 }),
  })
  .map(({ tenths, hundredths, expiresAt, ...rest }) =>
    order({
      ...rest,
      limit: ticks(tenths * 10),
      size: microShares(hundredths * 10_000),
      expiresAt: rest.timeInForce === 'gtd' ? epochMs(expiresAt) : undefined,
    }),
  )

describe('encodeOrder', () => {
  test('any order reads back as what it meant, to the last hundredth', () => {
    fc.assert(
      fc.property(anyOrder, (given) => {
        // The venue's own client declares the shape: a body that is not one does not compile.
        const body: CreateOrderV2Request = parts(encodeOrder(given, tenth, plain))

        expect(readBack(body)).toEqual(meant(given))
        expect(body).toMatchObject({
          ticker: given.market,
          client_order_id: given.id,
          post_only: given.postOnly,
        })
        expect(body.price).toMatch(/^0\.\d{4}$/)
        expect(body.count).toMatch(/^\d+\.\d{2}$/)
        expect(body.expiration_time).toBe(
          given.expiresAt === undefined ? undefined : Math.floor(given.expiresAt / 1000),
        )
      }),
    )
  })

  test.each([
    { outcome: 'yes', side: 'buy', wire: { side: 'bid', price: '0.3010' } },
    { outcome: 'yes', side: 'sell', wire: { side: 'ask', price: '0.3010' } },
    { outcome: 'no', side: 'buy', wire: { side: 'ask', price: '0.6990' } },
    { outcome: 'no', side: 'sell', wire: { side: 'bid', price: '0.6990' } },
  ] as const)('$side $outcome at 0.301 is a YES $wire.side at $wire.price', (row) => {
    const { outcome, side, wire } = row

    const body = parts(encodeOrder(order({ outcome, side, limit: ticks(3_010) }), tenth, plain))

    expect(body).toMatchObject(wire)
  })

  test.each([
    { word: 'fok', wire: 'fill_or_kill', isPaused: false },
    { word: 'ioc', wire: 'immediate_or_cancel', isPaused: false },
    { word: 'gtc', wire: 'good_till_canceled', isPaused: true },
    { word: 'gtd', wire: 'good_till_canceled', isPaused: true },
  ] as const)('$word is $wire', ({ word, wire, isPaused }) => {
    const expiresAt = epochMs(1_900_000_000_999)

    const body = parts(encodeOrder(order({ timeInForce: word, expiresAt }), tenth, plain))

    expect(body.time_in_force).toBe(wire)
    expect(body.cancel_order_on_pause).toBe(isPaused)
    expect(body.expiration_time).toBe(word === 'gtd' ? 1_900_000_000 : undefined)
  })

  test('who meets himself has what comes cut off, and a group is named', () => {
    const body = parts(encodeOrder(order(), tenth, { group: 'g', cancelOnPause: false }))

    expect(body).toMatchObject({
      self_trade_prevention_type: 'taker_at_cross',
      order_group_id: 'g',
      cancel_order_on_pause: false,
    })
  })

  test.each([
    { name: 'a price between two steps', terms: { limit: ticks(5_605) }, want: 'off-grid' },
    { name: 'a price of a dollar', terms: { limit: ticks(10_000) }, want: 'off-grid' },
    { name: 'a thousandth', terms: { size: microShares(1_000) }, want: 'size-precision' },
    { name: 'nothing', terms: { size: microShares(0) }, want: 'size-precision' },
    { name: 'a date that is not said', terms: { timeInForce: 'gtd' }, want: 'no-expiration' },
    { name: 'a long name', terms: { id: 'x'.repeat(65) as ClientOrderId }, want: 'id-too-long' },
  ] as const)('refuses $name', ({ terms, want }) => {
    expect(encodeOrder(order(terms), tenth, plain)).toBe(want)
  })
})

describe('encodeAmend', () => {
  test('gives the new total and the YES price, under the same name', () => {
    const given = order({ outcome: 'no', limit: ticks(3_000) })

    const body = encodeAmend(given, tenth, { limit: ticks(3_500), size: microShares(12_340_000) })

    expect(body).toEqual({
      ticker: 'KXTEST-26-A',
      side: 'ask',
      price: '0.6500',
      count: '12.34',
      client_order_id: 'b1-1',
    })
  })
})

function parts(body: OrderBody | string): OrderBody {
  if (typeof body === 'string') throw new Error(`refused: ${body}`)
  return body
}
