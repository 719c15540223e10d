import type { MarketId, VenueId } from '../core/market.ts'
import type { BasketId, ClientOrderId } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroUsd, Nanos } from '../core/units.ts'
import type { Basket, BasketEvent, BasketState } from '../execution/basket.ts'
import type { ConnectionChange } from '../ports/feed-codec.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type { CatalogueChange } from '../ports/market-feed.ts'
import type { OperationId, OperationUpdate, SettlementOperation } from '../ports/settlement.ts'
import type { AccountSnapshot, OrderUpdate, SentOrder } from '../ports/venue-gateway.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'
import type { AccountDifference } from './account-difference.ts'

/**
 * Everything that reaches the engine. Nothing else may change what it does, so a recording of
 * these is a recording of everything.
 */
export type EngineEvent =
  /** With what an earlier life has left, if it has left anything. */
  | {
      readonly kind: 'start'
      readonly at: Nanos
      readonly atMs: EpochMs
      readonly kept?: KeptBooks | undefined
    }
  | {
      readonly kind: 'frame'
      readonly venue: VenueId
      readonly connection: number
      readonly bytes: Uint8Array
      readonly at: Nanos
    }
  | {
      readonly kind: 'snapshot'
      readonly venue: VenueId
      readonly market: MarketId
      readonly bytes: Uint8Array
      readonly at: Nanos
    }
  | { readonly kind: 'connection'; readonly venue: VenueId; readonly change: ConnectionChange }
  | { readonly kind: 'catalogue'; readonly change: CatalogueChange; readonly at: Nanos }
  | { readonly kind: 'timer'; readonly at: Nanos }
  | {
      readonly kind: 'order-update'
      readonly venue: VenueId
      readonly update: OrderUpdate
      readonly at: Nanos
    }
  | {
      readonly kind: 'operation-update'
      readonly venue: VenueId
      readonly update: OperationUpdate
      readonly at: Nanos
    }
  /** The venue takes no orders for now, or takes them again. */
  | {
      readonly kind: 'venue-status'
      readonly venue: VenueId
      readonly status: 'open' | 'closed'
      readonly reason: string
      readonly at: Nanos
    }
  /** What a venue says we have. */
  | { readonly kind: 'account'; readonly snapshot: AccountSnapshot; readonly at: Nanos }
  | { readonly kind: 'command'; readonly command: Command; readonly at: Nanos }

/** What is kept of an engine from one life to the next. */
export type KeptBooks = {
  /** All postings of earlier lives, summed up into one entry. */
  readonly summary: LedgerEntry
  /** Baskets that were not over, each with what had become of it. */
  readonly baskets: readonly KeptBasket[]
  /** Operations that were submitted and of which no end was seen. */
  readonly operations: readonly KeptOperation[]
  /** Baskets are numbered on from here. */
  readonly basketCount: number
}

export type KeptBasket = {
  readonly plan: Basket
  readonly signal: TradeSignal
  readonly events: readonly BasketEvent[]
  /** When each order was sent: a venue's own name of it may follow from that. */
  readonly sent: readonly { readonly order: ClientOrderId; readonly atMs: EpochMs }[]
}

/** Something that the venue itself does with what we own, for a basket or after a resolution. */
export type KeptOperation = {
  readonly operation: OperationId
  readonly venue: VenueId
  readonly what: SettlementOperation
  readonly basket: BasketId | undefined
  readonly strategy: string
}

/** What an operator may ask of a running engine. */
export type Command =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Trading ends for good: only a new start begins it again. Orders that rest are called back. */
  | { readonly kind: 'kill' }
  /** Those that are left out stay as they are. */
  | { readonly kind: 'set-limits'; readonly limits: Partial<RiskLimits> }
  /** A person has dealt with what a basket left behind. */
  | { readonly kind: 'release-basket'; readonly basket: BasketId }
  | { readonly kind: 'enable-strategy'; readonly strategy: string }
  /** The reason is for people; left out, an operator wanted it. */
  | { readonly kind: 'disable-strategy'; readonly strategy: string; readonly reason?: string }
  /** A strategy of the user's own goes on as another version of its file, by the hash of that. */
  | { readonly kind: 'reload-strategy'; readonly strategy: string; readonly version: string }
  | {
      readonly kind: 'set-parameters'
      readonly strategy: string
      readonly parameters: Readonly<Record<string, string>>
    }

/** Everything the engine asks of the world. */
export type Effect =
  | { readonly kind: 'subscribe'; readonly venue: VenueId; readonly markets: readonly MarketId[] }
  | { readonly kind: 'unsubscribe'; readonly venue: VenueId; readonly markets: readonly MarketId[] }
  | { readonly kind: 'request-snapshot'; readonly venue: VenueId; readonly market: MarketId }
  | { readonly kind: 'keep-frame'; readonly venue: VenueId; readonly reason: string }
  | {
      readonly kind: 'note-signal'
      readonly signal: TradeSignal
      readonly approved: boolean
      readonly reason: string
    }
  /** A basket has been made of a signal. Nothing has been sent. */
  | { readonly kind: 'plan-basket'; readonly plan: Basket; readonly signal: TradeSignal }
  /** Send these orders. */
  | { readonly kind: 'place-basket'; readonly intent: ExecutionIntent }
  | { readonly kind: 'cancel-order'; readonly venue: VenueId; readonly order: ClientOrderId }
  /** Ask the venue what became of an order. */
  | { readonly kind: 'query-order'; readonly venue: VenueId; readonly order: ClientOrderId }
  | ({ readonly kind: 'submit-operation'; readonly at: Nanos } & KeptOperation)
  /** Orders of an earlier life that a venue's gateway is to know of. They are not sent. */
  | {
      readonly kind: 'adopt-orders'
      readonly venue: VenueId
      readonly orders: readonly SentOrder[]
    }
  /** Cancel whatever is open at every venue, and make sure of it. */
  | { readonly kind: 'cancel-all' }
  | { readonly kind: 'read-account'; readonly venue: VenueId }
  /** A basket was advanced by an event, and stands so now. */
  | {
      readonly kind: 'note-basket'
      readonly basket: BasketId
      readonly strategy: string
      readonly event: BasketEvent
      readonly state: BasketState
      /** Why a person must decide; empty otherwise. */
      readonly reason: string
      /** When it has closed: what it is worth at the least, less what it has cost, by its fills. */
      readonly result?: MicroUsd | undefined
      readonly at: Nanos
    }
  | { readonly kind: 'note-order'; readonly update: OrderUpdate; readonly at: Nanos }
  | { readonly kind: 'note-operation'; readonly update: OperationUpdate; readonly at: Nanos }
  | { readonly kind: 'note-report'; readonly report: ExecutionReport }
  | {
      readonly kind: 'note-difference'
      readonly venue: VenueId
      readonly difference: AccountDifference
      readonly at: Nanos
    }
  | { readonly kind: 'note-entry'; readonly entry: LedgerEntry }
  | { readonly kind: 'note-strategy-stopped'; readonly strategy: string; readonly reason: string }
