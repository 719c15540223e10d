import { assert } from '../core/assert.ts'
import { BookSlab } from '../core/book-slab.ts'
import type { InstrumentId, Market, MarketId, MarketKey, VenueId } from '../core/market.ts'
import { OrderBook } from '../core/order-book.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import { uniformGrid } from '../core/price-grid.ts'
import { ticksPerUsd, type Ticks } from '../core/units.ts'
import type { BookEntry, InstrumentEntry } from '../ports/book-table.ts'
import type { CacheView } from '../ports/strategy.ts'

/** A market with its books. Only the cache replaces the market. */
class MarketEntry implements BookEntry {
  readonly index: number
  market: Market
  readonly yes: OutcomeBook
  readonly no: OutcomeBook

  constructor(index: number, market: Market, yes: OutcomeBook, no: OutcomeBook) {
    this.index = index
    this.market = market
    this.yes = yes
    this.no = no
  }
}

type VenueTable = {
  readonly markets: Map<MarketId, MarketEntry>
  /** Twice the number of the market, plus one for NO: no object for each token. */
  readonly instruments: Map<InstrumentId, number>
}

/** A grid without a price: a book on it holds nothing and takes next to no memory. */
const retiredGrid = uniformGrid(ticksPerUsd as Ticks)

/**
 * Every book we keep, and whether it may be believed.
 *
 * Markets and books are numbered densely, and no number is used again, so that whoever keeps
 * something about them keeps it in flat arrays. The levels of all books lie in one slab.
 */
export class MarketCache implements CacheView {
  readonly #slab: BookSlab = new BookSlab()
  readonly #venues: Map<VenueId, VenueTable> = new Map()
  readonly #entries: (MarketEntry | undefined)[] = []
  readonly #owners: (MarketEntry | undefined)[] = []
  #live = 0
  #version = 0

  /** How many numbers of markets were given out. Live markets are {@link live}. */
  get size(): number {
    return this.#entries.length
  }

  get live(): number {
    return this.#live
  }

  /** Grows with every market that comes, changes or goes: what is derived from them is then old. */
  get version(): number {
    return this.#version
  }

  /** How many numbers of books were given out. */
  get bookCount(): number {
    return this.#owners.length
  }

  /** What the levels of all books take, in bytes. */
  get levelBytes(): number {
    return this.#slab.bytes
  }

  at(index: number): BookEntry | undefined {
    return this.#entries[index]
  }

  ownerOf(book: OrderBook): BookEntry | undefined {
    return this.#owners[book.index]
  }

  byMarket(venue: VenueId, market: MarketId): BookEntry | undefined {
    return this.#venues.get(venue)?.markets.get(market)
  }

  byInstrument(venue: VenueId, instrument: InstrumentId): InstrumentEntry | undefined {
    const code = this.#venues.get(venue)?.instruments.get(instrument)
    const entry = code === undefined ? undefined : this.#entries[code >> 1]
    if (code === undefined || entry === undefined) return undefined
    const outcome = (code & 1) === 0 ? 'yes' : 'no'
    const { book, mirrored } = entry[outcome]
    return { entry, outcome, book, mirrored }
  }

  get({ venue, instrument }: MarketKey): OutcomeBook | undefined {
    const found = this.byInstrument(venue, instrument)
    return found?.entry[found.outcome]
  }

  *entries(): Iterable<BookEntry> {
    for (const entry of this.#entries) if (entry !== undefined) yield entry
  }

  /** Takes in a market that is not known yet. Undefined when a token of it is another market's. */
  add(market: Market): BookEntry | undefined {
    const table = this.#tableOf(market.venue)
    assert(!table.markets.has(market.id), `a market is added once: ${market.id}`)
    if (market.yes.id === market.no.id) return undefined
    if (table.instruments.has(market.yes.id) || table.instruments.has(market.no.id))
      return undefined

    const book = this.#openBook(market)
    const other = market.bookKind === 'mirrored' ? book : this.#openBook(market)
    const no = new OutcomeBook(other, market.bookKind === 'mirrored' ? 'mirrored' : 'direct')
    const entry = new MarketEntry(this.#entries.length, market, new OutcomeBook(book, 'direct'), no)

    this.#entries.push(entry)
    this.#owners[book.index] = entry
    this.#owners[other.index] = entry
    table.markets.set(market.id, entry)
    table.instruments.set(market.yes.id, 2 * entry.index)
    table.instruments.set(market.no.id, 2 * entry.index + 1)
    this.#live++
    this.#version++
    return entry
  }

  /**
   * Replaces what is known about a market.
   *
   * `regridded`: its books had to move to another grid, which leaves them empty and unproven.
   * `refused`: the tokens are not those it had, and its messages could no longer be told apart.
   */
  change(market: Market): 'kept' | 'regridded' | 'refused' {
    const entry = this.#tableOf(market.venue).markets.get(market.id)
    assert(entry !== undefined, `a market is known before it changes: ${market.id}`)
    const { yes, no } = entry.market
    if (market.yes.id !== yes.id || market.no.id !== no.id) return 'refused'

    // How its books are kept was decided when they were opened.
    entry.market = { ...market, bookKind: entry.market.bookKind }
    this.#version++
    if (entry.yes.book.resolution === market.grid.resolution) return 'kept'
    for (const book of booksOf(entry)) book.regrid(market.grid)
    return 'regridded'
  }

  /** Forgets a market and gives the memory of its books back. */
  remove(venue: VenueId, id: MarketId): BookEntry | undefined {
    const table = this.#tableOf(venue)
    const entry = table.markets.get(id)
    if (entry === undefined) return undefined

    table.markets.delete(id)
    table.instruments.delete(entry.market.yes.id)
    table.instruments.delete(entry.market.no.id)
    this.#entries[entry.index] = undefined
    for (const book of booksOf(entry)) {
      this.#owners[book.index] = undefined
      // A decoder may still hold the book. On this grid it holds no price, and so does no harm.
      book.regrid(retiredGrid)
      book.mark('broken')
    }
    this.#live--
    this.#version++
    return entry
  }

  #openBook(market: Market): OrderBook {
    const book = new OrderBook(this.#owners.length, market.grid, this.#slab)
    this.#owners.push(undefined)
    return book
  }

  #tableOf(venue: VenueId): VenueTable {
    const known = this.#venues.get(venue)
    if (known !== undefined) return known
    const made: VenueTable = { markets: new Map(), instruments: new Map() }
    this.#venues.set(venue, made)
    return made
  }
}

/** The books of a market: one, or two where the outcomes are kept apart. */
export function booksOf({ yes, no }: BookEntry): readonly OrderBook[] {
  return yes.book === no.book ? [yes.book] : [yes.book, no.book]
}
