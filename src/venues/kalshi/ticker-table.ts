import type { MarketId } from '../../core/market.ts'
import type { BookEntry, BookTable } from '../../ports/book-table.ts'

/** Bytes kept of a ticker and of what always follows it: a ticker has some 30, an id 36. */
const blobLengthMax = 160
const slotsInitial = 1 << 10
/** Many times what one engine follows; at the limit the table starts anew. */
const slotsMax = 1 << 17

/**
 * Finds the book of a ticker by its bytes, without creating a string.
 *
 * With each ticker it keeps the bytes that follow it in every delta of the market (its id and the
 * names of two fields), so that one comparison reads them all.
 */
export class TickerTable {
  #capacity: number = slotsInitial
  /** Open addressing: slot + 1 by hash, 0 where empty. */
  #cells: Int32Array = new Int32Array(2 * slotsInitial)
  #hashes: Int32Array = new Int32Array(slotsInitial)
  #tickerLengths: Int32Array = new Int32Array(slotsInitial)
  /** The length of ticker and prologue, or 0 while no prologue is known. */
  #blobLengths: Int32Array = new Int32Array(slotsInitial)
  #blobs: DataView = new DataView(new ArrayBuffer(slotsInitial * blobLengthMax))
  readonly #entries: BookEntry[] = []
  #books: BookTable | undefined = undefined

  /**
   * The slot of the ticker that begins at `at` and ends before the next quote, or -1.
   *
   * The ticker is only as sure as its hash: what follows must check the bytes.
   */
  find(view: DataView, at: number, end: number): number {
    let hash = seed
    for (; at < end; at++) {
      const byte = view.getUint8(at)
      if (byte === quote) return this.#slotOf(hash)
      hash = Math.imul(hash ^ byte, prime)
    }
    return -1
  }

  /**
   * Where the bytes after ticker and prologue begin, or -1 when other bytes stand there.
   */
  afterPrologue(slot: number, view: DataView, at: number, end: number): number {
    const length = this.#blobLengths[slot] ?? 0
    if (length === 0 || at + length > end) return -1

    const blobs = this.#blobs
    const base = slot * blobLengthMax
    const last = length - 8
    for (let offset = 0; offset < last; offset += 8) {
      if (view.getFloat64(at + offset, true) !== blobs.getFloat64(base + offset, true)) return -1
    }
    if (view.getFloat64(at + last, true) !== blobs.getFloat64(base + last, true)) return -1
    return at + length
  }

  /** The book of a slot. Undefined when the table of books no longer has it. */
  entryAt(slot: number, books: BookTable): BookEntry | undefined {
    const entry = this.#entries[slot]
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
    const known = this.#knownSlot(view, from, to)
    const entry = known < 0 ? undefined : this.entryAt(known, books)
    if (entry !== undefined) return entry

    const text = Buffer.from(view.buffer, from, to - from).toString('latin1')
    const found = books.byMarket('kalshi', text as MarketId)
    if (found !== undefined) this.#store(view, from, to, found, books)
    return found
  }

  /** Keeps what follows the ticker, up to `to`, for {@link afterPrologue}. Plain text only. */
  learnPrologue(view: DataView, from: number, tickerEnd: number, to: number): void {
    const slot = this.#knownSlot(view, from, tickerEnd)
    const length = to - from
    if (slot < 0 || length < 8 || length > blobLengthMax) return

    this.#copyIn(slot, view, from, length)
    this.#blobLengths[slot] = length
  }

  #knownSlot(view: DataView, from: number, to: number): number {
    let hash = seed
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), prime)
    const slot = this.#slotOf(hash)
    if (slot < 0 || this.#tickerLengths[slot] !== to - from) return -1

    const base = slot * blobLengthMax
    for (let offset = 0; offset < to - from; offset++) {
      if (view.getUint8(from + offset) !== this.#blobs.getUint8(base + offset)) return -1
    }
    return slot
  }

  /** The first slot of this hash, or -1. Of two tickers with one hash the later is not kept. */
  #slotOf(hash: number): number {
    const mask = this.#cells.length - 1
    for (let cell = hash & mask; ; cell = (cell + 1) & mask) {
      const slot = (this.#cells[cell] ?? 0) - 1
      if (slot < 0 || this.#hashes[slot] === hash) return slot
    }
  }

  #store(view: DataView, from: number, to: number, entry: BookEntry, books: BookTable): void {
    const length = to - from
    if (length > blobLengthMax) return
    if (books !== this.#books || this.#entries.length >= slotsMax) this.#clear(books)

    let hash = seed
    for (let at = from; at < to; at++) hash = Math.imul(hash ^ view.getUint8(at), prime)
    const held = this.#slotOf(hash)
    const slot = held < 0 ? this.#entries.length : held
    if (slot >= this.#capacity) this.#grow()

    this.#entries[slot] = entry
    this.#hashes[slot] = hash
    this.#tickerLengths[slot] = length
    this.#blobLengths[slot] = 0
    this.#copyIn(slot, view, from, length)
    if (held < 0) this.#place(slot)
  }

  #place(slot: number): void {
    const mask = this.#cells.length - 1
    let cell = (this.#hashes[slot] ?? 0) & mask
    while (this.#cells[cell] !== 0) cell = (cell + 1) & mask
    this.#cells[cell] = slot + 1
  }

  #copyIn(slot: number, view: DataView, from: number, length: number): void {
    const target = new Uint8Array(this.#blobs.buffer, slot * blobLengthMax, length)
    target.set(new Uint8Array(view.buffer, from, length))
  }

  #grow(): void {
    this.#capacity *= 2
    this.#hashes = widened(this.#hashes, this.#capacity)
    this.#tickerLengths = widened(this.#tickerLengths, this.#capacity)
    this.#blobLengths = widened(this.#blobLengths, this.#capacity)
    const blobs = new Uint8Array(this.#capacity * blobLengthMax)
    blobs.set(new Uint8Array(this.#blobs.buffer))
    this.#blobs = new DataView(blobs.buffer)
    this.#cells = new Int32Array(2 * this.#capacity)
    for (let slot = 0; slot < this.#entries.length; slot++) this.#place(slot)
  }

  #clear(books: BookTable): void {
    this.#books = books
    this.#entries.length = 0
    this.#cells.fill(0)
  }
}

const quote = 0x22
/** FNV-1a, 32 bits. */
const seed = 0x811c9dc5 | 0
const prime = 0x01000193

function widened(old: Int32Array, length: number): Int32Array {
  const wide = new Int32Array(length)
  wide.set(old)
  return wide
}
