import type { InstrumentId, Market, MarketId, MarketKey, VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { Decision } from '../core/signal.ts'
import type { EpochMs, MicroShares, Nanos } from '../core/units.ts'
import type { BookEntry, BookTable } from './book-table.ts'

/**
 * A plug that turns books into decisions.
 *
 * It keeps what state it likes, but asks nobody the time and does no I/O: the same calls in the
 * same order must give the same decisions, or a replay would differ.
 */
export interface Strategy {
  readonly name: string
  /** Told of all markets and sets before the first {@link evaluate}, and again when they change. */
  onCatalogue(catalogue: CatalogueView, cache: CacheView): void
  /** Whether changes of this market concern it. Left out: it sees every market. */
  watches?(market: Market, catalogue: CatalogueView): boolean
  /** Called when a book has changed. Cheap tests on best prices first. */
  evaluate(context: EvalContext): Decision
  /**
   * Goes on as another version of itself, known by the hash of its file; false where there is none
   * like it. Only a strategy that its user may change while it runs has this.
   */
  become?(version: string): boolean
}

/** What a strategy may know when a book has changed. The object is reused: keep none of it. */
export interface EvalContext {
  /** The outcome token that changed (YES, where one message changes both). */
  readonly key: MarketKey
  /** The market that changed, with its books. */
  readonly entry: BookEntry
  readonly cache: CacheView
  readonly catalogue: CatalogueView
  /** When the frame that caused this came in. */
  readonly receivedAt: Nanos
  readonly now: Nanos
  readonly nowMs: EpochMs
  /**
   * Whether the feed of this market was heard of recently enough to believe that it still lives.
   */
  fresh(entry: BookEntry): boolean
  /** Shares of an outcome that the portfolio holds, whoever bought them. */
  held(key: MarketKey): MicroShares
  /** Proves a book as it is now, by the strongest means of its venue. Microseconds: last of all. */
  prove(book: OrderBook): boolean
  /** Counts a sighting that was an error of ours or of the feed, by cause. */
  phantom(cause: string): void
}

/** Every book we keep, as a strategy sees them. */
export interface CacheView extends BookTable {
  get(key: MarketKey): OutcomeBook | undefined
}

export interface CatalogueView {
  market(venue: VenueId, id: MarketId): Market | undefined
  /** From an outcome token to its market. */
  marketOf(venue: VenueId, instrument: InstrumentId): Market | undefined
  markets(): Iterable<Market>
  sets(): Iterable<OutcomeSet>
}
