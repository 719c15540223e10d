import type { MarketId } from '../../core/market.ts'
import type { OrderBook } from '../../core/order-book.ts'
import type { BookTable } from '../../ports/book-table.ts'
import type { FeedCodec, TurnSink } from '../../ports/feed-codec.ts'
import { BookAudit } from './book-audit.ts'
import { BookSync } from './book-sync.ts'
import { FrameDecoder } from './decode.ts'
import { unknownToken } from './event-batch.ts'
import { readRestBook } from './read-json.ts'
import { TokenMarks } from './token-marks.ts'
import { TokenTable } from './token-table.ts'
import type { InstrumentId } from '../../core/market.ts'

/** Messages that tell nothing of a book: when one cannot be read, no book is in doubt. */
const bookless: ReadonlySet<string> = new Set([
  'schema-last_trade_price',
  'schema-best_bid_ask',
  'schema-new_market',
  'schema-market_resolved',
])

/** How many ids of one unreadable frame we look up. */
const idsMax = 64

/** Polymarket's half of the turn: frames of the market channel and bodies of `GET /book`. */
export class PolymarketCodec implements FeedCodec {
  readonly venue = 'polymarket'
  readonly #tokens: TokenTable = new TokenTable()
  readonly #marks: TokenMarks = new TokenMarks()
  readonly #decoder: FrameDecoder = new FrameDecoder(this.#tokens)
  readonly #audit: BookAudit = new BookAudit(this.#tokens, this.#marks)
  readonly #sync: BookSync = new BookSync(this.#tokens, this.#marks, this.#audit)

  onFrame(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#tokens.useBooks(books)
    const reading = this.#decoder.decode(bytes)
    if (reading === 'text') {
      sink.event('text')
      return
    }
    const { batch } = this.#decoder
    const refusal =
      reading === 'refused' ? this.#decoder.reason : this.#sync.refusalOf(batch, books)
    if (refusal === undefined) this.#sync.apply(batch, connection, books, sink)
    else this.#refuse(connection, bytes, refusal, sink)
  }

  onSnapshot(bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#tokens.useBooks(books)
    const { batch } = this.#decoder
    batch.clear()
    const facts = readRestBook(Buffer.from(bytes).toString(), batch, this.#tokens)
    if (typeof facts === 'string') sink.refused(facts)
    else this.#sync.apply(batch, -1, books, sink, facts)
  }

  onConnectionLost(
    _connection: number,
    markets: readonly MarketId[],
    books: BookTable,
    sink: TurnSink,
  ): void {
    for (const market of markets) {
      const entry = books.byMarket('polymarket', market)
      if (entry === undefined) continue
      for (const { book } of entry.yes.book === entry.no.book
        ? [entry.yes]
        : [entry.yes, entry.no]) {
        const track = this.#sync.trackOfBook(book)
        if (track === undefined) book.mark('unproven')
        else this.#sync.connectionLost(track, sink)
      }
    }
  }

  audit(budget: number, books: BookTable, sink: TurnSink): number {
    this.#tokens.useBooks(books)
    this.#sync.tidy()
    return this.#audit.round(budget, sink, this.#sync.breakBook)
  }

  prove(book: OrderBook): boolean {
    const track = this.#sync.trackOfBook(book)
    return track !== undefined && this.#audit.prove(track)
  }

  layers(): { readonly template: number; readonly scanner: number; readonly schema: number } {
    const { templateCount, scannerCount, schemaCount } = this.#decoder
    return { template: templateCount, scanner: scannerCount, schema: schemaCount }
  }

  /** Hashes recomputed by prove and audit, and how they came out. */
  proofs(): { readonly verified: number; readonly mismatched: number } {
    return { verified: this.#audit.verifiedCount, mismatched: this.#audit.mismatchCount }
  }

  /**
   * A frame that cannot be read may have held a change of some book.
   *
   * Which, its ids tell; when it holds none that can be made out, every book of the connection is
   * in doubt.
   */
  #refuse(connection: number, bytes: Uint8Array, reason: string, sink: TurnSink): void {
    sink.refused(reason)
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    const isArray = /^\s*\[/.test(text)
    if (bookless.has(reason) && !isArray) return

    const named = new Set<number>()
    for (const [id] of [...text.matchAll(/\b[0-9]{60,78}\b/g)].slice(0, idsMax)) {
      const token = this.#tokens.byId(id as InstrumentId)
      if (token !== unknownToken) named.add(token)
    }
    if (named.size > 0) {
      for (const token of named)
        this.#sync.breakBook(this.#sync.trackOf(token), 'sequence-gap', sink)
      return
    }
    if (reason !== 'not-json' || !/^\s*[[{]/.test(text)) return
    for (const track of this.#sync.tracks()) {
      if (track.connection === connection && !track.awaiting) {
        this.#sync.breakBook(track, 'sequence-gap', sink)
      }
    }
  }
}
