import type { MarketId } from '../../src/core/market.ts'
import type { OrderBook } from '../../src/core/order-book.ts'
import { MarketCache } from '../../src/engine/market-cache.ts'
import type { Timers } from '../../src/ports/clock.ts'
import type { BookEntry } from '../../src/ports/book-table.ts'
import type { ConnectionChange, FeedCodec, FeedListener } from '../../src/ports/feed-codec.ts'
import type { Catalogue, MarketFeed } from '../../src/ports/market-feed.ts'
import { SuiteSink } from './suite-sink.ts'

export type Venue = {
  readonly id: 'polymarket' | 'kalshi'
  readonly catalogue: Catalogue
  readonly feed: MarketFeed
  readonly codec: FeedCodec
}

const auditMs = 50
const auditBudget = 200

/** Does with a venue what the engine does, and no more: frames in, snapshots asked for. */
export class VenueRun implements FeedListener {
  readonly books: MarketCache = new MarketCache()
  readonly changes: ConnectionChange[] = []
  readonly #venue: Venue
  readonly #sink: AskingSink
  #stopAudits: () => void = () => undefined

  constructor(venue: Venue) {
    this.#venue = venue
    this.#sink = new AskingSink((market) => venue.feed.requestSnapshot(market))
  }

  async start(timers: Timers): Promise<void> {
    const { catalogue, feed, codec } = this.#venue
    const { markets } = await catalogue.load()
    for (const market of markets) this.books.add(market)
    feed.subscribe(markets)
    await feed.start(this)
    this.#stopAudits = timers.every(auditMs, () => codec.audit(auditBudget, this.books, this.#sink))
  }

  async stop(): Promise<void> {
    this.#stopAudits()
    await this.#venue.feed.stop()
  }

  onFrame(connection: number, bytes: Uint8Array): void {
    this.#venue.codec.onFrame(connection, bytes, this.books, this.#sink)
  }

  onSnapshot(_market: MarketId, bytes: Uint8Array): void {
    this.#venue.codec.onSnapshot(bytes, this.books, this.#sink)
  }

  onConnection(change: ConnectionChange): void {
    this.changes.push(change)
    if (change.kind === 'open') return
    const { connection, markets } = change
    this.#venue.codec.onConnectionLost(connection, markets, this.books, this.#sink)
  }

  /** Asks for a book, so that whatever was lost before it must show. */
  nudge(): void {
    for (const { market } of this.openEntries().slice(0, 3)) {
      this.#venue.feed.requestSnapshot(market.id)
    }
  }

  openEntries(): readonly BookEntry[] {
    return [...this.books.entries()].filter(({ market }) => market.status === 'open')
  }

  /** Whether a strategy may act on the book now. */
  believes(book: OrderBook): boolean {
    return book.state === 'proven' && !book.torn && this.#venue.codec.prove(book)
  }

  get proofs(): readonly string[] {
    return this.#sink.proofs
  }
}

/** Asks the feed for the snapshots that the codec wants, as the engine would. */
class AskingSink extends SuiteSink {
  readonly #ask: (market: MarketId) => void

  constructor(ask: (market: MarketId) => void) {
    super()
    this.#ask = ask
  }

  override needSnapshot(entry: BookEntry): void {
    this.#ask(entry.market.id)
  }
}
