import { readBestPrice, readHash, readPrice, readSize, readTimestamp, unread } from './digits.ts'
import type { EventBatch } from './event-batch.ts'
import { eventKind, unknownToken, untold } from './event-batch.ts'
import { lastTradeCode } from './last-trade.ts'
import type { Literals } from './literals.ts'
import {
  after16,
  after24,
  after32,
  after40,
  afterAny,
  compactLiterals,
  is16,
  placeOf,
  spacedLiterals,
  wordAt,
} from './literals.ts'
import type { TokenTable } from './token-table.ts'

/**
 * Reads frames that look exactly as the venue writes them, without a copy and without a string.
 *
 * Anything else at all, and the frame is left to the scanner. Written for speed: the place is a
 * local number, values go straight into the batch, and functions are cut so that the compiler
 * still puts the small ones in place. `spaces` is 1 where a space follows each comma, else 0.
 * docs/venues/polymarket.md, 4.2 to 4.5.
 */
export class FrameTemplates {
  readonly #batch: EventBatch
  readonly #tokens: TokenTable

  constructor(batch: EventBatch, tokens: TokenTable) {
    this.#batch = batch
    this.#tokens = tokens
  }

  /** Whether the whole frame was read. 128 bytes of anything must be readable after its end. */
  read(view: DataView, start: number, frameEnd: number): boolean {
    let end = frameEnd
    // The first dump ends with a new line. docs/venues/polymarket.md, 4.2.
    if (end > start && view.getUint8(end - 1) === newLine) end--
    if (view.getUint8(start) !== openBracket) return this.#message(view, start) === end

    let p = start + 1
    for (;;) {
      p = this.#message(view, p)
      if (p === unread || p >= end) return false
      const next = view.getUint8(p)
      if (next === closeBracket) return p + 1 === end
      if (next !== comma) return false
      p = (p + (view.getUint8(p + 1) === space ? 2 : 1)) | 0
    }
  }

  /** Reads one message at `p`; gives the place after it. */
  #message(view: DataView, p: number): number {
    if (view.getFloat64(p, true) !== marketHead) return unread
    if (view.getFloat64(p + 3, true) !== marketTail) return unread
    if (this.#batch.eventCount === this.#batch.eventsMax) return unread

    const market = p + 11
    const spaces = view.getUint8(market + 68) === space ? 1 : 0
    const literals = spaces === 1 ? spacedLiterals : compactLiterals
    const changes = after40(view, market + 66, literals, priceChanges, 32 + spaces)
    if (changes !== unread) return this.#change(view, changes, market, literals, spaces)

    const asset = after16(view, market + 66, literals, assetId, 14 + spaces)
    if (asset === unread) return unread
    const token = this.#tokens.meet(view, asset)
    if (token === unknownToken || !this.#tokens.marketIsAt(view, market, token)) return unread
    const after = asset + this.#tokens.lengthOf(token)
    const first = after16(view, after, literals, timestamp, 15 + spaces)
    if (first !== unread) return this.#firstBook(view, first, token, literals, spaces)
    const trade = after16(view, after, literals, price, 11 + spaces)
    if (trade !== unread) return this.#trade(view, trade, token, literals, spaces)
    const best = after16(view, after, literals, bestBid, 14 + spaces)
    if (best !== unread) return this.#best(view, best, token, literals, spaces)
    return this.#laterBook(view, after, token, literals, spaces)
  }

  /** A price change from its first token on. */
  #change(
    view: DataView,
    start: number,
    market: number,
    literals: Literals,
    spaces: number,
  ): number {
    const batch = this.#batch
    const tokens = this.#tokens
    const event = batch.eventCount
    const rowsMax = batch.rowCapacity
    let row = batch.rowCount
    let p = start
    let token = tokens.find(view, p)
    if (token === unknownToken || !tokens.marketIsAt(view, market, token)) return unread
    for (;;) {
      if (row === rowsMax) return unread
      p = this.#entry(view, (p + tokens.lengthOf(token)) | 0, row, literals, spaces)
      if (p === unread) return unread
      batch.rowToken[row] = token
      row++
      const next = after24(view, p, literals, nextEntry, 16 + spaces)
      if (next === unread) break
      p = next
      const partner = tokens.partnerOf(token)
      if (tokens.isAt(view, p, partner)) token = partner
      else if (!tokens.isAt(view, p, token)) return unread
    }
    p = after24(view, p, literals, changesEnd, 17 + spaces)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = after32(view, p + 13, literals, priceChangeEnd, 30 + spaces)
    if (p !== unread) this.#add(event, eventKind.change, unknownToken, batch.rowCount, row)
    return p
  }

  /** One entry of a price change, from the end of its token. */
  #entry(view: DataView, start: number, row: number, w: Literals, spaces: number): number {
    const batch = this.#batch
    let p = start
    if (!is16(view, p, w, price, 3 + spaces)) return unread
    p = (p + 11 + spaces) | 0
    const priced = readPrice(view, p)
    if (priced === unread) return unread
    batch.rowPrice[row] = priced >> 4
    p = (p + (priced & 15)) | 0
    if (!is16(view, p, w, size, 2 + spaces)) return unread
    p = (p + 10 + spaces) | 0
    const sized = readSize(view, p, batch.rowSize, row)
    if (sized === unread) return unread
    p = (p + sized) | 0
    const isSell = view.getUint8(p + 10 + spaces) === letterS ? 1 : 0
    batch.rowSide[row] = isSell
    const side = isSell === 1 ? sellHash : buyHash
    p =
      spaces === 1 ? after32(view, p, w, side, 25 + isSell) : after24(view, p, w, side, 23 + isSell)
    if (p === unread || !readHash(view, p, batch.rowHash, row)) return unread
    p = (p + 40) | 0
    if (!is16(view, p, w, bestBid, 6 + spaces)) return unread
    p = (p + 14 + spaces) | 0
    const bid = readBestPrice(view, p, 0)
    if (bid === unread) return unread
    batch.rowBestBid[row] = bid >> 4
    p = (p + (bid & 15)) | 0
    if (!is16(view, p, w, bestAsk, 6 + spaces)) return unread
    p = (p + 14 + spaces) | 0
    const ask = readBestPrice(view, p, 10_000)
    if (ask === unread) return unread
    batch.rowBestAsk[row] = ask >> 4
    return (p + (ask & 15)) | 0
  }

  /** The best bid and, after its name, the best ask. */
  #top(view: DataView, start: number, row: number, literals: Literals, spaces: number): number {
    const batch = this.#batch
    const bid = readBestPrice(view, start, 0)
    if (bid === unread) return unread
    batch.rowBestBid[row] = bid >> 4
    const p = after16(view, start + (bid & 15), literals, bestAsk, 14 + spaces)
    if (p === unread) return unread
    const ask = readBestPrice(view, p, 10_000)
    if (ask === unread) return unread
    batch.rowBestAsk[row] = ask >> 4
    return (p + (ask & 15)) | 0
  }

  /** The book that a subscription is answered with, from its timestamp on. */
  #firstBook(
    view: DataView,
    start: number,
    token: number,
    literals: Literals,
    spaces: number,
  ): number {
    const batch = this.#batch
    const event = batch.eventCount
    const firstRow = batch.rowCount
    if (!readTimestamp(view, start, batch.timestamp, event)) return unread
    let p = after16(view, start + 13, literals, hash, 10 + spaces)
    if (p === unread || !readHash(view, p, batch.bookHash, event)) return unread
    p = this.#levels(view, p + 40, literals, spaces)
    if (p === unread) return unread
    p = after16(view, p, literals, tickSize, 15 + spaces)
    if (p === unread) return unread
    const tick = readPrice(view, p)
    if (tick === unread || tick >> 4 === 0 || 10_000 % (tick >> 4) !== 0) return unread
    p = afterAny(view, p + (tick & 15), literals, bookLastTrade, 42 + 2 * spaces)
    if (p === unread) return unread
    const lastTrade = readPrice(view, p)
    const length = lastTrade & 15
    if (lastTrade === unread || length < 3) return unread
    p = (p + length) | 0
    if (view.getUint16(p, true) !== quoteBrace) return unread

    batch.tick[event] = tick >> 4
    batch.lastTrade[event] = lastTradeCode(lastTrade >> 4, length - 2)
    this.#add(event, eventKind.book, token, firstRow, batch.rowCount)
    return p + 2
  }

  /** The book after a trade, from the end of its token. */
  #laterBook(
    view: DataView,
    start: number,
    token: number,
    literals: Literals,
    spaces: number,
  ): number {
    const batch = this.#batch
    const event = batch.eventCount
    const firstRow = batch.rowCount
    let p = this.#levels(view, start, literals, spaces)
    if (p === unread) return unread
    p = after16(view, p, literals, hashAfterAsks, 10 + spaces)
    if (p === unread || !readHash(view, p, batch.bookHash, event)) return unread
    p = after16(view, p + 40, literals, timestamp, 15 + spaces)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = afterAny(view, p + 13, literals, bookEnd, 22 + spaces)
    if (p === unread) return unread

    batch.tick[event] = untold
    batch.lastTrade[event] = untold
    this.#add(event, eventKind.book, token, firstRow, batch.rowCount)
    return p
  }

  /** Both sides of a book, from the quote before `"bids"` to the bracket that closes the asks. */
  #levels(view: DataView, start: number, literals: Literals, spaces: number): number {
    let p = after16(view, start, literals, bids, 10 + spaces)
    if (p === unread) return unread
    p = this.#side(view, p, 0, literals, spaces)
    if (p === unread) return unread
    this.#batch.bidsEnd[this.#batch.eventCount] = this.#batch.rowCount
    p = after16(view, p, literals, asks, 10 + spaces)
    return p === unread ? unread : this.#side(view, p, 1, literals, spaces)
  }

  /** The levels of one side, from after the bracket that opens them to the one that closes them. */
  #side(view: DataView, start: number, side: number, literals: Literals, spaces: number): number {
    const batch = this.#batch
    const { rowPrice, rowSize, rowSide } = batch
    const rowsMax = batch.rowCapacity
    let row = batch.rowCount
    if (view.getUint8(start) === closeBracket) return start
    if (view.getFloat64(start, true) !== levelHead) return unread
    if (view.getFloat64(start + 2, true) !== levelTail) return unread
    let p = (start + 10) | 0
    for (;;) {
      if (row === rowsMax) return unread
      const priced = readPrice(view, p)
      if (priced === unread) return unread
      rowPrice[row] = priced >> 4
      p = (p + (priced & 15)) | 0
      if (!is16(view, p, literals, size, 2 + spaces)) return unread
      p = (p + 10 + spaces) | 0
      const sized = readSize(view, p, rowSize, row)
      if (sized === unread) return unread
      rowSide[row] = side
      row = (row + 1) | 0
      p = (p + sized) | 0
      if (!is16(view, p, literals, nextLevel, 5 + spaces)) break
      p = (p + 13 + spaces) | 0
    }
    batch.rowCount = row
    const isClosed = view.getUint16(p, true) === quoteBrace && view.getUint8(p + 2) === closeBracket
    return isClosed ? p + 2 : unread
  }

  /** A best bid and ask, from the bid's value on. */
  #best(view: DataView, start: number, token: number, literals: Literals, spaces: number): number {
    const batch = this.#batch
    const event = batch.eventCount
    const row = batch.rowCount
    if (row === batch.rowCapacity) return unread
    let p = this.#top(view, start, row, literals, spaces)
    if (p === unread) return unread
    p = after16(view, p, literals, spread, 12 + spaces)
    if (p === unread) return unread
    const wide = readPrice(view, p)
    if (wide === unread) return unread
    p = after16(view, p + (wide & 15), literals, timestamp, 15 + spaces)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = after32(view, p + 13, literals, bestEnd, 30 + spaces)
    if (p === unread) return unread

    batch.rowToken[row] = token
    this.#add(event, eventKind.bestBidAsk, token, row, row + 1)
    return p
  }

  /** A trade, from its price on. No capture shows the order of these keys: others are scanned. */
  #trade(view: DataView, start: number, token: number, literals: Literals, spaces: number): number {
    const batch = this.#batch
    const event = batch.eventCount
    const row = batch.rowCount
    if (row === batch.rowCapacity) return unread
    const priced = readPrice(view, start)
    if (priced === unread) return unread
    let p = after16(view, start + (priced & 15), literals, size, 10 + spaces)
    if (p === unread) return unread
    const sized = readSize(view, p, batch.rowSize, row)
    if (sized === unread) return unread
    p = after24(view, p + sized, literals, feeRate, 18 + spaces)
    if (p === unread) return unread
    p = afterDigits(view, p)
    const isSell = view.getUint8(p + 10 + spaces) === letterS ? 1 : 0
    const side = isSell === 1 ? sellTimestamp : buyTimestamp
    p = after32(view, p, literals, side, 28 + isSell + 2 * spaces)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = this.#tradeEnd(view, p + 13, literals, spaces)
    if (p === unread) return unread

    batch.rowToken[row] = token
    batch.rowSide[row] = isSell
    batch.rowPrice[row] = priced >> 4
    this.#add(event, eventKind.trade, token, row, row + 1)
    return p
  }

  /**
   * The kind of a trade and, where it is told, the transaction; gives the place after the trade.
   */
  #tradeEnd(view: DataView, start: number, literals: Literals, spaces: number): number {
    let p = after40(view, start, literals, tradeKind, 33 + spaces)
    if (p === unread) return unread
    if (view.getUint8(p) !== closeBrace) {
      p = after24(view, p, literals, transaction, 23 + spaces)
      if (p === unread) return unread
      for (const end = p + 64; p < end; p++) if (!isHexDigit(view.getUint8(p))) return unread
      if (view.getUint8(p++) !== quote) return unread
    }
    return view.getUint8(p) === closeBrace ? p + 1 : unread
  }

  #add(event: number, kind: number, token: number, firstRow: number, rowEnd: number): void {
    const batch = this.#batch
    batch.kind[event] = kind
    batch.token[event] = token
    batch.rowStart[event] = firstRow
    batch.rowEnd[event] = rowEnd
    batch.detail[event] = undefined
    batch.rowCount = rowEnd
    batch.eventCount = event + 1
  }
}

const quote = 0x22
const comma = 0x2c
const space = 0x20
const newLine = 0x0a
const letterS = 0x53
const openBracket = 0x5b
const closeBracket = 0x5d
const closeBrace = 0x7d
/** `"}` as a number, lowest byte first. */
const quoteBrace = 0x7d22

const marketHead = wordAt('{"market":"', 0)
const marketTail = wordAt('{"market":"', 3)
const levelHead = wordAt('{"price":"', 0)
const levelTail = wordAt('{"price":"', 2)

const price = placeOf('","price":"')
const size = placeOf('","size":"')
const buyHash = placeOf('","side":"BUY","hash":"')
const sellHash = placeOf('","side":"SELL","hash":"')
const bestBid = placeOf('","best_bid":"')
const bestAsk = placeOf('","best_ask":"')
const nextEntry = placeOf('"},{"asset_id":"')
const changesEnd = placeOf('"}],"timestamp":"')
const priceChangeEnd = placeOf('","event_type":"price_change"}')
const priceChanges = placeOf('","price_changes":[{"asset_id":"')
const assetId = placeOf('","asset_id":"')
const timestamp = placeOf('","timestamp":"')
const hash = placeOf('","hash":"')
const bids = placeOf('","bids":[')
const asks = placeOf('],"asks":[')
const tickSize = placeOf('],"tick_size":"')
const bookLastTrade = placeOf('","event_type":"book","last_trade_price":"')
const hashAfterAsks = placeOf('],"hash":"')
const bookEnd = placeOf('","event_type":"book"}')
const nextLevel = placeOf('"},{"price":"')
const spread = placeOf('","spread":"')
const feeRate = placeOf('","fee_rate_bps":"')
const buyTimestamp = placeOf('","side":"BUY","timestamp":"')
const sellTimestamp = placeOf('","side":"SELL","timestamp":"')
const tradeKind = placeOf('","event_type":"last_trade_price"')
const transaction = placeOf(',"transaction_hash":"0x')
const bestEnd = placeOf('","event_type":"best_bid_ask"}')

/** The place after the digits at `p`, of which we take eight at most. */
function afterDigits(view: DataView, p: number): number {
  let q = p
  while (q < p + 8 && isDigit(view.getUint8(q))) q++
  return q
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x61 && byte <= 0x66)
}
