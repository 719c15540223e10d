import type { InstrumentId, Market, MarketId, Outcome, VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'

/** A market with its books. `yes` and `no` share one `OrderBook` where the venue mirrors. */
export interface BookEntry {
  /** Its number in the table: small, dense, never reused. */
  readonly index: number
  /** The newest facts about the market; replaced when the catalogue learns more. */
  readonly market: Market
  readonly yes: OutcomeBook
  readonly no: OutcomeBook
}

/** Which book an instrument's messages change, and how its prices read in that book. */
export interface InstrumentEntry {
  readonly entry: BookEntry
  readonly outcome: Outcome
  readonly book: OrderBook
  /** The book is in the other outcome's terms: prices are complemented and sides swapped. */
  readonly mirrored: boolean
}

/** Every book we keep, as a venue's decoder sees them. */
export interface BookTable {
  byMarket(venue: VenueId, market: MarketId): BookEntry | undefined
  byInstrument(venue: VenueId, instrument: InstrumentId): InstrumentEntry | undefined
  /** By the number of the market. */
  at(index: number): BookEntry | undefined
  readonly size: number
}
