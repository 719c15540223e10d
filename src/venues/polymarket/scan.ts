import { readBestPrice, readHash, readPrice, readSize, readTimestamp, unread } from './digits.ts'
import type { EventBatch } from './event-batch.ts'
import { eventKind, hashWords, neverTraded, unknownToken, untold } from './event-batch.ts'
import { JsonCursor } from './json-cursor.ts'
import { lastTradeCode } from './last-trade.ts'
import type { TokenTable } from './token-table.ts'

/**
 * Reads the messages that move books in any order of keys, with any white space and with keys we
 * do not know, byte by byte. What it cannot be sure of it leaves to the schema layer.
 */
export class FrameScanner {
  readonly #batch: EventBatch
  readonly #tokens: TokenTable
  readonly #cursor: JsonCursor = new JsonCursor()
  #view: DataView = new DataView(new ArrayBuffer(0))
  /** The keys of the message at hand, and of its entry at hand, that were seen: a bit each. */
  #seen = 0
  #seenInRow = 0
  #kind = 0
  /** Where the condition id and the token id of the message begin. */
  #market = 0
  #asset = 0
  #assetEnd = 0

  constructor(batch: EventBatch, tokens: TokenTable) {
    this.#batch = batch
    this.#tokens = tokens
  }

  /** Whether the whole frame was read. 128 bytes after its end must be readable. */
  read(view: DataView, bytes: Uint8Array, start: number, end: number): boolean {
    const cursor = this.#cursor
    this.#view = view
    cursor.open(bytes, start, end)
    if (!cursor.take(openBracket)) return this.#message() && cursor.isAtEnd()
    if (cursor.take(closeBracket)) return cursor.isAtEnd()
    do {
      if (!this.#message()) return false
    } while (cursor.take(comma))
    return cursor.take(closeBracket) && cursor.isAtEnd()
  }

  #message(): boolean {
    const cursor = this.#cursor
    const batch = this.#batch
    if (batch.eventCount === batch.eventsMax || !cursor.take(openBrace)) return false

    const event = batch.eventCount
    const row = batch.rowCount
    batch.token[event] = unknownToken
    batch.rowStart[event] = row
    batch.bidsEnd[event] = row
    batch.tick[event] = untold
    batch.lastTrade[event] = untold
    batch.bookHash[event * hashWords] = 0
    batch.detail[event] = undefined
    this.#seen = 0
    this.#seenInRow = 0
    // A trade and a best price are a row of their own; nobody reads it in the other messages.
    if (!this.#hasRoom()) return false
    this.#clearRow(row)
    do {
      if (!cursor.key() || !this.#member(event, row)) return false
    } while (cursor.take(comma))
    return cursor.take(closeBrace) && this.#close(event)
  }

  /** Takes the value of a key of a message. */
  #member(event: number, row: number): boolean {
    const cursor = this.#cursor
    const key = keyOf(cursor)
    if (key === keyBit.other) return cursor.scalar()
    if ((this.#seen & key) !== 0) return false
    this.#seen |= key
    switch (key) {
      case keyBit.bids:
      case keyBit.asks:
        return this.#side(event, key)
      case keyBit.priceChanges:
        return this.#entries()
      case keyBit.price:
      case keyBit.size:
      case keyBit.side:
      case keyBit.bestBid:
      case keyBit.bestAsk:
        return (this.#seen & rowsKeys) === 0 && this.#rowValue(key, row)
      default:
        return cursor.string() && this.#messageValue(key, event)
    }
  }

  /** Reads a string value of a message, which the cursor has just found. */
  #messageValue(key: number, event: number): boolean {
    const { from, to } = this.#cursor
    const batch = this.#batch
    const view = this.#view
    switch (key) {
      case keyBit.eventType:
        this.#kind = this.#kindOf()
        return this.#kind !== eventKind.unknown
      case keyBit.market:
        this.#market = from
        return to - from === marketLength
      case keyBit.asset:
        this.#asset = from
        this.#assetEnd = to
        return to - from >= digitsMin
      case keyBit.timestamp:
        return to - from === 13 && readTimestamp(view, from, batch.timestamp, event)
      case keyBit.hash:
        return to - from === 40 && readHash(view, from, batch.bookHash, event)
      case keyBit.tickSize:
      case keyBit.newTickSize: {
        const tick = this.#price(from, to)
        batch.tick[event] = tick
        return tick > 0 && 10_000 % tick === 0
      }
      case keyBit.lastTradePrice: {
        const price = to === from ? 0 : this.#price(from, to)
        const decimals = to - from - 2
        batch.lastTrade[event] = to === from ? neverTraded : lastTradeCode(price, decimals)
        return to === from || (price !== unread && decimals > 0)
      }
    }
    return false
  }

  #kindOf(): number {
    const cursor = this.#cursor
    if (cursor.is('price_change')) return eventKind.change
    if (cursor.is('book')) return eventKind.book
    if (cursor.is('best_bid_ask')) return eventKind.bestBidAsk
    if (cursor.is('last_trade_price')) return eventKind.trade
    return cursor.is('tick_size_change') ? eventKind.tickSize : eventKind.unknown
  }

  /** Completes a message, when it has the keys of its kind, and rows of no other. */
  #close(event: number): boolean {
    const batch = this.#batch
    const kind = this.#kind
    const needed = neededBy[kind] as number
    if ((this.#seen & needed) !== needed || (this.#seen & keyBit.eventType) === 0) return false
    if ((this.#seen & (rowsKeys | keyBit.newTickSize) & ~needed) !== 0) return false
    if (kind === eventKind.tickSize && (this.#seen & keyBit.tickSize) !== 0) return false

    batch.kind[event] = kind
    if (kind === eventKind.change) {
      if (!this.#belongTogether(event)) return false
    } else {
      const token = this.#tokenAt(this.#asset, this.#assetEnd)
      if (token === unknownToken) return false
      if (!this.#tokens.marketIsAt(this.#view, this.#market, token)) return false
      batch.token[event] = token
      if (kind === eventKind.trade || kind === eventKind.bestBidAsk) {
        const row = batch.rowCount++
        batch.rowToken[row] = token
        if (kind === eventKind.bestBidAsk) {
          if (batch.rowBestBid[row] === untold || batch.rowBestAsk[row] === untold) return false
        }
      }
    }
    batch.rowEnd[event] = batch.rowCount
    batch.eventCount++
    return true
  }

  /** Whether every entry of a change is of the market that the message names. */
  #belongTogether(event: number): boolean {
    const batch = this.#batch
    for (let row = batch.rowStart[event] as number; row < batch.rowCount; row++) {
      const token = batch.rowToken[row] as number
      if (!this.#tokens.marketIsAt(this.#view, this.#market, token)) return false
    }
    return true
  }

  /** The levels of one side of a book. The bids must come first, or the rows would be mixed. */
  #side(event: number, key: number): boolean {
    const cursor = this.#cursor
    const side = key === keyBit.bids ? 0 : 1
    if (side === 0 && (this.#seen & (keyBit.asks | keyBit.priceChanges)) !== 0) return false
    if (side === 1 && (this.#seen & keyBit.bids) === 0) return false
    if (!cursor.take(openBracket)) return false
    if (!cursor.take(closeBracket)) {
      do {
        if (!this.#row(levelKeys)) return false
        this.#batch.rowSide[this.#batch.rowCount - 1] = side
      } while (cursor.take(comma))
      if (!cursor.take(closeBracket)) return false
    }
    if (side === 0) this.#batch.bidsEnd[event] = this.#batch.rowCount
    return true
  }

  /** The entries of a price change; none at all is somebody else's question. */
  #entries(): boolean {
    const cursor = this.#cursor
    if ((this.#seen & (keyBit.bids | keyBit.asks)) !== 0 || !cursor.take(openBracket)) return false
    do {
      if (!this.#row(entryKeys)) return false
    } while (cursor.take(comma))
    return cursor.take(closeBracket)
  }

  /** One level or entry. */
  #row(needed: number): boolean {
    const cursor = this.#cursor
    const batch = this.#batch
    if (!this.#hasRoom() || !cursor.take(openBrace)) return false
    const row = batch.rowCount
    this.#clearRow(row)
    this.#seenInRow = 0
    do {
      if (!cursor.key()) return false
      const key = keyOf(cursor)
      const isKnown = (key & rowKeys) !== 0 && ((key & levelKeys) !== 0 || needed === entryKeys)
      if (isKnown ? !this.#rowValue(key, row) : !cursor.scalar()) return false
    } while (cursor.take(comma))
    if (!cursor.take(closeBrace) || (this.#seenInRow & needed) !== needed) return false
    batch.rowCount++
    return true
  }

  /** Takes the value of a key of a level, of an entry, or of a message that is a row itself. */
  #rowValue(key: number, row: number): boolean {
    const cursor = this.#cursor
    const batch = this.#batch
    if ((this.#seenInRow & key) !== 0) return false
    this.#seenInRow |= key
    if (!cursor.string()) {
      // Only a best price may be null, and then it is not told; the cursor has taken nothing.
      return (key & (keyBit.bestBid | keyBit.bestAsk)) !== 0 && cursor.word('null')
    }
    const { from, to } = cursor
    switch (key) {
      case keyBit.asset: {
        const token = this.#tokenAt(from, to)
        batch.rowToken[row] = token
        return token !== unknownToken
      }
      case keyBit.price: {
        const price = this.#price(from, to)
        batch.rowPrice[row] = price
        return price !== unread
      }
      case keyBit.size:
        return readSize(this.#view, from, batch.rowSize, row) === to - from
      case keyBit.side:
        batch.rowSide[row] = cursor.is('BUY') ? 0 : 1
        return cursor.is('BUY') || cursor.is('SELL')
      case keyBit.hash:
        return to - from === 40 && readHash(this.#view, from, batch.rowHash, row)
      case keyBit.bestBid: {
        const bid = readBestPrice(this.#view, from, 0)
        batch.rowBestBid[row] = bid >> 4
        return bid !== unread && (bid & 15) === to - from
      }
      case keyBit.bestAsk: {
        const ask = readBestPrice(this.#view, from, 10_000)
        batch.rowBestAsk[row] = ask >> 4
        return ask !== unread && (ask & 15) === to - from
      }
    }
    return false
  }

  #hasRoom(): boolean {
    return this.#batch.grow(this.#batch.rowCount + 1)
  }

  #clearRow(row: number): void {
    const batch = this.#batch
    batch.rowToken[row] = unknownToken
    batch.rowSide[row] = 0
    batch.rowBestBid[row] = untold
    batch.rowBestAsk[row] = untold
    batch.rowHash[row * hashWords] = 0
  }

  #price(from: number, to: number): number {
    const priced = readPrice(this.#view, from)
    return priced !== unread && (priced & 15) === to - from ? priced >> 4 : unread
  }

  #tokenAt(from: number, to: number): number {
    const length = to - from
    if (length < digitsMin) return unknownToken
    const token = this.#tokens.find(this.#view, from)
    return token !== unknownToken && this.#tokens.lengthOf(token) === length ? token : unknownToken
  }
}

const comma = 0x2c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** A condition id: 0x and 64 digits. */
const marketLength = 66
/** Shorter tokens are left to the schema layer. */
const digitsMin = 72

/** The keys we read, a bit each. */
const keyBit = {
  other: 0,
  eventType: 1,
  market: 1 << 1,
  asset: 1 << 2,
  timestamp: 1 << 3,
  hash: 1 << 4,
  bids: 1 << 5,
  asks: 1 << 6,
  tickSize: 1 << 7,
  lastTradePrice: 1 << 8,
  priceChanges: 1 << 9,
  price: 1 << 10,
  size: 1 << 11,
  side: 1 << 12,
  bestBid: 1 << 13,
  bestAsk: 1 << 14,
  newTickSize: 1 << 15,
} as const

/** Keys whose values are many rows. */
const rowsKeys = keyBit.bids | keyBit.asks | keyBit.priceChanges
const levelKeys = keyBit.price | keyBit.size
const entryKeys = levelKeys | keyBit.asset | keyBit.side | keyBit.hash
const rowKeys = entryKeys | keyBit.bestBid | keyBit.bestAsk

const ofToken = keyBit.market | keyBit.asset | keyBit.timestamp
/** What a message of each kind must have. */
const neededBy: readonly number[] = [
  ofToken | keyBit.bids | keyBit.asks,
  keyBit.market | keyBit.timestamp | keyBit.priceChanges,
  ofToken | levelKeys | keyBit.side,
  ofToken | keyBit.bestBid | keyBit.bestAsk,
  ofToken | keyBit.newTickSize,
]

/** The key that the cursor has just taken. Its length leaves few to compare with. */
function keyOf(cursor: JsonCursor): number {
  switch (cursor.to - cursor.from) {
    case 4:
      if (cursor.is('size')) return keyBit.size
      if (cursor.is('side')) return keyBit.side
      if (cursor.is('hash')) return keyBit.hash
      if (cursor.is('bids')) return keyBit.bids
      return cursor.is('asks') ? keyBit.asks : keyBit.other
    case 5:
      return cursor.is('price') ? keyBit.price : keyBit.other
    case 6:
      return cursor.is('market') ? keyBit.market : keyBit.other
    case 8:
      if (cursor.is('asset_id')) return keyBit.asset
      if (cursor.is('best_bid')) return keyBit.bestBid
      return cursor.is('best_ask') ? keyBit.bestAsk : keyBit.other
    case 9:
      if (cursor.is('timestamp')) return keyBit.timestamp
      return cursor.is('tick_size') ? keyBit.tickSize : keyBit.other
    case 10:
      return cursor.is('event_type') ? keyBit.eventType : keyBit.other
    case 13:
      if (cursor.is('price_changes')) return keyBit.priceChanges
      return cursor.is('new_tick_size') ? keyBit.newTickSize : keyBit.other
    case 16:
      return cursor.is('last_trade_price') ? keyBit.lastTradePrice : keyBit.other
  }
  return keyBit.other
}
