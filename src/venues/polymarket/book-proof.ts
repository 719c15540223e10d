import { hash } from 'node:crypto'
import { formatPrice, formatSize } from '../../core/decimal.ts'
import type { OrderBook } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement, microPerShare, noAsk, noBid } from '../../core/units.ts'
import { lastTradeText } from './last-trade.ts'

/** All that the hash of a book covers besides its levels. docs/venues/polymarket.md, 4.7. */
export type ProofFacts = {
  readonly market: string
  readonly asset: string
  /** Of the message that led to the book, in milliseconds. */
  readonly timestamp: number
  readonly sizeMin: MicroShares
  readonly tick: Ticks
  readonly negRisk: boolean
}

/** Room after the levels: the last trade price and the end of the text. */
const tailRoom = 32
/** Room that the text before the levels, or one more level, surely fits in. */
const headRoom = 512

/**
 * Recomputes the SHA-1 that Polymarket gives a book. docs/venues/polymarket.md, 4.7.
 *
 * The text is written from its end, because the best level stands last in both arrays and a book
 * is walked from its best. So only the last trade price, which may have to be guessed, is written
 * again for another try.
 */
export class BookProof {
  #bytes: Buffer = Buffer.alloc(64 * 1024)
  #view: DataView = viewOf(this.#bytes)
  #start = 0
  #at = 0

  /** Writes the book as the token on this side of it sees it. */
  write(facts: ProofFacts, book: OrderBook, orientation: 'direct' | 'mirrored'): void {
    while (!this.#tryWrite(facts, book, orientation)) {
      this.#bytes = Buffer.alloc(2 * this.#bytes.length)
      this.#view = viewOf(this.#bytes)
    }
  }

  /** The hash of the book last written, had the market this last trade. */
  digest(lastTrade: number): string {
    const tail = this.#bytes.length - tailRoom
    const length = this.#bytes.write(`${lastTradeText(lastTrade)}"}`, tail, 'latin1')
    return hash('sha1', this.#bytes.subarray(this.#start, tail + length), 'hex')
  }

  #tryWrite(facts: ProofFacts, book: OrderBook, orientation: 'direct' | 'mirrored'): boolean {
    this.#at = this.#bytes.length - tailRoom
    this.#prepend(
      `],"min_order_size":"${formatSize(facts.sizeMin)}","tick_size":"${formatPrice(facts.tick)}"` +
        `,"neg_risk":${facts.negRisk},"last_trade_price":"`,
    )
    const direct = orientation === 'direct'
    if (!(direct ? this.#prependAsks(book, 0) : this.#prependBids(book, 1))) return false
    this.#prepend('],"asks":[')
    if (!(direct ? this.#prependBids(book, 0) : this.#prependAsks(book, 1))) return false
    this.#prepend(
      `{"market":"${facts.market}","asset_id":"${facts.asset}"` +
        `,"timestamp":"${facts.timestamp}","hash":"","bids":[`,
    )
    this.#start = this.#at
    return true
  }

  #prependBids(book: OrderBook, mirror: 0 | 1): boolean {
    for (let price = book.bestBid; price !== noBid; price = book.nextBid(price)) {
      if (this.#at < headRoom) return false
      if (price !== book.bestBid) this.#bytes[--this.#at] = comma
      this.#prependLevel(mirror === 1 ? complement(price) : price, book.sizeAt(bidSide, price))
    }
    return true
  }

  #prependAsks(book: OrderBook, mirror: 0 | 1): boolean {
    for (let price = book.bestAsk; price !== noAsk; price = book.nextAsk(price)) {
      if (this.#at < headRoom) return false
      if (price !== book.bestAsk) this.#bytes[--this.#at] = comma
      this.#prependLevel(mirror === 1 ? complement(price) : price, book.sizeAt(askSide, price))
    }
    return true
  }

  #prependLevel(price: Ticks, size: MicroShares): void {
    const whole = Math.floor(size / microPerShare)
    const view = this.#view
    let at = this.#at - 2
    view.setUint16(at, levelEnd, true)
    at = this.#prependFraction(at, (size - whole * microPerShare) | 0, 6)
    at = this.#prependWhole(at, whole)
    at -= 10
    view.setFloat64(at, sizeHead, true)
    view.setFloat64(at + 2, sizeTail, true)
    at = this.#prependFraction(at, price, 4)
    at -= 11
    view.setFloat64(at, priceHead, true)
    view.setFloat64(at + 3, priceTail, true)
    this.#at = at
  }

  /** The point and the digits after it, without trailing zeros; nothing when all are zero. */
  #prependFraction(end: number, value: number, decimals: 4 | 6): number {
    if (value === 0) return end

    const bytes = this.#bytes
    let at = end
    let left = value | 0
    let digits: number = decimals
    while (left % 10 === 0) {
      left = (left / 10) | 0
      digits--
    }
    for (; digits > 0; digits--) {
      const rest = (left / 10) | 0
      bytes[--at] = zero + left - rest * 10
      left = rest
    }
    bytes[--at] = point
    return at
  }

  #prependWhole(end: number, value: number): number {
    const bytes = this.#bytes
    let at = end
    let left = value
    do {
      const rest = Math.floor(left / 10)
      bytes[--at] = zero + left - rest * 10
      left = rest
    } while (left > 0)
    return at
  }

  #prepend(text: string): void {
    this.#at -= text.length
    for (let index = 0; index < text.length; index++) {
      this.#bytes[this.#at + index] = text.charCodeAt(index)
    }
  }
}

/** Text as doubles, eight characters each: one store instead of eight. */
const priceHead = word('{"price"')
const priceTail = word('rice":"0')
const sizeHead = word('","size"')
const sizeTail = word('"size":"')
/** `"}` as the two bytes of a number. */
const levelEnd = 0x7d22

function word(text: string): number {
  return Buffer.from(text, 'latin1').readDoubleLE(0)
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const comma = 0x2c
const point = 0x2e
const zero = 0x30
