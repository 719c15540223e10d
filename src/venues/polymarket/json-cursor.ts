/**
 * Walks over JSON text in bytes, strictly: what `JSON.parse` would refuse is refused here.
 *
 * Strings are found, not made, and only those of plain ASCII without an escape; any other, and any
 * list or object as a value nobody asked for, is refused too, and left to `JSON.parse`.
 */
export class JsonCursor {
  #bytes: Uint8Array = new Uint8Array(0)
  #p = 0
  #end = 0
  /** Where the last string begins and ends, without its quotes. */
  from: number = 0
  to: number = 0

  open(bytes: Uint8Array, start: number, end: number): void {
    this.#bytes = bytes
    this.#p = start
    this.#end = end
  }

  /** Takes one character after any white space. False, and nothing taken, when another is there. */
  take(byte: number): boolean {
    this.#skipSpace()
    if (this.#p >= this.#end || this.#bytes[this.#p] !== byte) return false
    this.#p++
    return true
  }

  /** Takes a string after any white space. False, and nothing taken, when it is not a plain one. */
  string(): boolean {
    this.#skipSpace()
    const bytes = this.#bytes
    const end = this.#end
    let p = this.#p
    if (p >= end || bytes[p] !== quote) return false
    p++
    this.from = p
    for (; p < end; p++) {
      const byte = bytes[p] as number
      if (byte === quote) break
      if (byte < space || byte === backslash || byte > 0x7e) return false
    }
    if (p >= end) return false
    this.to = p
    this.#p = p + 1
    return true
  }

  /** Takes a key and the colon after it. */
  key(): boolean {
    return this.string() && this.take(colon)
  }

  /** Takes a value that nobody asked for: a string, a number, or a word. */
  scalar(): boolean {
    this.#skipSpace()
    const byte = this.#bytes[this.#p] as number
    if (byte === quote) return this.string()
    if (byte === minus || isDigit(byte)) return this.#number()
    return this.word('true') || this.word('false') || this.word('null')
  }

  /** Takes this word after any white space. */
  word(text: string): boolean {
    this.#skipSpace()
    const stop = this.#p + text.length
    if (stop > this.#end) return false
    for (let index = 0; index < text.length; index++) {
      if (this.#bytes[this.#p + index] !== text.charCodeAt(index)) return false
    }
    this.#p = stop
    return true
  }

  isAtEnd(): boolean {
    this.#skipSpace()
    return this.#p === this.#end
  }

  /** Whether the last string is this text. */
  is(text: string): boolean {
    if (this.to - this.from !== text.length) return false
    for (let index = 0; index < text.length; index++) {
      if (this.#bytes[this.from + index] !== text.charCodeAt(index)) return false
    }
    return true
  }

  #number(): boolean {
    if (this.#bytes[this.#p] === minus) this.#p++
    const isZeroFirst = this.#at(zero)
    const whole = this.#digits()
    if (whole === 0 || (isZeroFirst && whole > 1)) return false
    if (this.#at(point)) {
      this.#p++
      if (this.#digits() === 0) return false
    }
    if (this.#at(0x65) || this.#at(0x45)) {
      this.#p++
      if (this.#at(minus) || this.#at(0x2b)) this.#p++
      return this.#digits() > 0
    }
    return true
  }

  /** Takes digits; gives how many. */
  #digits(): number {
    const start = this.#p
    while (this.#p < this.#end && isDigit(this.#bytes[this.#p] as number)) this.#p++
    return this.#p - start
  }

  #at(byte: number): boolean {
    return this.#p < this.#end && this.#bytes[this.#p] === byte
  }

  #skipSpace(): void {
    const bytes = this.#bytes
    let p = this.#p
    while (p < this.#end) {
      const byte = bytes[p] as number
      if (byte !== space && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break
      p++
    }
    this.#p = p
  }
}

const quote = 0x22
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const colon = 0x3a
const space = 0x20
const backslash = 0x5c

function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39
}
