import { assert } from '../../core/assert.ts'
import type { Market } from '../../core/market.ts'
import { OrderFees } from '../../core/order-fees.ts'
import type { Fill, Order, VenueOrderId } from '../../core/order.ts'
import type { MicroShares, Nanos } from '../../core/units.ts'
import { subtract } from '../../core/units.ts'
import type { OrderTab } from '../../execution/paper-fill.ts'
import { makerFill } from '../../execution/paper-fill.ts'
import type { SentAt, UpdateSink } from '../../ports/order-gateway.ts'

const nanosPerMs = 1_000_000

/** The life of one order on paper, and who is told of it. */
export class PaperOrder {
  readonly order: Order
  /** When it ends by itself, by the clock of the run. */
  readonly expiresAt: Nanos | undefined
  readonly #fills: Fill[] = []
  #state: 'travelling' | 'held' | 'resting' | 'over' = 'travelling'
  #due: Nanos
  #left: MicroShares
  #tab: OrderTab | undefined
  #reason = ''

  constructor(order: Order, due: Nanos, sent: SentAt) {
    this.order = order
    this.#due = due
    this.#left = order.size
    const { expiresAt } = order
    if (expiresAt === undefined) this.expiresAt = undefined
    else this.expiresAt = (sent.at + (expiresAt - sent.atMs) * nanosPerMs) as Nanos
  }

  get state(): 'travelling' | 'held' | 'resting' | 'over' {
    return this.#state
  }

  /** When it meets the book. */
  get due(): Nanos {
    return this.#due
  }

  get left(): MicroShares {
    return this.#left
  }

  /** Its fees go by the schedule under which it has arrived. */
  tabIn({ fee }: Market): OrderTab {
    this.#tab ??= { fees: new OrderFees(fee), fillCount: 0 }
    return this.#tab
  }

  hold(until: Nanos): void {
    this.#state = 'held'
    this.#due = until
  }

  rest(at: Nanos, sink: UpdateSink): void {
    this.#state = 'resting'
    sink.onOrder({ kind: 'live', order: this.order.id, venueOrder: this.#venueOrder }, at)
  }

  fill(fill: Fill, at: Nanos, sink: UpdateSink): void {
    this.#left = subtract(this.#left, fill.size)
    assert(this.#left >= 0, `an order fills no more than its size: ${this.order.id}`)
    this.#fills.push(fill)
    sink.onOrder({ kind: 'filled', order: this.order.id, fill }, at)
  }

  fillAsMaker(size: MicroShares, at: Nanos, sink: UpdateSink): void {
    assert(this.#tab !== undefined, `an order that rests has arrived: ${this.order.id}`)
    this.fill(makerFill(this.order, size, this.#tab, at), at, sink)
  }

  end(reason: string, at: Nanos, sink: UpdateSink): void {
    this.#state = 'over'
    this.#reason = reason
    sink.onOrder({ kind: 'done', order: this.order.id, reason }, at)
  }

  /** Says again what has become of it, as a venue does that is asked. */
  repeat(at: Nanos, sink: UpdateSink): void {
    const { id } = this.order
    // Under way or held, the venue would not name it yet: what becomes of it will be told.
    if (this.#state === 'resting') {
      sink.onOrder({ kind: 'live', order: id, venueOrder: this.#venueOrder }, at)
    }
    for (const fill of this.#fills) sink.onOrder({ kind: 'filled', order: id, fill }, at)
    if (this.#state === 'over') sink.onOrder({ kind: 'done', order: id, reason: this.#reason }, at)
  }

  get #venueOrder(): VenueOrderId {
    return `paper-${this.order.id}` as VenueOrderId
  }
}
