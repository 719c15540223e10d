import { takerFeeMax } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import {
  add,
  cost,
  min,
  negate,
  noAsk,
  noBid,
  proceeds,
  subtract,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { ConsumedLiquidity } from './consumed-liquidity.ts'

/** What it takes to trade a size now: the worst price it reaches, and the money at the most. */
export type SizeQuote = {
  readonly limit: Ticks
  /** Money that leaves us, fees at their most; negative when it comes in. */
  readonly paid: MicroUsd
}

/** A level with what it still has for us. */
export type DepthLevel = { readonly price: Ticks; readonly size: MicroShares }

/**
 * Prices a size from the book as it stands, less what was already taken of it.
 *
 * Undefined when the book does not have the size, may not be believed, or the fee is not known.
 */
export function quoteDepth(
  market: Market,
  book: OutcomeBook,
  consumed: ConsumedLiquidity,
  side: Side,
  size: MicroShares,
): SizeQuote | undefined {
  if (size <= 0 || !isBelievable(book)) return undefined
  const worst = side === 'buy' ? noAsk : noBid

  let left = size
  let paid = zeroUsd
  for (const level of depthWithin({ side, limit: worst }, book, consumed)) {
    const part = min(left, level.size)
    const fee = takerFeeMax(market.fee, level.price, part)
    if (fee === undefined) return undefined
    const money = side === 'buy' ? cost(level.price, part) : negate(proceeds(level.price, part))
    paid = add(paid, add(money, fee))
    left = subtract(left, part)
    if (left === 0) return { limit: level.price, paid }
  }
  return undefined
}

/** How much there is within a limit, less what was taken already; at most `size`. */
export function reachable(
  order: { readonly side: Side; readonly limit: Ticks; readonly size: MicroShares },
  book: OutcomeBook,
  consumed: ConsumedLiquidity,
): MicroShares {
  let found = zeroShares
  for (const { size } of depthWithin(order, book, consumed)) {
    found = add(found, size)
    if (found >= order.size) return order.size
  }
  return found
}

/**
 * The levels that an order meets, best first, none beyond its limit and none that is used up.
 *
 * What is taken of a level after it was given does not disturb the walk.
 */
export function* depthWithin(
  order: { readonly side: Side; readonly limit: Ticks },
  book: OutcomeBook,
  consumed: ConsumedLiquidity,
): Generator<DepthLevel, void> {
  const side = levelsFor(order.side)
  let price = side === askSide ? book.bestAsk : book.bestBid
  while (isWithin(order, price)) {
    const size = consumed.available(book, side, price)
    if (size > 0) yield { price, size }
    price = side === askSide ? book.nextAsk(price) : book.nextBid(price)
  }
}

/** The side of the book that an order takes from. */
export function levelsFor(side: Side): BookSide {
  return side === 'buy' ? askSide : bidSide
}

/** Whether the book is good enough to fill or to price anything from it. */
export function isBelievable(book: OutcomeBook): boolean {
  return book.state === 'proven' && !book.book.torn && !book.book.crossed
}

function isWithin(
  { side, limit }: { readonly side: Side; readonly limit: Ticks },
  price: Ticks,
): boolean {
  return side === 'buy' ? price !== noAsk && price <= limit : price !== noBid && price >= limit
}
