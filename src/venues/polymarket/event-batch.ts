import type { ConditionId, MarketResolvedMessage, NewMarketMessage } from './wire.ts'

/** What one message of a frame says. Numbers, because the hot path switches on them. */
export const eventKind = {
  book: 0,
  change: 1,
  trade: 2,
  bestBidAsk: 3,
  tickSize: 4,
  newMarket: 5,
  resolved: 6,
  unknown: 7,
} as const

/** The venue's own names, by kind: the labels of the counters. */
export const eventNames: readonly string[] = [
  'book',
  'price_change',
  'last_trade_price',
  'best_bid_ask',
  'tick_size_change',
  'new_market',
  'market_resolved',
  'unknown',
]

/** A token that no book of ours belongs to. */
export const unknownToken = -1
/** A price that the message does not tell. */
export const untold = -1
/** The code of a last trade price sent as "": nobody has traded yet. */
export const neverTraded = -2

/** A hash is kept as its 40 characters, in five doubles: compared and copied without a string. */
export const hashWords = 5

/** Above this a frame is refused: no real one comes near, and memory has a limit. */
const rowsMax = 1 << 20

/** What only rare messages say, and only the schema layer reads. */
export type EventDetail =
  | { readonly kind: 'new-market'; readonly message: NewMarketMessage }
  | { readonly kind: 'resolved'; readonly message: MarketResolvedMessage }
  /** A change or a book of a market whose token we do not know. */
  | { readonly kind: 'of-market'; readonly market: ConditionId }

/**
 * The messages of one frame as flat arrays, filled by the decoder and emptied at the next frame.
 *
 * Rows are levels of a book (bids first) or entries of a price change. Prices are ticks and sizes
 * micro-shares in the terms of the row's own token: nothing is mirrored yet.
 */
export class EventBatch {
  eventCount: number = 0
  rowCount: number = 0

  readonly kind: Int32Array
  /** The token of a book, trade, best bid and ask, or tick size. */
  readonly token: Int32Array
  /** Milliseconds since 1970, the venue's clock. */
  readonly timestamp: Float64Array
  readonly rowStart: Int32Array
  /** Where the bids of a book end and its asks begin. */
  readonly bidsEnd: Int32Array
  readonly rowEnd: Int32Array
  /** The tick size a book or a change of it tells, in ticks; or {@link untold}. */
  readonly tick: Int32Array
  /** The last trade a book tells, as `last-trade.ts` encodes it, or {@link untold}. */
  readonly lastTrade: Int32Array
  /** The hash of a book; its first word is 0 when there is none. */
  readonly bookHash: Float64Array
  readonly detail: (EventDetail | undefined)[]

  rowToken: Int32Array
  /** 0 for BUY or a bid, 1 for SELL or an ask. */
  rowSide: Int32Array
  rowPrice: Int32Array
  rowSize: Float64Array
  /** Best prices after the change, as advertised; or {@link untold}. */
  rowBestBid: Int32Array
  rowBestAsk: Int32Array
  rowHash: Float64Array

  /** A frame of more messages than this is left to the layers that can say so. */
  readonly eventsMax: number

  constructor(eventsMax: number = 1024, rows: number = 4096) {
    this.eventsMax = eventsMax
    this.kind = new Int32Array(eventsMax)
    this.token = new Int32Array(eventsMax)
    this.timestamp = new Float64Array(eventsMax)
    this.rowStart = new Int32Array(eventsMax)
    this.bidsEnd = new Int32Array(eventsMax)
    this.rowEnd = new Int32Array(eventsMax)
    this.tick = new Int32Array(eventsMax)
    this.lastTrade = new Int32Array(eventsMax)
    this.bookHash = new Float64Array(eventsMax * hashWords)
    this.detail = Array.from({ length: eventsMax }, () => undefined)
    this.rowToken = new Int32Array(rows)
    this.rowSide = new Int32Array(rows)
    this.rowPrice = new Int32Array(rows)
    this.rowSize = new Float64Array(rows)
    this.rowBestBid = new Int32Array(rows)
    this.rowBestAsk = new Int32Array(rows)
    this.rowHash = new Float64Array(rows * hashWords)
  }

  get rowCapacity(): number {
    return this.rowToken.length
  }

  clear(): void {
    this.eventCount = 0
    this.rowCount = 0
  }

  /** Makes room for `rows` rows. False when that is more than a frame may hold. */
  grow(rows: number): boolean {
    if (rows <= this.rowCapacity) return true
    if (rows > rowsMax) return false

    let capacity = this.rowCapacity
    while (capacity < rows) capacity *= 2
    this.rowToken = grown(this.rowToken, new Int32Array(capacity))
    this.rowSide = grown(this.rowSide, new Int32Array(capacity))
    this.rowPrice = grown(this.rowPrice, new Int32Array(capacity))
    this.rowSize = grown(this.rowSize, new Float64Array(capacity))
    this.rowBestBid = grown(this.rowBestBid, new Int32Array(capacity))
    this.rowBestAsk = grown(this.rowBestAsk, new Int32Array(capacity))
    this.rowHash = grown(this.rowHash, new Float64Array(capacity * hashWords))
    return true
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, into: T): T {
  into.set(from)
  return into
}
