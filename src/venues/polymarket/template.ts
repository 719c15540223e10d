import { readBestPrice, readHash, readPrice, readSize, readTimestamp, unread } from './digits.ts'
import type { EventBatch } from './event-batch.ts'
import { eventKind, unknownToken, untold } from './event-batch.ts'
import { lastTradeCode } from './last-trade.ts'
import type { TokenTable } from './token-table.ts'

/**
 * Reads frames that look exactly as the venue writes them, without a copy and without a string.
 *
 * Literal text is compared eight bytes at a time, as doubles: ASCII is never NaN and never zero, so
 * a difference always shows. Anything else at all, and the frame is left to the scanner.
 * docs/venues/polymarket.md, 4.2 to 4.5.
 */
export class FrameTemplates {
  readonly #batch: EventBatch
  readonly #tokens: TokenTable

  constructor(batch: EventBatch, tokens: TokenTable) {
    this.#batch = batch
    this.#tokens = tokens
  }

  /** Whether the whole frame was read. 128 bytes after its end must be readable, whatever they are. */
  read(view: DataView, start: number, frameEnd: number): boolean {
    let end = frameEnd
    // The first dump ends with a new line. docs/venues/polymarket.md, 4.2.
    if (end > start && view.getUint8(end - 1) === newLine) end--
    if (view.getUint8(start) !== openBracket) return this.#element(view, start) === end

    let p = start + 1
    for (;;) {
      p = this.#element(view, p)
      if (p === unread || p >= end) return false
      const next = view.getUint8(p)
      if (next === closeBracket) return p + 1 === end
      if (next !== comma) return false
      p += view.getUint8(p + 1) === space ? 2 : 1
    }
  }

  /** Reads one message at `p`; gives the place after it. */
  #element(view: DataView, p: number): number {
    if (view.getFloat64(p, true) !== marketHead) return unread
    if (view.getFloat64(p + 3, true) !== marketTail) return unread
    if (this.#batch.eventCount === this.#batch.eventsMax) return unread

    const market = p + 11
    const isSpaced = view.getUint8(market + 68) === space
    const literals = isSpaced ? spacedText : compactText
    let q = literals.after(view, market + 66, priceChanges)
    if (q !== unread) return this.#change(view, q, market, literals)

    q = literals.after(view, market + 66, assetId)
    if (q === unread) return unread
    const token = this.#tokens.find(view, q)
    if (token === unknownToken || !this.#tokens.marketIsAt(view, market, token)) return unread
    const p1 = q + this.#tokens.lengthOf(token)
    q = literals.after(view, p1, timestamp)
    if (q !== unread) return this.#firstBook(view, q, token, literals)
    q = literals.after(view, p1, bestBid)
    if (q !== unread) return this.#best(view, q, token, literals)
    return this.#laterBook(view, p1, token, literals)
  }

  /** A price change from its first token on. */
  #change(view: DataView, start: number, market: number, literals: Literals): number {
    const batch = this.#batch
    const tokens = this.#tokens
    const event = batch.eventCount
    const firstRow = batch.rowCount
    const rowsMax = batch.rowCapacity
    let row = firstRow
    let p = start
    let token = tokens.find(view, p)
    if (token === unknownToken || !tokens.marketIsAt(view, market, token)) return unread
    for (;;) {
      if (row === rowsMax) return unread
      p = this.#entry(view, p + tokens.lengthOf(token), row, literals)
      if (p === unread) return unread
      batch.rowToken[row] = token
      row++
      const next = literals.after(view, p, nextEntry)
      if (next === unread) break
      p = next
      const partner = tokens.partnerOf(token)
      if (tokens.isAt(view, p, partner)) token = partner
      else if (!tokens.isAt(view, p, token)) return unread
    }
    p = literals.after(view, p, changesEnd)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = literals.after(view, p + 13, priceChangeEnd)
    if (p !== unread) this.#add(event, eventKind.change, unknownToken, firstRow, row)
    return p
  }

  /** One entry of a price change, from the end of its token. */
  #entry(view: DataView, start: number, row: number, literals: Literals): number {
    const batch = this.#batch
    let p = literals.after(view, start, price)
    if (p === unread) return unread
    const priced = readPrice(view, p)
    if (priced === unread) return unread
    batch.rowPrice[row] = priced >> 4
    p = literals.after(view, p + (priced & 15), size)
    if (p === unread) return unread
    const sized = readSize(view, p, batch.rowSize, row)
    if (sized === unread) return unread
    const sideAt = p + sized
    p = literals.after(view, sideAt, buyHash)
    batch.rowSide[row] = p === unread ? 1 : 0
    if (p === unread) p = literals.after(view, sideAt, sellHash)
    if (p === unread || !readHash(view, p, batch.rowHash, row)) return unread
    p = literals.after(view, p + 40, bestBid)
    return p === unread ? unread : this.#top(view, p, row, literals)
  }

  /** The best bid and, after its name, the best ask. */
  #top(view: DataView, start: number, row: number, literals: Literals): number {
    const batch = this.#batch
    const bid = readBestPrice(view, start, 0)
    if (bid === unread) return unread
    batch.rowBestBid[row] = bid >> 4
    const p = literals.after(view, start + (bid & 15), bestAsk)
    if (p === unread) return unread
    const ask = readBestPrice(view, p, 10_000)
    if (ask === unread) return unread
    batch.rowBestAsk[row] = ask >> 4
    return p + (ask & 15)
  }

  /** The book that a subscription is answered with, from its timestamp on. */
  #firstBook(view: DataView, start: number, token: number, literals: Literals): number {
    const batch = this.#batch
    const event = batch.eventCount
    const firstRow = batch.rowCount
    if (!readTimestamp(view, start, batch.timestamp, event)) return unread
    let p = literals.after(view, start + 13, hash)
    if (p === unread || !readHash(view, p, batch.bookHash, event)) return unread
    p = this.#levels(view, p + 40, literals)
    if (p === unread) return unread
    p = literals.after(view, p, tickSize)
    if (p === unread) return unread
    const tick = readPrice(view, p)
    if (tick === unread || tick >> 4 === 0 || 10_000 % (tick >> 4) !== 0) return unread
    p = literals.after(view, p + (tick & 15), bookLastTrade)
    if (p === unread) return unread
    const lastTrade = readPrice(view, p)
    const length = lastTrade & 15
    if (lastTrade === unread || length < 3) return unread
    p += length
    if (view.getUint16(p, true) !== quoteBrace) return unread

    batch.tick[event] = tick >> 4
    batch.lastTrade[event] = lastTradeCode(lastTrade >> 4, length - 2)
    this.#add(event, eventKind.book, token, firstRow, batch.rowCount)
    return p + 2
  }

  /** The book after a trade, from the end of its token. */
  #laterBook(view: DataView, start: number, token: number, literals: Literals): number {
    const batch = this.#batch
    const event = batch.eventCount
    const firstRow = batch.rowCount
    let p = this.#levels(view, start, literals)
    if (p === unread) return unread
    p = literals.after(view, p, hashAfterAsks)
    if (p === unread || !readHash(view, p, batch.bookHash, event)) return unread
    p = literals.after(view, p + 40, timestamp)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = literals.after(view, p + 13, bookEnd)
    if (p === unread) return unread

    batch.tick[event] = untold
    batch.lastTrade[event] = untold
    this.#add(event, eventKind.book, token, firstRow, batch.rowCount)
    return p
  }

  /** Both sides of a book, from the quote before `"bids"` to the bracket that closes the asks. */
  #levels(view: DataView, start: number, literals: Literals): number {
    let p = literals.after(view, start, bids)
    if (p === unread) return unread
    p = this.#side(view, p, 0, literals)
    if (p === unread) return unread
    this.#batch.bidsEnd[this.#batch.eventCount] = this.#batch.rowCount
    p = literals.after(view, p, asks)
    return p === unread ? unread : this.#side(view, p, 1, literals)
  }

  /** The levels of one side, from after the bracket that opens them to the one that closes them. */
  #side(view: DataView, start: number, side: number, literals: Literals): number {
    const batch = this.#batch
    const { rowPrice, rowSize, rowSide } = batch
    const rowsMax = batch.rowCapacity
    let row = batch.rowCount
    if (view.getUint8(start) === closeBracket) return start
    if (view.getFloat64(start, true) !== levelHead) return unread
    if (view.getFloat64(start + 2, true) !== levelTail) return unread
    let p = start + 10
    let next = p
    while (next !== unread) {
      p = next
      if (row === rowsMax) return unread
      const priced = readPrice(view, p)
      if (priced === unread) return unread
      rowPrice[row] = priced >> 4
      p = literals.after(view, p + (priced & 15), size)
      if (p === unread) return unread
      const sized = readSize(view, p, rowSize, row)
      if (sized === unread) return unread
      rowSide[row] = side
      row++
      p += sized
      next = literals.after(view, p, nextLevel)
    }
    batch.rowCount = row
    const isClosed = view.getUint16(p, true) === quoteBrace && view.getUint8(p + 2) === closeBracket
    return isClosed ? p + 2 : unread
  }

  /** A best bid and ask, from the bid's value on. */
  #best(view: DataView, start: number, token: number, literals: Literals): number {
    const batch = this.#batch
    const event = batch.eventCount
    const row = batch.rowCount
    if (row === batch.rowCapacity) return unread
    let p = this.#top(view, start, row, literals)
    if (p === unread) return unread
    p = literals.after(view, p, spread)
    if (p === unread) return unread
    const wide = readPrice(view, p)
    if (wide === unread) return unread
    p = literals.after(view, p + (wide & 15), timestamp)
    if (p === unread || !readTimestamp(view, p, batch.timestamp, event)) return unread
    p = literals.after(view, p + 13, bestEnd)
    if (p === unread) return unread

    batch.rowToken[row] = token
    this.#add(event, eventKind.bestBidAsk, token, row, row + 1)
    return p
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

const comma = 0x2c
const space = 0x20
const newLine = 0x0a
const openBracket = 0x5b
const closeBracket = 0x5d
/** `"}` as a number, lowest byte first. */
const quoteBrace = 0x7d22

const marketHead = wordOf('{"market":"', 0)
const marketTail = wordOf('{"market":"', 3)
const levelHead = wordOf('{"price":"', 0)
const levelTail = wordOf('{"price":"', 2)

/** The literal text between values; a number by which both spacings keep theirs. */
const texts: readonly string[] = [
  '","price_changes":[{"asset_id":"',
  '","asset_id":"',
  '","timestamp":"',
  '","bids":[',
  '","best_bid":"',
  '"},{"asset_id":"',
  '"}],"timestamp":"',
  '","event_type":"price_change"}',
  '","price":"',
  '","size":"',
  '","side":"BUY","hash":"',
  '","side":"SELL","hash":"',
  '","best_ask":"',
  '","hash":"',
  '],"asks":[',
  '],"tick_size":"',
  '","event_type":"book","last_trade_price":"',
  '],"hash":"',
  '","event_type":"book"}',
  '"},{"price":"',
  '","spread":"',
  '","event_type":"best_bid_ask"}',
]
const [
  priceChanges,
  assetId,
  timestamp,
  bids,
  bestBid,
  nextEntry,
  changesEnd,
  priceChangeEnd,
  price,
  size,
  buyHash,
  sellHash,
  bestAsk,
  hash,
  asks,
  tickSize,
  bookLastTrade,
  hashAfterAsks,
  bookEnd,
  nextLevel,
  spread,
  bestEnd,
] = texts.keys() as unknown as readonly [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  15,
  16,
  17,
  18,
  19,
  20,
  21,
]

/** Words that the longest literal takes, and so many places each gets. */
const wordsMax = 6

/** Every literal as overlapping words of eight bytes. */
class Literals {
  readonly #words: Float64Array = new Float64Array(texts.length * wordsMax)
  readonly #offsets: Int32Array = new Int32Array(texts.length * wordsMax)
  readonly #counts: Int32Array = new Int32Array(texts.length)
  readonly #lengths: Int32Array = new Int32Array(texts.length)

  constructor(written: readonly string[]) {
    for (const [index, text] of written.entries()) {
      const count = Math.ceil(text.length / 8)
      this.#counts[index] = count
      this.#lengths[index] = text.length
      for (let word = 0; word < count; word++) {
        const offset = Math.min(word * 8, text.length - 8)
        this.#offsets[index * wordsMax + word] = offset
        this.#words[index * wordsMax + word] = wordOf(text, offset)
      }
    }
  }

  /** The place after the literal, when it stands at `p`; else {@link unread}. */
  after(view: DataView, p: number, index: number): number {
    const base = index * wordsMax
    const end = base + (this.#counts[index] as number)
    for (let word = base; word < end; word++) {
      if (view.getFloat64(p + (this.#offsets[word] as number), true) !== this.#words[word]) {
        return unread
      }
    }
    return p + (this.#lengths[index] as number)
  }
}

function wordOf(text: string, offset: number): number {
  return Buffer.from(text, 'latin1').readDoubleLE(offset)
}

const compactText = new Literals(texts)
/** As single messages come: a space after each comma between items. */
const spacedText = new Literals(texts.map((text) => text.replaceAll(/,(?=["{])/g, ', ')))
