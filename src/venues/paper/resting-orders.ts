import type { BookSide, OrderBook } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { ClientOrderId, Order, PublicTrade } from '../../core/order.ts'
import type { OutcomeBook } from '../../core/outcome-book.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement, subtract, zeroShares } from '../../core/units.ts'
import type { ConsumedLiquidity } from '../../execution/consumed-liquidity.ts'
import { takeCrossing } from '../../execution/paper-fill.ts'
import { isBelievable } from '../../execution/quote-depth.ts'
import type { BandRules } from './bands.ts'
import type { QueueFill } from './queue-level.ts'
import { QueueLevel } from './queue-level.ts'

/** One of our orders in a book, and what is left of it. */
type Resting = { readonly order: Order; readonly view: OutcomeBook; left: MicroShares }

/** What resting orders need to know of the world, and whom they tell. */
type Surroundings = {
  readonly rules: Pick<BandRules, 'queue' | 'touchFills'>
  readonly consumed: ConsumedLiquidity
  /** Whether its market trades now: in a pause the book stands, and nobody meets. */
  readonly isOpen: (order: Order) => boolean
  readonly onFill: (fill: QueueFill) => void
}

/** Our orders at one price of one side, in the terms of the book. */
type Level = { readonly side: BookSide; readonly price: Ticks; readonly queue: QueueLevel }

/**
 * Orders of ours that wait for somebody to trade with them.
 *
 * They fill in two ways: a trade at their price that comes as far as their place in the queue, or
 * goes beyond their price; and the other side coming to them in the book.
 */
export class RestingOrders {
  readonly #world: Surroundings
  readonly #orders: Map<ClientOrderId, Resting> = new Map()
  /** By the number of the book, the best price of a side first. */
  readonly #levels: Map<number, Level[]> = new Map()

  constructor(world: Surroundings) {
    this.#world = world
  }

  get size(): number {
    return this.#orders.size
  }

  has(order: ClientOrderId): boolean {
    return this.#orders.has(order)
  }

  /** What others have in front of an order at its price; undefined when it does not rest. */
  aheadOf(order: ClientOrderId): MicroShares | undefined {
    const resting = this.#orders.get(order)
    return resting === undefined ? undefined : this.#levelOf(resting)?.queue.ahead(order)
  }

  add(order: Order, view: OutcomeBook, left: MicroShares): void {
    const { side, price } = placeOf(order.side, order.limit, view)
    const levels = this.#levels.get(view.book.index) ?? []
    this.#levels.set(view.book.index, levels)
    let level = levels.find((each) => each.side === side && each.price === price)
    if (level === undefined) {
      const queue = new QueueLevel(shownAt(view.book, side, price), this.#world.rules.queue)
      level = { side, price, queue }
      levels.push(level)
      levels.sort((a, b) => (side === bidSide ? b.price - a.price : a.price - b.price))
    }
    level.queue.join(order.id, left)
    this.#orders.set(order.id, { order, view, left })
  }

  remove(order: ClientOrderId): void {
    const resting = this.#orders.get(order)
    if (resting === undefined) return
    this.#orders.delete(order)
    this.#levelOf(resting)?.queue.leave(order)
    this.#prune(resting.view.book.index)
  }

  bookChanged(book: OrderBook): void {
    const levels = this.#levels.get(book.index)
    if (levels === undefined) return
    for (const { side, price, queue } of levels) queue.follow(shownAt(book, side, price))
    for (const { queue } of levels) for (const id of queue.orders()) this.#cross(id, queue)
    this.#prune(book.index)
  }

  /** Somebody has traded, as told through the book of its outcome. */
  traded({ side: taker, price, size }: PublicTrade, view: OutcomeBook): void {
    const levels = this.#levels.get(view.book.index)
    if (levels === undefined) return
    // A taker that sells meets the bids: the side on which an order that buys would rest.
    const hit = placeOf(taker === 'sell' ? 'buy' : 'sell', price, view)
    let left = size
    for (const level of levels) {
      if (level.side !== hit.side || left === 0) continue
      const beyond = hit.side === bidSide ? level.price - hit.price : hit.price - level.price
      if (beyond < 0) continue
      const fills = beyond > 0 ? level.queue.passed(left) : level.queue.trade(left)
      for (const fill of fills) {
        left = subtract(left, fill.size)
        this.#fill(fill)
      }
    }
    this.#prune(view.book.index)
  }

  /** Fills an order with what the other side offers at its price or better. */
  #cross(id: ClientOrderId, queue: QueueLevel): void {
    const resting = this.#orders.get(id)
    if (resting === undefined || !isBelievable(resting.view)) return
    const { order, view, left } = resting
    const { consumed, isOpen, rules } = this.#world
    if (!isOpen(order)) return
    const inside = order.side === 'buy' ? order.limit - 1 : order.limit + 1
    const limit = rules.touchFills ? order.limit : (inside as Ticks)
    const size = takeCrossing(order, left, limit, { book: view, consumed })
    if (size === 0) return
    queue.reduce(id, size)
    this.#fill({ order: id, size })
  }

  #fill(fill: QueueFill): void {
    const resting = this.#orders.get(fill.order)
    if (resting === undefined) return
    resting.left = subtract(resting.left, fill.size)
    if (resting.left === 0) this.#orders.delete(fill.order)
    this.#world.onFill(fill)
  }

  #levelOf({ order, view }: Resting): Level | undefined {
    const { side, price } = placeOf(order.side, order.limit, view)
    const levels = this.#levels.get(view.book.index)
    return levels?.find((each) => each.side === side && each.price === price)
  }

  #prune(book: number): void {
    const levels = this.#levels.get(book)?.filter(({ queue }) => !queue.isEmpty) ?? []
    if (levels.length === 0) this.#levels.delete(book)
    else this.#levels.set(book, levels)
  }
}

/** Where an order rests, in the terms of the book: NO for 40 cents is an ask of YES at 60. */
function placeOf(
  side: Order['side'],
  limit: Ticks,
  { mirrored }: OutcomeBook,
): { readonly side: BookSide; readonly price: Ticks } {
  if (!mirrored) return { side: side === 'buy' ? bidSide : askSide, price: limit }
  return { side: side === 'buy' ? askSide : bidSide, price: complement(limit) }
}

function shownAt(book: OrderBook, side: BookSide, price: Ticks): MicroShares {
  return book.holds(price) ? book.sizeAt(side, price) : zeroShares
}
