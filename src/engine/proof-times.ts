import type { OrderBook } from '../core/order-book.ts'
import type { Nanos } from '../core/units.ts'

const nanosPerMs = 1_000_000

/** How long books are without a proof: from the cut of their connection until proven again. */
export class ProofTimes {
  /** By the number of a book. */
  readonly #lostAt: Map<number, Nanos> = new Map()

  /** How many books wait to be proven again. */
  get waiting(): number {
    return this.#lostAt.size
  }

  /** The proof of a book is lost. If it was lost before, the time runs since then. */
  lost(book: OrderBook, at: Nanos): void {
    if (!this.#lostAt.has(book.index)) this.#lostAt.set(book.index, at)
  }

  /** The book is proven. The milliseconds it took, undefined when it was not waited for. */
  proven(book: OrderBook, at: Nanos): number | undefined {
    const since = this.#lostAt.get(book.index)
    if (since === undefined) return undefined
    this.#lostAt.delete(book.index)
    return (at - since) / nanosPerMs
  }

  /** The book is not kept any more. */
  forget(book: OrderBook): void {
    this.#lostAt.delete(book.index)
  }
}
