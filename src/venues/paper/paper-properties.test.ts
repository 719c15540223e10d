import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeOf } from '../../../test/engine/market-of.ts'
import { orderOf, PaperDesk, sentAt, shares } from '../../../test/paper/paper-desk.ts'
import type { FeeSchedule } from '../../core/fee.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { Outcome } from '../../core/market.ts'
import type { ClientOrderId, Fill, Order, Side } from '../../core/order.ts'
import type { Ppm } from '../../core/units.ts'
import { ticks } from '../../core/units.ts'
import type { PaperBand } from './bands.ts'

const bands: readonly PaperBand[] = ['pessimistic', 'realistic', 'optimistic']
const million = 1_000_000

/** What happens to a book and to our orders. Prices are in cents of YES. */
type Deed =
  | { readonly kind: 'show'; readonly side: 0 | 1; readonly cents: number; readonly count: number }
  | {
      readonly kind: 'trade'
      readonly side: Side
      readonly cents: number
      readonly count: number
    }
  | {
      readonly kind: 'place'
      readonly side: Side
      readonly outcome: Outcome
      readonly cents: number
      readonly count: number
      readonly timeInForce: Order['timeInForce']
      readonly postOnly: boolean
    }
  | { readonly kind: 'cancel' | 'query'; readonly pick: number }
  | { readonly kind: 'wait'; readonly ms: number }

const side = fc.constantFrom<Side>('buy', 'sell')
const cents = fc.integer({ min: 40, max: 60 })
const count = fc.integer({ min: 0, max: 40 })

const deed: fc.Arbitrary<Deed> = fc.oneof(
  // Bids below, asks above half a dollar, so that the book is never crossed.
  fc.record({
    kind: fc.constant('show' as const),
    side: fc.constant(bidSide),
    cents: fc.integer({ min: 40, max: 49 }),
    count,
  }),
  fc.record({
    kind: fc.constant('show' as const),
    side: fc.constant(askSide),
    cents: fc.integer({ min: 51, max: 60 }),
    count,
  }),
  fc.record({ kind: fc.constant('trade' as const), side, cents, count }),
  fc.record({
    kind: fc.constant('place' as const),
    side,
    outcome: fc.constantFrom<Outcome>('yes', 'no'),
    cents,
    count: fc.integer({ min: 1, max: 60 }),
    timeInForce: fc.constantFrom('fok', 'ioc', 'gtc', 'gtd'),
    postOnly: fc.boolean(),
  }),
  fc.record({ kind: fc.constantFrom('cancel', 'query'), pick: fc.nat({ max: 20 }) }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 60 }) }),
)

const tape = fc.array(deed, { size: 'max', maxLength: 80 })

/** The tape played to a desk, with what the venue ever had to give. */
class Played {
  readonly desk: PaperDesk
  readonly orders: Order[] = []
  /** What was ever added to a level, by side and cents of YES. */
  readonly added: Map<string, number> = new Map([[`${askSide} 40`, 10]])
  readonly traded: Record<Side, number> = { buy: 0, sell: 0 }
  #ms = 0

  constructor(deeds: readonly Deed[], band: PaperBand, seed: number, fee: FeeSchedule = feeOf(0)) {
    this.desk = new PaperDesk({ band, seed, rivals: true }, { fee })
    this.desk.show(askSide, 4_000, 0)
    this.added.clear()
    for (const each of deeds) this.#play(each)
    this.desk.advance(this.#ms + 100_000)
  }

  get fills(): readonly { readonly order: Order; readonly fill: Fill }[] {
    // A question is answered with the fills again: each counts once.
    return this.orders.flatMap((order) => {
      const fills = new Map(this.desk.fillsOf(order.id).map((fill) => [fill.venueTradeId, fill]))
      return [...fills.values()].map((fill) => ({ order, fill }))
    })
  }

  #play(deed: Deed): void {
    switch (deed.kind) {
      case 'show': {
        const price = ticks(deed.cents * 100)
        const before = this.desk.book.sizeAt(deed.side, price) / million
        const key = `${deed.side} ${deed.cents}`
        this.added.set(key, (this.added.get(key) ?? 0) + Math.max(0, deed.count - before))
        this.desk.show(deed.side, deed.cents * 100, deed.count)
        break
      }
      case 'trade':
        this.traded[deed.side] += deed.count
        this.desk.trade({ side: deed.side, price: ticks(deed.cents * 100), size: deed.count })
        break
      case 'place':
        this.#place(deed)
        break
      case 'cancel':
      case 'query': {
        const order = this.orders[deed.pick]
        if (order !== undefined) this.desk.gateway[deed.kind](order.id, sentAt(this.#ms))
        break
      }
      case 'wait':
        this.#ms += deed.ms
    }
    this.desk.advance(this.#ms)
  }

  #place(deed: Extract<Deed, { kind: 'place' }>): void {
    const { cents: price, count: size, outcome, postOnly, timeInForce } = deed
    const isGtd = timeInForce === 'gtd'
    const order = orderOf(`A${this.orders.length}`, {
      side: deed.side,
      outcome,
      postOnly,
      timeInForce,
      limit: ticks(price * 100),
      size: shares(size),
      expiresAt: isGtd ? sentAt(this.#ms + 200).atMs : undefined,
    })
    this.orders.push(order)
    this.desk.place(this.#ms, order)
  }
}

/** In the terms of YES: buying NO is selling YES. */
function yesSide({ side: own, outcome }: Order): Side {
  if (outcome === 'yes') return own
  return own === 'buy' ? 'sell' : 'buy'
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0)

describe('whatever happens to a book', () => {
  const scene = fc.tuple(tape, fc.constantFrom(...bands), fc.integer({ min: 1, max: 1_000 }))

  test('no order gets more than its size, and each ends with a reason that fits what it got', () => {
    fc.assert(
      fc.property(scene, ([deeds, band, seed]) => {
        const { desk, fills, orders } = new Played(deeds, band, seed)
        for (const order of orders) {
          const got = sumOf(fills.flatMap((each) => (each.order === order ? each.fill.size : [])))
          const end = desk.storyOf(order.id).findLast((word) => !word.includes('@'))
          expect(got).toBeLessThanOrEqual(order.size)
          expect(end === 'filled').toBe(got === order.size)
          if (order.timeInForce === 'fok') expect([0, order.size]).toContain(got)
          if (order.timeInForce !== 'gtc') expect(end).not.toBe('live')
        }
      }),
    )
  })

  test('no fill is beyond its limit, and a maker gets its own price', () => {
    fc.assert(
      fc.property(scene, ([deeds, band, seed]) => {
        for (const { order, fill } of new Played(deeds, band, seed).fills) {
          const { limit } = order
          expect(order.side === 'buy' ? fill.price <= limit : fill.price >= limit).toBe(true)
          if (fill.liquidity === 'maker') expect(fill.price).toBe(limit)
          if (order.postOnly) expect(fill.liquidity).toBe('maker')
        }
      }),
    )
  })

  test('no level gives more than it ever had, and all together no more than was ever brought', () => {
    fc.assert(
      fc.property(scene, ([deeds, band, seed]) => {
        const { added, fills, traded } = new Played(deeds, band, seed)
        const taken = new Map<string, number>()
        const all = { buy: 0, sell: 0 }
        for (const { order, fill } of fills) {
          const own = yesSide(order)
          all[own] += fill.size / million
          if (fill.liquidity === 'maker') continue
          const price = order.outcome === 'yes' ? fill.price : 10_000 - fill.price
          const key = `${own === 'buy' ? askSide : bidSide} ${price / 100}`
          taken.set(key, (taken.get(key) ?? 0) + fill.size / million)
        }
        const broughtTo = (level: 0 | 1): number =>
          sumOf([...added].flatMap(([key, size]) => (key.startsWith(`${level} `) ? size : [])))

        for (const [key, size] of taken) expect(size).toBeLessThanOrEqual(added.get(key) ?? 0)
        expect(all.buy).toBeLessThanOrEqual(broughtTo(askSide) + traded.sell)
        expect(all.sell).toBeLessThanOrEqual(broughtTo(bidSide) + traded.buy)
      }),
    )
  })

  test('the same tape and seed tell the same story, at the same instants', () => {
    fc.assert(
      fc.property(scene, ([deeds, band, seed]) => {
        const first = new Played(deeds, band, seed).desk.updates

        expect(new Played(deeds, band, seed).desk.updates).toEqual(first)
        expect(first.map((each) => each.at)).toEqual(
          first.map((each) => each.at).toSorted((a, b) => a - b),
        )
      }),
      { numRuns: 50 },
    )
  })

  test('Polymarket’s fee is the curve, cut to five decimals, fill by fill', () => {
    const rate = 40_000
    fc.assert(
      fc.property(scene, ([deeds, band, seed]) => {
        for (const { fill } of new Played(deeds, band, seed, feeOf(rate)).fills) {
          const { price, size, liquidity } = fill
          const exact = BigInt(size) * BigInt(rate) * BigInt(price) * BigInt(10_000 - price)
          const cut = (exact / 10n ** 15n) * 10n
          expect(fill.fee).toBe(liquidity === 'maker' ? 0 : Number(cut))
        }
      }),
    )
  })

  test('Kalshi’s fee leaves the cash of an order aligned, and little above the curve', () => {
    const rate = 70_000 as Ppm
    const fee: FeeSchedule = {
      kind: 'known',
      taker: { rate, exponent: 1 },
      maker: { rate: 17_500 as Ppm, exponent: 1 },
      rounding: 'up-to-micro',
    }
    fc.assert(
      fc.property(scene, ([deeds, band, seed]) => {
        const { fills, orders } = new Played(deeds, band, seed, fee)
        for (const order of orders) {
          const own = fills.filter((each) => each.order === order).map((each) => each.fill)
          const sign = order.side === 'buy' ? 1 : -1
          for (const each of own) expect(Math.abs((sign * each.notional + each.fee) % 100)).toBe(0)
          const curve = sumOf(own.map((each) => curveOf(each, rate)))
          const over = sumOf(own.map((each) => each.fee)) - curve
          expect(over).toBeGreaterThanOrEqual(0)
          // Less than one alignment stays with an order, and a micro-dollar with each fill.
          expect(over).toBeLessThan(100 + own.length)
        }
      }),
    )
  })
})

function curveOf({ liquidity, price, size }: Fill, rate: number): number {
  const own = liquidity === 'taker' ? rate : rate / 4
  return (size * own * price * (10_000 - price)) / 1e14
}

describe('the bands', () => {
  const drawn = (random: () => number, low: number, high: number): number =>
    low + Math.floor(random() * (high - low + 1))

  /** A day of levels that come and go, of trades, and of orders that take and that rest. */
  function day(seed: number): readonly Deed[] {
    let state = seed
    const random = (): number => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state / 2 ** 32
    }
    return Array.from({ length: 300 }, (_, index): Deed => {
      const bid = drawn(random, 45, 49)
      const ask = drawn(random, 51, 55)
      const size = drawn(random, 0, 30)
      const buys = random() < 0.5
      switch (index % 5) {
        case 0:
          return { kind: 'show', side: bidSide, cents: bid, count: size }
        case 1:
          return { kind: 'show', side: askSide, cents: ask, count: size }
        case 2:
          return { kind: 'wait', ms: drawn(random, 1, 30) }
        case 3:
          return {
            kind: 'trade',
            side: buys ? 'buy' : 'sell',
            cents: buys ? ask : bid,
            count: size,
          }
        default: {
          const takes = random() < 0.5
          return {
            kind: 'place',
            side: buys ? 'buy' : 'sell',
            outcome: 'yes',
            cents: takes === buys ? ask : bid,
            count: drawn(random, 1, 20),
            timeInForce: takes ? 'ioc' : 'gtd',
            postOnly: false,
          }
        }
      }
    })
  }

  function filledIn(band: PaperBand, liquidity: Fill['liquidity']): number {
    const days = Array.from({ length: 60 }, (_, seed) => new Played(day(seed + 1), band, seed))
    return sumOf(
      days.flatMap(({ fills }) =>
        fills.flatMap(({ fill }) => (fill.liquidity === liquidity ? fill.size / million : [])),
      ),
    )
  }

  test.each(['taker', 'maker'] as const)('lie one below the other for a %s', (liquidity) => {
    const [pessimistic = 0, realistic = 0, optimistic = 0] = bands.map((band) =>
      filledIn(band, liquidity),
    )

    expect(pessimistic).toBeLessThan(realistic)
    expect(realistic).toBeLessThan(optimistic)
  })
})

describe('an order alone in its queue', () => {
  test('only ever comes forward while nothing is traded twice', () => {
    const move = fc.record({ shown: fc.integer({ min: 0, max: 50 }), traded: fc.boolean() })
    fc.assert(
      fc.property(fc.constantFrom(...bands), fc.array(move), (band, moves) => {
        const desk = new PaperDesk({ band })
        desk.show(bidSide, 3_000, 30)
        const order = orderOf('A', { timeInForce: 'gtc', limit: ticks(3_000), size: shares(999) })
        desk.place(0, order)
        desk.advance(100)
        let ahead: number = desk.gateway.aheadOf('A' as ClientOrderId) ?? 0
        for (const { shown, traded } of moves) {
          const before = desk.book.sizeAt(bidSide, ticks(3_000)) / million
          if (traded && shown < before) desk.trade({ price: ticks(3_000), size: before - shown })
          desk.show(bidSide, 3_000, shown)
          const now = desk.gateway.aheadOf('A' as ClientOrderId) ?? 0
          expect(now).toBeLessThanOrEqual(ahead)
          ahead = now
        }
      }),
    )
  })
})
