import { describe, expect, test } from 'vitest'
import { marketOf } from '../../../test/engine/market-of.ts'
import type { InstrumentId, Market } from '../../core/market.ts'
import type { OrderBook } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { BasketId, ClientOrderId, Order } from '../../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ppm } from '../../core/units.ts'
import { epochMs, ticks } from '../../core/units.ts'
import { MarketCache } from '../../engine/market-cache.ts'
import type { OrderLatency } from './order-latency.ts'
import { PaperGateway } from './paper-gateway.ts'

const at = (ms: number): Nanos => Math.round(ms * 1_000_000) as Nanos
const shares = (count: number): MicroShares => (count * 1_000_000) as MicroShares

const signal: TradeSignal = {
  kind: 'signal',
  strategy: 'mine',
  venue: 'polymarket',
  legs: [],
  edge: 1 as MicroUsd,
  edgeRate: 1 as Ppm,
  certificate: undefined,
  realisation: 'settlement',
  generatedAt: at(0),
  receivedAt: at(0),
}

class Hands {
  readonly gateway: PaperGateway
  readonly reports: ExecutionReport[] = []
  readonly book: OrderBook
  readonly #cache: MarketCache = new MarketCache()

  constructor(latency: OrderLatency = { kind: 'fixed', ms: 20 }, facts: Partial<Market> = {}) {
    this.gateway = new PaperGateway({ books: this.#cache, latency: () => latency, seed: 7 })
    const entry = this.#cache.add(marketOf('rain', { bookKind: 'mirrored', ...facts }))
    this.#cache.add(marketOf('snow', { takerDelayMs: 250 }))?.yes.book.mark('proven')
    if (entry === undefined) throw new Error('the market is new')
    this.book = entry.yes.book
    this.book.mark('proven')
    this.show(askSide, 4_000, 10)
  }

  show(side: 0 | 1, price: number, count: number): void {
    this.book.set(side, ticks(price), shares(count))
    this.gateway.bookChanged(this.book)
  }

  place(basket: string, sent: Nanos, ...orders: readonly Partial<Order>[]): void {
    this.gateway.place(intentOf(basket, sent, orders))
  }

  advance(ms: number): void {
    this.gateway.advance(at(ms), (report) => this.reports.push(report))
  }

  forget(): void {
    this.#cache.remove('polymarket', marketOf('rain').id)
  }

  get outcomes(): readonly (readonly string[])[] {
    return this.reports.map(({ legs }) => legs.map(({ outcome, reason }) => reason || outcome))
  }
}

function intentOf(basket: string, sent: Nanos, orders: readonly Partial<Order>[]): ExecutionIntent {
  const market = marketOf('rain')
  return {
    basket: basket as BasketId,
    purpose: 'open',
    signal,
    createdAt: sent,
    createdAtMs: epochMs(1_000),
    orders: orders.map((facts, legIndex) => ({
      id: `${basket}-${legIndex + 1}` as ClientOrderId,
      basket: basket as BasketId,
      legIndex,
      venue: 'polymarket',
      market: market.id,
      instrument: market.yes.id,
      outcome: 'yes',
      side: 'buy',
      limit: ticks(4_000),
      size: shares(10),
      timeInForce: 'fok',
      postOnly: false,
      expiresAt: undefined,
      ...facts,
    })),
  }
}

describe('the paper gateway', () => {
  test('lets an order arrive after its latency, and not before', () => {
    const hands = new Hands()
    hands.place('B1', at(5), {})
    expect(hands.gateway.nextDue()).toBe(at(25))

    hands.advance(24.999)
    const before = hands.reports.length
    hands.advance(25)

    expect(before).toBe(0)
    expect(hands.reports).toMatchObject([
      {
        basket: 'B1',
        strategy: 'mine',
        executor: 'paper',
        at: at(25),
        legs: [{ outcome: 'filled' }],
      },
    ])
    expect(hands.gateway.nextDue()).toBeUndefined()
  })

  test('meets the book as it stands on arrival: what is gone by then does not fill', () => {
    const hands = new Hands()
    hands.place('B1', at(0), {})

    hands.show(askSide, 4_000, 0)
    hands.advance(30)

    expect(hands.outcomes).toEqual([['fok-killed']])
  })

  test('fills at the instant of arrival, however late it is told the time', () => {
    const hands = new Hands()
    hands.place('B1', at(0), {})

    hands.advance(9_000)

    expect(hands.reports[0]?.legs[0]?.fills[0]?.at).toBe(at(20))
  })

  test('serves orders in the order of their arrival: the second finds the level empty', () => {
    const hands = new Hands()
    hands.place('B2', at(3), {})
    hands.place('B1', at(1), {})

    hands.advance(30)

    expect(hands.reports.map(({ basket }) => basket)).toEqual(['B1', 'B2'])
    expect(hands.outcomes).toEqual([['filled'], ['fok-killed']])
  })

  test('serves orders that arrive together as they were sent', () => {
    const hands = new Hands()

    hands.place('B1', at(0), { size: shares(6) }, { size: shares(6) })
    hands.advance(30)

    expect(hands.outcomes).toEqual([['filled', 'fok-killed']])
  })

  test('does not fill the same shares twice until new ones come', () => {
    const hands = new Hands()
    hands.place('B1', at(0), {})
    hands.place('B2', at(10), {})
    hands.advance(30)

    hands.show(askSide, 4_000, 20)
    hands.place('B3', at(40), {})
    hands.advance(60)

    expect(hands.outcomes).toEqual([['filled'], ['fok-killed'], ['filled']])
  })

  test('reports a basket once, when its last order is over, the legs in their order', () => {
    const hands = new Hands()
    const delayed = { market: marketOf('snow').id, instrument: 'snow-yes' as InstrumentId }

    hands.place('B1', at(0), delayed, {})
    hands.advance(30)
    const early = hands.reports.length
    hands.advance(270)

    expect(early).toBe(0)
    expect(hands.reports.map(({ at: end }) => end)).toEqual([at(270)])
    expect(hands.outcomes).toEqual([['fok-killed', 'filled']])
  })

  test('waits for a sweep to be whole, and gives up when it never is', () => {
    const hands = new Hands()
    hands.book.markTorn()
    hands.place('B1', at(0), {})
    hands.advance(25)
    expect(hands.reports).toEqual([])

    hands.book.markWhole()
    hands.advance(27)
    expect(hands.outcomes).toEqual([['filled']])

    hands.book.markTorn()
    hands.book.mark('unproven')
    hands.place('B2', at(100), {})
    hands.advance(400)
    expect(hands.outcomes[1]).toEqual(['book-not-believed'])
  })

  test('rejects an order whose market is gone', () => {
    const hands = new Hands()
    hands.place('B1', at(0), {})

    hands.forget()
    hands.advance(30)

    expect(hands.outcomes).toEqual([['market-gone']])
  })

  test('says how much of a leg it would still give', () => {
    const hands = new Hands()
    const market = marketOf('rain')
    const leg = {
      venue: market.venue,
      market: market.id,
      instrument: market.yes.id,
      outcome: 'yes',
      side: 'buy',
      limit: ticks(4_000),
      size: shares(12),
    } as const
    expect(hands.gateway.fillable(leg)).toBe(shares(10))

    hands.place('B1', at(0), { size: shares(7) })
    hands.advance(30)

    expect(hands.gateway.fillable(leg)).toBe(shares(3))
    expect(hands.gateway.fillable({ ...leg, instrument: 'else' as InstrumentId })).toBe(0)
  })

  test('lets the orders of a basket travel together, in one call', () => {
    const hands = new Hands({ kind: 'spread', leastMs: 10, meanMs: 30 })
    hands.place('B1', at(0), { size: shares(4) }, { size: shares(4) })

    hands.advance(1e6)

    const [first, second] = hands.reports[0]?.legs ?? []
    expect(first?.fills[0]?.at).toBe(second?.fills[0]?.at)
  })

  test('draws the same latencies for the same seed, none below the least', () => {
    const dues = (): (Nanos | undefined)[] => {
      const hands = new Hands({ kind: 'spread', leastMs: 10, meanMs: 30 })
      return Array.from({ length: 200 }, (_, number) => {
        hands.place(`B${number}`, at(0), {})
        const due = hands.gateway.nextDue()
        hands.advance(1e6)
        return due
      })
    }
    const first = dues()
    const mean = first.reduce<number>((sum, due) => sum + (due ?? 0), 0) / first.length

    expect(dues()).toEqual(first)
    expect(Math.min(...first.map((due) => due ?? 0))).toBeGreaterThanOrEqual(at(10))
    expect(mean / 1e6).toBeGreaterThan(25)
    expect(mean / 1e6).toBeLessThan(36)
  })
})

describe('an order that rests', () => {
  const resting = { timeInForce: 'gtc', size: shares(15) } as const

  test('takes what is there, then waits for sellers to come to its price', () => {
    const hands = new Hands()
    hands.place('B1', at(0), resting)
    hands.advance(30)
    expect([hands.reports.length, hands.gateway.depth]).toEqual([0, 1])

    hands.show(askSide, 4_100, 50)
    hands.advance(40)
    expect(hands.reports).toEqual([])

    hands.show(askSide, 3_900, 50)
    hands.advance(50)
    expect(
      hands.reports[0]?.legs[0]?.fills.map(({ price, size, liquidity }) => [
        price,
        size,
        liquidity,
      ]),
    ).toEqual([
      [4_000, shares(10), 'taker'],
      [4_000, shares(5), 'maker'],
    ])
    expect(hands.gateway.depth).toBe(0)
  })

  test('ends when it is cancelled, with what it got', () => {
    const hands = new Hands()
    hands.place('B1', at(0), resting)
    hands.advance(30)

    hands.gateway.cancel('B1-1' as ClientOrderId)
    hands.advance(31)

    expect(hands.reports[0]?.legs).toMatchObject([
      { outcome: 'partly-filled', reason: 'cancelled' },
    ])
  })

  test('ends when its time has come', () => {
    const hands = new Hands()
    const expiresAt = 1_100 as EpochMs
    hands.place('B1', at(0), { ...resting, timeInForce: 'gtd', limit: ticks(3_000), expiresAt })
    hands.advance(30)
    expect(hands.gateway.nextDue()).toBe(at(100))

    hands.advance(100)

    expect(hands.reports[0]?.legs).toMatchObject([{ outcome: 'rejected', reason: 'expired' }])
  })

  test('is not filled by a change of another book, or of bids', () => {
    const hands = new Hands()
    hands.place('B1', at(0), { ...resting, limit: ticks(3_000) })
    hands.advance(30)

    hands.show(bidSide, 3_000, 5)
    hands.advance(40)

    expect(hands.reports).toEqual([])
  })
})
