import type { OrderBook } from '../core/order-book.ts'
import type { BookEntry, BookTable } from '../ports/book-table.ts'
import type { Tops } from './digest.ts'
import { bookStates, marketStatuses, topColumns } from './digest.ts'

/**
 * Finds the books whose best prices have moved, a stretch of them at a time.
 *
 * Looking at every book costs time that grows with the catalogue, and the engine waits meanwhile:
 * so each call looks at `budget` markets, and the next goes on where it stopped.
 */
export class TopScan {
  readonly #books: BookTable
  readonly #budget: number
  /** By the number of a market, two of them: the version of the book when it was last told. */
  #told: Float64Array = new Float64Array(2048).fill(-1)
  #next = 0

  constructor(books: BookTable, budget: number) {
    this.#books = books
    this.#budget = budget
  }

  take(): Tops {
    const total = this.#books.size
    if (2 * total > this.#told.length) this.#grow(2 * total)
    const looked = Math.min(this.#budget, total)
    const rows = new Float64Array(2 * looked * topColumns)
    let count = 0
    for (let step = 0; step < looked; step++) {
      const index = this.#next >= total ? 0 : this.#next
      this.#next = index + 1
      const entry = this.#books.at(index)
      if (entry === undefined) continue
      count += this.#tell(entry, entry.yes.book, 0, rows, count)
      if (entry.no.book !== entry.yes.book)
        count += this.#tell(entry, entry.no.book, 1, rows, count)
    }
    // Only what is filled is sent: a quiet market costs nothing on the way.
    return { rows: rows.slice(0, count * topColumns), count }
  }

  #tell(entry: BookEntry, book: OrderBook, side: 0 | 1, rows: Float64Array, count: number): 0 | 1 {
    const place = 2 * entry.index + side
    const state = bookStates.indexOf(book.state)
    const status = marketStatuses.indexOf(entry.market.status)
    // Both move without the version, so they are part of what is compared.
    const version = 16 * book.version + 4 * state + status
    if (this.#told[place] === version) return 0
    this.#told[place] = version
    const at = count * topColumns
    rows[at] = entry.index
    rows[at + 1] = side
    rows[at + 2] = state
    rows[at + 3] = book.bestBid
    rows[at + 4] = book.bestBidSize
    rows[at + 5] = book.bestAsk
    rows[at + 6] = book.bestAskSize
    rows[at + 7] = status
    return 1
  }

  #grow(length: number): void {
    const grown = new Float64Array(2 * length).fill(-1)
    grown.set(this.#told)
    this.#told = grown
  }
}
