import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../test/engine/market-of.ts'
import { BookSlab } from '../core/book-slab.ts'
import { bidSide, OrderBook } from '../core/order-book.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import { uniformGrid } from '../core/price-grid.ts'
import type { MicroShares, Nanos, Ticks } from '../core/units.ts'
import { microUsd, ticks } from '../core/units.ts'
import { liquidationValue } from './mark.ts'
import { Portfolio } from './portfolio.ts'
import { Valuation } from './valuation.ts'

const shares = (count: number): MicroShares => (count * 1_000_000) as MicroShares
const rain = marketOf('rain')

function bookOf(...bids: readonly (readonly [number, number])[]): OutcomeBook {
  const book = new OrderBook(0, uniformGrid(ticks(100)), new BookSlab())
  for (const [price, count] of bids) book.set(bidSide, ticks(price), shares(count))
  book.mark('proven')
  return new OutcomeBook(book, 'direct')
}

describe('the liquidation value', () => {
  test('walks the bids and pays the fee of each level', () => {
    const book = bookOf([4_000, 10], [3_000, 100])

    // 10 × 0.40 + 20 × 0.30, less 0.05 × (10 × 0.24 + 20 × 0.21)
    expect(liquidationValue(book, feeOf(50_000), shares(30))).toBe(10_000_000 - 330_000)
  })

  test('counts what the bids do not cover as nothing', () => {
    expect(liquidationValue(bookOf([4_000, 10]), feeOf(0), shares(30))).toBe(4_000_000)
  })

  test.each(['broken', 'unproven', 'torn'] as const)('of a %s book is not known', (state) => {
    const book = bookOf([4_000, 10])
    if (state === 'torn') book.book.markTorn()
    else book.book.mark(state)

    expect(liquidationValue(book, feeOf(0), shares(1))).toBeUndefined()
  })
})

describe('a valuation', () => {
  function holding(book: OutcomeBook): { portfolio: Portfolio; valuation: Valuation } {
    const portfolio = new Portfolio(() => {})
    portfolio.deposit('polymarket', microUsd(1e9), 0 as Nanos)
    portfolio.split(rain, shares(10), 5_000 as Ticks, 'mine', 0 as Nanos)
    const valuation = new Valuation(portfolio, ({ outcome }) =>
      outcome === 'yes' ? { market: rain, book } : undefined,
    )
    return { portfolio, valuation }
  }

  test('is what the bids would bring, less the cost; unquoted shares are worth their cost', () => {
    const { valuation } = holding(bookOf([4_000, 100]))

    expect(valuation.unrealised).toBe(4_000_000 - 5_000_000)
  })

  test('keeps its last mark while the book may not be believed', () => {
    const book = bookOf([4_000, 100])
    const { valuation } = holding(book)
    const before = valuation.unrealised

    book.book.clear()
    book.book.mark('broken')

    expect(valuation.unrealised).toBe(before)
  })

  test('does not use the mark of another size', () => {
    const book = bookOf([4_000, 100])
    const { portfolio, valuation } = holding(book)
    expect(valuation.unrealised).toBe(-1_000_000)

    book.book.mark('broken')
    portfolio.merge(rain, shares(5), 'mine', 0 as Nanos)

    expect(valuation.unrealised).toBe(0)
  })
})
