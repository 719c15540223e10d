import { assert } from '../../core/assert.ts'
import type { InstrumentId } from '../../core/market.ts'
import type { BookTable, InstrumentEntry } from '../../ports/book-table.ts'
import { unknownToken } from './event-batch.ts'

/** Bytes kept for each token and each condition id: ten words hold 78 digits, nine hold 66. */
const tokenStride = 80
const marketStride = 72
/** A condition id on the wire: 0x and 64 hex digits. */
const marketLength = 66
/** Shorter ids are as rare as one in a million; they go through a map of strings. */
const digitsMin = 72
const digitsMax = 78

/** A token we keep a book of: a small number that the hot path indexes by. */
export type Token = {
  readonly index: number
  readonly id: InstrumentId
  readonly where: InstrumentEntry
}

/**
 * Turns the digits of a token id, as they lie in a frame, into a small number.
 *
 * An open-addressing table over bytes: no string is made, and a hit is verified on every digit.
 * Tokens come in as frames name them, from the table of books.
 */
export class TokenTable {
  #books: BookTable | undefined
  readonly #tokens: Token[] = []
  readonly #short: Map<string, number> = new Map()

  #capacity = 256
  #slots: Int32Array = new Int32Array(2 * this.#capacity).fill(unknownToken)
  #mask: number = 2 * this.#capacity - 1
  #lengths: Uint8Array = new Uint8Array(this.#capacity)
  #digits: Uint8Array = new Uint8Array(this.#capacity * tokenStride)
  #digitWords: Float64Array = new Float64Array(this.#digits.buffer)
  #markets: Uint8Array = new Uint8Array(this.#capacity * marketStride)
  #marketWords: Float64Array = new Float64Array(this.#markets.buffer)

  /** The table to ask about tokens not seen before. */
  useBooks(books: BookTable): void {
    this.#books = books
  }

  get count(): number {
    return this.#tokens.length
  }

  at(index: number): Token {
    const token = this.#tokens[index]
    assert(token !== undefined, `a token number comes from this table: ${index}`)
    return token
  }

  /** The other token of the market. Tokens come in pairs, so their numbers differ in one bit. */
  partnerOf(index: number): number {
    return index ^ 1
  }

  /** How many digits a token has. */
  lengthOf(index: number): number {
    return this.#lengths[index] as number
  }

  /**
   * The token whose digits start at `p`, when it is known and has 72 digits or more.
   *
   * The caller checks that the id ends where the token does, and that 80 bytes can be read.
   */
  find(view: DataView, p: number): number {
    let slot = hash(view.getInt32(p + 8, true), view.getInt32(p + 20, true)) & this.#mask
    for (;;) {
      const index = this.#slots[slot] as number
      if (index === unknownToken || this.isAt(view, p, index)) return index
      slot = (slot + 1) & this.#mask
    }
  }

  /** Whether the digits at `p` are those of this token. */
  isAt(view: DataView, p: number, index: number): boolean {
    const words = this.#digitWords
    const base = index * 10
    const last = p + (this.#lengths[index] as number) - 8
    return (
      view.getFloat64(p, true) === words[base] &&
      view.getFloat64(p + 8, true) === words[base + 1] &&
      view.getFloat64(p + 16, true) === words[base + 2] &&
      view.getFloat64(p + 24, true) === words[base + 3] &&
      view.getFloat64(p + 32, true) === words[base + 4] &&
      view.getFloat64(p + 40, true) === words[base + 5] &&
      view.getFloat64(p + 48, true) === words[base + 6] &&
      view.getFloat64(p + 56, true) === words[base + 7] &&
      view.getFloat64(p + 64, true) === words[base + 8] &&
      view.getFloat64(last, true) === words[base + 9]
    )
  }

  /** Whether the 66 characters at `p` are the condition id of this token's market. */
  marketIsAt(view: DataView, p: number, index: number): boolean {
    const words = this.#marketWords
    const base = index * 9
    return (
      view.getFloat64(p, true) === words[base] &&
      view.getFloat64(p + 8, true) === words[base + 1] &&
      view.getFloat64(p + 16, true) === words[base + 2] &&
      view.getFloat64(p + 24, true) === words[base + 3] &&
      view.getFloat64(p + 32, true) === words[base + 4] &&
      view.getFloat64(p + 40, true) === words[base + 5] &&
      view.getFloat64(p + 48, true) === words[base + 6] &&
      view.getFloat64(p + 56, true) === words[base + 7] &&
      view.getFloat64(p + 58, true) === words[base + 8]
    )
  }

  /** The token of that id; it is taken in when the books know it. */
  byId(id: InstrumentId): number {
    const known = this.#short.get(id)
    if (known !== undefined) return known
    if (id.length >= digitsMin && id.length <= digitsMax) {
      const found = this.#findText(id)
      if (found !== unknownToken) return found
    }

    const where = this.#books?.byInstrument('polymarket', id)
    if (where === undefined) return unknownToken
    this.#take(where)
    return this.byId(id)
  }

  #findText(id: string): number {
    const padded = Buffer.alloc(tokenStride)
    padded.write(id, 'latin1')
    const view = new DataView(padded.buffer, padded.byteOffset, padded.byteLength)
    const index = this.find(view, 0)
    return index !== unknownToken && this.lengthOf(index) === id.length ? index : unknownToken
  }

  /** Takes both tokens of a market in, so that each knows its partner. */
  #take({ entry }: InstrumentEntry): void {
    const first = this.#tokens.length
    for (const [offset, instrument] of [entry.market.yes, entry.market.no].entries()) {
      const where = this.#books?.byInstrument('polymarket', instrument.id)
      assert(where !== undefined, `the books know both outcomes of a market: ${instrument.id}`)
      const index = first + offset
      if (index === this.#capacity) this.#grow()
      this.#tokens.push({ index, id: instrument.id, where })
      this.#write(index, instrument.id, entry.market.id)
    }
  }

  #write(index: number, id: string, market: string): void {
    this.#lengths[index] = id.length
    const at = index * tokenStride
    writeWords(this.#digits, at, id, 9)
    writeMarket(this.#markets, index * marketStride, market)
    if (id.length < digitsMin) this.#short.set(id, index)
    else this.#insert(index)
  }

  #insert(index: number): void {
    const view = new DataView(this.#digits.buffer, index * tokenStride, tokenStride)
    let slot = hash(view.getInt32(8, true), view.getInt32(20, true)) & this.#mask
    while (this.#slots[slot] !== unknownToken) slot = (slot + 1) & this.#mask
    this.#slots[slot] = index
  }

  #grow(): void {
    this.#capacity *= 2
    const digits = new Uint8Array(this.#capacity * tokenStride)
    digits.set(this.#digits)
    const markets = new Uint8Array(this.#capacity * marketStride)
    markets.set(this.#markets)
    const lengths = new Uint8Array(this.#capacity)
    lengths.set(this.#lengths)

    this.#digits = digits
    this.#digitWords = new Float64Array(digits.buffer)
    this.#markets = markets
    this.#marketWords = new Float64Array(markets.buffer)
    this.#lengths = lengths
    this.#slots = new Int32Array(2 * this.#capacity).fill(unknownToken)
    this.#mask = 2 * this.#capacity - 1
    for (const { index, id } of this.#tokens) if (id.length >= digitsMin) this.#insert(index)
  }
}

/** Writes text as whole words of eight bytes, and its last eight bytes as the word after them. */
function writeWords(bytes: Uint8Array, at: number, text: string, wordCount: number): void {
  const characters = Buffer.from(text, 'latin1')
  bytes.set(characters.subarray(0, wordCount * 8), at)
  bytes.set(characters.subarray(-8), at + wordCount * 8)
}

/** An id of another length is written as words that equal nothing: it is never found fast. */
function writeMarket(bytes: Uint8Array, at: number, market: string): void {
  if (market.length === marketLength) writeWords(bytes, at, market, 8)
  else new Float64Array(bytes.buffer, at, 9).fill(Number.NaN)
}

/** Mixes eight of the digits; the rest only decide whether it is a hit. */
function hash(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
