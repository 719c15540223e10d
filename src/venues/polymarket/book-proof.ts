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
    at = this.#prependMillionths(at, (size - whole * microPerShare) | 0)
    at = this.#prependWhole(at, whole)
    at -= 10
    view.setFloat64(at, sizeHead, true)
    view.setFloat64(at + 2, sizeTail, true)
    at = this.#prependTicks(at, price)
    at -= 11
    view.setFloat64(at, priceHead, true)
    view.setFloat64(at + 3, priceTail, true)
    this.#at = at
  }

  /**
   * The point and up to four digits after it, without trailing zeros; nothing when all are zero.
   *
   * Four bytes are always written, the last of them the last digit. What stands before the digits
   * does not matter: the text grows to the front, over it.
   */
  #prependTicks(end: number, value: number): number {
    if (value === 0) return end

    this.#view.setUint32(end - 4, fractionWords[value] as number, true)
    const at = end - 1 - (fractionLengths[value] as number)
    this.#bytes[at] = point
    return at
  }

  /** The point and up to six digits. Sizes hardly ever have more than four. */
  #prependMillionths(end: number, value: number): number {
    const tenThousandths = (value / 100) | 0
    if (tenThousandths * 100 === value) return this.#prependTicks(end, tenThousandths)

    let at = end
    let left = value
    let digits = 6
    while (left % 10 === 0) {
      left = (left / 10) | 0
      digits--
    }
    for (; digits > 0; digits--) {
      const rest = (left / 10) | 0
      this.#bytes[--at] = zero + left - rest * 10
      left = rest
    }
    this.#bytes[--at] = point
    return at
  }

  #prependWhole(end: number, value: number): number {
    let at = end
    let left = value
    while (left >= 10_000) {
      const rest = Math.floor(left / 10_000)
      this.#view.setUint32(at - 4, wholeWords[left - rest * 10_000] as number, true)
      at -= 4
      left = rest
    }
    this.#view.setUint32(at - 4, wholeWords[left] as number, true)
    return at - (left < 10 ? 1 : left < 100 ? 2 : left < 1_000 ? 3 : 4)
  }

  #prepend(text: string): void {
    this.#at -= text.length
    this.#bytes.write(text, this.#at, 'latin1')
  }
}

/** Text as doubles, eight characters each: one store instead of eight. */
const priceHead = word('{"price"')
const priceTail = word('rice":"0')
const sizeHead = word('","size"')
const sizeTail = word('"size":"')
/** `"}` as the two bytes of a number. */
const levelEnd = 0x7d22

/** Of each number below ten thousand: its four digits, zeros before them, as four characters. */
const wholeWords: Uint32Array = new Uint32Array(10_000)
/** The same without trailing zeros, as digits after a point are written; and how many are left. */
const fractionWords: Uint32Array = new Uint32Array(10_000)
const fractionLengths: Uint8Array = new Uint8Array(10_000)
for (let value = 0; value < wholeWords.length; value++) {
  let kept = value
  let length = 4
  while (length > 0 && kept % 10 === 0) {
    kept /= 10
    length--
  }
  wholeWords[value] = fourDigits(value)
  fractionWords[value] = fourDigits(kept)
  fractionLengths[value] = length
}

/** Four characters as the bytes of a number, the first of them the lowest. */
function fourDigits(value: number): number {
  const digit = (unit: number): number => Math.floor(value / unit) % 10
  return 0x30303030 + digit(1_000) + (digit(100) << 8) + (digit(10) << 16) + (digit(1) << 24)
}

function word(text: string): number {
  return Buffer.from(text, 'latin1').readDoubleLE(0)
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

const comma = 0x2c
const point = 0x2e
const zero = 0x30
