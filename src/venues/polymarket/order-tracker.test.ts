import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { FeeSchedule } from '../../core/fee.ts'
import { freeCurve } from '../../core/fee.ts'
import type { InstrumentId, MarketId } from '../../core/market.ts'
import type { BasketId, ClientOrderId, Order, VenueOrderId } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import type { EpochMs, MicroShares, Nanos, Ppm, Ticks } from '../../core/units.ts'
import type { OrderUpdate } from '../../ports/venue-gateway.ts'
import type { UserOrder, UserTrade } from './account-wire.ts'
import { userMessage, userOrder, userTrade } from './account-wire.ts'
import { OrderTracker } from './order-tracker.ts'
import type { OrderVerdict } from './order-verdict.ts'

const fees: FeeSchedule = {
  kind: 'known',
  taker: { rate: 40_000 as Ppm, exponent: 1 },
  maker: freeCurve,
  rounding: 'down-to-5-decimals',
}

const ours = 'o1' as ClientOrderId
const theirs = '0xabc' as VenueOrderId

function order(changes: Partial<Order> = {}): Order {
  return {
    id: ours,
    basket: 'b1' as BasketId,
    legIndex: 0,
    venue: 'polymarket',
    market: '0xm' as MarketId,
    instrument: '71' as InstrumentId,
    outcome: 'yes',
    side: 'buy',
    limit: 5_200 as Ticks,
    size: 10_000_000 as MicroShares,
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
    ...changes,
  }
}

function tracking(changes: Partial<Order> = {}): { tracker: OrderTracker; told: OrderUpdate[] } {
  const told: OrderUpdate[] = []
  const tracker = new OrderTracker(
    (update) => told.push(update),
    () => 0 as Nanos,
  )
  tracker.track(order(changes), theirs, fees, 0 as EpochMs)
  return { tracker, told }
}

const makers: UserTrade['maker_orders'] = [
  {
    order_id: '0xm1',
    owner: 'm1',
    asset_id: '71',
    matched_amount: 4_000_000 as MicroShares,
    price: 5_000 as Ticks,
  },
  {
    order_id: '0xm2',
    owner: 'm2',
    asset_id: '99',
    matched_amount: 6_000_000 as MicroShares,
    price: 4_900 as Ticks,
  },
]

function trade(status: UserTrade['status'], changes: Partial<UserTrade> = {}): UserTrade {
  return {
    id: 't1',
    status,
    market: '0xm',
    asset_id: '71',
    side: 'BUY',
    price: 5_100 as Ticks,
    size: 10_000_000 as MicroShares,
    owner: 'us',
    taker_order_id: theirs,
    maker_orders: makers,
    ...changes,
  }
}

const matched: OrderVerdict = {
  kind: 'matched',
  id: theirs,
  taking: 10_000_000,
  making: 5_060_000,
  tradeIds: ['t1'],
}

const cancelled: UserOrder = {
  id: theirs,
  asset_id: '71',
  market: '0xm',
  side: 'BUY',
  size_matched: 4_000_000 as MicroShares,
  status: 'CANCELED',
  type: 'CANCELLATION',
}

describe('OrderTracker', () => {
  test('tells a fill for each maker at its price, mirrored where it made the other outcome', () => {
    const { tracker, told } = tracking()

    tracker.onVerdict(ours, matched)
    tracker.onTrade(trade('MATCHED'))

    expect(told).toMatchObject([
      { kind: 'filled', fill: { price: 5_000, size: 4_000_000, notional: 2_000_000, fee: 40_000 } },
      { kind: 'filled', fill: { price: 5_100, size: 6_000_000, notional: 3_060_000, fee: 59_970 } },
      { kind: 'done', reason: 'filled' },
    ])
  })

  test('is not done before the trades add up to what was matched', () => {
    const { tracker, told } = tracking()

    tracker.onVerdict(ours, matched)

    expect(told).toEqual([])
  })

  test('a purchase in dollars goes on after its shares are reached, until the dollars are', () => {
    const { tracker, told } = tracking()
    const [first] = makers
    if (first === undefined) throw new Error('there are makers')
    const cheap = { ...first, price: 4_900 as Ticks, matched_amount: 10_000_000 as MicroShares }
    const rest = { ...first, order_id: '0xm3', matched_amount: 600_000 as MicroShares }

    tracker.onTrade(trade('MATCHED', { maker_orders: [cheap] }))
    const atSize = told.map(({ kind }) => kind)
    tracker.onTrade(trade('MATCHED', { id: 't2', maker_orders: [rest] }))

    expect(atSize).toEqual(['filled'])
    expect(told.map(({ kind }) => kind)).toEqual(['filled', 'filled', 'done'])
  })

  test('tells a trade that did not settle, also after the end', () => {
    const { tracker, told } = tracking()

    tracker.onVerdict(ours, matched)
    tracker.onTrade(trade('MATCHED'))
    tracker.onTrade(trade('RETRYING'))
    tracker.onTrade(trade('FAILED'))

    expect(told.map(({ kind }) => kind)).toEqual([
      'filled',
      'filled',
      'done',
      'fill-reversed',
      'fill-reversed',
    ])
  })

  test('waits for the trades of an order that was cancelled after a part', () => {
    const { tracker, told } = tracking({ timeInForce: 'gtc' })

    tracker.onOrder(cancelled)
    const before = told.length
    tracker.onTrade(trade('MATCHED', { maker_orders: makers.slice(0, 1) }))

    expect(before).toBe(0)
    expect(told.map(({ kind }) => kind)).toEqual(['filled', 'done'])
  })

  test('takes our own part of a trade in which we are one of the makers', () => {
    const { tracker, told } = tracking({ timeInForce: 'gtc', side: 'sell' })
    const [first] = makers
    if (first === undefined) throw new Error('there are makers')

    tracker.onTrade(
      trade('MATCHED', {
        taker_order_id: '0xother',
        maker_orders: [{ ...first, order_id: theirs }],
      }),
    )

    expect(told).toMatchObject([
      { kind: 'filled', fill: { liquidity: 'maker', price: 5_000, size: 4_000_000, fee: 0 } },
    ])
  })

  test.each([
    ['a refusal', { kind: 'rejected', reason: 'balance', text: '' }, 'done'],
    [
      'a duplicate, which may be live',
      { kind: 'rejected', reason: 'duplicate', text: '' },
      'unknown',
    ],
    ['an answer that is not clear', { kind: 'unclear', text: 'unmatched' }, 'unknown'],
    ['an order that rests', { kind: 'live', id: theirs }, 'live'],
  ] as const)('tells of %s', (_, verdict, kind) => {
    const { tracker, told } = tracking()

    tracker.onVerdict(ours, verdict)

    expect(told.map((update) => update.kind)).toEqual([kind])
  })

  test('tells the same whatever is repeated, late or in another order', () => {
    const { tracker, told } = tracking()
    for (const status of ['MATCHED', 'MINED', 'CONFIRMED'] as const) tracker.onTrade(trade(status))
    tracker.onVerdict(ours, matched)
    const once = new Set(told.map((update) => JSON.stringify(update)))

    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const random = new Random(seed)
        const again = tracking()
        const news = [
          () => again.tracker.onVerdict(ours, matched),
          () => again.tracker.onSilence(ours, 'timeout'),
          ...(['MATCHED', 'MINED', 'CONFIRMED'] as const).map(
            (status) => () => again.tracker.onTrade(trade(status)),
          ),
        ]
        const dealt = [...news, ...news, ...news].toSorted(() => random.next() - 0.5)
        for (const tell of [...dealt, ...news]) tell()

        const kinds = again.told.filter(({ kind }) => kind !== 'unknown')
        expect(new Set(kinds.map((update) => JSON.stringify(update)))).toEqual(once)
        expect(kinds.length).toBe(once.size)
      }),
    )
  })
})

const folder = join(process.env['CAPTURES_DIR'] ?? '/nowhere', 'polymarket', 'ws', 'user_channel')

describe.skipIf(!existsSync(folder))('the captured user channel (CAPTURES_DIR)', () => {
  const files = existsSync(folder) ? readdirSync(folder) : []

  test.each(files)('%s reads', (name) => {
    const body: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'))

    // Some are the same thing as a read lists it, without the channel's name of the event.
    const readings = [userMessage, userOrder, userTrade].filter(
      (shape) => shape.safeParse(body).success,
    )

    expect(readings.length).toBeGreaterThan(0)
  })
})
