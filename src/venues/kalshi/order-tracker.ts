import { assert } from '../../core/assert.ts'
import type { FeeSchedule } from '../../core/fee.ts'
import { OrderFees } from '../../core/order-fees.ts'
import type { ClientOrderId, Fill, Order, VenueOrderId } from '../../core/order.ts'
import { add, complement, cost, proceeds, subtract, zeroShares, zeroUsd } from '../../core/units.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos } from '../../core/units.ts'
import type { OrderUpdate, SentOrder } from '../../ports/venue-gateway.ts'
import type { VenueFillRow, VenueOrder } from './account-wire.ts'
import { bookTerms } from './encode.ts'
import type { CancelVerdict, OrderVerdict } from './order-verdict.ts'

/** What is known of one of our orders, from whichever message told it first. */
export type Tracked = {
  readonly order: Order
  /** By our rule, for a fill of which the venue does not say the fee. */
  readonly fees: OrderFees
  readonly sentAt: EpochMs
  /** Executions by the venue's name: each is told once. */
  readonly trades: Set<string>
  venueOrder: VenueOrderId | undefined
  /** All that was asked for; an amendment changes it. */
  size: MicroShares
  filled: MicroShares
  /** Sum of the fees we told. */
  feesTold: MicroUsd
  /** What the venue says was matched in all, once it has said that nothing more will be. */
  closing: { readonly reason: string; readonly matched: MicroShares } | undefined
  /** The venue's time of the newest message: what is older says nothing. */
  updatedAt: number
  live: boolean
  done: boolean
  /** The venue says that our name of it was used before. */
  isDuplicate: boolean
}

/** What has no place among the updates, and must not be passed over either. */
export type Oddity =
  /** A fill on the other side of the book than its order. */
  | 'wrong-side'
  /** Somebody else's order under a name of ours. */
  | 'foreign-order'
  /** The fees of an order are not the sum of those of its fills. */
  | 'fees-differ'

export type TrackerListener = {
  onUpdate(update: OrderUpdate): void
  onOddity(oddity: Oddity, order: ClientOrderId): void
}

/** Orders that are over are remembered for messages that come late; the oldest are let go. */
const finishedMax = 10_000

/**
 * Turns answers, channel messages and reads into updates of our orders, each told once.
 *
 * The same news comes twice, late, in another order, or only by one of three ways. Fills come from
 * executions alone, by their name; the other messages say when nothing more will come. An order is
 * done when its fills add up to what the venue calls filled. docs/venues/kalshi.md, 5.6.
 */
export class OrderTracker {
  readonly #listener: TrackerListener
  readonly #now: () => Nanos
  readonly #byVenue: Map<string, Tracked> = new Map()
  readonly #byOurs: Map<ClientOrderId, Tracked> = new Map()
  readonly #finished: ClientOrderId[] = []

  constructor(listener: TrackerListener, now: () => Nanos) {
    this.#listener = listener
    this.#now = now
  }

  /** From before it is sent: news of it may come before the answer. */
  track(order: Order, fees: FeeSchedule, sentAt: EpochMs): void {
    assert(!this.#byOurs.has(order.id), `an order is sent once: ${order.id}`)
    this.#byOurs.set(order.id, {
      order,
      fees: new OrderFees(fees),
      sentAt,
      trades: new Set(),
      venueOrder: undefined,
      size: order.size,
      filled: zeroShares,
      feesTold: zeroUsd,
      closing: undefined,
      updatedAt: 0,
      live: false,
      done: false,
      isDuplicate: false,
    })
  }

  /** An order of an earlier run, of which the venue may have told its own name. */
  adopt({ order, sentAt, venueOrder }: SentOrder, fees: FeeSchedule): void {
    if (this.#byOurs.has(order.id)) return
    this.track(order, fees, sentAt)
    const tracked = this.#byOurs.get(order.id)
    if (tracked !== undefined && venueOrder !== undefined) this.#link(tracked, venueOrder)
  }

  find(order: ClientOrderId): Readonly<Tracked> | undefined {
    return this.#byOurs.get(order)
  }

  byVenueOrder(venueOrder: string): Readonly<Tracked> | undefined {
    return this.#byVenue.get(venueOrder)
  }

  /** Whether the venue calls more of an order filled than its fills come to so far. */
  lacksFills(id: ClientOrderId): boolean {
    const tracked = this.#byOurs.get(id)
    return tracked?.done === false && tracked.closing !== undefined
  }

  /** Orders whose end is not known yet. */
  open(): readonly Readonly<Tracked>[] {
    return [...this.#byOurs.values()].filter(({ done }) => !done)
  }

  onVerdict(id: ClientOrderId, verdict: OrderVerdict): void {
    const tracked = this.#openOrder(id)
    if (tracked === undefined) return
    switch (verdict.kind) {
      case 'accepted':
        this.#link(tracked, verdict.id)
        this.#stands(tracked, verdict.filled, verdict.remaining)
        return
      case 'rejected':
        this.#close(tracked, verdict.reason, zeroShares)
        return
      case 'closed':
        this.#close(tracked, 'venue-closed', zeroShares)
        return
      case 'duplicate':
        // Of an order that is sent once it can mean that it landed, or that another had its name.
        tracked.isDuplicate = true
        this.#unknown(tracked, 'duplicate')
        return
      case 'unclear':
        this.#unknown(tracked, 'unclear')
        return
    }
  }

  onCancel(id: ClientOrderId, verdict: CancelVerdict): void {
    const tracked = this.#openOrder(id)
    if (tracked === undefined || verdict.kind !== 'cancelled') return
    this.#close(tracked, 'cancelled', subtract(tracked.size, verdict.reducedBy))
  }

  /** Another total was agreed on. */
  onAmended(id: ClientOrderId, size: MicroShares): void {
    const tracked = this.#openOrder(id)
    if (tracked !== undefined) tracked.size = size
  }

  /** The request ended without an answer. */
  onSilence(id: ClientOrderId, reason: string): void {
    const tracked = this.#openOrder(id)
    if (tracked !== undefined) this.#unknown(tracked, reason)
  }

  /** The request never left: nothing happened. */
  onUnsent(id: ClientOrderId, reason: string): void {
    const tracked = this.#openOrder(id)
    if (tracked !== undefined) this.#close(tracked, reason, zeroShares)
  }

  /** The venue's reads, as fresh as they must be, do not know the order. */
  onAbsent(id: ClientOrderId): void {
    const tracked = this.#openOrder(id)
    if (tracked !== undefined) this.#close(tracked, 'not-landed', tracked.filled)
  }

  /** An order as the channel or a read tells it. */
  onOrder(row: VenueOrder): void {
    const tracked = this.#trackedOf(row.id, row.clientId)
    if (tracked === undefined) return
    if (tracked.venueOrder === undefined && !isOurs(tracked, row)) {
      // Our name was used before, for something else: what we sent was refused.
      this.#listener.onOddity('foreign-order', tracked.order.id)
      this.#close(tracked, 'duplicate', zeroShares)
      return
    }
    this.#link(tracked, row.id)
    if (row.updatedAt !== undefined) {
      if (row.updatedAt < tracked.updatedAt) return
      tracked.updatedAt = row.updatedAt
    }
    if (tracked.done) return
    if (row.status === 'resting') {
      // The venue's word of the total: an amendment whose answer was lost shows here.
      tracked.size = add(row.filled, row.remaining)
      this.#live(tracked)
    }
    if (row.status === 'executed') this.#close(tracked, 'filled', row.filled)
    else if (row.status === 'canceled') {
      this.#close(tracked, endOf(tracked, row), row.filled)
    }
    const isComplete = row.fees !== undefined && row.filled === tracked.filled
    if (isComplete && row.fees !== tracked.feesTold) {
      this.#listener.onOddity('fees-differ', tracked.order.id)
    }
  }

  onFill(row: VenueFillRow): void {
    const tracked = this.#trackedOf(row.orderId, row.clientId)
    if (tracked === undefined || tracked.trades.has(row.tradeId)) return
    const { order } = tracked
    if (row.side !== bookTerms(order).side || row.ticker !== order.market) {
      this.#listener.onOddity('wrong-side', order.id)
      return
    }
    this.#link(tracked, row.orderId)
    tracked.trades.add(row.tradeId)
    tracked.filled = add(tracked.filled, row.size)
    const fill = this.#fill(tracked, row)
    tracked.feesTold = add(tracked.feesTold, fill.fee)
    this.#tell({ kind: 'filled', order: order.id, fill })
    // What Kalshi has matched is final. docs/venues/kalshi.md, 7.3.
    this.#tell({ kind: 'fill-settled', order: order.id, tradeId: row.tradeId })
    this.#finish(tracked)
  }

  #openOrder(id: ClientOrderId): Tracked | undefined {
    const tracked = this.#byOurs.get(id)
    return tracked?.done === false ? tracked : undefined
  }

  #trackedOf(venueOrder: string, clientId: string): Tracked | undefined {
    const known = this.#byVenue.get(venueOrder)
    if (known !== undefined) return known
    const named = this.#byOurs.get(clientId as ClientOrderId)
    // A second order under one name is not the one we know.
    return named?.venueOrder === undefined ? named : undefined
  }

  #link(tracked: Tracked, venueOrder: string): void {
    if (tracked.venueOrder !== undefined) return
    tracked.venueOrder = venueOrder as VenueOrderId
    this.#byVenue.set(venueOrder, tracked)
  }

  /** The venue tells the fee of a fill; where it does not, it is what our rule comes to. 7.3. */
  #fill(tracked: Tracked, row: VenueFillRow): Fill {
    const { order, fees } = tracked
    const price = order.outcome === 'yes' ? row.price : complement(row.price)
    const { size } = row
    const liquidity = row.isTaker ? 'taker' : 'maker'
    // The money of the account is that of the YES book: what is bought below is sold above.
    const side = row.side === 'bid' ? 'buy' : 'sell'
    const ours = fees.charge({ side, liquidity, price: row.price, size })
    const fee = row.fee ?? ours?.fee
    assert(fee !== undefined, `no order is sent in a market without a known fee: ${order.market}`)
    return {
      order: order.id,
      venueTradeId: row.tradeId,
      price,
      size,
      notional: order.side === 'buy' ? cost(price, size) : proceeds(price, size),
      fee,
      liquidity,
      at: this.#now(),
    }
  }

  /** How the order stood when the venue answered. docs/venues/kalshi.md, 4.2. */
  #stands(tracked: Tracked, filled: MicroShares, remaining: MicroShares): void {
    const { timeInForce } = tracked.order
    const isWhole = filled >= tracked.size
    if (isWhole) this.#close(tracked, 'filled', filled)
    else if (timeInForce === 'fok') this.#close(tracked, 'killed', filled)
    else if (timeInForce === 'ioc' || remaining === 0) this.#close(tracked, 'cancelled', filled)
    else this.#live(tracked)
  }

  #live(tracked: Tracked): void {
    if (tracked.live || tracked.closing !== undefined || tracked.venueOrder === undefined) return
    tracked.live = true
    const { order, venueOrder } = tracked
    this.#tell({ kind: 'live', order: order.id, venueOrder })
  }

  /** Of an order that another way has told of already, the silence of one says nothing. */
  #unknown({ order, venueOrder }: Tracked, reason: string): void {
    if (venueOrder !== undefined) return
    this.#tell({ kind: 'unknown', order: order.id, reason })
  }

  /** Nothing more will be matched than `matched`; the fills of it may still be on their way. */
  #close(tracked: Tracked, reason: string, matched: MicroShares): void {
    tracked.closing ??= { reason, matched }
    this.#finish(tracked)
  }

  #finish(tracked: Tracked): void {
    if (tracked.done) return
    if (tracked.closing === undefined && tracked.filled >= tracked.size) {
      tracked.closing = { reason: 'filled', matched: tracked.filled }
    }
    if (tracked.closing === undefined || tracked.filled < tracked.closing.matched) return
    tracked.done = true
    this.#tell({ kind: 'done', order: tracked.order.id, reason: tracked.closing.reason })
    this.#finished.push(tracked.order.id)
    if (this.#finished.length > finishedMax) this.#forget(this.#finished.shift())
  }

  #forget(id: ClientOrderId | undefined): void {
    const tracked = id === undefined ? undefined : this.#byOurs.get(id)
    if (tracked === undefined) return
    this.#byOurs.delete(tracked.order.id)
    if (tracked.venueOrder !== undefined) this.#byVenue.delete(tracked.venueOrder)
  }

  #tell(update: OrderUpdate): void {
    this.#listener.onUpdate(update)
  }
}

/** Clocks may differ, and an order of an earlier run is older than this. */
const clockMarginMs = 600_000

/**
 * Whether an order under our name is the one we sent, and not an older one.
 *
 * After a mere silence it nearly always is. After the venue has called the name used, it must be
 * the same in every term.
 */
function isOurs({ order, sentAt, size, isDuplicate }: Tracked, row: VenueOrder): boolean {
  const { side, price } = bookTerms(order)
  if (row.ticker !== order.market || row.side !== side) return false
  if (isDuplicate && (row.price !== price || row.size !== size)) return false
  return row.createdAt === undefined || row.createdAt > sentAt - clockMarginMs
}

/** Why an order was cancelled, where the venue says so. docs/venues/kalshi.md, 5.5. */
const ends: Readonly<Record<string, string>> = {
  ExpiryCancel: 'expired',
  SelfTradeCancel: 'self-trade',
  PostOnlyCrossCancel: 'post-only-would-cross',
  HaltCancel: 'venue-closed',
  CloseCancel: 'market-closed',
}

function endOf({ order }: Tracked, { reason = '' }: VenueOrder): string {
  return ends[reason] ?? (order.timeInForce === 'fok' ? 'killed' : 'cancelled')
}
