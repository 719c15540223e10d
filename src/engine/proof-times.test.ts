import { expect, test } from 'vitest'
import { BookSlab } from '../core/book-slab.ts'
import { OrderBook } from '../core/order-book.ts'
import { uniformGrid } from '../core/price-grid.ts'
import { nanos, ticks } from '../core/units.ts'
import { ProofTimes } from './proof-times.ts'

const book = new OrderBook(4, uniformGrid(ticks(100)), new BookSlab())

test('the time runs from the first loss to the proof', () => {
  const times = new ProofTimes()
  times.lost(book, nanos(1_000_000))
  times.lost(book, nanos(2_000_000))
  expect(times.waiting).toBe(1)

  expect(times.proven(book, nanos(4_500_000))).toBe(3.5)
  expect(times.proven(book, nanos(9_000_000))).toBeUndefined()
  expect(times.waiting).toBe(0)
})

test('a book that was never lost, or is forgotten, was not waited for', () => {
  const times = new ProofTimes()
  expect(times.proven(book, nanos(1))).toBeUndefined()

  times.lost(book, nanos(1))
  times.forget(book)

  expect(times.proven(book, nanos(2))).toBeUndefined()
})
