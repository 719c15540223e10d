import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSlab } from '../core/book-slab.ts'
import { askSide, bidSide, OrderBook } from '../core/order-book.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import { uniformGrid } from '../core/price-grid.ts'
import type { MicroShares } from '../core/units.ts'
import { complement, microShares, ticks } from '../core/units.ts'
import { ConsumedLiquidity } from './consumed-liquidity.ts'

const at = ticks(4_000)

function scene(): {
  consumed: ConsumedLiquidity
  yes: OutcomeBook
  no: OutcomeBook
  show: (size: number) => void
} {
  const book = new OrderBook(0, uniformGrid(ticks(100)), new BookSlab())
  const consumed = new ConsumedLiquidity()
  const show = (size: number): void => {
    book.set(askSide, at, microShares(size))
    consumed.bookChanged(book)
  }
  const yes = new OutcomeBook(book, 'direct')
  return { consumed, yes, no: new OutcomeBook(book, 'mirrored'), show }
}

describe('liquidity that was taken', () => {
  test('is not there a second time, though the venue still shows it', () => {
    const { consumed, yes, show } = scene()
    show(100)

    consumed.take(yes, askSide, at, microShares(70))

    expect(consumed.available(yes, askSide, at)).toBe(30)
  })

  test('is gone for the other outcome too: it was the very same order', () => {
    const { consumed, yes, no, show } = scene()
    show(100)

    consumed.take(no, bidSide, complement(at), microShares(70))

    expect(consumed.available(yes, askSide, at)).toBe(30)
    expect(consumed.available(no, bidSide, complement(at))).toBe(30)
  })

  test.each([
    { name: 'a level that grows has new shares', shown: [100, 150], left: 80 },
    { name: 'a level that shrinks has lost the shares we took', shown: [100, 60], left: 30 },
    { name: 'a level that shrinks by more has lost others’ too', shown: [100, 20], left: 20 },
    { name: 'a level that vanishes begins anew', shown: [100, 0, 100], left: 100 },
    {
      name: 'a level that shrinks and grows has what it has grown by',
      shown: [100, 60, 100],
      left: 70,
    },
  ])('$name', ({ shown, left }) => {
    const { consumed, yes, show } = scene()
    const [first = 0, ...later] = shown
    show(first)
    consumed.take(yes, askSide, at, microShares(70))

    for (const size of later) show(size)

    expect(consumed.available(yes, askSide, at)).toBe(left)
  })

  test('cannot be more than is there', () => {
    const { consumed, yes, show } = scene()
    show(100)
    consumed.take(yes, askSide, at, microShares(70))

    expect(() => consumed.take(yes, askSide, at, microShares(31))).toThrow('takes what a level has')
  })

  test('is never more in all than was shown and added', () => {
    const deed = fc.oneof(
      fc.record({ kind: fc.constant('show' as const), size: fc.integer({ min: 0, max: 100 }) }),
      fc.record({ kind: fc.constant('take' as const), size: fc.integer({ min: 1, max: 100 }) }),
    )
    fc.assert(
      fc.property(fc.array(deed, { size: 'max', maxLength: 60 }), (deeds) => {
        const { consumed, yes, show } = scene()
        let shown = 0
        let everAdded = 0
        let everTaken = 0
        for (const { kind, size } of deeds) {
          if (kind === 'show') {
            everAdded += Math.max(size - shown, 0)
            shown = size
            show(size)
            continue
          }
          const part = Math.min(size, consumed.available(yes, askSide, at))
          if (part > 0) consumed.take(yes, askSide, at, part as MicroShares)
          everTaken += part
          expect(everTaken).toBeLessThanOrEqual(everAdded)
          expect(part).toBeLessThanOrEqual(shown)
        }
      }),
    )
  })
})
