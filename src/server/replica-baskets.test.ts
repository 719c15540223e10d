import { assert, describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { WatchedScene } from '../../test/server/watched-scene.ts'
import type { BasketId, Fill, Order, VenueOrderId } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import type { BasketEvent } from '../execution/basket.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import { ReplicaBaskets } from './replica-baskets.ts'
import { ReplicaCatalogue } from './replica-catalogue.ts'
import type { Basket } from './schema/basket.ts'

type Advance = Extract<Effect, { readonly kind: 'note-basket' }>

/** A basket of two legs that was sent; what becomes of it is for the test to say. */
class SentBasket {
  readonly baskets: ReplicaBaskets = new ReplicaBaskets(new ReplicaCatalogue())
  readonly orders: readonly Order[]
  readonly #receivedAt: number
  readonly #id: BasketId

  constructor() {
    const given = new WatchedScene([marketOf('rain')])
    given.offer('rain')
    const { effects } = given.scene
    const planned = effects.find((effect) => effect.kind === 'plan-basket')
    const placed = effects.find((effect) => effect.kind === 'place-basket')
    assert(planned !== undefined && placed !== undefined)
    const { plan, signal } = planned
    this.baskets.plan(plan.id, signal, { title: 'Will rain?', opportunity: null }, 1_000)
    this.baskets.place(placed.intent)
    this.orders = placed.intent.orders
    this.#receivedAt = signal.receivedAt
    this.#id = plan.id
  }

  get row(): Basket {
    const row = this.baskets.shelf.get(this.#id)
    assert(row !== undefined)
    return row
  }

  hear(update: OrderUpdate, afterMs: number): void {
    this.baskets.update(update, this.at(afterMs), (at) => Math.floor(at / 1e6))
  }

  advance(state: Advance['state'], because: Advance['event']['kind'], afterMs: number): void {
    // The replica reads no more of an event than its kind.
    const event = { kind: because } as Advance['event']
    const reason = state === 'quarantined' ? 'rounds-used-up' : ''
    const at = this.at(afterMs)
    this.baskets.advance({
      kind: 'note-basket',
      basket: this.#id,
      strategy: 's',
      event,
      state,
      reason,
      at,
    })
  }

  fillOf(leg: number, size: number, afterMs: number): OrderUpdate {
    const order = this.orders[leg]
    assert(order !== undefined)
    const fill: Fill = {
      order: order.id,
      venueTradeId: `t${leg}-${afterMs}`,
      price: 4_500 as Ticks,
      size: (size * 1e6) as MicroShares,
      notional: (size * 450_000) as MicroUsd,
      fee: 1_000 as MicroUsd,
      liquidity: 'taker',
      at: this.at(afterMs),
    }
    return { kind: 'filled', fill, order: order.id }
  }

  idOf(leg: number): Order['id'] {
    const order = this.orders[leg]
    assert(order !== undefined)
    return order.id
  }

  at(afterMs: number): Nanos {
    return (this.#receivedAt + afterMs * 1e6) as Nanos
  }
}

describe('the baskets of a replica', () => {
  test('follow each order through its states, with the instants of each', () => {
    const given = new SentBasket()

    const venueOrder = 'v1' as VenueOrderId
    given.hear({ kind: 'live', order: given.idOf(0), venueOrder }, 3)
    expect(given.row.legs[0]).toMatchObject({ state: 'live', liveAfterUs: 3_000 })
    given.hear(given.fillOf(0, 5, 4), 4)
    expect(given.row.legs[0]).toMatchObject({ state: 'partly-filled', filled: '5' })
    given.hear(given.fillOf(0, 15, 9.5), 10)
    expect(given.row.legs[0]).toMatchObject({
      state: 'filled',
      filled: '20',
      fee: '0.002',
      doneAfterUs: 9_500,
    })
    expect(given.row.paid).toBe('9.002')
    expect(given.baskets.fills.latest()).toHaveLength(2)
  })

  test('do not take silence for a refusal', () => {
    const given = new SentBasket()

    given.hear({ kind: 'unknown', order: given.idOf(1), reason: 'timeout' }, 2_000)
    given.advance('reconciling', 'order-timed-out', 2_000)

    expect(given.row).toMatchObject({ state: 'reconciling', result: null, closedAfterUs: null })
    expect(given.row.legs[1]).toMatchObject({ state: 'unknown', reason: 'timeout' })
  })

  test.each([
    { reason: 'killed', state: 'rejected' },
    { reason: 'cancelled', state: 'cancelled' },
    { reason: 'not-attempted', state: 'not-attempted' },
  ])('an order that ends by "$reason" is $state', ({ reason, state }) => {
    const given = new SentBasket()

    given.hear({ kind: 'done', order: given.idOf(0), reason }, 7)

    expect(given.row.legs[0]).toMatchObject({ state, reason, doneAfterUs: 7_000 })
  })

  test('take back a trade that did not settle, and open again', () => {
    const given = new SentBasket()
    given.hear(given.fillOf(0, 20, 4), 4)
    given.hear(given.fillOf(1, 20, 4), 4)
    given.advance('closed', 'order-filled', 4)
    expect(given.row).toMatchObject({ state: 'closed', result: 'complete' })

    given.hear({ kind: 'fill-reversed', order: given.idOf(1), tradeId: 't1-4' }, 60)
    given.advance('pricing', 'fill-reversed', 60)

    expect(given.row).toMatchObject({ state: 'pricing', result: null, paid: '9.001' })
    expect(given.row.legs[1]).toMatchObject({ state: 'partly-filled', filled: '0', fills: [] })
  })

  test('say why a person must decide, and keep each change of state', () => {
    const given = new SentBasket()

    given.advance('working', 'start', 0)
    given.advance('working', 'order-live', 1)
    given.advance('pricing', 'order-done', 2)
    given.advance('quarantined', 'priced', 3)

    expect(given.row).toMatchObject({ state: 'quarantined', reason: 'rounds-used-up' })
    expect(given.row.steps).toEqual([
      { afterUs: 0, state: 'working', because: 'start' },
      { afterUs: 2_000, state: 'pricing', because: 'order-done' },
      { afterUs: 3_000, state: 'quarantined', because: 'priced' },
    ])
  })

  test('of an earlier run stand as they stood, and go on from there', () => {
    const given = new WatchedScene([marketOf('rain')])
    given.offer('rain')
    const planned = given.scene.effects.find((effect) => effect.kind === 'plan-basket')
    assert(planned !== undefined)
    const { plan, signal } = planned
    const [first, second] = plan.orders.map(({ order }) => order)
    assert(first !== undefined && second !== undefined)
    const fill = { tradeId: 't1', size: first.size, paid: 9_000_000 as MicroUsd }
    const replica = new ReplicaBaskets(new ReplicaCatalogue())

    const name = { title: 'Will rain?', opportunity: null }
    const events: readonly BasketEvent[] = [
      { kind: 'start' },
      { kind: 'order-filled', order: first.id, fill },
      { kind: 'order-timed-out', order: second.id },
    ]
    replica.adopt({ plan, signal, events, sent: [] }, name, 5_000)
    const adopted = replica.shelf.get(plan.id)
    replica.update({ kind: 'done', order: second.id, reason: 'killed' }, 77e9, () => 0)
    const answered = replica.shelf.get(plan.id)

    expect(adopted).toMatchObject({ state: 'reconciling', paid: '9', receivedMs: 5_000 })
    expect(adopted?.legs.map(({ state, filled }) => [state, filled])).toEqual([
      ['filled', '20'],
      ['unknown', '0'],
    ])
    expect(answered?.legs[1]).toMatchObject({ state: 'rejected', doneAfterUs: 0 })
  })

  test('are asked for order by order as well', () => {
    const given = new SentBasket()

    const orders = given.baskets.orders()

    expect(orders.map(({ id }) => id)).toEqual([given.idOf(1), given.idOf(0)])
    expect(orders[0]).toMatchObject({ basket: given.row.id, sentMs: 1_000, doneMs: null })
  })
})
