import type { BookFrame } from './book-frame.ts'
import { fourDecimals } from './words.ts'

/**
 * Reads a book message field by field, in any order, with any whitespace.
 *
 * It knows the fields of the schema and no more, and only plain text and plain numbers. All else
 * (an escape, a field twice, an exponent, an unknown name) it leaves to JSON and the schema.
 */
export class FieldScanner {
  /** Where the ticker begins and ends. */
  tickerAt = 0
  tickerEnd = 0
  /** Where the price of a delta begins, if only the ticker and the id stand before it; else 0. */
  prologueEnd = 0
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0
  #end = 0
  /** The text between the quotes read last. */
  #from = 0
  #to = 0
  #number = 0
  #topSeen = 0
  #msgSeen = 0

  read(view: DataView, start: number, end: number, frame: BookFrame): boolean {
    this.#view = view
    this.#at = start
    this.#end = end
    this.#topSeen = 0
    this.#msgSeen = 0
    this.prologueEnd = 0
    frame.yesCount = 0
    frame.noCount = 0

    if (!this.#readObject('top', frame)) return false
    this.#skipSpace()
    return this.#at === end && this.#isComplete(frame)
  }

  #isComplete(frame: BookFrame): boolean {
    const top = frame.kind === 'delta' ? deltaTop : snapshotTop
    const msg = frame.kind === 'delta' ? deltaMsg : snapshotMsg
    return fits(this.#topSeen, top) && fits(this.#msgSeen, msg)
  }

  #readObject(place: 'top' | 'msg', frame: BookFrame): boolean {
    if (!this.#eat(openBrace)) return false
    for (;;) {
      if (!this.#readText()) return false
      const field = this.#fieldNamed(place)
      if (field === undefined || !this.#isFirst(place, field.bit) || !this.#eat(colon)) return false
      const read =
        place === 'top' ? this.#readTop(field.bit, frame) : this.#readMsg(field.bit, frame)
      if (!read) return false
      if (this.#eat(comma)) continue
      return this.#eat(closeBrace)
    }
  }

  #isFirst(place: 'top' | 'msg', bit: number): boolean {
    const seen = place === 'top' ? this.#topSeen : this.#msgSeen
    if (place === 'top') this.#topSeen |= bit
    else this.#msgSeen |= bit
    return (seen & bit) === 0
  }

  #fieldNamed(place: 'top' | 'msg'): Field | undefined {
    const length = this.#to - this.#from
    const fields = place === 'top' ? topFields : msgFields
    for (const field of fields) {
      if (field.name.length === length && this.#isText(field.name)) return field
    }
    return undefined
  }

  #isText(wanted: Uint8Array): boolean {
    for (let index = 0; index < wanted.length; index++) {
      if (this.#view.getUint8(this.#from + index) !== wanted[index]) return false
    }
    return true
  }

  #readTop(bit: number, frame: BookFrame): boolean {
    switch (bit) {
      case top.type:
        return this.#readKind(frame)
      case top.sid:
        if (!this.#readCount()) return false
        frame.sid = this.#number
        return true
      case top.seq:
        if (!this.#readCount()) return false
        frame.seq = this.#number
        return true
      case top.msg:
        return this.#readObject('msg', frame)
      default:
        return this.#readCount()
    }
  }

  #readMsg(bit: number, frame: BookFrame): boolean {
    switch (bit) {
      case msg.ticker:
        if (!this.#readText()) return false
        this.tickerAt = this.#from
        this.tickerEnd = this.#to
        return true
      case msg.price:
        return this.#readPrice(frame)
      case msg.change:
        if (!this.#readDecimal(countDecimals)) return false
        frame.change = this.#number * microPerHundredth
        return true
      case msg.side:
        return this.#readSide(frame)
      case msg.yesLevels:
        return this.#readLevels(frame, 'yes')
      case msg.noLevels:
        return this.#readLevels(frame, 'no')
      case msg.timeMs:
      case msg.subaccount:
        return this.#readCount()
      default:
        return this.#readText()
    }
  }

  #readKind(frame: BookFrame): boolean {
    if (!this.#readText()) return false
    const length = this.#to - this.#from
    if (length === deltaName.length && this.#isText(deltaName)) frame.kind = 'delta'
    else if (length === snapshotName.length && this.#isText(snapshotName)) frame.kind = 'snapshot'
    else return false
    return true
  }

  #readPrice(frame: BookFrame): boolean {
    const onlyTickerBefore = (this.#msgSeen & ~(msg.ticker | msg.id | msg.price)) === 0
    if (!this.#readDecimal(priceDecimals) || this.#number < 0) return false
    if (this.#number > ticksPerDollar) return false
    frame.price = this.#number
    if (onlyTickerBefore && (this.#msgSeen & msg.ticker) !== 0) this.prologueEnd = this.#from
    return true
  }

  #readSide(frame: BookFrame): boolean {
    if (!this.#readText()) return false
    const length = this.#to - this.#from
    if (length === yesName.length && this.#isText(yesName)) frame.side = 'yes'
    else if (length === noName.length && this.#isText(noName)) frame.side = 'no'
    else return false
    return true
  }

  /** `[["0.0100","5000.00"], …]`. The NO levels are kept behind the YES levels. */
  #readLevels(frame: BookFrame, side: 'yes' | 'no'): boolean {
    // A YES side that comes second would overwrite the NO levels.
    if (side === 'yes' && (this.#msgSeen & msg.noLevels) !== 0) return false
    if (!this.#eat(openBracket)) return false

    const base = side === 'yes' ? 0 : frame.yesCount
    let count = this.#readCompactLevels(frame, base)
    // Behind a comma another level must follow.
    if (count > 0 || !this.#eat(closeBracket)) {
      for (;;) {
        if (!this.#readLevel(frame, base + count)) return false
        count++
        if (this.#eat(comma)) continue
        if (!this.#eat(closeBracket)) return false
        break
      }
    }
    if (side === 'yes') frame.yesCount = count
    else frame.noCount = count
    return true
  }

  /**
   * Reads levels as the venue writes them, `["0.0100","5000.00"],`, as long as they come so and
   * another follows. How many there were; the last one is left.
   */
  #readCompactLevels(frame: BookFrame, base: number): number {
    const { levels } = frame
    const view = this.#view
    let index = 2 * base
    for (;;) {
      const from = this.#at
      if (from + compactLengthMin > this.#end || index + 1 >= levels.length) break
      if (view.getUint16(from, true) !== bracketQuote) break
      const price = fourDecimals(view, from + 2)
      if (price < 0 || view.getUint16(from + 8, true) !== quoteComma) break
      if (view.getUint8(from + 10) !== quote) break

      let at = from + 11
      let size = 0
      let digit = view.getUint8(at) - zero
      for (; digit >= 0 && digit <= 9 && at < this.#end - 8; digit = view.getUint8(++at) - zero) {
        size = 10 * size + digit
      }
      const wholeDigits = at - from - 11
      if (wholeDigits < 1 || wholeDigits > wholeDigitsMax) break
      if (view.getUint8(at) !== point || view.getUint16(at + 3, true) !== quoteBracket) break
      const tenths = view.getUint8(at + 1) - zero
      const hundredths = view.getUint8(at + 2) - zero
      if (tenths < 0 || tenths > 9 || hundredths < 0 || hundredths > 9) break
      if (view.getUint8(at + 5) !== comma) break

      levels[index++] = price
      levels[index++] = (100 * size + 10 * tenths + hundredths) * microPerHundredth
      this.#at = at + 6
    }
    return index / 2 - base
  }

  #readLevel(frame: BookFrame, index: number): boolean {
    const { levels } = frame
    if (2 * index + 1 >= levels.length || !this.#eat(openBracket)) return false
    if (!this.#readDecimal(priceDecimals)) return false
    if (this.#number < 0 || this.#number > ticksPerDollar) return false
    levels[2 * index] = this.#number
    if (!this.#eat(comma) || !this.#readDecimal(countDecimals) || this.#number < 0) return false
    levels[2 * index + 1] = this.#number * microPerHundredth
    return this.#eat(closeBracket)
  }

  /** A quoted decimal as a whole number of 10^-decimals. */
  #readDecimal(decimals: number): boolean {
    if (!this.#readText()) return false
    const view = this.#view
    let at = this.#from
    const negative = at < this.#to && view.getUint8(at) === minus
    if (negative) at++

    const wholeAt = at
    let value = 0
    for (; at < this.#to && isDigit(view.getUint8(at)); at++) {
      value = value * 10 + (view.getUint8(at) - zero)
    }
    if (at === wholeAt || at - wholeAt > wholeDigitsMax) return false

    let missing = decimals
    if (at < this.#to && view.getUint8(at) === point) {
      at++
      for (; at < this.#to && missing > 0 && isDigit(view.getUint8(at)); at++, missing--) {
        value = value * 10 + (view.getUint8(at) - zero)
      }
    }
    if (at !== this.#to) return false
    for (; missing > 0; missing--) value *= 10
    this.#number = negative ? 0 - value : value
    return true
  }

  /** A whole number that is not negative, as JSON writes it. */
  #readCount(): boolean {
    this.#skipSpace()
    const view = this.#view
    const from = this.#at
    let value = 0
    while (this.#at < this.#end && isDigit(view.getUint8(this.#at))) {
      value = value * 10 + (view.getUint8(this.#at) - zero)
      this.#at++
    }
    const length = this.#at - from
    if (length === 0 || length > countDigitsMax) return false
    if (length > 1 && view.getUint8(from) === zero) return false
    this.#number = value
    return true
  }

  /** A string of characters that stand for themselves. */
  #readText(): boolean {
    if (!this.#eat(quote)) return false
    const view = this.#view
    let at = this.#at
    this.#from = at
    for (; at < this.#end; at++) {
      const byte = view.getUint8(at)
      if (byte === quote) {
        this.#to = at
        this.#at = at + 1
        return true
      }
      if (byte < 0x20 || byte >= 0x80 || byte === backslash) return false
    }
    return false
  }

  #eat(wanted: number): boolean {
    this.#skipSpace()
    if (this.#at >= this.#end || this.#view.getUint8(this.#at) !== wanted) return false
    this.#at++
    return true
  }

  #skipSpace(): void {
    while (this.#at < this.#end && isSpace(this.#view.getUint8(this.#at))) this.#at++
  }
}

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const colon = 0x3a
const openBracket = 0x5b
const backslash = 0x5c
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d

/** `["`, `",` and `"]`, as a view reads them. */
const bracketQuote = 0x225b
const quoteComma = 0x2c22
const quoteBracket = 0x5d22
/** The shortest level with its comma, and room to read ahead. */
const compactLengthMin = '["0.0100","5.00"],'.length + 2

const ticksPerDollar = 10_000
const priceDecimals = 4
const countDecimals = 2
const microPerHundredth = 10_000
/** Contracts up to a billion: with their millionths a safe integer. */
const wholeDigitsMax = 9
const countDigitsMax = 15

type Field = { readonly name: Uint8Array; readonly bit: number }
/** Which fields a message must have, and which it may have. */
type Shape = { readonly required: number; readonly allowed: number }

const top = { type: 1, sid: 2, seq: 4, msg: 8, id: 16, sent: 32 }
const msg = {
  ticker: 1,
  id: 2,
  price: 4,
  change: 8,
  side: 16,
  time: 32,
  timeMs: 64,
  clientOrder: 128,
  subaccount: 256,
  yesLevels: 512,
  noLevels: 1024,
}

const topFields: readonly Field[] = [
  field('type', top.type),
  field('sid', top.sid),
  field('seq', top.seq),
  field('msg', top.msg),
  field('id', top.id),
  field('sending_ts_ms', top.sent),
]
const msgFields: readonly Field[] = [
  field('market_ticker', msg.ticker),
  field('market_id', msg.id),
  field('price_dollars', msg.price),
  field('delta_fp', msg.change),
  field('side', msg.side),
  field('ts', msg.time),
  field('ts_ms', msg.timeMs),
  field('client_order_id', msg.clientOrder),
  field('subaccount', msg.subaccount),
  field('yes_dollars_fp', msg.yesLevels),
  field('no_dollars_fp', msg.noLevels),
]

const topRequired = top.type | top.sid | top.seq | top.msg
const deltaTop: Shape = { required: topRequired, allowed: topRequired | top.sent }
const snapshotTop: Shape = { required: topRequired, allowed: topRequired | top.sent | top.id }
const deltaRequired = msg.ticker | msg.price | msg.change | msg.side
const deltaMsg: Shape = {
  required: deltaRequired,
  allowed: deltaRequired | msg.id | msg.time | msg.timeMs | msg.clientOrder | msg.subaccount,
}
const snapshotMsg: Shape = {
  required: msg.ticker,
  allowed: msg.ticker | msg.id | msg.yesLevels | msg.noLevels,
}

const deltaName = ascii('orderbook_delta')
const snapshotName = ascii('orderbook_snapshot')
const yesName = ascii('yes')
const noName = ascii('no')

function field(name: string, bit: number): Field {
  return { name: ascii(name), bit }
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}

function fits(seen: number, { required, allowed }: Shape): boolean {
  return (seen & required) === required && (seen & ~allowed) === 0
}

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39
}

function isSpace(byte: number): boolean {
  return byte === 0x0a || byte === 0x20 || byte === 0x0d || byte === 0x09
}
