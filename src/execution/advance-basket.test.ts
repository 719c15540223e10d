import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { InstrumentId, MarketId } from '../core/market.ts'
import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import { Random } from '../core/random.ts'
import { add, cost, negate, proceeds, zeroUsd } from '../core/units.ts'
import type { MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import { advanceBasket } from './advance-basket.ts'
import type { Step } from './advance-basket.ts'
import type { Basket, BasketEffect, BasketEvent, BasketPolicy, LegQuote } from './basket.ts'
import { gapsOf, heldOf, isEven, paidFor } from './basket-position.ts'

const size = 100_000_000 as MicroShares
const lossMax = 10_000_000 as MicroUsd

const policy: BasketPolicy = {
  sequence: { kind: 'parallel' },
  legs: 'equal',
  lossMax,
  roundsMax: 3,
  quotesMax: 5,
  expiresAt: 0 as Nanos,
}

/** A basket that buys `limits.length` outcomes, 100 shares of each, of which one pays. */
function basketOf(limits: readonly number[], changes: Partial<BasketPolicy> = {}): Basket {
  const id = 'b1' as BasketId
  const legs = limits.map((limit, leg) => ({
    venue: 'polymarket' as const,
    market: `m${leg}` as MarketId,
    instrument: `yes${leg}` as InstrumentId,
    outcome: 'yes' as const,
    side: 'buy' as const,
    limit: limit as Ticks,
    target: size,
  }))
  return {
    id,
    strategy: 'outcome-basket',
    state: 'planned',
    legs,
    orders: legs.map(({ target, ...leg }, legIndex) => ({
      order: {
        ...leg,
        id: `b1-${legIndex}` as ClientOrderId,
        basket: id,
        legIndex,
        size: target,
        timeInForce: 'fok',
        postOnly: false,
        expiresAt: undefined,
      },
      role: 'open',
      state: 'planned',
      reason: '',
      fills: [],
    })),
    payoff: 100_000_000 as MicroUsd,
    policy: { ...policy, ...changes },
    round: 0,
    refusedQuotes: 0,
  }
}

function run(basket: Basket, events: readonly BasketEvent[]): Step {
  let effects: readonly BasketEffect[] = []
  let current = basket
  for (const event of events) {
    const step = advanceBasket(current, event)
    current = step.basket
    effects = step.effects
  }
  return { basket: current, effects }
}

function filled(order: string, price: number, amount: number = size): BasketEvent[] {
  const id = order as ClientOrderId
  const paid = cost(price as Ticks, amount as MicroShares)
  return [
    {
      kind: 'order-filled',
      order: id,
      fill: { tradeId: `t-${order}`, size: amount as MicroShares, paid },
    },
    { kind: 'order-done', order: id, reason: amount === size ? 'filled' : 'cancelled' },
  ]
}

function killed(order: string): BasketEvent {
  return { kind: 'order-done', order: order as ClientOrderId, reason: 'killed' }
}

describe('advanceBasket', () => {
  test('closes with the planned edge when every leg fills', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      ...filled('b1-0', 4_000),
      ...filled('b1-1', 5_500),
    ])

    expect(basket.state).toBe('closed')
    expect(effects).toEqual([{ kind: 'closed', result: 5_000_000 }])
  })

  test('closes without a loss when no leg fills', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      killed('b1-0'),
      killed('b1-1'),
    ])

    expect(basket.state).toBe('closed')
    expect(effects).toEqual([{ kind: 'closed', result: 0 }])
  })

  test('asks for quotes when one leg fails, and completes when that loses less', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      ...filled('b1-0', 4_000),
      killed('b1-1'),
      {
        kind: 'priced',
        quotes: [
          { leg: 0, complete: undefined, unwind: quote(size, 3_800, -38_000_000) },
          { leg: 1, complete: quote(size, 6_100, 61_000_000), unwind: undefined },
        ],
      },
    ])

    expect(basket.state).toBe('completing')
    expect(effects).toMatchObject([
      { kind: 'place-orders', orders: [{ legIndex: 1, side: 'buy', limit: 6_100, size }] },
    ])
  })

  test('unwinds when completing loses more', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      ...filled('b1-0', 4_000),
      killed('b1-1'),
      {
        kind: 'priced',
        quotes: [
          { leg: 0, complete: undefined, unwind: quote(size, 3_800, -38_000_000) },
          { leg: 1, complete: quote(size, 6_300, 63_000_000), unwind: undefined },
        ],
      },
    ])

    expect(basket.state).toBe('unwinding')
    expect(effects).toMatchObject([
      { kind: 'place-orders', orders: [{ legIndex: 0, side: 'sell', limit: 3_800, size }] },
    ])
  })

  test('a leg that times out is asked about, not sent again, and nothing else is sent', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      { kind: 'order-timed-out', order: 'b1-1' as ClientOrderId },
      ...filled('b1-0', 4_000),
    ])

    expect(basket.state).toBe('reconciling')
    expect(effects).toEqual([])
  })

  test('a fill told twice counts once', () => {
    const [fill, done] = filled('b1-0', 4_000)
    if (fill === undefined || done === undefined) throw new Error('two events are made')

    const { basket } = run(basketOf([4_000, 5_500]), [{ kind: 'start' }, fill, fill, done, fill])

    expect(heldOf(basket, 0)).toBe(size)
  })

  test('shares over the size of an order are no part of the basket', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      ...filled('b1-0', 4_000, 101_000_000),
      ...filled('b1-1', 5_500),
    ])

    expect(heldOf(basket, 0)).toBe(size)
    expect(effects).toEqual([{ kind: 'closed', result: 4_600_000 }])
  })

  test('a late message does not bring an order back that is done', () => {
    const { basket } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      killed('b1-0'),
      killed('b1-1'),
      { kind: 'order-live', order: 'b1-1' as ClientOrderId },
    ])

    expect(basket.orders.map(({ state }) => state)).toEqual(['done', 'done'])
  })

  test('a fill that did not settle opens the basket again', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500]), [
      { kind: 'start' },
      ...filled('b1-0', 4_000),
      ...filled('b1-1', 5_500),
      { kind: 'fill-reversed', order: 'b1-1' as ClientOrderId, tradeId: 't-b1-1' },
    ])

    expect(basket.state).toBe('pricing')
    expect(effects).toMatchObject([{ kind: 'price-legs' }])
  })

  test('sends the other legs at what the probe filled', () => {
    const sequence = { kind: 'probe', leg: 1 } as const
    const { basket, effects } = run(basketOf([4_000, 5_500], { sequence }), [
      { kind: 'start' },
      ...filled('b1-1', 5_500, 30_000_000),
    ])

    expect(basket.state).toBe('working')
    expect(effects).toMatchObject([
      { kind: 'place-orders', orders: [{ legIndex: 0, size: 30_000_000 }] },
    ])
  })

  test('sends nothing more when the probe fills nothing', () => {
    const sequence = { kind: 'probe', leg: 1 } as const
    const { basket, effects } = run(basketOf([4_000, 5_500], { sequence }), [
      { kind: 'start' },
      killed('b1-1'),
    ])

    expect(basket.state).toBe('closed')
    expect(effects).toEqual([{ kind: 'closed', result: 0 }])
  })

  test('leaves it to a person when every way loses more than allowed', () => {
    const { basket, effects } = run(basketOf([4_000, 5_500], { quotesMax: 1 }), [
      { kind: 'start' },
      ...filled('b1-0', 4_000),
      killed('b1-1'),
      {
        kind: 'priced',
        quotes: [{ leg: 0, complete: undefined, unwind: quote(size, 100, -1_000_000) }],
      },
    ])

    expect(basket.state).toBe('quarantined')
    expect(effects).toEqual([{ kind: 'quarantined', reason: 'loss-too-large' }])
  })
})

function quote(amount: number, limit: number, paid: number) {
  return { size: amount as MicroShares, limit: limit as Ticks, paid: paid as MicroUsd }
}

/** A venue with a mind of its own: it fills, kills, falls silent, repeats itself and reverses. */
class FickleVenue {
  readonly #random: Random
  readonly pending: BasketEvent[] = []
  readonly sentIds: string[] = []

  constructor(seed: number) {
    this.#random = new Random(seed)
  }

  place(order: Order): void {
    this.sentIds.push(order.id)
    const outcome: BasketEvent[] = []
    const amount = this.#fillOf(order)
    for (const [part, portion] of this.#parts(amount).entries()) {
      const fill = {
        tradeId: `${order.id}-${part}`,
        size: portion,
        paid: this.#paid(order, portion),
      }
      outcome.push({ kind: 'order-filled', order: order.id, fill })
      if (this.#random.chance(0.2)) outcome.push({ kind: 'order-filled', order: order.id, fill })
    }
    outcome.push({ kind: 'order-done', order: order.id, reason: amount > 0 ? 'filled' : 'killed' })
    if (this.#random.chance(0.3)) outcome.unshift({ kind: 'order-timed-out', order: order.id })
    if (this.#random.chance(0.1)) outcome.push({ kind: 'order-timed-out', order: order.id })
    for (const event of outcome) this.#insert(event, order.id)
  }

  quotes(basket: Basket, effect: Extract<BasketEffect, { kind: 'price-legs' }>): BasketEvent {
    const quotes = effect.gaps.map(({ leg, missing, excess }): LegQuote => {
      const limit = basket.legs[leg]?.limit ?? 0
      const dear = Math.min(9_900, limit + this.#random.integer(0, 600)) as Ticks
      const cheap = Math.max(100, limit - this.#random.integer(0, 600)) as Ticks
      const dry = this.#random.chance(0.2)
      return {
        leg,
        complete: dry || missing === 0 ? undefined : quote(missing, dear, cost(dear, missing)),
        unwind: dry || excess === 0 ? undefined : quote(excess, cheap, 0 - proceeds(cheap, excess)),
      }
    })
    return { kind: 'priced', quotes }
  }

  take(): BasketEvent | undefined {
    return this.pending.shift()
  }

  /** Messages of one order keep their order; those of different orders mix. */
  #insert(event: BasketEvent, order: string): void {
    const last = this.pending.findLastIndex((each) => 'order' in each && each.order === order)
    this.pending.splice(this.#random.integer(last + 1, this.pending.length), 0, event)
  }

  #fillOf(order: Order): MicroShares {
    const draw = this.#random.next()
    if (draw < 0.35) return 0 as MicroShares
    if (draw < 0.75 || order.timeInForce === 'fok') return order.size
    return (Math.floor((order.size * this.#random.next()) / 10_000) * 10_000) as MicroShares
  }

  #parts(amount: MicroShares): MicroShares[] {
    if (amount < 20_000) return amount > 0 ? [amount] : []
    const first = Math.floor(amount / 20_000) * 10_000
    return [first, amount - first] as MicroShares[]
  }

  #paid(order: Order, amount: MicroShares): MicroUsd {
    return order.side === 'buy' ? cost(order.limit, amount) : negate(proceeds(order.limit, amount))
  }
}

describe('a basket at a venue that does what it likes', () => {
  test('ends, sends no order twice, nothing while a fate is unknown, and loses no more than allowed', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.array(fc.integer({ min: 300, max: 4_000 }), { minLength: 2, maxLength: 6 }),
        fc.boolean(),
        (seed, limits, probe) => {
          const sequence = probe ? ({ kind: 'probe', leg: 0 } as const) : policy.sequence
          const venue = new FickleVenue(seed)
          let basket = basketOf(limits, { sequence })

          let steps = 0
          for (let event: BasketEvent | undefined = { kind: 'start' }; event !== undefined;) {
            const step = advanceBasket(basket, event)
            basket = step.basket
            let priced: BasketEvent | undefined
            for (const effect of step.effects) {
              if (effect.kind === 'place-orders') {
                expect(basket.orders.filter(({ state }) => state === 'unknown')).toEqual([])
                for (const order of effect.orders) venue.place(order)
              }
              if (effect.kind === 'price-legs') priced = venue.quotes(basket, effect)
            }
            for (const leg of basket.legs.keys()) {
              expect(heldOf(basket, leg)).toBeGreaterThanOrEqual(0)
              expect(heldOf(basket, leg)).toBeLessThanOrEqual(size)
            }
            event = priced ?? venue.take()
            expect(++steps).toBeLessThan(500)
          }

          expect(new Set(venue.sentIds).size).toBe(venue.sentIds.length)
          expect(['closed', 'quarantined']).toContain(basket.state)
          if (basket.state === 'closed') {
            expect(isEven(gapsOf(basket))).toBe(true)
            const result = heldOf(basket, 0) - paidFor(basket)
            const planned = add(
              zeroUsd,
              (size - limits.reduce((a, b) => a + b, 0) * 10_000) as MicroUsd,
            )
            expect(result).toBeGreaterThanOrEqual(Math.min(0 - lossMax, planned))
          }
        },
      ),
      { numRuns: 2_000 },
    )
  })
})
