import type { MarketId, Resolution, VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { PublicTrade } from '../core/order.ts'
import type { PriceGrid } from '../core/price-grid.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import type { BookEntry, BookTable } from './book-table.ts'

/** What a frame has done, told while it is read. Nothing here may be kept: arguments are reused. */
export interface TurnSink {
  /** A message was understood. `kind` is the venue's own name of it: a metric label. */
  event(kind: string): void
  /** A book has changed. Strategies see it when the frame is done, unless it is torn or broken. */
  changed(entry: BookEntry, book: OrderBook): void
  /** A frame or a part of it does not fit: it is counted by reason and the bytes are kept. */
  refused(reason: string): void
  /** A book went from one state to another. */
  proof(entry: BookEntry, book: OrderBook, event: ProofEvent): void
  /** The book needs a fresh snapshot from the venue. */
  needSnapshot(entry: BookEntry): void
  trade(trade: PublicTrade): void
  lifecycle(event: MarketLifecycle): void
}

/**
 * Why a book's state moved, or a check was made; a metric label.
 *
 * `stale-change`: a change already in the snapshot, skipped. `sweep`: a group applied whole.
 */
export type ProofEvent =
  | 'snapshot'
  | 'hash-verified'
  | 'hash-mismatch'
  | 'top-mismatch'
  | 'sequence-gap'
  | 'crossed'
  | 'negative-level'
  | 'off-grid'
  | 'grid-changed'
  | 'connection-lost'
  | 'stale-change'
  | 'sweep'

export type MarketLifecycle =
  | { readonly kind: 'listed'; readonly market: MarketId }
  | { readonly kind: 'grid-changed'; readonly market: MarketId; readonly grid: PriceGrid }
  | { readonly kind: 'closed'; readonly market: MarketId }
  | { readonly kind: 'paused'; readonly market: MarketId }
  | { readonly kind: 'reopened'; readonly market: MarketId }
  | { readonly kind: 'resolved'; readonly market: MarketId; readonly resolution: Resolution }

/**
 * One venue's half of the turn: bytes in, books changed and proven.
 *
 * Pure but for the state it keeps: the same calls in the same order do the same. No clock, no I/O.
 */
export interface FeedCodec {
  readonly venue: VenueId
  /**
   * Applies one frame. Never throws on any bytes: what does not fit is refused through the sink.
   */
  onFrame(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void
  /** A REST snapshot the engine asked for. */
  onSnapshot(bytes: Uint8Array, books: BookTable, sink: TurnSink): void
  /** A connection is gone: nothing vouches for the books it carried. */
  onConnectionLost(
    connection: number,
    markets: readonly MarketId[],
    books: BookTable,
    sink: TurnSink,
  ): void
  /** Checks at most `budget` books that changed since they were last proven in full. */
  audit(budget: number, books: BookTable, sink: TurnSink): number
  /**
   * Proves this book as it is now, by the strongest means the venue gives.
   *
   * Costs microseconds: called on the few books of a candidate, never on each change.
   */
  prove(book: OrderBook): boolean
  /** Counts of frames by the layer that read them: template, scanner, schema. */
  layers(): { readonly template: number; readonly scanner: number; readonly schema: number }
}

/** What a feed tells whoever listens. The bytes are only good until the call returns. */
export interface FeedListener {
  onFrame(connection: number, bytes: Uint8Array, receivedAt: Nanos): void
  onSnapshot(market: MarketId, bytes: Uint8Array, receivedAt: Nanos): void
  onConnection(change: ConnectionChange): void
}

export type ConnectionChange = {
  readonly connection: number
  readonly kind: 'open' | 'lost'
  readonly markets: readonly MarketId[]
  /** For `lost`: why, as a metric label: `closed`, `silent`, `refused`, `error`. */
  readonly reason: string
  readonly at: Nanos
  readonly atMs: EpochMs
}
