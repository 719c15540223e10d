import type { BookTable } from '../../ports/book-table.ts'
import { BookFrame } from './book-frame.ts'
import { FieldScanner } from './field-scanner.ts'
import { TickerTable } from './ticker-table.ts'
import { areDigits, eight, four, fourDecimals } from './words.ts'

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
  /** The memory of the last frame: what a socket has received lies there frame after frame. */
  #memory: ArrayBufferLike = new ArrayBuffer(0)
  #view: DataView = new DataView(this.#memory)

  /** Reads a delta laid out as Kalshi lays it out, of a market that has had one before. */
  readTemplate(bytes: Uint8Array, books: BookTable): boolean {
    const { length } = bytes
    if (length < lengthMin) return false
    const view = this.#viewOf(bytes)
    const base = bytes.byteOffset
    if (view.getFloat64(base, true) !== opening0) return false
    if (view.getFloat64(base + 8, true) !== opening1) return false
    if (view.getFloat64(base + 16, true) !== opening2) return false
    if (view.getFloat64(base + 24, true) !== opening3) return false

    let at = opening.length
    let digit = (bytes[at] as number) - zero
    if (digit < 1 || digit > 9) return false
    let sid = 0
    do {
      sid = 10 * sid + digit
      digit = (bytes[++at] as number) - zero
    } while (digit >= 0 && digit <= 9 && at < sidEndMax)
    if (view.getInt32(base + at, true) !== beforeSeq0) return false
    if (view.getInt32(base + at + 3, true) !== beforeSeq3) return false

    at += 7
    digit = (bytes[at] as number) - zero
    if (digit < 1 || digit > 9) return false
    let seq = 0
    const seqEndMax = at + digitsMax
    do {
      seq = 10 * seq + digit
      digit = (bytes[++at] as number) - zero
    } while (digit >= 0 && digit <= 9 && at < seqEndMax)
    if (view.getFloat64(base + at, true) !== beforeTicker0) return false
    if (view.getFloat64(base + at + 8, true) !== beforeTicker1) return false
    if (view.getFloat64(base + at + 16, true) !== beforeTicker2) return false
    if (bytes[at + 24] !== quote) return false

    const priceAt = this.#readTicker(view, base + at + 25, base + length, books)
    if (priceAt < 0 || !this.#readChange(bytes, view, priceAt - base)) return false
    const { frame } = this
    frame.kind = 'delta'
    frame.sid = sid
    frame.seq = seq
    return true
  }

  /** Where the price begins, behind the ticker and what always follows it; or -1. */
  #readTicker(view: DataView, at: number, end: number, books: BookTable): number {
    const cell = this.#tickers.find(view, at, end)
    if (cell < 0) return -1
    const priceAt = this.#tickers.afterPrologue(cell, view, at, end)
    if (priceAt < 0) return -1
    const entry = this.#tickers.entryAt(cell, books)
    if (entry === undefined) return -1
    this.frame.entry = entry
    return priceAt
  }

  /** From the digits of the price to the end of the frame. */
  #readChange(bytes: Uint8Array, view: DataView, priceAt: number): boolean {
    const { length, byteOffset: base } = bytes
    if (priceAt + changeLengthMin > length) return false
    const price = fourDecimals(view, base + priceAt)
    if (price < 0) return false
    if (view.getFloat64(base + priceAt + 6, true) !== beforeChange0) return false
    if (view.getFloat64(base + priceAt + 12, true) !== beforeChange6) return false

    // Sign and side fall either way as by a coin, so they are reckoned and not branched on.
    const minusCount = bytes[priceAt + 20] === minus ? 1 : 0
    let at = priceAt + 20 + minusCount
    let digit = (bytes[at] as number) - zero
    if (digit < 0 || digit > 9) return false
    let count = 0
    const countEndMax = at + wholeDigitsMax
    do {
      count = 10 * count + digit
      digit = (bytes[++at] as number) - zero
    } while (digit >= 0 && digit <= 9 && at < countEndMax)
    if (at + changeRestMin > length || bytes[at] !== point) return false
    const tenths = (bytes[at + 1] as number) - zero
    const hundredths = (bytes[at + 2] as number) - zero
    if (tenths < 0 || tenths > 9 || hundredths < 0 || hundredths > 9) return false
    count = count * 100 + tenths * 10 + hundredths

    if (view.getFloat64(base + at + 3, true) !== beforeSide) return false
    const side = view.getInt32(base + at + 11, true)
    const isNo = 1 - ((side >>> 16) & 1)
    if (side !== yesSide + isNo * (noSide - yesSide)) return false
    if (bytes[at + 15] !== lastOfYes + isNo * (quote - lastOfYes)) return false
    if (bytes[at + 16 - isNo] !== quote) return false

    const { frame } = this
    frame.price = price
    frame.change = (count - 2 * minusCount * count) * microPerHundredth
    frame.side = isNo === 0 ? 'yes' : 'no'
    return endsAsDelta(bytes, view, at + 17 - isNo)
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
    const { buffer } = bytes
    if (buffer !== this.#memory) {
      this.#memory = buffer
      this.#view = new DataView(buffer)
    }
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
/** Contracts up to a billion: with their millionths a safe integer. */
const wholeDigitsMax = 9

const opening = '{"type":"orderbook_delta","sid":'
const opening0 = eight(opening, 0)
const opening1 = eight(opening, 8)
const opening2 = eight(opening, 16)
const opening3 = eight(opening, 24)
const beforeSeq0 = four(',"seq":')
const beforeSeq3 = four(',"seq":', 3)
const beforeTicker = ',"msg":{"market_ticker":"'
const beforeTicker0 = eight(beforeTicker, 0)
const beforeTicker1 = eight(beforeTicker, 8)
const beforeTicker2 = eight(beforeTicker, 16)
const beforeChange0 = eight('","delta_fp":"', 0)
const beforeChange6 = eight('","delta_fp":"', 6)
const beforeSide = eight('","side":"', 0)
/** The lowest bit of their third byte tells them apart. */
const yesSide = four(':"ye')
const noSide = four(':"no')
const lastOfYes = 0x73
/** With the quote that closes the side. */
const beforeTime = eight('","ts":"', 0)
const beforeSent = ',"sending_ts_ms":'
const beforeSent0 = eight(beforeSent, 0)
const beforeSent8 = eight(beforeSent, 8)

/** No delta is shorter: even with the longest numbers, all up to the ticker is there. */
const lengthMin = 128
const sidEndMax = opening.length + digitsMax
/** The price, the next literal, a sign and the most digits are there. */
const changeLengthMin = 20 + 1 + wholeDigitsMax + 1
/** Behind the whole part of the change: its point, two digits and either side are there. */
const changeRestMin = 3 + '","side":"yes"'.length

/** Whether a delta ends here, with or without its times. */
function endsAsDelta(bytes: Uint8Array, view: DataView, from: number): boolean {
  const { length, byteOffset: base } = bytes
  let at = from
  if (at + timeLength < length && isTime(view, base + at)) at += timeLength
  else if (at + 8 < length && view.getFloat64(base + at - 1, true) === beforeTime) {
    at = endOfText(bytes, at + 7)
    if (at < 0) return false
  }
  if (at + timeMsLength < length && isTimeMs(view, base + at)) at += timeMsLength
  else if (at + 10 < length && view.getFloat64(base + at, true) === beforeTimeMs) {
    if (bytes[at + 8] !== colon) return false
    at = endOfCount(bytes, at + 9)
    if (at < 0) return false
  }
  if (bytes[at] !== brace) return false
  at++
  if (at + 18 < length && view.getFloat64(base + at, true) === beforeSent0) {
    if (view.getFloat64(base + at + 8, true) !== beforeSent8) return false
    if (bytes[at + 16] !== colon) return false
    at = endOfCount(bytes, at + 17)
    if (at < 0) return false
  }
  if (bytes[at] !== brace) return false
  at++
  while (at < length && isSpace(bytes[at] as number)) at++
  return at === length
}

const colon = 0x3a
const time = ',"ts":"2026-11-20T14:04:01.123456Z"'
const timeLength = time.length
const time0 = four(time)
const timeMs = ',"ts_ms":1795183441123'
const timeMsLength = timeMs.length
const beforeTimeMs = eight(timeMs, 0)

/**
 * Whether the time stands here in the form it mostly has, that of {@link time}.
 *
 * Any plain character would do, so a place for a digit takes all that share its high half.
 */
function isTime(view: DataView, at: number): boolean {
  const differences =
    (view.getInt32(at + 3, true) ^ 0x223a2273) |
    ((view.getInt32(at + 7, true) & 0xf0f0f0f0) ^ 0x30303030) |
    ((view.getInt32(at + 11, true) & 0xfff0f0ff) ^ 0x2d30302d) |
    ((view.getInt32(at + 15, true) & 0xf0fff0f0) ^ 0x30543030) |
    ((view.getInt32(at + 19, true) & 0xf0f0fff0) ^ 0x30303a30) |
    ((view.getInt32(at + 23, true) & 0xfff0f0ff) ^ 0x2e30303a) |
    ((view.getInt32(at + 27, true) & 0xf0f0f0f0) ^ 0x30303030) |
    ((view.getInt32(at + 31, true) & 0xfffff0f0) ^ 0x225a3030)
  return differences === 0 && view.getInt32(at, true) === time0
}

/** Whether the instant stands here as thirteen digits, the first of them no zero. */
function isTimeMs(view: DataView, at: number): boolean {
  if (view.getFloat64(at, true) !== beforeTimeMs) return false
  const head = view.getUint16(at + 8, true) - colonZero
  return (
    head > 0 &&
    head <= colonNine - colonZero &&
    (head & 0xff) === 0 &&
    areDigits(view.getInt32(at + 10, true)) &&
    areDigits(view.getInt32(at + 14, true)) &&
    areDigits(view.getInt32(at + 18, true))
  )
}

const colonZero = 0x303a
const colonNine = 0x393a

/** After the closing quote of a text, or -1. */
function endOfText(bytes: Uint8Array, from: number): number {
  const { length } = bytes
  let at = from
  while (at < length && isPlain(bytes[at] as number)) at++
  return at < length && bytes[at] === quote ? at + 1 : -1
}

/** After a whole number as JSON writes it, or -1. */
function endOfCount(bytes: Uint8Array, from: number): number {
  const { length } = bytes
  let at = from
  while (at < length && isDigit(bytes[at] as number)) at++
  const count = at - from
  return count === 1 || (count > 1 && count <= digitsMax && bytes[from] !== zero) ? at : -1
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39
}

/** A character that stands for itself in a JSON string. */
function isPlain(byte: number): boolean {
  return byte >= 0x20 && byte < 0x80 && byte !== quote && byte !== 0x5c
}

function isSpace(byte: number): boolean {
  return byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09
}
