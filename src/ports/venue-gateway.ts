import type { InstrumentId, MarketId, VenueId } from '../core/market.ts'
import type { ClientOrderId, Fill, Order, VenueOrderId } from '../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd } from '../core/units.ts'

/**
 * What has become of one of our orders.
 *
 * `unknown`: the venue did not answer in time, or not clearly. The order may be live, and only the
 * venue can say: it is asked about, never sent again.
 */
export type OrderUpdate =
  | { readonly kind: 'live'; readonly order: ClientOrderId; readonly venueOrder: VenueOrderId }
  | { readonly kind: 'filled'; readonly order: ClientOrderId; readonly fill: Fill }
  | { readonly kind: 'done'; readonly order: ClientOrderId; readonly reason: string }
  | { readonly kind: 'unknown'; readonly order: ClientOrderId; readonly reason: string }
  /** A trade the venue had reported did not settle: the fill never was. */
  | { readonly kind: 'fill-reversed'; readonly order: ClientOrderId; readonly tradeId: string }
  | { readonly kind: 'fill-settled'; readonly order: ClientOrderId; readonly tradeId: string }

/** An order that an earlier run has sent, or was about to send. */
export type SentOrder = {
  readonly order: Order
  /** When it became durable, which is just before it was sent. */
  readonly sentAt: EpochMs
  /** The venue's name of it, where it had been told. */
  readonly venueOrder?: VenueOrderId
}

export interface GatewayListener {
  onUpdate(update: OrderUpdate): void
  /** The venue takes no orders for now, or takes them again; the reason is a metric label. */
  onVenueStatus(status: 'open' | 'closed', reason: string): void
}

/** Orders to one venue, and what becomes of them. Nothing here throws: every end is an update. */
export interface VenueGateway {
  readonly venue: VenueId
  /** Prepares connections and keys, opens the private channel. Rejects with a `VenueError`. */
  start(listener: GatewayListener): Promise<void>
  /** Sends orders, in one call where the venue has one. They are durable before this is called. */
  place(orders: readonly Order[]): void
  /**
   * Takes on orders of an earlier run whose end is not known: the channel, the next reading of the
   * account and `query` tell of them as of our own. Rejects with a `VenueError`.
   */
  adopt(orders: readonly SentOrder[]): Promise<void>
  cancel(order: ClientOrderId): void
  /** Asks the venue what became of an order; the answer comes as updates. */
  query(order: ClientOrderId): void
  /** Cancels everything of the account at the venue, and reads back until nothing is open. */
  cancelAll(): Promise<CancelAllResult>
  /** What the venue says we have. Rejects with a `VenueError`. */
  readAccount(since: EpochMs): Promise<AccountSnapshot>
  stop(): Promise<void>
}

export type CancelAllResult = {
  readonly cancelled: number
  /** Orders that the venue still lists as open after the last read. */
  readonly stillOpen: readonly VenueOrderId[]
}

/** An account as its venue sees it, for reconciliation with ours. */
export type AccountSnapshot = {
  readonly venue: VenueId
  readonly cash: MicroUsd
  readonly positions: readonly { readonly instrument: InstrumentId; readonly size: MicroShares }[]
  readonly openOrders: readonly VenueOpenOrder[]
  readonly fills: readonly VenueFill[]
}

export type VenueOpenOrder = {
  readonly venueOrder: VenueOrderId
  /** Ours, when the venue carries our name of it or it can be computed. */
  readonly order: ClientOrderId | undefined
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly filled: MicroShares
}

export type VenueFill = {
  readonly venueOrder: VenueOrderId
  readonly order: ClientOrderId | undefined
  readonly instrument: InstrumentId
  readonly fill: Omit<Fill, 'order' | 'at'>
}
