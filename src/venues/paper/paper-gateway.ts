import { assert } from '../../core/assert.ts'
import type { VenueId } from '../../core/market.ts'
import type { OrderBook } from '../../core/order-book.ts'
import type { BasketId, ClientOrderId, Order, VenueOrderId } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import type { ExecutionIntent, ExecutionReport, LegReport, SignalLeg } from '../../core/signal.ts'
import type { MicroShares, Nanos } from '../../core/units.ts'
import { min, zeroShares } from '../../core/units.ts'
import { ConsumedLiquidity } from '../../execution/consumed-liquidity.ts'
import type { Arrival } from '../../execution/paper-fill.ts'
import { paperFill, reachable, restingFill } from '../../execution/paper-fill.ts'
import type { SimulatedGateway } from '../../ports/order-gateway.ts'
import type { CacheView } from '../../ports/strategy.ts'
import type { OrderLatency } from './order-latency.ts'
import { drawLatency } from './order-latency.ts'
import type { RestEnd, Resting } from './resting-orders.ts'
import { RestingOrders } from './resting-orders.ts'

export type PaperOptions = {
  readonly books: CacheView
  readonly latency: (venue: VenueId) => OrderLatency
  readonly seed: number
}

/** An order under way to the venue. */
type Arriving = {
  readonly intent: ExecutionIntent
  readonly order: Order
  readonly due: Nanos
  /** When it first met a book in the middle of a sweep; undefined while it has not. */
  readonly waitsSince: Nanos | undefined
}

type Working = { readonly intent: ExecutionIntent; readonly legs: Map<ClientOrderId, LegReport> }

type Report = (report: ExecutionReport) => void

const nanosPerMs = 1_000_000
/** Orders under way at once. Risk keeps them far below: reaching it is a bug. */
const arrivingMax = 10_000
/** A book in the middle of a sweep is looked at again so soon… */
const sweepRetryNanos = 1 * nanosPerMs
/** …and given up after so long: a sweep takes milliseconds. */
const sweepWaitNanos = 100 * nanosPerMs

/**
 * Carries orders to the live books, in thought.
 *
 * An order arrives after its latency and meets the book as it stands then; the engine moves the
 * time here before each event, so that no order sees what came after it. Everything that happens
 * follows from the events and the seed.
 */
export class PaperGateway implements SimulatedGateway {
  readonly executor = 'paper'
  readonly #books: CacheView
  readonly #latency: (venue: VenueId) => OrderLatency
  readonly #random: Random
  readonly #consumed: ConsumedLiquidity = new ConsumedLiquidity()
  readonly #resting: RestingOrders
  readonly #arriving: Arriving[] = []
  readonly #working: Map<BasketId, Working> = new Map()

  constructor({ books, latency, seed }: PaperOptions) {
    this.#books = books
    this.#latency = latency
    this.#random = new Random(seed)
    this.#resting = new RestingOrders((order, left, at) => {
      const arrival = this.#arrivalOf(order, at)
      return arrival === undefined ? [] : restingFill(order, left, arrival)
    })
  }

  /** How many orders are under way or rest. */
  get depth(): number {
    return this.#arriving.length + this.#resting.size
  }

  place(intent: ExecutionIntent): void {
    assert(!this.#working.has(intent.basket), `a basket is placed once: ${intent.basket}`)
    assert(this.#arriving.length + intent.orders.length <= arrivingMax, 'too many orders under way')
    this.#working.set(intent.basket, { intent, legs: new Map() })

    // The orders of a basket travel together, in one call for each venue.
    const travel = new Map<VenueId, Nanos>()
    for (const order of intent.orders) {
      const drawn = travel.get(order.venue) ?? this.#draw(order.venue)
      travel.set(order.venue, drawn)
      const due = (intent.createdAt + drawn + this.#delayOf(order)) as Nanos
      this.#queue({ intent, order, due, waitsSince: undefined })
    }
  }

  /** Calls back an order that rests. One under way cannot be called back. */
  cancel(order: ClientOrderId): void {
    this.#resting.cancel(order)
  }

  nextDue(): Nanos | undefined {
    const arriving = this.#arriving[0]?.due
    if (this.#resting.size === 0) return arriving
    const resting = this.#resting.nextDue()
    if (arriving === undefined || resting === undefined) return arriving ?? resting
    return min(arriving, resting)
  }

  advance(now: Nanos, report: Report): void {
    for (const { resting, reason } of this.#resting.advance(now)) {
      this.#close(restReport(resting, reason), resting.order.basket, now, report)
    }
    for (let next = this.#arriving[0]; next !== undefined; next = this.#arriving[0]) {
      if (next.due > now) return
      this.#arriving.shift()
      const leg = this.#arrive(next)
      if (leg !== undefined) this.#close(leg, next.order.basket, next.due, report)
    }
  }

  bookChanged(book: OrderBook): void {
    this.#consumed.bookChanged(book)
    this.#resting.bookChanged(book)
  }

  fillable(leg: SignalLeg): MicroShares {
    const book = this.#books.get(leg)
    return book === undefined ? zeroShares : reachable(leg, { book, consumed: this.#consumed })
  }

  #draw(venue: VenueId): Nanos {
    return drawLatency(this.#latency(venue), this.#random)
  }

  /**
   * Some markets let a marketable order wait before it matches. docs/venues/polymarket.md, 3.10.
   */
  #delayOf({ venue, market }: Order): number {
    return (this.#books.byMarket(venue, market)?.market.takerDelayMs ?? 0) * nanosPerMs
  }

  #queue(arriving: Arriving): void {
    // After those due at the same instant: they arrive as they were sent.
    const later = this.#arriving.findIndex(({ due }) => due > arriving.due)
    this.#arriving.splice(later < 0 ? this.#arriving.length : later, 0, arriving)
  }

  /** What becomes of an order on arrival; undefined when it is not over yet. */
  #arrive(arriving: Arriving): LegReport | undefined {
    const { intent, order, due } = arriving
    const arrival = this.#arrivalOf(order, due)
    if (arrival === undefined) return rejection(order, 'market-gone')
    if (arrival.book.book.torn && this.#waits(arriving)) return undefined

    const { outcome, reason, fills } = paperFill(order, arrival)
    if (outcome !== 'resting') {
      return { order: order.id, venueOrder: venueOrderOf(order), outcome, reason, fills }
    }
    const expiresAt = expiryOf(order, intent)
    this.#resting.add({ order, book: arrival.book.book.index, fills, expiresAt })
    return undefined
  }

  #arrivalOf(order: Order, at: Nanos): Arrival | undefined {
    const market = this.#books.byMarket(order.venue, order.market)?.market
    const book = this.#books.get(order)
    if (market === undefined || book === undefined) return undefined
    return { market, book, consumed: this.#consumed, at }
  }

  #waits(arriving: Arriving): boolean {
    const since = arriving.waitsSince ?? arriving.due
    if (arriving.due - since >= sweepWaitNanos) return false
    const due = (arriving.due + sweepRetryNanos) as Nanos
    this.#queue({ ...arriving, due, waitsSince: since })
    return true
  }

  /** Reports a basket once its last order is over, the legs in their order. */
  #close(leg: LegReport, basket: BasketId, at: Nanos, report: Report): void {
    const working = this.#working.get(basket)
    assert(working !== undefined, `an order belongs to a basket at work: ${leg.order}`)
    const { intent, legs } = working
    legs.set(leg.order, leg)
    if (legs.size < intent.orders.length) return

    this.#working.delete(basket)
    report({
      basket,
      strategy: intent.signal.strategy,
      executor: this.executor,
      legs: intent.orders.flatMap(({ id }) => legs.get(id) ?? []),
      at,
    })
  }
}

function venueOrderOf({ id }: Order): VenueOrderId {
  return `paper-${id}` as VenueOrderId
}

function rejection(order: Order, reason: string): LegReport {
  return { order: order.id, venueOrder: undefined, outcome: 'rejected', reason, fills: [] }
}

function restReport({ order, fills }: Resting, reason: RestEnd['reason']): LegReport {
  const outcome = reason === 'filled' ? 'filled' : fills.length > 0 ? 'partly-filled' : 'rejected'
  const said = reason === 'filled' ? '' : reason
  return { order: order.id, venueOrder: venueOrderOf(order), outcome, reason: said, fills }
}

function expiryOf({ expiresAt }: Order, intent: ExecutionIntent): Nanos | undefined {
  if (expiresAt === undefined) return undefined
  return (intent.createdAt + (expiresAt - intent.createdAtMs) * nanosPerMs) as Nanos
}
