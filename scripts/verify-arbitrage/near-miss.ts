import type { Level } from '../../src/core/order-book.ts'
import type { Ticks } from '../../src/core/units.ts'
import { bruteForce } from './brute-force.ts'
import type { SmallBook, SmallWorld } from './small-world.ts'

/**
 * The world moved until its best basket earns exactly `target` micro-dollars, or one less than
 * nothing: with lots of a hundredth of a share a tick is a micro-dollar, so the line between an
 * arbitrage and none can be walked one step at a time.
 *
 * Undefined when the world has no such point: its lots are coarse, or no basket comes near.
 */
export function nearMiss(world: SmallWorld, target: number): SmallWorld | undefined {
  if (world.markets.some(({ lot }) => lot !== 10_000)) return undefined

  let nearest = world
  for (let step = 0; step < 12; step++) {
    const edge = edgeOf(nearest)
    if (edge === target) return nearest
    const moved = shifted(nearest, edge - target)
    if (moved === undefined) return undefined
    nearest = moved
  }
  return undefined
}

/** The edge of the best basket; below zero, that of the best that holds one lot of anything. */
function edgeOf(world: SmallWorld): number {
  return bruteForce(world, 'something').edge
}

/**
 * Makes the first market's asks dearer by so many ticks, or cheaper, and its book stays uncrossed.
 */
function shifted(world: SmallWorld, ticks: number): SmallWorld | undefined {
  const [first, ...others] = world.books
  if (first === undefined) return undefined
  const book: SmallBook = {
    bids: first.bids.map((level) => at(level, -Math.sign(ticks) * Math.ceil(Math.abs(ticks) / 2))),
    asks: first.asks.map((level) => at(level, Math.sign(ticks) * Math.ceil(Math.abs(ticks) / 2))),
  }
  const prices = [...book.bids, ...book.asks].map(({ price }) => price)
  const crossed = (book.bids[0]?.price ?? 0) >= (book.asks[0]?.price ?? 10_000)
  if (crossed || prices.some((price) => price < 1 || price > 9_999)) return undefined
  return { ...world, books: [book, ...others] }
}

function at({ price, size }: Level, ticks: number): Level {
  return { price: (price + ticks) as Ticks, size }
}
