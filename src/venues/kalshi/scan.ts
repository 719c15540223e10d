import type { BookTable } from '../../ports/book-table.ts'
import { BookFrame } from './book-frame.ts'
import type { ByteLiteral } from './byte-literal.ts'
import { byteLiteral, matches } from './byte-literal.ts'
import { FieldScanner } from './field-scanner.ts'
import { TickerTable } from './ticker-table.ts'

/**
 * Reads the frames of the order book channel in place, without creating a string.
 *
 * Two layers: a template of the one layout Kalshi sends, and a scanner for any order of the known
 * fields. Each gives what JSON and the schema would give, or declines; it never differs.
 */
export class FrameScanner {
  readonly frame: BookFrame = new BookFrame()
  readonly #tickers: TickerTable = new TickerTable()
  readonly #fields: FieldScanner = new FieldScanner()
  #view: DataView = new DataView(new ArrayBuffer(0))

  /** Reads a delta laid out as Kalshi lays it out, of a market that has had one before. */
  readTemplate(bytes: Uint8Array, books: BookTable): boolean {
    if (bytes.length < templateLengthMin) return false
    const view = this.#viewOf(bytes)
    const start = bytes.byteOffset
    const end = start + bytes.length
    if (!matches(view, start, opening)) return false

    const sidAt = start + opening.length
    const sidEnd = skipDigits(view, sidAt, end)
    if (!isCount(view, sidAt, sidEnd) || sidEnd + templateRestMin > end) return false
    if (!matches(view, sidEnd, beforeSeq)) return false

    const seqAt = sidEnd + beforeSeq.length
    const seqEnd = skipDigits(view, seqAt, end)
    if (!isCount(view, seqAt, seqEnd) || seqEnd + templateRestMin > end) return false
    if (!matches(view, seqEnd, beforeTicker)) return false

    const tickerAt = seqEnd + beforeTicker.length
    const slot = this.#tickers.find(view, tickerAt, end)
    if (slot < 0) return false
    const priceAt = this.#tickers.afterPrologue(slot, view, tickerAt, end)
    if (priceAt < 0) return false
    const entry = this.#tickers.entryAt(slot, books)
    if (entry === undefined) return false

    const { frame } = this
    frame.kind = 'delta'
    frame.sid = digitsOf(view, sidAt, sidEnd)
    frame.seq = digitsOf(view, seqAt, seqEnd)
    frame.entry = entry
    return this.#readChange(view, priceAt, end)
  }

  /** From the digits of the price to the end of the frame. */
  #readChange(view: DataView, priceAt: number, end: number): boolean {
    if (priceAt + changeLengthMin > end) return false
    const price = fourDecimals(view, priceAt)
    if (price < 0 || !matches(view, priceAt + 6, beforeChange)) return false

    const signAt = priceAt + 6 + beforeChange.length
    const negative = view.getUint8(signAt) === minus
    const changeAt = negative ? signAt + 1 : signAt
    const changeEnd = skipDigits(view, changeAt, end)
    const digitCount = changeEnd - changeAt
    if (digitCount < 1 || digitCount > 9 || changeEnd + changeRestMin > end) return false
    if (view.getUint8(changeEnd) !== point) return false
    const tenths = view.getUint8(changeEnd + 1) - zero
    const hundredths = view.getUint8(changeEnd + 2) - zero
    if (!isDigit(tenths) || !isDigit(hundredths)) return false
    const count = digitsOf(view, changeAt, changeEnd) * 100 + tenths * 10 + hundredths

    const sideAt = changeEnd + 3
    const yes = matches(view, sideAt, yesSide)
    if (!yes && !matches(view, sideAt, noSide)) return false

    const { frame } = this
    frame.side = yes ? 'yes' : 'no'
    frame.price = price
    frame.change = (negative ? 0 - count : count) * microPerHundredth
    return endsAsDelta(view, sideAt + (yes ? yesSide.length : noSide.length), end)
  }

  /** Reads a delta or a snapshot with the known fields in any order. */
  readGeneric(bytes: Uint8Array, books: BookTable): boolean {
    const view = this.#viewOf(bytes)
    const start = bytes.byteOffset
    const read = this.#fields.read(view, start, start + bytes.length, this.frame)
    if (!read) return false

    const { tickerAt, tickerEnd, prologueEnd } = this.#fields
    this.frame.entry = this.#tickers.entryOf(view, tickerAt, tickerEnd, books)
    if (this.frame.entry !== undefined && prologueEnd > 0) {
      this.#tickers.learnPrologue(view, tickerAt, tickerEnd, prologueEnd)
    }
    return true
  }

  #viewOf(bytes: Uint8Array): DataView {
    if (bytes.buffer !== this.#view.buffer) this.#view = new DataView(bytes.buffer)
    return this.#view
  }
}

const zero = 0x30
const minus = 0x2d
const point = 0x2e
const quote = 0x22
const brace = 0x7d
const microPerHundredth = 10_000
/** Digits of a whole number that is surely a safe integer. */
const digitsMax = 15

const opening = byteLiteral('{"type":"orderbook_delta","sid":')
const beforeSeq = byteLiteral(',"seq":')
const beforeTicker = byteLiteral(',"msg":{"market_ticker":"')
const beforeChange = byteLiteral('","delta_fp":"')
const yesSide = byteLiteral('","side":"yes"')
const noSide = byteLiteral('","side":"no"')
const beforeTime = byteLiteral(',"ts":"')
const beforeTimeMs = byteLiteral(',"ts_ms":')
const beforeSent = byteLiteral(',"sending_ts_ms":')

/** No delta is shorter: so many bytes may be read before the first look at the end. */
const templateLengthMin = 128
/** After either number: the next literal is there in full. */
const templateRestMin = beforeTicker.length
/** After the prologue: the price, the next literal and one more byte are there. */
const changeLengthMin = 6 + beforeChange.length + 1
/** After the whole part of the change: its point, two digits and either side are there. */
const changeRestMin = 3 + yesSide.length

function isDigit(digit: number): boolean {
  return digit >= 0 && digit <= 9
}

function skipDigits(view: DataView, from: number, end: number): number {
  let at = from
  while (at < end && isDigit(view.getUint8(at) - zero)) at++
  return at
}

function digitsOf(view: DataView, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + (view.getUint8(at) - zero)
  return value
}

/** Whether the digits between two places are a whole number as JSON writes it. */
function isCount(view: DataView, from: number, to: number): boolean {
  const length = to - from
  return length === 1 || (length > 1 && length <= digitsMax && view.getUint8(from) !== zero)
}

/** "0.9600" or "1.0000" in ticks, or -1. */
function fourDecimals(view: DataView, at: number): number {
  const whole = view.getUint16(at, true) - 0x2e30
  const digits = view.getInt32(at + 2, true)
  // The high half of each byte is 3, and adding 6 to the low half does not carry into it.
  if ((digits & 0xf0f0f0f0) !== 0x30303030) return -1
  if (((digits + 0x06060606) & 0xf0f0f0f0) !== 0x30303030) return -1
  if (whole !== 0) return whole === 1 && digits === 0x30303030 ? 10_000 : -1
  return (
    (digits & 15) * 1000 +
    ((digits >> 8) & 15) * 100 +
    ((digits >> 16) & 15) * 10 +
    ((digits >> 24) & 15)
  )
}

/** Whether a delta ends here, with or without its times. */
function endsAsDelta(view: DataView, from: number, end: number): boolean {
  let at = from
  if (at + beforeTime.length < end && matches(view, at, beforeTime)) {
    at += beforeTime.length
    while (at < end && isPlain(view.getUint8(at))) at++
    if (at >= end || view.getUint8(at) !== quote) return false
    at++
  }
  at = skipNumbered(view, at, end, beforeTimeMs)
  if (at < 0 || at >= end || view.getUint8(at) !== brace) return false
  at = skipNumbered(view, at + 1, end, beforeSent)
  if (at < 0 || at >= end || view.getUint8(at) !== brace) return false
  at++
  while (at < end && isSpace(view.getUint8(at))) at++
  return at === end
}

/** After an optional field with a whole number, or -1 when the field has none. */
function skipNumbered(view: DataView, at: number, end: number, field: ByteLiteral): number {
  if (at + field.length >= end || !matches(view, at, field)) return at
  const from = at + field.length
  const to = skipDigits(view, from, end)
  return isCount(view, from, to) ? to : -1
}

/** A character that stands for itself in a JSON string. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== 0x5c
}

function isSpace(byte: number): boolean {
  return byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09
}
