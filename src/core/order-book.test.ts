import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSlab } from './book-slab.ts'
import type { BookSide, Level } from './order-book.ts'
import { askSide, bidSide, OrderBook } from './order-book.ts'
import { OutcomeBook } from './outcome-book.ts'
import { uniformGrid } from './price-grid.ts'
import type { MicroShares, Ticks } from './units.ts'
import { complement, cost, microShares, proceeds, ticks } from './units.ts'

/** The same book the plain way: a map for each side, sorted whenever somebody asks. */
class NaiveBook {
  readonly #sides: readonly [Map<number, number>, Map<number, number>] = [new Map(), new Map()]

  set(side: BookSide, price: number, size: number): void {
    if (size === 0) this.#sides[side].delete(price)
    else this.#sides[side].set(price, size)
  }

  sizeAt(side: BookSide, price: number): number {
    return this.#sides[side].get(price) ?? 0
  }

  clear(): void {
    for (const side of this.#sides) side.clear()
  }

  levels(side: BookSide): Level[] {
    return [...this.#sides[side]]
      .toSorted(([a], [b]) => (side === bidSide ? b - a : a - b))
      .map(([price, size]) => ({ price: price as Ticks, size: size as MicroShares }))
  }

  get bestBid(): number {
    return this.levels(bidSide)[0]?.price ?? 0
  }

  get bestAsk(): number {
    return this.levels(askSide)[0]?.price ?? 10_000
  }
}

const side = fc.constantFrom<BookSide>(bidSide, askSide)
const slot = fc.integer({ min: 1, max: 99 })
const size = fc.oneof(
  fc.constant(0),
  fc.integer({ min: 1, max: 5 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
)

/** Anything that can be done to a book, the edges of the grid as often as its middle. */
const deed = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.record({
      kind: fc.constant('set' as const),
      side,
      slot: fc.oneof(slot, fc.integer({ min: 45, max: 55 }), fc.constantFrom(1, 2, 98, 99)),
      size,
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      side,
      slot: fc.oneof(slot, fc.integer({ min: 45, max: 55 })),
      size: fc.integer({ min: -6, max: 6 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('clear' as const) }) },
)

function newBook(step = 100): OrderBook {
  return new OrderBook(0, uniformGrid(ticks(step)), new BookSlab())
}

describe('an order book', () => {
  test('agrees with a plain map after any sequence of changes', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 200, size: 'max' }), (deeds) => {
        const book = newBook()
        const naive = new NaiveBook()
        for (const one of deeds) {
          const before = book.version
          if (one.kind === 'clear') {
            book.clear()
            naive.clear()
            continue
          }
          const price = ticks(one.slot * 100)
          if (one.kind === 'set') {
            book.set(one.side, price, microShares(one.size))
            naive.set(one.side, price, one.size)
            expect(book.version).toBeGreaterThan(before)
          } else {
            const after = naive.sizeAt(one.side, price) + one.size
            expect(book.change(one.side, price, microShares(one.size))).toBe(after >= 0)
            if (after >= 0) naive.set(one.side, price, after)
            else expect(book.version).toBe(before)
          }
          expect([book.bestBid, book.bestAsk]).toEqual([naive.bestBid, naive.bestAsk])
        }
        expect(book.levels(bidSide)).toEqual(naive.levels(bidSide))
        expect(book.levels(askSide)).toEqual(naive.levels(askSide))
        expect(book.crossed).toBe(naive.bestBid >= naive.bestAsk)
      }),
    )
  })

  test('shows no bid as $0 and no ask as $1', () => {
    const book = newBook()

    expect(book.top()).toEqual({ bid: 0, bidSize: 0, ask: 10_000, askSize: 0 })
    expect(book.crossed).toBe(false)
  })

  test('is crossed when a bid meets an ask', () => {
    const book = newBook()

    book.set(bidSide, ticks(5_000), microShares(1))
    book.set(askSide, ticks(5_000), microShares(1))

    expect(book.crossed).toBe(true)
  })

  test('holds the prices of its grid and no others', () => {
    const book = newBook(10)

    expect([10, 9_990, 5_000].every((price) => book.holds(price))).toBe(true)
    expect([0, 10_000, 5, 5_001, -10, 0.5].some((price) => book.holds(price))).toBe(false)
  })

  test('is empty, whole and unproven on a new grid', () => {
    const book = newBook()
    book.set(bidSide, ticks(5_000), microShares(1))
    book.mark('proven')
    book.markTorn()

    book.regrid(uniformGrid(ticks(10)))

    expect(book.top()).toEqual({ bid: 0, bidSize: 0, ask: 10_000, askSize: 0 })
    expect([book.state, book.torn, book.resolution]).toEqual(['unproven', false, 10])
    expect(book.holds(5_010)).toBe(true)
  })

  test('keeps apart from the books it shares a slab with', () => {
    const slab = new BookSlab()
    const grid = uniformGrid(ticks(100))
    const books = Array.from({ length: 3_000 }, (_, index) => new OrderBook(index, grid, slab))

    books.forEach((book, index) => {
      book.set(bidSide, ticks(100 + (index % 98) * 100), microShares(index + 1))
    })

    books.forEach((book, index) => {
      expect(book.levels(bidSide)).toEqual([{ price: 100 + (index % 98) * 100, size: index + 1 }])
    })
  })

  test('takes no more memory by moving between grids', () => {
    const slab = new BookSlab()
    const book = new OrderBook(0, uniformGrid(ticks(100)), slab)
    const bytes = slab.bytes

    for (let move = 0; move < 1_000; move++) {
      book.regrid(uniformGrid(ticks(move % 2 === 0 ? 10 : 100)))
    }

    expect(slab.bytes).toBe(bytes)
  })

  test('leaves no level behind in the memory it gives back', () => {
    const slab = new BookSlab()
    const first = new OrderBook(0, uniformGrid(ticks(100)), slab)
    first.set(askSide, ticks(100), microShares(7))
    first.regrid(uniformGrid(ticks(10)))

    const second = new OrderBook(1, uniformGrid(ticks(100)), slab)

    expect(second.levels(askSide)).toEqual([])
  })
})

describe('an outcome’s side of a book', () => {
  const levels = fc.array(fc.tuple(side, slot, fc.integer({ min: 1, max: 1e12 })), {
    maxLength: 30,
  })

  function filled(changes: readonly (readonly [BookSide, number, number])[]): OrderBook {
    const book = newBook()
    for (const [at, index, amount] of changes) {
      book.set(at, ticks(index * 100), microShares(amount))
    }
    return book
  }

  test('mirrored, is the book with prices complemented and sides swapped', () => {
    fc.assert(
      fc.property(levels, (changes) => {
        const book = filled(changes)
        const no = new OutcomeBook(book, 'mirrored')
        const flip = ({ price, size }: Level): Level => ({ price: complement(price), size })
        expect(no.levels(bidSide)).toEqual(book.levels(askSide).map(flip))
        expect(no.levels(askSide)).toEqual(book.levels(bidSide).map(flip))
        expect(no.bestAsk).toBe(complement(book.bestBid))
        expect(no.bestBid).toBe(complement(book.bestAsk))
        expect([no.bestBidSize, no.bestAskSize]).toEqual([book.bestAskSize, book.bestBidSize])
      }),
    )
  })

  test('steps through the same levels that it lists', () => {
    fc.assert(
      fc.property(
        levels,
        fc.constantFrom('direct' as const, 'mirrored' as const),
        (changes, way) => {
          const view = new OutcomeBook(filled(changes), way)
          const asks: Level[] = []
          for (let at = view.bestAsk; at !== 10_000; at = view.nextAsk(at)) {
            asks.push({ price: at, size: view.sizeAt(askSide, at) })
          }
          const bids: Level[] = []
          for (let at = view.bestBid; at !== 0; at = view.nextBid(at)) {
            bids.push({ price: at, size: view.sizeAt(bidSide, at) })
          }
          expect(asks).toEqual(view.levels(askSide))
          expect(bids).toEqual(view.levels(bidSide))
        },
      ),
    )
  })

  test('quotes what its levels cost and bring, to the last share and no further', () => {
    fc.assert(
      fc.property(levels, fc.integer({ min: 1, max: 3e12 }), (changes, wanted) => {
        const view = new OutcomeBook(filled(changes), 'mirrored')
        const take = (listed: readonly Level[], price: typeof cost): number | undefined => {
          let left = wanted
          let sum = 0
          for (const level of listed) {
            const part = Math.min(left, level.size)
            sum += price(level.price, part as MicroShares)
            left -= part
            if (left === 0) return sum
          }
          return undefined
        }
        const wish = microShares(wanted)
        expect(view.quoteBuy(wish)?.amount).toBe(take(view.levels(askSide), cost))
        expect(view.quoteSell(wish)?.amount).toBe(take(view.levels(bidSide), proceeds))
      }),
    )
  })
})
