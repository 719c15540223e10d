import type { MarketId, VenueId } from '../core/market.ts'
import type { ClientOrderId } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { ConnectionChange } from '../ports/feed-codec.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type { CatalogueChange } from '../ports/market-feed.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'

/**
 * Everything that reaches the engine. Nothing else may change what it does, so a recording of
 * these is a recording of everything.
 */
export type EngineEvent =
  | { readonly kind: 'start'; readonly at: Nanos; readonly atMs: EpochMs }
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
  | { readonly kind: 'report'; readonly report: ExecutionReport; readonly at: Nanos }
  | { readonly kind: 'command'; readonly command: Command; readonly at: Nanos }

/** What an operator may ask of a running engine. */
export type Command =
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  /** Trading ends for good: only a new start begins it again. Orders that rest are called back. */
  | { readonly kind: 'kill' }
  /** Those that are left out stay as they are. */
  | { readonly kind: 'set-limits'; readonly limits: Partial<RiskLimits> }
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
  | { readonly kind: 'place-basket'; readonly intent: ExecutionIntent }
  | { readonly kind: 'cancel-order'; readonly order: ClientOrderId }
  | { readonly kind: 'note-report'; readonly report: ExecutionReport }
  | { readonly kind: 'note-entry'; readonly entry: LedgerEntry }
  | { readonly kind: 'note-strategy-stopped'; readonly strategy: string; readonly reason: string }
