import { assert } from '../core/assert.ts'
import type { BookSide, OrderBook } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { add, complement, max, min, subtract, zeroShares } from '../core/units.ts'

/**
 * What we have taken of a level that the venue still shows, and what it showed when we last looked.
 */
type Consumed = { taken: MicroShares; shown: MicroShares }

/** By book: by side and price, in the terms of the book. */
type Levels = Map<number, Consumed>

/**
 * What simulated fills have taken from books that do not know of them.
 *
 * A paper fill leaves the venue's book as it was, so the same shares would fill again and again.
 * Here they stay taken until the book says otherwise: a level that shrinks is taken to have lost
 * the very shares we took, a level that grows has new ones, and a level that vanishes begins anew.
 * One book serves both outcomes, so what is taken as NO is gone as YES.
 */
export class ConsumedLiquidity {
  readonly #books: Map<number, Levels> = new Map()

  /** What a level still has for us, as the outcome's side of the book shows it. */
  available(view: OutcomeBook, side: BookSide, price: Ticks): MicroShares {
    const shown = view.sizeAt(side, price)
    const consumed = this.#books.get(view.book.index)?.get(keyOf(view, side, price))
    if (consumed === undefined) return shown
    follow(consumed, shown)
    return max(subtract(shown, consumed.taken), zeroShares)
  }

  /** Notes that `size` was taken from a level. */
  take(view: OutcomeBook, side: BookSide, price: Ticks, size: MicroShares): void {
    assert(size <= this.available(view, side, price), `one takes what a level has: ${size}`)
    const key = keyOf(view, side, price)
    const levels = this.#books.get(view.book.index) ?? new Map<number, Consumed>()
    const consumed = levels.get(key) ?? { taken: zeroShares, shown: view.sizeAt(side, price) }
    consumed.taken = add(consumed.taken, size)
    levels.set(key, consumed)
    this.#books.set(view.book.index, levels)
  }

  /** A book has changed: follows its levels before the next change can hide this one. */
  bookChanged(book: OrderBook): void {
    const levels = this.#books.get(book.index)
    if (levels === undefined) return
    for (const [key, consumed] of levels) {
      const price = (key >> 1) as Ticks
      const side = (key & 1) as BookSide
      follow(consumed, book.holds(price) ? book.sizeAt(side, price) : zeroShares)
      if (consumed.taken === 0) levels.delete(key)
    }
    if (levels.size === 0) this.#books.delete(book.index)
  }
}

function follow(consumed: Consumed, shown: MicroShares): void {
  if (shown < consumed.shown) {
    const gone = subtract(consumed.shown, shown)
    consumed.taken = subtract(consumed.taken, min(gone, consumed.taken))
  }
  consumed.shown = shown
}

function keyOf({ mirrored }: OutcomeBook, side: BookSide, price: Ticks): number {
  if (!mirrored) return price * 2 + side
  return complement(price) * 2 + (side === bidSide ? askSide : bidSide)
}
