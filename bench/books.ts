import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { BookSlab } from '../src/core/book-slab.ts'
import type { Market } from '../src/core/market.ts'
import type { BookSide } from '../src/core/order-book.ts'
import { askSide, bidSide, OrderBook } from '../src/core/order-book.ts'
import { uniformGrid } from '../src/core/price-grid.ts'
import { Random } from '../src/core/random.ts'
import type { MicroShares, Ticks } from '../src/core/units.ts'
import { MarketCache } from '../src/engine/market-cache.ts'
import { numberedMarket } from '../src/venues/polymarket/fixtures/market.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave } from './bench-case.ts'

const updatesPerSlice = 20_000
const levelsPerSide = 30
const marketCount = 50_000
const collections = 9

/**
 * Books alone: a change with both best prices read, and what the garbage collector pays for them.
 */
export const bookCases: readonly BenchCase[] = [200, 2_000].map(updateCase).concat(collectionCase())

type Update = { readonly book: number; readonly side: BookSide; price: number; size: number }

/** One book in five has prices in tenths of a cent. */
const stepOf = (index: number): number => (index % 5 === 0 ? 10 : 100)

function updateCase(bookCount: number): BenchCase {
  return {
    name: `book update, ${bookCount} books`,
    group: 'books',
    baseline: 'a Map from price to size, its keys scanned for the best',
    run: () => contestOfUpdates(bookCount),
  }
}

function contestOfUpdates(bookCount: number): BenchResult {
  const random = new Random(bookCount)
  const slab = new BookSlab()
  const steps = Array.from({ length: bookCount }, (_, index) => stepOf(index))
  const books = steps.map((step, index) => {
    return new OrderBook(index, uniformGrid(step as Ticks), slab)
  })
  const maps = steps.map(() => ({
    bids: new Map<number, number>(),
    asks: new Map<number, number>(),
  }))
  const updates = steps.flatMap((step, book) => firstLevels(book, step, random))
  apply(books, updates)
  scan(maps, updates)

  const later = Array.from({ length: updatesPerSlice }, () => nextUpdate(steps, random))
  const sum = { of: 0 }
  return interleave({
    opsPerSlice: updatesPerSlice,
    candidate: () => {
      sum.of += apply(books, later)
    },
    baseline: () => {
      sum.of += scan(maps, later)
    },
  })
}

function apply(books: readonly OrderBook[], updates: readonly Update[]): number {
  let sum = 0
  for (let index = 0; index < updates.length; index++) {
    const update = updates[index]
    const book = update === undefined ? undefined : books[update.book]
    if (update === undefined || book === undefined) continue
    book.set(update.side, update.price as Ticks, update.size as MicroShares)
    sum += book.bestBid + book.bestAsk
  }
  return sum
}

type MapBook = { readonly bids: Map<number, number>; readonly asks: Map<number, number> }

function scan(books: readonly MapBook[], updates: readonly Update[]): number {
  let sum = 0
  for (let index = 0; index < updates.length; index++) {
    const update = updates[index]
    const book = update === undefined ? undefined : books[update.book]
    if (update === undefined || book === undefined) continue
    const levels = update.side === bidSide ? book.bids : book.asks
    if (update.size === 0) levels.delete(update.price)
    else levels.set(update.price, update.size)
    let bid = 0
    for (const price of book.bids.keys()) if (price > bid) bid = price
    let ask = 10_000
    for (const price of book.asks.keys()) if (price < ask) ask = price
    sum += bid + ask
  }
  return sum
}

function firstLevels(book: number, step: number, random: Random): Update[] {
  return Array.from({ length: levelsPerSide }, (_, level) => level + 1).flatMap((level) => [
    { book, side: bidSide, price: 5_000 - level * step, size: sizeOf(random) },
    { book, side: askSide, price: 5_000 + level * step, size: sizeOf(random) },
  ])
}

/** Near the top more often than not; three in ten take a level away. */
function nextUpdate(steps: readonly number[], random: Random): Update {
  const book = random.integer(0, steps.length - 1)
  const side = random.chance(0.5) ? bidSide : askSide
  const level = 1 + Math.min(Math.floor(random.exponentialMs(300)), levelsPerSide - 1)
  const distance = level * (steps[book] ?? 100)
  const price = side === bidSide ? 5_000 - distance : 5_000 + distance
  return { book, side, price, size: random.chance(0.3) ? 0 : sizeOf(random) }
}

function sizeOf(random: Random): number {
  return random.integer(1, 5_000) * 1_000_000
}

function collectionCase(): BenchCase {
  return {
    name: `full collection, ${marketCount} markets`,
    group: 'books',
    baseline: 'levels as sorted arrays of objects, a book for each outcome in a Map',
    run: () => {
      // Both need the listings, so what these cost by themselves is taken off.
      const markets = Array.from({ length: marketCount }, (_, index) => marketAt(index))
      const listings = costOf(() => markets)
      const slab = costOf(() => keepInSlab(markets))
      const objects = costOf(() => keepAsObjects(markets))
      return {
        nsPerOp: (slab.pauseMs - listings.pauseMs) * 1e6,
        baselineNsPerOp: (objects.pauseMs - listings.pauseMs) * 1e6,
        ratio: (objects.pauseMs - listings.pauseMs) / (slab.pauseMs - listings.pauseMs),
        rounds: collections,
        more: {
          megabytes: Math.round(slab.megabytes),
          baselineMegabytes: Math.round(objects.megabytes),
          listingsMs: Math.round(listings.pauseMs),
          wholePauseMs: Math.round(slab.pauseMs),
        },
      }
    },
  }
}

/** The shortest full collection while `keep` holds its books, and what they hold of memory. */
function costOf(keep: () => unknown): { readonly pauseMs: number; readonly megabytes: number } {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  const before = heldMegabytes()
  const kept = keep()
  collect()
  const pauses = Array.from({ length: collections }, () => {
    const start = performance.now()
    collect()
    return performance.now() - start
  })
  const megabytes = heldMegabytes() - before
  // Read after the last collection, so that it was alive until then.
  if (kept === undefined) throw new Error('something is kept')
  return { pauseMs: Math.min(...pauses), megabytes }
}

function heldMegabytes(): number {
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1e6
}

function keepInSlab(markets: readonly Market[]): unknown {
  const random = new Random(1)
  const cache = new MarketCache()
  for (const [index, market] of markets.entries()) {
    const book = cache.add(market)?.yes.book
    for (const { side, price, size } of firstLevels(index, stepOf(index), random)) {
      book?.set(side, price as Ticks, size as MicroShares)
    }
  }
  return cache
}

function keepAsObjects(markets: readonly Market[]): unknown {
  const random = new Random(1)
  const books = new Map<string, { market: Market; bids: object[]; asks: object[] }>()
  for (const [index, market] of markets.entries()) {
    const levels = firstLevels(index, stepOf(index), random)
    for (const { id } of [market.yes, market.no]) {
      const at = (side: BookSide): object[] =>
        levels.filter((one) => one.side === side).map(({ price, size }) => ({ price, size }))
      books.set(id, { market, bids: at(bidSide), asks: at(askSide) })
    }
  }
  return books
}

function marketAt(index: number): Market {
  return numberedMarket(index + 1, { tick: stepOf(index) })
}
