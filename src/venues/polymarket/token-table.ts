import { assert } from '../../core/assert.ts'
import type { InstrumentId } from '../../core/market.ts'
import type { BookTable, InstrumentEntry } from '../../ports/book-table.ts'
import { unknownToken } from './event-batch.ts'

/**
 * Of each market one record of eight-byte words, next to each other so that a look-up touches
 * little memory: ten of the digits of either token, nine of the condition id, the two lengths.
 */
const recordWords = 32
const tokenWords = 10
const marketAt = 20
const lengthsAt = 29
/** A search that meets another token first costs as much as the rest of it: keep slots free. */
const slotsPerToken = 4
/** Shorter ids are as rare as one in a million; they go through a map of strings. */
const digitsMin = 72
const digitsMax = 78
/** A slot whose token was forgotten: a search goes on past it. */
const removed = -2
/** A condition id on the wire: 0x and 64 hex digits. */
const marketLength = 66
const zero = 0x30
const nine = 0x39

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
  readonly #tokens: (Token | undefined)[] = []
  /** Even numbers of markets that were forgotten, to be given out again. */
  readonly #free: number[] = []
  #removedCount = 0
  readonly #short: Map<string, number> = new Map()

  /** How many tokens fit before the table grows. */
  #capacity = 256
  #slots: Int32Array = new Int32Array(slotsPerToken * this.#capacity).fill(unknownToken)
  #mask: number = slotsPerToken * this.#capacity - 1
  #records: Float64Array = new Float64Array((this.#capacity / 2) * recordWords)
  #mirrored: Uint8Array = new Uint8Array(this.#capacity)

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

  /** 1 when the token's book is in the other token's terms, else 0. */
  mirrorOf(index: number): 0 | 1 {
    return this.#mirrored[index] as 0 | 1
  }

  has(index: number): boolean {
    return this.#tokens[index] !== undefined
  }

  /** Whether the books still mean the same book by this token. */
  isCurrent(index: number): boolean {
    const token = this.#tokens[index]
    if (token === undefined) return false
    return this.#books?.byInstrument('polymarket', token.id)?.entry === token.where.entry
  }

  /** Forgets both tokens of a market; their numbers may be given out again. */
  forget(index: number): void {
    const first = index & ~1
    for (const number of [first, first + 1]) {
      const token = this.at(number)
      if (token.id.length < digitsMin) this.#short.delete(token.id)
      else this.#slots[this.#slots.indexOf(number)] = removed
      this.#tokens[number] = undefined
    }
    this.#free.push(first)
    this.#removedCount += 2
    if (this.#removedCount > this.#capacity / 4) this.#fillSlots()
  }

  /** The other token of the market. Tokens come in pairs, so their numbers differ in one bit. */
  partnerOf(index: number): number {
    return index ^ 1
  }

  /** How many digits a token has. */
  lengthOf(index: number): number {
    const at = ((index >> 1) * recordWords + lengthsAt + (index & 1)) | 0
    return (this.#records[at] as number) | 0
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
      if (index === unknownToken || (index >= 0 && this.isAt(view, p, index))) return index
      slot = (slot + 1) & this.#mask
    }
  }

  /** As {@link find}; a token that is not known yet is taken in, when the books know it. */
  meet(view: DataView, p: number): number {
    const found = this.find(view, p)
    return found === unknownToken ? this.#learn(view, p) : found
  }

  #learn(view: DataView, p: number): number {
    let id = ''
    for (let at = p; at <= p + digitsMax; at++) {
      const byte = view.getUint8(at)
      if (byte < zero || byte > nine) break
      id += String.fromCharCode(byte)
    }
    if (id.length < digitsMin || id.length > digitsMax) return unknownToken
    return this.byId(id as InstrumentId)
  }

  /** Whether the digits at `p` are those of this token. */
  isAt(view: DataView, p: number, index: number): boolean {
    const base = ((index >> 1) * recordWords) | 0
    const length = (this.#records[(base + lengthsAt + (index & 1)) | 0] as number) | 0
    const last = (p + length - 8) | 0
    const first = (base + (index & 1) * tokenWords) | 0
    return (
      view.getFloat64(last, true) === this.#records[first + 9] &&
      areWordsAt(view, p, this.#records, first, 9)
    )
  }

  /** Whether the 66 characters at `p` are the condition id of this token's market. */
  marketIsAt(view: DataView, p: number, index: number): boolean {
    const first = ((index >> 1) * recordWords + marketAt) | 0
    return (
      view.getFloat64(p + 58, true) === this.#records[first + 8] &&
      areWordsAt(view, p, this.#records, first, 8)
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
    const padded = Buffer.alloc(2 * digitsMax)
    padded.write(id, 'latin1')
    const view = new DataView(padded.buffer, padded.byteOffset, padded.byteLength)
    const index = this.find(view, 0)
    return index !== unknownToken && this.lengthOf(index) === id.length ? index : unknownToken
  }

  /** Takes both tokens of a market in: the first has an even number, the other the next. */
  #take({ entry }: InstrumentEntry): void {
    const first = this.#free.pop() ?? this.#tokens.length
    if (first + 2 > this.#capacity) this.#grow()
    const base = (first >> 1) * recordWords
    writeMarket(this.#records, base + marketAt, entry.market.id)
    for (const [offset, { id }] of [entry.market.yes, entry.market.no].entries()) {
      const where = this.#books?.byInstrument('polymarket', id)
      assert(where !== undefined, `the books know both outcomes of a market: ${id}`)
      const index = first + offset
      this.#tokens[index] = { index, id, where }
      this.#mirrored[index] = where.mirrored ? 1 : 0
      writeWords(this.#records, base + offset * tokenWords, id, 9)
      this.#records[base + lengthsAt + offset] = id.length
      if (id.length < digitsMin) this.#short.set(id, index)
      else this.#insert(index)
    }
  }

  #insert(index: number): void {
    const at = ((index >> 1) * recordWords + (index & 1) * tokenWords) * 8
    const view = new DataView(this.#records.buffer, at)
    let slot = hash(view.getInt32(8, true), view.getInt32(20, true)) & this.#mask
    while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & this.#mask
    this.#slots[slot] = index
  }

  #grow(): void {
    this.#capacity *= 2
    const records = new Float64Array((this.#capacity / 2) * recordWords)
    records.set(this.#records)
    this.#records = records
    const mirrored = new Uint8Array(this.#capacity)
    mirrored.set(this.#mirrored)
    this.#mirrored = mirrored
    this.#mask = slotsPerToken * this.#capacity - 1
    this.#fillSlots()
  }

  #fillSlots(): void {
    this.#slots = new Int32Array(slotsPerToken * this.#capacity).fill(unknownToken)
    this.#removedCount = 0
    for (const token of this.#tokens) {
      if (token !== undefined && token.id.length >= digitsMin) this.#insert(token.index)
    }
  }
}

function areWordsAt(
  view: DataView,
  p: number,
  words: Float64Array,
  first: number,
  count: number,
): boolean {
  for (let word = 0; word < count; word++) {
    if (view.getFloat64((p + 8 * word) | 0, true) !== words[(first + word) | 0]) return false
  }
  return true
}

/** Writes text as whole words of eight bytes, and its last eight bytes as the word after them. */
function writeWords(words: Float64Array, at: number, text: string, wordCount: number): void {
  const bytes = new Uint8Array(words.buffer, at * 8, wordCount * 8 + 8)
  const characters = Buffer.from(text, 'latin1')
  bytes.set(characters.subarray(0, wordCount * 8))
  bytes.set(characters.subarray(-8), wordCount * 8)
}

/** An id of another length is written as words that equal nothing: it is never found fast. */
function writeMarket(words: Float64Array, at: number, market: string): void {
  if (market.length === marketLength) writeWords(words, at, market, 8)
  else words.fill(Number.NaN, at, at + 9)
}

/** Mixes eight of the digits; the rest only decide whether it is a hit. */
function hash(first: number, second: number): number {
  const mixed = Math.imul(first, 0x9e3779b1) ^ Math.imul(second, 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}
