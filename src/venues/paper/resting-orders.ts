import type { OrderBook } from '../../core/order-book.ts'
import type { ClientOrderId, Fill, Order } from '../../core/order.ts'
import type { MicroShares, Nanos } from '../../core/units.ts'
import { add, subtract, zeroShares } from '../../core/units.ts'

/** An order in the book, in thought. */
export type Resting = {
  readonly order: Order
  /** The number of the book it rests in. */
  readonly book: number
  readonly fills: readonly Fill[]
  /** When it ends by itself. */
  readonly expiresAt: Nanos | undefined
}

export type RestEnd = {
  readonly resting: Resting
  readonly reason: 'filled' | 'cancelled' | 'expired'
}

/** Fills what can be filled of a resting order now. */
export type FillResting = (order: Order, left: MicroShares, at: Nanos) => readonly Fill[]

/** Orders that wait for somebody to trade with them. */
export class RestingOrders {
  readonly #orders: Map<ClientOrderId, Resting> = new Map()
  readonly #touched: Set<ClientOrderId> = new Set()
  readonly #cancelled: Set<ClientOrderId> = new Set()
  readonly #fill: FillResting

  constructor(fill: FillResting) {
    this.#fill = fill
  }

  get size(): number {
    return this.#orders.size
  }

  add(resting: Resting): void {
    this.#orders.set(resting.order.id, resting)
  }

  cancel(order: ClientOrderId): void {
    if (this.#orders.has(order)) this.#cancelled.add(order)
  }

  bookChanged(book: OrderBook): void {
    if (this.#orders.size === 0) return
    for (const [id, resting] of this.#orders) if (resting.book === book.index) this.#touched.add(id)
  }

  /** When something is to be done next. Zero: at once. */
  nextDue(): Nanos | undefined {
    if (this.#touched.size > 0 || this.#cancelled.size > 0) return 0 as Nanos
    let next: Nanos | undefined
    for (const { expiresAt } of this.#orders.values()) {
      if (expiresAt !== undefined && (next === undefined || expiresAt < next)) next = expiresAt
    }
    return next
  }

  /** Fills what the changed books allow, and tells which orders are over. */
  advance(now: Nanos): readonly RestEnd[] {
    if (this.#orders.size === 0) return []
    const ends: RestEnd[] = []
    for (const [id, resting] of this.#orders) {
      const after = this.#touched.has(id) ? this.#match(resting, now) : resting
      const reason = this.#endOf(after, now)
      if (reason === undefined) this.#orders.set(id, after)
      else {
        this.#orders.delete(id)
        ends.push({ resting: after, reason })
      }
    }
    this.#touched.clear()
    this.#cancelled.clear()
    return ends
  }

  #match(resting: Resting, now: Nanos): Resting {
    const left = leftOf(resting)
    const fills = this.#fill(resting.order, left, now)
    return fills.length === 0 ? resting : { ...resting, fills: [...resting.fills, ...fills] }
  }

  #endOf(resting: Resting, now: Nanos): RestEnd['reason'] | undefined {
    if (leftOf(resting) === 0) return 'filled'
    if (this.#cancelled.has(resting.order.id)) return 'cancelled'
    return resting.expiresAt !== undefined && resting.expiresAt <= now ? 'expired' : undefined
  }
}

function leftOf({ order, fills }: Resting): MicroShares {
  return subtract(order.size, filledBy(fills))
}

export function filledBy(fills: readonly Fill[]): MicroShares {
  return fills.reduce<MicroShares>((total, { size }) => add(total, size), zeroShares)
}
