import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import type { InstrumentId, Market } from '../core/market.ts'
import type { ExecutionIntent, ExecutionReport, LegReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
import { OpenBaskets } from './open-baskets.ts'

const at = (ms: number): Nanos => (ms * 1_000_000) as Nanos
const ms = (value: number): EpochMs => value as EpochMs
const shares = (count: number): MicroShares => (count * 1_000_000) as MicroShares
const limits = { slipMax: 1_000 as Ticks, attemptsMax: 2, pauseNanos: at(500) }
const markets = new Map(['ann', 'bob'].map((name) => [name, marketOf(name)]))

type LegOf = readonly [market: string, outcome: 'yes' | 'no', side: 'buy' | 'sell', limit: number]

function signalOf(
  legs: readonly LegOf[],
  realisation: TradeSignal['realisation'] = 'settlement',
): TradeSignal {
  return {
    kind: 'signal',
    strategy: 'mine',
    venue: 'polymarket',
    legs: legs.map(([market, outcome, side, limit]) => ({
      venue: 'polymarket',
      market: (markets.get(market) as Market).id,
      instrument: `${market}-${outcome}` as InstrumentId,
      outcome,
      side,
      limit: limit as Ticks,
      size: shares(10),
    })),
    edge: 1 as MicroUsd,
    edgeRate: 1 as Ppm,
    certificate: undefined,
    realisation,
    generatedAt: at(0),
    receivedAt: at(0),
  }
}

function newBaskets(): OpenBaskets {
  return new OpenBaskets(limits, ({ market }) => markets.get(market))
}

/** What became of each order: how many shares were filled, or that nobody knows. */
function reportOf(
  { basket, orders }: ExecutionIntent,
  filled: readonly (number | 'unknown')[],
  now = at(10),
): ExecutionReport {
  return {
    basket,
    strategy: 'mine',
    executor: 'paper',
    at: now,
    legs: orders.map((order, index): LegReport => {
      const count = filled[index] ?? 0
      const base = { order: order.id, venueOrder: undefined, reason: '' }
      if (count === 'unknown') return { ...base, outcome: 'unknown', fills: [] }
      if (count === 0) return { ...base, outcome: 'rejected', fills: [] }
      const outcome = shares(count) === order.size ? 'filled' : 'partly-filled'
      const fill = {
        order: order.id,
        venueTradeId: `${order.id}-1`,
        price: order.limit,
        size: shares(count),
        notional: 0 as MicroUsd,
        fee: 0 as MicroUsd,
        liquidity: 'taker' as const,
        at: now,
      }
      return { ...base, outcome, fills: [fill] }
    }),
  }
}

const set: readonly LegOf[] = [
  ['ann', 'yes', 'buy', 4_000],
  ['bob', 'yes', 'buy', 5_500],
]
const pair: readonly LegOf[] = [
  ['ann', 'yes', 'sell', 5_500],
  ['ann', 'no', 'sell', 5_000],
]

describe('a basket', () => {
  test('is equal shares of every leg, all or nothing, under ids that follow from its number', () => {
    const baskets = newBaskets()
    baskets.open(signalOf(set), at(0), ms(0))

    const { basket, orders, purpose } = baskets.open(signalOf(set), at(0), ms(0))

    expect([basket, purpose]).toEqual(['B000002', 'open'])
    expect(
      orders.map(({ id, limit, size, timeInForce }) => [id, limit, size, timeInForce]),
    ).toEqual([
      ['B000002-1', 4_000, shares(10), 'fok'],
      ['B000002-2', 5_500, shares(10), 'fok'],
    ])
  })

  test('at work is counted, and touches the instruments of its orders', () => {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(set), at(0), ms(0))
    const during = [baskets.size, baskets.orderCount, baskets.touches('ann-yes' as InstrumentId)]

    baskets.onReport(reportOf(intent, [10, 10]), ms(10))

    expect(during).toEqual([1, 2, true])
    expect([baskets.size, baskets.touches('ann-yes' as InstrumentId)]).toEqual([0, false])
  })

  test.each([
    { name: 'complete when every leg is filled', filled: [10, 10], state: 'complete' },
    { name: 'empty when none is', filled: [0, 0], state: 'empty' },
  ])('is $name', ({ filled, state }) => {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(set), at(0), ms(0))

    const step = baskets.onReport(reportOf(intent, filled), ms(10))

    expect([step.state, step.next]).toEqual([state, undefined])
  })

  test('waits while a leg is unknown: the others may still be needed', () => {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(set), at(0), ms(0))

    const step = baskets.onReport(reportOf(intent, [10, 'unknown']), ms(10))

    expect([step.state, step.next, baskets.size]).toEqual(['waiting', undefined, 1])
  })

  test('sells the leg that filled alone, at the bid and within a stated loss', () => {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(set), at(0), ms(0))

    const { state, next } = baskets.onReport(reportOf(intent, [0, 10]), ms(10))

    expect(state).toBe('unwinding')
    expect(next).toMatchObject({ basket: 'B000001-U1', purpose: 'unwind', createdAt: at(10) })
    expect(next?.orders).toMatchObject([
      {
        id: 'B000001-U1-1',
        instrument: 'bob-yes',
        side: 'sell',
        size: shares(10),
        limit: 4_500,
        timeInForce: 'ioc',
      },
    ])
  })

  test('sells the half of a split pair that was not sold', () => {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(pair, 'split'), at(0), ms(0))

    const { next } = baskets.onReport(reportOf(intent, [10, 0]), ms(10))

    expect(next?.orders).toMatchObject([{ instrument: 'ann-no', side: 'sell', limit: 4_000 }])
  })

  test('that sold no half has split nothing', () => {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(pair, 'split'), at(0), ms(0))

    expect(baskets.onReport(reportOf(intent, [0, 0]), ms(10)).state).toBe('empty')
  })

  test('keeps the pairs that it bought, and sells only what has no partner', () => {
    const baskets = newBaskets()
    const legs: readonly LegOf[] = [
      ['ann', 'yes', 'buy', 4_000],
      ['ann', 'no', 'buy', 5_000],
      ['bob', 'yes', 'buy', 100],
    ]
    const intent = baskets.open(signalOf(legs, 'merge'), at(0), ms(0))

    const { next } = baskets.onReport(reportOf(intent, [10, 4, 0]), ms(10))

    expect(next?.orders).toMatchObject([{ instrument: 'ann-yes', size: shares(6) }])
  })

  test('asks the least price of the grid where the loss would go below it', () => {
    const baskets = newBaskets()
    const intent = baskets.open(
      signalOf([['ann', 'yes', 'buy', 300], set[1] as LegOf]),
      at(0),
      ms(0),
    )

    const { next } = baskets.onReport(reportOf(intent, [10, 0]), ms(10))

    expect(next?.orders[0]?.limit).toBe(100)
  })
})

describe('what a basket has left', () => {
  function unwinding(): { baskets: OpenBaskets; next: ExecutionIntent } {
    const baskets = newBaskets()
    const intent = baskets.open(signalOf(set), at(0), ms(0))
    const { next } = baskets.onReport(reportOf(intent, [0, 10]), ms(10))
    if (next === undefined) throw new Error('there is something to sell')
    return { baskets, next }
  }

  test('is gone when it is sold', () => {
    const { baskets, next } = unwinding()

    expect(baskets.onReport(reportOf(next, [10]), ms(20)).state).toBe('unwound')
    expect(baskets.size).toBe(0)
  })

  test('is tried again after a pause, as much as is left', () => {
    const { baskets, next } = unwinding()

    const step = baskets.onReport(reportOf(next, [4], at(20)), ms(20))
    const before = baskets.due(at(519), ms(519))
    const after = baskets.due(at(520), ms(520))

    expect([step.state, step.next, before]).toEqual(['unwinding', undefined, []])
    expect(after).toMatchObject([
      {
        opened: { basket: 'B000001' },
        next: { basket: 'B000001-U2', orders: [{ size: shares(6), limit: 4_500 }] },
      },
    ])
    expect(baskets.size).toBe(1)
    expect(baskets.due(at(9_999), ms(9_999))).toEqual([])
  })

  test('stays with us when all tries have failed', () => {
    const { baskets, next } = unwinding()
    baskets.onReport(reportOf(next, [0], at(20)), ms(20))
    const last = baskets.due(at(520), ms(520))[0]?.next
    if (last === undefined) throw new Error('there is another try')

    const step = baskets.onReport(reportOf(last, [0], at(530)), ms(530))

    expect([step.state, step.next, baskets.size]).toEqual(['stranded', undefined, 0])
    expect(step.opened.basket).toBe('B000001')
  })
})
