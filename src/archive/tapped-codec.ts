import type { MarketId, VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { PublicTrade } from '../core/order.ts'
import type { BookEntry, BookTable } from '../ports/book-table.ts'
import type { FeedCodec, MarketLifecycle, ProofEvent, TurnSink } from '../ports/feed-codec.ts'

/** Is told of what a venue's decoder does, once a frame has been applied as a whole. */
export type TapListener = {
  /** A book has changed, or is believed otherwise than before. */
  onBook(entry: BookEntry, book: OrderBook): void
  onTrade(trade: PublicTrade): void
}

/**
 * A venue's own decoder, with somebody listening: what is heard is what the engine is told, and
 * nothing is decoded twice.
 */
export class TappedCodec implements FeedCodec {
  readonly venue: VenueId
  readonly #codec: FeedCodec
  readonly #listener: TapListener
  readonly #sink: TappedSink = new TappedSink()

  constructor(codec: FeedCodec, listener: TapListener) {
    this.venue = codec.venue
    this.#codec = codec
    this.#listener = listener
  }

  onFrame(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#codec.onFrame(connection, bytes, books, this.#sink.before(sink))
    this.#sink.tell(this.#listener)
  }

  onSnapshot(bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#codec.onSnapshot(bytes, books, this.#sink.before(sink))
    this.#sink.tell(this.#listener)
  }

  onConnectionLost(
    connection: number,
    markets: readonly MarketId[],
    books: BookTable,
    sink: TurnSink,
  ): void {
    this.#codec.onConnectionLost(connection, markets, books, this.#sink.before(sink))
    this.#sink.tell(this.#listener)
  }

  audit(budget: number, books: BookTable, sink: TurnSink): number {
    const checked = this.#codec.audit(budget, books, this.#sink.before(sink))
    this.#sink.tell(this.#listener)
    return checked
  }

  prove(book: OrderBook): boolean {
    return this.#codec.prove(book)
  }

  layers(): ReturnType<FeedCodec['layers']> {
    return this.#codec.layers()
  }
}

/** Passes everything on, and remembers what a listener is told when the frame is done. */
class TappedSink implements TurnSink {
  readonly #touched: Map<OrderBook, BookEntry> = new Map()
  readonly #trades: PublicTrade[] = []
  #sink: TurnSink | undefined

  before(sink: TurnSink): this {
    this.#sink = sink
    return this
  }

  tell(listener: TapListener): void {
    for (const [book, entry] of this.#touched) listener.onBook(entry, book)
    for (const trade of this.#trades) listener.onTrade(trade)
    this.#touched.clear()
    this.#trades.length = 0
  }

  event(kind: string): void {
    this.#sink?.event(kind)
  }

  changed(entry: BookEntry, book: OrderBook): void {
    this.#touched.set(book, entry)
    this.#sink?.changed(entry, book)
  }

  refused(reason: string): void {
    this.#sink?.refused(reason)
  }

  proof(entry: BookEntry, book: OrderBook, event: ProofEvent): void {
    this.#touched.set(book, entry)
    this.#sink?.proof(entry, book, event)
  }

  needSnapshot(entry: BookEntry): void {
    this.#sink?.needSnapshot(entry)
  }

  trade(trade: PublicTrade): void {
    // The object may be used again by whoever tells it.
    this.#trades.push({ ...trade })
    this.#sink?.trade(trade)
  }

  lifecycle(event: MarketLifecycle): void {
    this.#sink?.lifecycle(event)
  }
}
