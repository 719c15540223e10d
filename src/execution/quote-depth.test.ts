import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../test/engine/market-of.ts'
import { BookSlab } from '../core/book-slab.ts'
import type { Market } from '../core/market.ts'
import { askSide, bidSide, OrderBook } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares } from '../core/units.ts'
import { microShares, ticks } from '../core/units.ts'
import { ConsumedLiquidity } from './consumed-liquidity.ts'
import { quoteDepth } from './quote-depth.ts'

const shares = (count: number): MicroShares => microShares(count * 1_000_000)

/** Asks of 10 at 40 and 20 at 45 cents; bids of 10 at 35. */
function scene(facts: Partial<Market> = {}): {
  market: Market
  yes: OutcomeBook
  no: OutcomeBook
  consumed: ConsumedLiquidity
} {
  const market = marketOf('rain', facts)
  const book = new OrderBook(0, market.grid, new BookSlab())
  book.set(askSide, ticks(4_000), shares(10))
  book.set(askSide, ticks(4_500), shares(20))
  book.set(bidSide, ticks(3_500), shares(10))
  book.mark('proven')
  const consumed = new ConsumedLiquidity()
  return {
    market,
    consumed,
    yes: new OutcomeBook(book, 'direct'),
    no: new OutcomeBook(book, 'mirrored'),
  }
}

describe('quoteDepth', () => {
  test.each([
    { side: 'buy', count: 10, quote: { limit: 4_000, paid: 4_000_000 } },
    { side: 'buy', count: 11, quote: { limit: 4_500, paid: 4_450_000 } },
    { side: 'buy', count: 30, quote: { limit: 4_500, paid: 13_000_000 } },
    { side: 'buy', count: 31, quote: undefined },
    { side: 'sell', count: 10, quote: { limit: 3_500, paid: -3_500_000 } },
    { side: 'sell', count: 11, quote: undefined },
    { side: 'buy', count: 0, quote: undefined },
  ] as const)('prices a $side of $count', ({ side, count, quote }) => {
    const { market, yes, consumed } = scene()

    expect(quoteDepth(market, yes, consumed, side, shares(count))).toEqual(quote)
  })

  test('reads the other outcome from the mirror', () => {
    const { market, no, consumed } = scene()

    const quote = quoteDepth(market, no, consumed, 'buy', shares(10))

    expect(quote).toEqual({ limit: 6_500, paid: 6_500_000 })
  })

  test('leaves out what was taken', () => {
    const { market, yes, consumed } = scene()
    consumed.take(yes, askSide, ticks(4_000), shares(10))

    const quote = quoteDepth(market, yes, consumed, 'buy', shares(1))

    expect(quote).toEqual({ limit: 4_500, paid: 450_000 })
  })

  test('adds the fee at its most: to what is paid, and against what comes in', () => {
    const { market, yes, consumed } = scene({ fee: feeOf(50_000) })

    // 10 × 0.05 × 0.40 × 0.60 and 10 × 0.05 × 0.35 × 0.65, with a reserve of 0.00001 each.
    expect(quoteDepth(market, yes, consumed, 'buy', shares(10))?.paid).toBe(4_120_010)
    expect(quoteDepth(market, yes, consumed, 'sell', shares(10))?.paid).toBe(-3_386_240)
  })

  test('has no price where the fee is unknown or the book is not believed', () => {
    const unknown = scene({ fee: { kind: 'unknown', reason: '' } })
    const { market, yes, consumed } = scene()
    yes.book.markTorn()

    const quotes = [
      quoteDepth(unknown.market, unknown.yes, unknown.consumed, 'buy', shares(1)),
      quoteDepth(market, yes, consumed, 'buy', shares(1)),
    ]
    yes.book.markWhole()
    yes.book.mark('unproven')
    quotes.push(quoteDepth(market, yes, consumed, 'buy', shares(1)))

    expect(quotes).toEqual([undefined, undefined, undefined])
  })

  test('a larger size is never cheaper by the share', () => {
    const { market, yes, consumed } = scene()
    fc.assert(
      fc.property(
        fc.constantFrom<Side>('buy', 'sell'),
        fc.integer({ min: 1, max: 29 }),
        (side, count) => {
          const less = quoteDepth(market, yes, consumed, side, shares(count))
          const more = quoteDepth(market, yes, consumed, side, shares(count + 1))
          if (less === undefined || more === undefined) return
          expect(more.paid / (count + 1)).toBeGreaterThanOrEqual(less.paid / count)
        },
      ),
    )
  })
})
