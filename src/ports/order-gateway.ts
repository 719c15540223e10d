import type { InstrumentId, MarketId, VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { ClientOrderId, Order, PublicTrade, Side } from '../core/order.ts'
import type { SignalLeg } from '../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import type { OperationId, OperationUpdate, SettlementOperation } from './settlement.ts'
import type { OrderUpdate } from './venue-gateway.ts'

/** An instant by both clocks of a run. */
export type SentAt = { readonly at: Nanos; readonly atMs: EpochMs }

/** Where answers go, each with the instant at which it came. */
export interface UpdateSink {
  onOrder(update: OrderUpdate, at: Nanos): void
  onOperation(update: OperationUpdate, at: Nanos): void
}

/** What it takes to trade a size now: the worst price it reaches, and the money at the most. */
export type DepthQuote = {
  readonly limit: Ticks
  /** Money that leaves us, fees at their most; negative when it comes in. */
  readonly paid: MicroUsd
}

/**
 * Where the orders of the kernel go. What becomes of them comes back as updates, never as a return.
 *
 * On paper it is part of the deterministic kernel and trades against the books of the engine: the
 * engine moves its time before each event, so an order meets the book as it stood on arrival. Live
 * it only knows what we have taken ourselves; the orders travel as effects of the engine.
 */
export interface OrderGateway {
  /** The name under which fills and rejections are counted: `paper`, `live`. */
  readonly executor: string
  /** Whether a fill is final when it is reported. Live it may still fail to settle. */
  readonly finalAtOnce: boolean
  /** Sends orders, those of one venue in one call. */
  place(orders: readonly Order[], sent: SentAt): void
  cancel(order: ClientOrderId, sent: SentAt): void
  /** Asks what became of an order. */
  query(order: ClientOrderId, sent: SentAt): void
  submit(operation: OperationId, venue: VenueId, what: SettlementOperation, sent: SentAt): void
  /** Lets everything happen that is due by `now`, in order of time. */
  advance(now: Nanos, sink: UpdateSink): void
  /** When something is due next. */
  nextDue(): Nanos | undefined
  /** Told of each change, so that it can tell new liquidity from what it has already taken. */
  bookChanged(book: OrderBook): void
  /** Told of what others trade: it moves the queues that our orders stand in. */
  traded(trade: PublicTrade): void
  /** How much of a leg the books would give within its limit, less what was already taken. */
  fillable(leg: SignalLeg): MicroShares
  /** The price of a size from the books now; undefined when they do not have it. */
  quote(leg: QuotedLeg, side: Side, size: MicroShares): DepthQuote | undefined
}

export type QuotedLeg = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
}
