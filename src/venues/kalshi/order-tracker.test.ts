import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeeSchedule } from '../../core/fee.ts'
import type { InstrumentId, MarketId } from '../../core/market.ts'
import type { BasketId, ClientOrderId, Order } from '../../core/order.ts'
import { epochMs, microShares, microUsd, nanos, ppm, ticks } from '../../core/units.ts'
import type { OrderUpdate } from '../../ports/venue-gateway.ts'
import type { VenueFillRow, VenueOrder } from './account-wire.ts'
import { OrderTracker } from './order-tracker.ts'

const id = 'b1-1' as ClientOrderId
const market = 'KX-A' as MarketId

const fees: FeeSchedule = {
  kind: 'known',
  taker: { rate: ppm(70_000), exponent: 1 },
  maker: { rate: ppm(17_500), exponent: 1 },
  rounding: 'up-to-micro',
}

function order(terms: Partial<Order> = {}): Order {
  return {
    id,
    basket: 'b1' as BasketId,
    legIndex: 0,
    venue: 'kalshi',
    market,
    instrument: 'KX-A:yes' as InstrumentId,
    outcome: 'yes',
    side: 'buy',
    limit: ticks(5_000),
    size: microShares(10_000_000),
    timeInForce: 'gtc',
    postOnly: false,
    expiresAt: undefined,
    ...terms,
  }
}

function fill(tradeId: string, terms: Partial<VenueFillRow> = {}): VenueFillRow {
  return {
    tradeId,
    orderId: 'v1',
    clientId: id,
    ticker: market,
    side: 'bid',
    price: ticks(5_000),
    size: microShares(1_000_000),
    fee: microUsd(17_500),
    isTaker: true,
    ...terms,
  }
}

function row(terms: Partial<VenueOrder> = {}): VenueOrder {
  return {
    id: 'v1',
    clientId: id,
    ticker: market,
    side: 'bid',
    status: 'resting',
    price: ticks(5_000),
    filled: microShares(0),
    remaining: microShares(10_000_000),
    size: microShares(10_000_000),
    fees: undefined,
    reason: undefined,
    createdAt: undefined,
    updatedAt: undefined,
    ...terms,
  }
}

function scene(terms: Partial<Order> = {}) {
  const updates: OrderUpdate[] = []
  const oddities: string[] = []
  const tracker = new OrderTracker(
    {
      onUpdate: (update) => updates.push(update),
      onOddity: (oddity) => oddities.push(oddity),
    },
    () => nanos(7),
  )
  tracker.track(order(terms), fees, epochMs(1_800_000_000_000))
  const story = () =>
    updates.map((update) => ('reason' in update ? `${update.kind} ${update.reason}` : update.kind))
  return { tracker, updates, oddities, story }
}

const accepted = (filled: number, remaining: number) => ({
  kind: 'accepted' as const,
  id: 'v1',
  filled: microShares(filled),
  remaining: microShares(remaining),
})

describe('OrderTracker', () => {
  test('tells a fill before the end that was known before it', () => {
    const { tracker, story } = scene({ timeInForce: 'ioc' })

    tracker.onVerdict(id, accepted(2_000_000, 0))
    tracker.onFill(fill('t1'))
    expect(story()).toEqual(['filled', 'fill-settled'])
    tracker.onFill(fill('t2'))

    expect(story().at(-1)).toBe('done cancelled')
  })

  test('tells a NO fill in NO, with the fee the venue took', () => {
    const { tracker, updates } = scene({ outcome: 'no', limit: ticks(5_000) })

    tracker.onFill(fill('t1', { side: 'ask', price: ticks(6_200), fee: microUsd(16_500) }))

    expect(updates[0]).toEqual({
      kind: 'filled',
      order: id,
      fill: {
        order: id,
        venueTradeId: 't1',
        price: 3_800,
        size: 1_000_000,
        notional: 380_000,
        fee: 16_500,
        liquidity: 'taker',
        at: 7,
      },
    })
  })

  test('counts a fee by the rule where the venue does not say it, remainders and all', () => {
    const { tracker, updates } = scene({ outcome: 'yes', side: 'sell', limit: ticks(900) })
    const unsaid = { side: 'ask' as const, price: ticks(900), fee: undefined }

    for (const name of ['t1', 't2', 't3']) tracker.onFill(fill(name, unsaid))

    // docs/venues/kalshi.md, 7.4: three asks of 1 at 0.09 on one order.
    expect(
      updates.flatMap((update) => (update.kind === 'filled' ? [update.fill.fee] : [])),
    ).toEqual([5_800, 5_700, 5_700])
  })

  test('does not take an older message for news', () => {
    const { tracker, story } = scene()

    tracker.onOrder(row({ status: 'canceled', updatedAt: epochMs(20) }))
    tracker.onOrder(row({ status: 'resting', updatedAt: epochMs(10) }))

    expect(story()).toEqual(['done cancelled'])
  })

  test('does not take the size of an older message', () => {
    const { tracker, story } = scene()

    tracker.onOrder(row({ remaining: microShares(2_000_000), updatedAt: epochMs(20) }))
    tracker.onOrder(row({ remaining: microShares(9_000_000), updatedAt: epochMs(10) }))
    for (const name of ['t1', 't2']) tracker.onFill(fill(name))

    expect(story().at(-1)).toBe('done filled')
  })

  test.each([
    { reason: 'ExpiryCancel', is: 'done expired' },
    { reason: 'SelfTradeCancel', is: 'done self-trade' },
    { reason: 'CloseCancel', is: 'done market-closed' },
    { reason: 'HaltCancel', is: 'done venue-closed' },
    { reason: undefined, is: 'done cancelled' },
  ])('$reason is told as "$is"', ({ reason, is }) => {
    const { tracker, story } = scene()

    tracker.onOrder(row({ status: 'canceled', reason }))

    expect(story()).toEqual([is])
  })

  test('an order that was made larger is not over at its first size', () => {
    const { tracker, story } = scene({ size: microShares(1_000_000) })

    tracker.onOrder(row({ remaining: microShares(2_000_000) }))
    tracker.onFill(fill('t1'))
    expect(story()).toEqual(['live', 'filled', 'fill-settled'])
    tracker.onFill(fill('t2'))

    expect(story().at(-1)).toBe('done filled')
  })

  test('a fill on the other side is not ours, whatever its name', () => {
    const { tracker, updates, oddities } = scene()

    tracker.onFill(fill('t1', { side: 'ask' }))

    expect(updates).toEqual([])
    expect(oddities).toEqual(['wrong-side'])
  })

  test('fees of an order that are not those of its fills are noted', () => {
    const { tracker, oddities } = scene()

    tracker.onFill(fill('t1'))
    tracker.onOrder(row({ filled: microShares(1_000_000), fees: microUsd(17_600) }))

    expect(oddities).toEqual(['fees-differ'])
  })

  test('silence says nothing of an order that was heard of', () => {
    const { tracker, story } = scene()

    tracker.onOrder(row())
    tracker.onSilence(id, 'timeout')

    expect(story()).toEqual(['live'])
  })

  test('an older order under the same name is not the one that was sent', () => {
    const { tracker, story, oddities } = scene()

    tracker.onSilence(id, 'timeout')
    tracker.onOrder(row({ createdAt: epochMs(1_700_000_000_000) }))

    expect(story()).toEqual(['unknown timeout', 'done duplicate'])
    expect(oddities).toEqual(['foreign-order'])
  })
})

/** All that is ever said of one order of ten, of which some have matched in `count` fills. */
const life = fc
  .record({
    fillCount: fc.integer({ min: 0, max: 10 }),
    end: fc.constantFrom('canceled', 'none' as const),
    order: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    losses: fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
  })
  .map(({ fillCount, end, order: keys, losses }) => {
    const total = microShares(fillCount * 1_000_000)
    const isWhole = fillCount === 10
    const isOver = isWhole || end === 'canceled'
    const fills = Array.from({ length: fillCount }, (_, index) => fill(`t${index}`))
    const last = row({
      status: isWhole ? 'executed' : isOver ? 'canceled' : 'resting',
      filled: total,
      updatedAt: epochMs(100),
    })
    type News = (tracker: OrderTracker) => void
    const told: readonly News[] = [
      (tracker) => tracker.onVerdict(id, accepted(0, 10_000_000)),
      (tracker) => tracker.onSilence(id, 'timeout'),
      (tracker) => tracker.onOrder(row({ updatedAt: epochMs(1) })),
      (tracker) => tracker.onOrder(last),
      ...fills.flatMap((each): News[] => [
        (tracker) => tracker.onFill(each),
        // A fill as read has no name of ours.
        (tracker) => tracker.onFill({ ...each, clientId: '' }),
      ]),
    ]
    const heard = told
      .map((news, index) => ({ news, key: keys[index] ?? 0, isLost: losses[index] === true }))
      .filter(({ isLost }) => !isLost)
      .toSorted((a, b) => a.key - b.key)
      .map(({ news }) => news)
    // Whatever was lost, a read has it in the end: orders first, then fills.
    const read: readonly News[] = [
      (tracker) => tracker.onOrder(last),
      ...fills.map(
        (each): News =>
          (tracker) =>
            tracker.onFill({ ...each, clientId: '' }),
      ),
    ]
    return { heard: [...heard, ...read], fillCount, isOver }
  })

test('whatever is lost, doubled or late, each fill and each end is told once', () => {
  fc.assert(
    fc.property(life, ({ heard, fillCount, isOver }) => {
      const { tracker, updates } = scene()

      for (const news of heard) news(tracker)

      const fills = updates.filter(({ kind }) => kind === 'filled')
      const ends = updates.filter(({ kind }) => kind === 'done')
      expect(fills).toHaveLength(fillCount)
      expect(ends).toHaveLength(isOver ? 1 : 0)
      if (isOver) expect(updates.at(-1)?.kind).toBe('done')
      expect(updates.filter(({ kind }) => kind === 'live').length).toBeLessThanOrEqual(1)
    }),
    { numRuns: 500 },
  )
})
