import { parseDecimal } from '../../core/decimal.ts'
import type { MarketId, Resolution } from '../../core/market.ts'
import type { OrderBook } from '../../core/order-book.ts'
import { epochMs, ppm } from '../../core/units.ts'
import type { BookTable } from '../../ports/book-table.ts'
import type { FeedCodec, MarketLifecycle, TurnSink } from '../../ports/feed-codec.ts'
import type { BookFrame } from './book-frame.ts'
import type { NoSidePrice } from './book-sync.ts'
import { BookSync } from './book-sync.ts'
import { FrameScanner } from './scan.ts'
import type { Envelope, OrderbookDelta, OrderbookSnapshot, RestBook } from './wire.ts'
import {
  CommandError,
  LifecycleMessage,
  parseFrame,
  readDelta,
  readSnapshot,
  Subscribed,
  toPriceGrid,
  Trade,
  Updated,
} from './wire.ts'

/** After these a subscription is dead, and says nothing more. docs/venues/kalshi.md, 5.8. */
const terminalErrors = new Set([10, 25])

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
  readonly #scanner: FrameScanner = new FrameScanner()
  readonly #sync: BookSync
  #templateCount = 0
  #scannerCount = 0
  #schemaCount = 0

  constructor(options: { readonly noSidePrice: NoSidePrice }) {
    this.#sync = new BookSync(options.noSidePrice)
  }

  onFrame(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    const scanner = this.#scanner
    if (scanner.readTemplate(bytes, books)) this.#templateCount++
    else if (scanner.readGeneric(bytes, books)) this.#scannerCount++
    else {
      this.#schemaCount++
      this.#onParsed(connection, bytes, books, sink)
      return
    }
    sink.event(scanner.frame.kind === 'delta' ? 'orderbook_delta' : 'orderbook_snapshot')
    this.#sync.apply(connection, scanner.frame, books, sink)
  }

  /** The body of a poll. The socket's own snapshots are frames like any other. */
  onSnapshot(bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#schemaCount++
    const parsed = parseFrame(bytes)
    if (parsed.kind === 'books') this.#onPolled(parsed.books, books, sink)
    else sink.refused(parsed.kind === 'refused' ? parsed.reason : 'unknown-type')
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
    return {
      template: this.#templateCount,
      scanner: this.#scannerCount,
      schema: this.#schemaCount,
    }
  }

  #onParsed(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    const parsed = parseFrame(bytes)
    switch (parsed.kind) {
      case 'refused':
        sink.refused(parsed.reason)
        return
      case 'books':
        this.#onPolled(parsed.books, books, sink)
        return
      case 'message':
        this.#onMessage(connection, parsed.message, bytes.length, books, sink)
    }
  }

  #onMessage(
    connection: number,
    message: Envelope,
    length: number,
    books: BookTable,
    sink: TurnSink,
  ): void {
    const { type, sid, seq } = message
    if (type === 'orderbook_delta' || type === 'orderbook_snapshot') {
      this.#onBookMessage(connection, message, length, books, sink)
      return
    }
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

  #onBookMessage(
    connection: number,
    message: Envelope,
    length: number,
    books: BookTable,
    sink: TurnSink,
  ): void {
    const read = message.type === 'orderbook_delta' ? readDelta(message) : readSnapshot(message)
    if (read.kind !== 'refused') {
      fillFrame(this.#scanner.frame, read, books)
      sink.event(message.type)
      this.#sync.apply(connection, this.#scanner.frame, books, sink)
      return
    }
    sink.refused(read.reason)
    const { sid, seq } = message
    if (sid === undefined || seq === undefined) return
    const entry = read.ticker === undefined ? undefined : books.byMarket('kalshi', read.ticker)
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
    const outcome = msg.taker_outcome_side
    sink.trade({
      venue: 'kalshi',
      market: msg.market_ticker,
      outcome,
      // A taker who sells one outcome is told as the buyer of the other. docs/venues/kalshi.md, 4.2.
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

const handledTypes = new Set([
  'subscribed',
  'unsubscribed',
  'ok',
  'error',
  'trade',
  'market_lifecycle_v2',
])

/** What the schema read, laid into the frame that the scanner would have filled. */
export function fillFrame(
  frame: BookFrame,
  read:
    | { readonly kind: 'delta'; readonly value: OrderbookDelta }
    | { readonly kind: 'snapshot'; readonly value: OrderbookSnapshot },
  books: BookTable,
): void {
  frame.kind = read.kind
  frame.sid = read.value.sid
  frame.seq = read.value.seq
  frame.entry = books.byMarket('kalshi', read.value.msg.market_ticker)
  frame.yesCount = 0
  frame.noCount = 0
  if (read.kind === 'delta') {
    const { msg } = read.value
    frame.side = msg.side
    frame.price = msg.price_dollars
    frame.change = msg.delta_fp
    return
  }
  const { yes_dollars_fp: yes, no_dollars_fp: no } = read.value.msg
  frame.yesCount = yes?.length ?? 0
  frame.noCount = no?.length ?? 0
  let at = 0
  for (const [price, size] of [...(yes ?? []), ...(no ?? [])]) {
    frame.levels[at++] = price
    frame.levels[at++] = size
  }
}

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

/** The value of YES by the venue's result. Undefined when it says none. docs/venues/kalshi.md, 8.3. */
export function resolutionOf(result: string, value: string | undefined): Resolution | undefined {
  if (result === 'yes') return { yesValue: ppm(1_000_000) }
  if (result === 'no') return { yesValue: ppm(0) }
  if (result !== 'scalar' || value === undefined) return undefined
  const yesValue = parseDecimal(value, 6)
  return yesValue === undefined ? undefined : { yesValue: ppm(yesValue) }
}
