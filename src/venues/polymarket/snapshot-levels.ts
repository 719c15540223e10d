import type { BookSide, OrderBook } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement } from '../../core/units.ts'
import type { EventBatch } from './event-batch.ts'

/** Whether the book already is what a snapshot says, level by level. */
export function holdsSameLevels(
  book: OrderBook,
  batch: EventBatch,
  event: number,
  mirror: 0 | 1,
): boolean {
  const counts = [0, 0]
  const end = batch.rowEnd[event] as number
  for (let row = batch.rowStart[event] as number; row < end; row++) {
    const price = batch.rowPrice[row] as Ticks
    if (!book.holds(price)) return false
    const side = sideOf(batch, row, mirror)
    if (book.sizeAt(side, mirror === 1 ? complement(price) : price) !== batch.rowSize[row]) {
      return false
    }
    counts[side] = (counts[side] as number) + 1
  }
  return (
    book.levels(bidSide).length === counts[bidSide] &&
    book.levels(askSide).length === counts[askSide]
  )
}

/** Takes the levels of a snapshot instead. False, and nothing done, when one is off the grid. */
export function replaceLevels(
  book: OrderBook,
  batch: EventBatch,
  event: number,
  mirror: 0 | 1,
): boolean {
  const start = batch.rowStart[event] as number
  const end = batch.rowEnd[event] as number
  for (let row = start; row < end; row++) {
    if (!book.holds(batch.rowPrice[row] as number)) return false
  }

  book.clear()
  for (let row = start; row < end; row++) {
    const price = batch.rowPrice[row] as Ticks
    const size = batch.rowSize[row] as MicroShares
    book.set(sideOf(batch, row, mirror), mirror === 1 ? complement(price) : price, size)
  }
  return true
}

function sideOf(batch: EventBatch, row: number, mirror: 0 | 1): BookSide {
  return ((batch.rowSide[row] as number) ^ mirror) as BookSide
}
