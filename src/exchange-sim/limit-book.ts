import { assert } from '../core/assert.ts'
import type { Outcome } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { add, min, noAsk, noBid, subtract, zeroShares } from '../core/units.ts'

/** An order that waits in a queue. `price` and `side` are its own, before any mirroring. */
export type RestingOrder = {
  readonly id: string
  readonly owner: string
  readonly outcome: Outcome
  readonly side: Side
  readonly price: Ticks
  readonly original: MicroShares
  remaining: MicroShares
}

/** A price, and the orders that wait there, oldest first. */
export type QueueLevel = {
  readonly price: Ticks
  size: MicroShares
  readonly orders: RestingOrder[]
}

/** One meeting of the incoming order with one that waited. The price is the waiting order's. */
export type Meeting = {
  readonly maker: RestingOrder
  readonly price: Ticks
  readonly size: MicroShares
}

/**
 * A limit order book with price-time priority.
 *
 * Levels stand in the order of the wire: bids rising, asks falling, the best level last.
 */
export class LimitBook {
  readonly #bids: QueueLevel[] = []
  readonly #asks: QueueLevel[] = []
  readonly #places = new Map<string, { side: BookSide; level: QueueLevel }>()

  levels(side: BookSide): readonly QueueLevel[] {
    return side === bidSide ? this.#bids : this.#asks
  }

  get bestBid(): Ticks {
    return this.#bids.at(-1)?.price ?? noBid
  }

  get bestAsk(): Ticks {
    return this.#asks.at(-1)?.price ?? noAsk
  }

  sizeAt(side: BookSide, price: Ticks): MicroShares {
    const index = this.#find(side, price)
    const level = this.levels(side)[index]
    return level?.price === price ? level.size : zeroShares
  }

  order(id: string): RestingOrder | undefined {
    return this.#places.get(id)?.level.orders.find((order) => order.id === id)
  }

  /** Whether an order of `side` at `price` would trade at once. */
  crosses(side: BookSide, price: Ticks): boolean {
    return side === bidSide ? price >= this.bestAsk : price <= this.bestBid
  }

  /** The levels an order of `side` up to `limit` would meet, best first. */
  reachable(side: BookSide, limit: Ticks): readonly QueueLevel[] {
    const levels = this.levels(opposite(side)).toReversed()
    const end = levels.findIndex(({ price }) => !reaches(side, limit, price))
    return end === -1 ? levels : levels.slice(0, end)
  }

  /** The best level that an order of `side` up to `limit` would meet. */
  facing(side: BookSide, limit: Ticks): QueueLevel | undefined {
    const best = this.levels(opposite(side)).at(-1)
    return best !== undefined && reaches(side, limit, best.price) ? best : undefined
  }

  /** Takes at most `sizeMax` from the oldest order of the best level against `side`. */
  take(side: BookSide, sizeMax: MicroShares): Meeting {
    const levels = side === bidSide ? this.#asks : this.#bids
    const best = levels.at(-1)
    const maker = best?.orders[0]
    assert(best !== undefined && maker !== undefined, 'one takes from a level that is there')
    assert(sizeMax > 0, `one takes something: ${sizeMax}`)

    const size = min(sizeMax, maker.remaining)
    maker.remaining = subtract(maker.remaining, size)
    best.size = subtract(best.size, size)
    if (maker.remaining === 0) {
      best.orders.shift()
      this.#places.delete(maker.id)
    }
    if (best.orders.length === 0) levels.pop()
    return { maker, price: best.price, size }
  }

  /** Puts an order at the end of the queue of its price. It must not cross. */
  rest(side: BookSide, price: Ticks, order: RestingOrder): void {
    assert(!this.crosses(side, price), `a resting order does not cross: ${order.id} at ${price}`)
    assert(!this.#places.has(order.id), `an order rests once: ${order.id}`)
    assert(order.remaining > 0, `a resting order has a size: ${order.id}`)

    const levels = side === bidSide ? this.#bids : this.#asks
    const index = this.#find(side, price)
    let level = levels[index]
    if (level?.price !== price) {
      level = { price, size: zeroShares, orders: [] }
      levels.splice(index, 0, level)
    }
    level.orders.push(order)
    level.size = add(level.size, order.remaining)
    this.#places.set(order.id, { side, level })
  }

  /** Takes an order out. Undefined when it does not rest here. */
  remove(id: string): { order: RestingOrder; side: BookSide; price: Ticks } | undefined {
    const place = this.#places.get(id)
    if (place === undefined) return undefined

    const { side, level } = place
    const index = level.orders.findIndex((order) => order.id === id)
    const [order] = level.orders.splice(index, 1)
    assert(order !== undefined, `an order rests at its place: ${id}`)
    level.size = subtract(level.size, order.remaining)
    this.#places.delete(id)
    if (level.orders.length === 0) {
      const levels = side === bidSide ? this.#bids : this.#asks
      levels.splice(this.#find(side, level.price), 1)
    }
    return { order, side, price: level.price }
  }

  /** Every resting order, in no promised sequence. */
  *orders(): Generator<RestingOrder> {
    for (const level of this.#bids) yield* level.orders
    for (const level of this.#asks) yield* level.orders
  }

  /** Where `price` is among the levels of a side, or where it would be put. */
  #find(side: BookSide, price: Ticks): number {
    const levels = this.levels(side)
    let low = 0
    let high = levels.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const at = levels[middle]?.price ?? price
      if (side === bidSide ? at < price : at > price) low = middle + 1
      else high = middle
    }
    return low
  }
}

function opposite(side: BookSide): BookSide {
  return side === bidSide ? askSide : bidSide
}

function reaches(side: BookSide, limit: Ticks, price: Ticks): boolean {
  return side === bidSide ? price <= limit : price >= limit
}
