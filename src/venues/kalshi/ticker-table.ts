import type { MarketId } from '../../core/market.ts'
import type { BookEntry, BookTable } from '../../ports/book-table.ts'

/** Bytes kept of a ticker and of what always follows it: a ticker has some 30, an id 36. */
const blobLengthMax = 160
const wordsPerBlob = blobLengthMax / 8
const slotsInitial = 1 << 10
/** Many times what one engine follows; at the limit the table starts anew. */
const slotsMax = 1 << 17

/** What a cell of {@link TickerTable} holds, side by side: one look at memory finds all. */
const cellWords = 4
const hashAt = 0
/** The slot and one; 0 where the cell is empty. */
const slotAt = 1
/** The length of ticker and prologue, or 0 while no prologue is known. */
const prologueAt = 2
const tickerLengthAt = 3

/**
 * Finds the book of a ticker by its bytes, without creating a string.
 *
 * With each ticker it keeps the bytes that follow it in every delta of the market (its id and the
 * names of two fields), so that one comparison reads them all. Cells are found by hash with open
 * addressing; of two tickers with one hash the later takes the place of the earlier.
 */
export class TickerTable {
  #cells: Int32Array = new Int32Array(2 * slotsInitial * cellWords)
  #mask: number = 2 * slotsInitial - 1
  #capacity: number = slotsInitial
  #blobs: Uint8Array = new Uint8Array(slotsInitial * blobLengthMax)
  #blobWords: Float64Array = new Float64Array(this.#blobs.buffer)
  /** The last eight bytes of each, which lie across two of the words. */
  #blobTails: Float64Array = new Float64Array(slotsInitial)
  readonly #entries: BookEntry[] = []
  #books: BookTable | undefined = undefined

  /**
   * The cell of the ticker that begins at `from` and ends before the next quote, or -1.
   *
   * The ticker is only as sure as its hash: what follows must check the bytes.
   */
  find(view: DataView, from: number, end: number): number {
    let hash = seed
    // The prologue is longer than a word, so a word that begins within the ticker is there.
    const last = end - 4
    for (let at = from; at <= last; at += 4) {
      const word = view.getInt32(at, true)
      // Zero where a byte is a quote; only a lower quote can borrow, so the lowest mark is true.
      const apart = word ^ fourQuotes
      const quotes = (apart - 0x01010101) & ~apart & 0x80808080
      if (quotes === 0) {
        hash = Math.imul(hash ^ word, prime)
        continue
      }
      const rest = 31 - Math.clz32(quotes & -quotes) - 7
      return this.#cellOf(withRest(hash, word, rest))
    }
    return -1
  }

  /** Where the bytes after ticker and prologue begin, or -1 when other bytes stand there. */
  afterPrologue(cell: number, view: DataView, at: number, end: number): number {
    const length = this.#cells[cell + prologueAt] as number
    if (length === 0 || at + length > end) return -1

    const slot = (this.#cells[cell + slotAt] as number) - 1
    const words = this.#blobWords
    let word = slot * wordsPerBlob
    const tailAt = at + length - 8
    for (let offset = at; offset < tailAt; offset += 8) {
      if (view.getFloat64(offset, true) !== words[word++]) return -1
    }
    return view.getFloat64(tailAt, true) === this.#blobTails[slot] ? at + length : -1
  }

  /** The book of a cell. Undefined when the table of books no longer has it. */
  entryAt(cell: number, books: BookTable): BookEntry | undefined {
    const entry = this.#entries[(this.#cells[cell + slotAt] as number) - 1]
    return entry !== undefined && books === this.#books && books.at(entry.index) === entry
      ? entry
      : undefined
  }

  /**
   * The book of the ticker between two places, looked up by its text the first time.
   *
   * The bytes must be plain text. Undefined when we keep no book of this name: nothing is stored,
   * so that names nobody follows take no room.
   */
  entryOf(view: DataView, from: number, to: number, books: BookTable): BookEntry | undefined {
    const known = this.#knownCell(view, from, to)
    const entry = known < 0 ? undefined : this.entryAt(known, books)
    if (entry !== undefined) return entry

    const text = Buffer.from(view.buffer, from, to - from).toString('latin1')
    const found = books.byMarket('kalshi', text as MarketId)
    if (found !== undefined) this.#store(view, from, to, found, books)
    return found
  }

  /** Keeps what follows the ticker, up to `to`, for {@link afterPrologue}. Plain text only. */
  learnPrologue(view: DataView, from: number, tickerEnd: number, to: number): void {
    const cell = this.#knownCell(view, from, tickerEnd)
    const length = to - from
    if (cell < 0 || length < 8 || length > blobLengthMax) return

    const slot = (this.#cells[cell + slotAt] as number) - 1
    this.#copyIn(slot, view, from, length)
    this.#blobTails[slot] = view.getFloat64(to - 8, true)
    this.#cells[cell + prologueAt] = length
  }

  #knownCell(view: DataView, from: number, to: number): number {
    const cell = this.#cellOf(hashOf(view, from, to))
    if (cell < 0 || this.#cells[cell + tickerLengthAt] !== to - from) return -1

    const base = ((this.#cells[cell + slotAt] as number) - 1) * blobLengthMax
    for (let offset = 0; offset < to - from; offset++) {
      if (view.getUint8(from + offset) !== this.#blobs[base + offset]) return -1
    }
    return cell
  }

  /** The cell of this hash, or -1. */
  #cellOf(hash: number): number {
    const cells = this.#cells
    const mask = this.#mask
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const cell = place * cellWords
      if (cells[cell + slotAt] === 0) return -1
      if (cells[cell + hashAt] === hash) return cell
    }
  }

  #store(view: DataView, from: number, to: number, entry: BookEntry, books: BookTable): void {
    const length = to - from
    if (length > blobLengthMax) return
    if (books !== this.#books || this.#entries.length >= slotsMax) this.#clear(books)

    const hash = hashOf(view, from, to)
    const held = this.#cellOf(hash)
    const slot = held < 0 ? this.#entries.length : (this.#cells[held + slotAt] as number) - 1
    if (slot >= this.#capacity) this.#grow()
    const cell = held < 0 ? this.#freeCell(hash) : held
    this.#cells[cell + hashAt] = hash
    this.#cells[cell + slotAt] = slot + 1
    this.#cells[cell + prologueAt] = 0
    this.#cells[cell + tickerLengthAt] = length
    this.#entries[slot] = entry
    this.#copyIn(slot, view, from, length)
  }

  #freeCell(hash: number): number {
    let place = hash & this.#mask
    while (this.#cells[place * cellWords + slotAt] !== 0) place = (place + 1) & this.#mask
    return place * cellWords
  }

  #copyIn(slot: number, view: DataView, from: number, length: number): void {
    this.#blobs.set(new Uint8Array(view.buffer, from, length), slot * blobLengthMax)
  }

  #grow(): void {
    this.#capacity *= 2
    const blobs = new Uint8Array(this.#capacity * blobLengthMax)
    blobs.set(this.#blobs)
    this.#blobs = blobs
    this.#blobWords = new Float64Array(blobs.buffer)
    const tails = new Float64Array(this.#capacity)
    tails.set(this.#blobTails)
    this.#blobTails = tails

    const old = this.#cells
    this.#mask = 2 * this.#capacity - 1
    this.#cells = new Int32Array(2 * this.#capacity * cellWords)
    for (let cell = 0; cell < old.length; cell += cellWords) {
      if (old[cell + slotAt] === 0) continue
      const free = this.#freeCell(old[cell + hashAt] as number)
      this.#cells.set(old.subarray(cell, cell + cellWords), free)
    }
  }

  #clear(books: BookTable): void {
    this.#books = books
    this.#entries.length = 0
    this.#cells.fill(0)
  }
}

const fourQuotes = 0x22222222
const seed = 0x811c9dc5 | 0
const prime = 0x85ebca6b | 0

/** The hash of a ticker, word by word, as {@link TickerTable.find} makes it. */
function hashOf(view: DataView, from: number, to: number): number {
  let hash = seed
  let at = from
  for (; at + 4 <= to; at += 4) hash = Math.imul(hash ^ view.getInt32(at, true), prime)
  let word = 0
  for (let byte = at; byte < to; byte++) word |= view.getUint8(byte) << (8 * (byte - at))
  return withRest(hash, word, 8 * (to - at))
}

/** With the last bytes of a ticker, fewer than a word: `bits` of the word, from the lowest. */
function withRest(hash: number, word: number, bits: number): number {
  const mixed = Math.imul(hash ^ (word & ((1 << bits) - 1)), prime)
  return mixed ^ (mixed >>> 15)
}
