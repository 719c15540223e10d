import { assert } from '../../core/assert.ts'
import type { Market, VenueId } from '../../core/market.ts'
import type { OrderBook } from '../../core/order-book.ts'
import type { ClientOrderId, Order, PublicTrade, Side } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import type { SignalLeg } from '../../core/signal.ts'
import type { MicroShares, Nanos } from '../../core/units.ts'
import { max, min, zeroShares } from '../../core/units.ts'
import { ConsumedLiquidity } from '../../execution/consumed-liquidity.ts'
import type { Arrival } from '../../execution/paper-fill.ts'
import { arrive, refusalOf, rests, yieldTo } from '../../execution/paper-fill.ts'
import { quoteDepth, reachable } from '../../execution/quote-depth.ts'
import type {
  DepthQuote,
  OrderGateway,
  QuotedLeg,
  SentAt,
  UpdateSink,
} from '../../ports/order-gateway.ts'
import type { OperationId, OperationUpdate, SettlementOperation } from '../../ports/settlement.ts'
import type { CacheView } from '../../ports/strategy.ts'
import type { BandRules, PaperBand } from './bands.ts'
import { bandRules, rivalShare } from './bands.ts'
import { DueQueue } from './due-queue.ts'
import type { OrderLatency } from './order-latency.ts'
import { drawLatency } from './order-latency.ts'
import { PaperOrder } from './paper-order.ts'
import type { QueueFill } from './queue-level.ts'
import { RestingOrders } from './resting-orders.ts'
import { amountRefusalOf, cashInOf, operationsOf } from './venue-rules.ts'

export type PaperOptions = {
  readonly books: CacheView
  /** From a decision to the arrival of an order at its venue. */
  readonly latency: (venue: VenueId) => OrderLatency
  /** Of a cancel. Left out: as of an order. */
  readonly cancelLatency?: (venue: VenueId) => OrderLatency
  /** Until an operation is final. Left out: at once. */
  readonly operationMs?: (venue: VenueId) => number
  /** Left out: the optimistic one, in which nobody is there before us. */
  readonly band?: PaperBand
  /** Whether others may be there before us, as often as the band says. Left out: they may. */
  readonly rivals?: boolean
  /** Whether an order is refused that its venue's decimals cannot say. Left out: it is not. */
  readonly amounts?: 'as-the-venue' | 'any'
  readonly seed: number
}

/** What happens at its time. */
type Due =
  | { readonly kind: 'arrive' | 'cancel' | 'query' | 'expire'; readonly order: ClientOrderId }
  | { readonly kind: 'operation'; readonly update: OperationUpdate }

const nanosPerMs = 1_000_000
/** Things under way at once. Risk keeps them far below: reaching it is a bug. */
const dueMax = 20_000
/** Orders that are over and can still be asked about. */
const endedMax = 10_000
/** A book in the middle of a sweep is looked at again so soon… */
const sweepRetryNanos = 1 * nanosPerMs
/** …and given up after so long: a sweep takes milliseconds. */
const sweepWaitNanos = 100 * nanosPerMs

/**
 * Carries orders to the live books, in thought.
 *
 * An order arrives after its latency and meets the book as it stands then; the engine moves the
 * time here before each event, so that no order sees what came after it. Everything that happens
 * follows from the events and the seed. What is modelled and what is not: docs/paper-trading.md.
 */
export class PaperGateway implements OrderGateway {
  readonly executor = 'paper'
  readonly finalAtOnce = true
  readonly #options: PaperOptions
  readonly #rules: BandRules
  /** Two streams of chance, so that a rival more or less does not change the latencies. */
  readonly #travel: Random
  readonly #rivals: Random
  readonly #consumed: ConsumedLiquidity = new ConsumedLiquidity()
  readonly #resting: RestingOrders
  readonly #due: DueQueue<Due> = new DueQueue(dueMax)
  readonly #orders: Map<ClientOrderId, PaperOrder> = new Map()
  readonly #ended: ClientOrderId[] = []
  /** Fills of resting orders that nobody has been told of. */
  readonly #untold: QueueFill[] = []

  constructor(options: PaperOptions) {
    this.#options = options
    this.#rules = bandRules[options.band ?? 'optimistic']
    this.#travel = new Random(options.seed)
    this.#rivals = new Random(options.seed + 1)
    this.#resting = new RestingOrders({
      rules: this.#rules,
      consumed: this.#consumed,
      isOpen: ({ venue, market }) =>
        options.books.byMarket(venue, market)?.market.status === 'open',
      onFill: (fill) => this.#untold.push(fill),
    })
  }

  /** How many orders are not over. */
  get depth(): number {
    return this.#orders.size - this.#ended.length
  }

  /** What others have in front of an order that rests. */
  aheadOf(order: ClientOrderId): MicroShares | undefined {
    return this.#resting.aheadOf(order)
  }

  place(orders: readonly Order[], sent: SentAt): void {
    // The orders of a basket travel together, in one call for each venue.
    const travel = new Map<VenueId, Nanos>()
    for (const order of orders) {
      assert(!this.#orders.has(order.id), `an order is placed once: ${order.id}`)
      const drawn = travel.get(order.venue) ?? this.#draw(this.#options.latency, order.venue)
      travel.set(order.venue, drawn)
      const due = (sent.at + drawn) as Nanos
      this.#orders.set(order.id, new PaperOrder(order, due, sent))
      this.#due.put(due, { kind: 'arrive', order: order.id })
    }
  }

  cancel(order: ClientOrderId, sent: SentAt): void {
    const known = this.#orders.get(order)
    if (known === undefined) return
    const { latency, cancelLatency = latency } = this.#options
    const due = (sent.at + this.#draw(cancelLatency, known.order.venue)) as Nanos
    this.#due.put(due, { kind: 'cancel', order })
  }

  query(order: ClientOrderId, sent: SentAt): void {
    const venue = this.#orders.get(order)?.order.venue
    const drawn = venue === undefined ? 0 : this.#draw(this.#options.latency, venue)
    this.#due.put((sent.at + drawn) as Nanos, { kind: 'query', order })
  }

  submit(operation: OperationId, venue: VenueId, what: SettlementOperation, sent: SentAt): void {
    const put = (due: Nanos, update: OperationUpdate): void =>
      this.#due.put(due, { kind: 'operation', update })
    if (!operationsOf[venue].includes(what.kind)) {
      put(sent.at, { kind: 'failed', operation, reason: 'not-offered' })
      return
    }
    const takesMs = this.#options.operationMs?.(venue) ?? 0
    put(sent.at, { kind: 'submitted', operation, reference: `paper-${operation}` })
    const finalAt = (sent.at + Math.round(takesMs * nanosPerMs)) as Nanos
    put(finalAt, { kind: 'final', operation, cashIn: cashInOf(what) })
  }

  nextDue(): Nanos | undefined {
    return this.#untold.length > 0 ? (0 as Nanos) : this.#due.nextDue()
  }

  advance(now: Nanos, sink: UpdateSink): void {
    // They came about since the last call, so before anything that is due now.
    this.#tell(min(now, this.#due.nextDue() ?? now), sink)
    for (let next = this.#due.take(now); next !== undefined; next = this.#due.take(now)) {
      this.#happen(next.item, next.due, sink)
    }
  }

  bookChanged(book: OrderBook): void {
    this.#consumed.bookChanged(book)
    if (this.#resting.size > 0) this.#resting.bookChanged(book)
  }

  traded(trade: PublicTrade): void {
    if (this.#resting.size === 0) return
    const entry = this.#options.books.byMarket(trade.venue, trade.market)
    if (entry !== undefined) this.#resting.traded(trade, entry[trade.outcome])
  }

  fillable(leg: SignalLeg): MicroShares {
    const book = this.#options.books.get(leg)
    return book === undefined ? zeroShares : reachable(leg, book, this.#consumed)
  }

  quote(leg: QuotedLeg, side: Side, size: MicroShares): DepthQuote | undefined {
    const { books } = this.#options
    const market = books.byMarket(leg.venue, leg.market)?.market
    const book = books.get(leg)
    if (market === undefined || book === undefined) return undefined
    return quoteDepth(market, book, this.#consumed, side, size)
  }

  #happen(item: Due, at: Nanos, sink: UpdateSink): void {
    if (item.kind === 'operation') {
      sink.onOperation(item.update, at)
      return
    }
    const order = this.#orders.get(item.order)
    switch (item.kind) {
      case 'arrive':
        if (order !== undefined) this.#arrive(order, at, sink)
        return
      case 'cancel':
        if (order !== undefined) this.#cancel(order, at, sink)
        return
      case 'expire':
        if (order?.state === 'resting') this.#end(order, 'expired', at, sink)
        return
      case 'query':
        if (order !== undefined) order.repeat(at, sink)
        else sink.onOrder({ kind: 'done', order: item.order, reason: 'not-attempted' }, at)
        return
    }
  }

  #arrive(order: PaperOrder, at: Nanos, sink: UpdateSink): void {
    const arrival = this.#arrivalOf(order.order, at)
    if (arrival === undefined) {
      this.#end(order, 'market-gone', at, sink)
      return
    }
    if (arrival.book.book.torn && at - order.due < sweepWaitNanos) {
      this.#due.put((at + sweepRetryNanos) as Nanos, { kind: 'arrive', order: order.order.id })
      return
    }
    const refusal =
      refusalOf(order.order, arrival) ?? this.#amountRefusalOf(order.order, arrival.market)
    if (refusal !== undefined) this.#end(order, refusal, at, sink)
    else if (order.expiresAt !== undefined && order.expiresAt <= at) {
      this.#end(order, 'expired', at, sink)
    } else if (!this.#isHeld(order, arrival)) this.#meet(order, arrival, sink)
  }

  #amountRefusalOf(order: Order, market: Market): string | undefined {
    return this.#options.amounts === 'as-the-venue' ? amountRefusalOf(order, market) : undefined
  }

  /** Some markets let an order that would take wait first. docs/venues/polymarket.md, 3.10. */
  #isHeld(order: PaperOrder, { market, book, at }: Arrival): boolean {
    if (market.takerDelayMs === 0 || order.state === 'held') return false
    if (order.order.postOnly || reachable(order.order, book, this.#consumed) === 0) return false
    const due = (at + market.takerDelayMs * nanosPerMs) as Nanos
    order.hold(due)
    this.#due.put(due, { kind: 'arrive', order: order.order.id })
    return true
  }

  #meet(order: PaperOrder, arrival: Arrival, sink: UpdateSink): void {
    this.#letRivals(order.order, arrival)
    const tab = order.tabIn(arrival.market)
    const { fills, end } = arrive(order.order, tab, arrival)
    const { at } = arrival
    const { expiresAt } = order
    if (end === undefined) {
      order.rest(at, sink)
      for (const fill of fills) order.fill(fill, at, sink)
      this.#resting.add(order.order, arrival.book, order.left)
      if (expiresAt !== undefined) {
        this.#due.put(expiresAt, { kind: 'expire', order: order.order.id })
      }
      return
    }
    for (const fill of fills) order.fill(fill, at, sink)
    this.#end(order, end, at, sink)
  }

  /** Drawn for every order alike, so that all bands draw the same. */
  #letRivals(order: Order, arrival: Arrival): void {
    const came = this.#rivals.next()
    const part = this.#rivals.next()
    if (this.#options.rivals === false || order.postOnly) return
    const share = rivalShare(this.#rules, came, part)
    if (share > 0) yieldTo(share, order, arrival)
  }

  #cancel(order: PaperOrder, at: Nanos, sink: UpdateSink): void {
    if (order.state === 'over') return
    // It does not overtake its order, and what is held cannot be called back: after that.
    if (order.state === 'resting') this.#end(order, 'cancelled', at, sink)
    else if (rests(order.order)) {
      this.#due.put(max((at + sweepRetryNanos) as Nanos, order.due), {
        kind: 'cancel',
        order: order.order.id,
      })
    }
  }

  #tell(at: Nanos, sink: UpdateSink): void {
    for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) {
      const order = this.#orders.get(next.order)
      assert(order?.state === 'resting', `an order that fills is one that rests: ${next.order}`)
      order.fillAsMaker(next.size, at, sink)
      if (order.left === 0) this.#end(order, 'filled', at, sink)
    }
  }

  #end(order: PaperOrder, reason: string, at: Nanos, sink: UpdateSink): void {
    const { id } = order.order
    this.#resting.remove(id)
    if (order.expiresAt !== undefined) {
      this.#due.drop((item) => item.kind === 'expire' && item.order === id)
    }
    this.#ended.push(id)
    if (this.#ended.length > endedMax) {
      const oldest = this.#ended.shift()
      if (oldest !== undefined) this.#orders.delete(oldest)
    }
    order.end(reason, at, sink)
  }

  #draw(latency: (venue: VenueId) => OrderLatency, venue: VenueId): Nanos {
    return drawLatency(latency(venue), this.#rules.latencyFactor, this.#travel)
  }

  #arrivalOf(order: Order, at: Nanos): Arrival | undefined {
    const { books } = this.#options
    const market = books.byMarket(order.venue, order.market)?.market
    const book = books.get(order)
    if (market === undefined || book === undefined) return undefined
    return { market, book, consumed: this.#consumed, at }
  }
}
