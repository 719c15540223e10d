import type { MarketId } from '../../core/market.ts'
import type { OrderBook } from '../../core/order-book.ts'
import { epochMs } from '../../core/units.ts'
import type { BookTable } from '../../ports/book-table.ts'
import type { FeedCodec, MarketLifecycle, TurnSink } from '../../ports/feed-codec.ts'
import type { NoSidePrice } from './book-sync.ts'
import { BookSync } from './book-sync.ts'
import type { Decoded } from './decode.ts'
import { FrameDecoder } from './decode.ts'
import type { Envelope, RestBook } from './wire.ts'
import {
  CommandError,
  LifecycleMessage,
  resolutionOf,
  Subscribed,
  terminalErrors,
  toPriceGrid,
  Trade,
  Updated,
} from './wire.ts'

/** Messages that are understood and change nothing here. docs/venues/kalshi.md, 5.3. */
const notedTypes = new Set([
  'ticker',
  'event_lifecycle',
  'event_fee_update',
  'multivariate_market_lifecycle',
  'fill',
  'user_order',
  'market_position',
  'order_group_updates',
])

/** Kalshi's half of the turn: frames of its socket, and bodies of polled order books. */
export class KalshiCodec implements FeedCodec {
  readonly venue = 'kalshi'
  readonly #decoder: FrameDecoder = new FrameDecoder()
  readonly #sync: BookSync

  constructor(options: { readonly noSidePrice: NoSidePrice }) {
    this.#sync = new BookSync(options.noSidePrice)
  }

  onFrame(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    const decoder = this.#decoder
    const decoded = decoder.decode(bytes, books)
    switch (decoded.kind) {
      case 'book':
        sink.event(decoder.frame.kind === 'delta' ? 'orderbook_delta' : 'orderbook_snapshot')
        this.#sync.apply(connection, decoder.frame, books, sink)
        return
      case 'message':
        this.#onMessage(connection, decoded.message, bytes.length, books, sink)
        return
      case 'unread':
        this.#onUnread(connection, decoded, bytes.length, books, sink)
        return
      case 'books':
        this.#onPolled(decoded.books, books, sink)
        return
      case 'refused':
        sink.refused(decoded.reason)
        // A message that cannot be read may have changed any book; what is no message has not.
        if (looksLikeMessage(bytes)) this.#sync.onUnreadable(connection, books, sink)
    }
  }

  /** The body of a poll. The socket's own snapshots are frames like any other. */
  onSnapshot(bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    const decoded = this.#decoder.decode(bytes, books)
    if (decoded.kind === 'books') this.#onPolled(decoded.books, books, sink)
    else sink.refused(decoded.kind === 'refused' ? decoded.reason : 'unknown-type')
  }

  onConnectionLost(
    connection: number,
    _markets: readonly MarketId[],
    books: BookTable,
    sink: TurnSink,
  ): void {
    // Only the books that this connection carried: another may have taken over the rest.
    this.#sync.onConnectionLost(connection, books, sink)
  }

  audit(budget: number, books: BookTable, sink: TurnSink): number {
    return this.#sync.audit(budget, books, sink)
  }

  /** Every number since the snapshot is in: there is nothing stronger to ask of Kalshi. */
  prove(book: OrderBook): boolean {
    return book.state === 'proven' && !book.torn && !book.crossed
  }

  layers(): { readonly template: number; readonly scanner: number; readonly schema: number } {
    const { templateCount, scannerCount, schemaCount } = this.#decoder
    return { template: templateCount, scanner: scannerCount, schema: schemaCount }
  }

  #onMessage(
    connection: number,
    message: Envelope,
    length: number,
    books: BookTable,
    sink: TurnSink,
  ): void {
    const { type, sid, seq } = message
    const numbered = sid === undefined || seq === undefined ? undefined : { sid, seq, length }
    if (!this.#isKnown(type)) {
      sink.refused('unknown-type')
      if (numbered !== undefined) {
        this.#sync.countUnread(connection, numbered, undefined, books, sink)
      }
      return
    }
    if (numbered !== undefined) this.#sync.countControl(connection, numbered, books, sink)
    sink.event(type)
    if (type === 'trade') this.#onTrade(message, sink)
    else if (type === 'market_lifecycle_v2') this.#onLifecycle(message, sink)
    else this.#onControl(connection, message, books, sink)
  }

  #isKnown(type: string): boolean {
    return notedTypes.has(type) || handledTypes.has(type)
  }

  /** A book message that does not fit: its number is used up, and what it changed is lost. */
  #onUnread(
    connection: number,
    { message, refused }: Decoded & { kind: 'unread' },
    length: number,
    books: BookTable,
    sink: TurnSink,
  ): void {
    sink.refused(refused.reason)
    const { sid, seq } = message
    if (sid === undefined || seq === undefined) return

    const { ticker } = refused
    const entry = ticker === undefined ? undefined : books.byMarket('kalshi', ticker)
    this.#sync.countUnread(connection, { sid, seq, length }, entry, books, sink)
  }

  #onControl(connection: number, message: Envelope, books: BookTable, sink: TurnSink): void {
    const { type, sid } = message
    if (type === 'subscribed') {
      const { data } = Subscribed.safeParse(message)
      if (data === undefined) sink.refused('bad-field')
      else if (data.msg.channel === 'orderbook_delta') {
        this.#sync.onSubscribed(connection, data.msg.sid, books, sink)
      }
    } else if (type === 'unsubscribed') {
      if (sid !== undefined) this.#sync.onUnsubscribed(connection, sid, books, sink)
    } else if (type === 'ok') {
      const { data } = Updated.safeParse(message)
      if (sid === undefined || data === undefined) return
      this.#sync.onUpdated(connection, sid, new Set(data.msg.market_tickers), books, sink)
    } else if (type === 'error') {
      const { data } = CommandError.safeParse(message)
      if (data === undefined) sink.refused('bad-field')
      else if (!terminalErrors.has(data.msg.code)) return
      else if (sid === undefined) this.#sync.onConnectionLost(connection, books, sink)
      else this.#sync.onUnsubscribed(connection, sid, books, sink)
    }
  }

  #onPolled(polled: readonly RestBook[], books: BookTable, sink: TurnSink): void {
    sink.event('orderbooks')
    for (const book of polled) {
      const entry = books.byMarket('kalshi', book.ticker)
      if (entry === undefined) sink.refused('unknown-market')
      else this.#sync.replaceByPoll(entry, book, sink)
    }
  }

  #onTrade(message: Envelope, sink: TurnSink): void {
    const { data } = Trade.safeParse(message)
    if (data === undefined) {
      sink.refused('bad-field')
      return
    }
    const { msg } = data
    const outcome = msg.taker_outcome_side ?? msg.taker_side
    if (outcome === undefined) {
      sink.refused('bad-field')
      return
    }
    sink.trade({
      venue: 'kalshi',
      market: msg.market_ticker,
      outcome,
      // Who sells one outcome is told as the buyer of the other. docs/venues/kalshi.md, 4.2.
      side: 'buy',
      price: outcome === 'yes' ? msg.yes_price_dollars : msg.no_price_dollars,
      size: msg.count_fp,
      venueTime: epochMs(msg.ts_ms),
    })
  }

  #onLifecycle(message: Envelope, sink: TurnSink): void {
    const { data } = LifecycleMessage.safeParse(message)
    const event = data === undefined ? undefined : lifecycleOf(data.msg)
    if (event === 'malformed' || data === undefined) sink.refused('bad-field')
    else if (event !== undefined) sink.lifecycle(event)
  }
}

/** Messages of the venue are objects. */
function looksLikeMessage(bytes: Uint8Array): boolean {
  return bytes[0] === 0x7b
}

const handledTypes = new Set([
  'subscribed',
  'unsubscribed',
  'ok',
  'error',
  'trade',
  'market_lifecycle_v2',
])

/**
 * What a lifecycle message means for us. Undefined when nothing: the catalogue's next refresh has
 * it. docs/venues/kalshi.md, 3.2.
 */
function lifecycleOf(msg: LifecycleMessage['msg']): MarketLifecycle | undefined | 'malformed' {
  const market = msg.market_ticker
  switch (msg.event_type) {
    case 'created':
      return { kind: 'listed', market }
    case 'deactivated':
      return { kind: 'paused', market }
    case 'activated':
      return { kind: 'reopened', market }
    case 'determined': {
      const resolution = resolutionOf(msg.result ?? '', msg.settlement_value ?? undefined)
      return resolution === undefined ? 'malformed' : { kind: 'resolved', market, resolution }
    }
    case 'price_level_structure_updated': {
      const grid = toPriceGrid(msg.price_ranges ?? [])
      return grid === undefined ? 'malformed' : { kind: 'grid-changed', market, grid }
    }
  }
  return undefined
}
