import { makerFee } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import { OrderFees } from '../core/order-fees.ts'
import type { Fill, Order } from '../core/order.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import { isOnGrid } from '../core/price-grid.ts'
import type { LegReport } from '../core/signal.ts'
import type { MicroShares, Nanos, Ticks } from '../core/units.ts'
import {
  add,
  cost,
  min,
  noAsk,
  noBid,
  proceeds,
  subtract,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { ConsumedLiquidity } from './consumed-liquidity.ts'

/** The market as an order finds it on arrival. */
export type Arrival = {
  readonly market: Market
  /** The book of the order's outcome. */
  readonly book: OutcomeBook
  readonly consumed: ConsumedLiquidity
  readonly at: Nanos
}

export type PaperFill = {
  readonly outcome: LegReport['outcome'] | 'resting'
  /** Why it was not filled in full, as the venue would say; a metric label. Empty when it was. */
  readonly reason: string
  readonly fills: readonly Fill[]
  readonly filled: MicroShares
}

/**
 * Fills an order with what the live book shows at the moment it arrives, and with nothing else.
 *
 * Level by level from the best, never beyond its limit, never the same shares twice, with the fee
 * as the venue rounds it. What the book may not be believed about does not fill.
 */
export function paperFill(order: Order, arrival: Arrival): PaperFill {
  const refusal = refusalOf(order, arrival)
  if (refusal !== undefined) return rejected(refusal)

  const reach = reachable(order, arrival)
  if (order.postOnly && reach > 0) return rejected('would-cross')
  if (order.timeInForce === 'fok' && reach < order.size) return rejected('fok-killed')

  const fills = take(order, arrival, min(reach, order.size))
  const filled = fills.reduce<MicroShares>((sum, { size }) => add(sum, size), zeroShares)
  if (filled === order.size) return { outcome: 'filled', reason: '', fills, filled }
  if (order.timeInForce === 'gtc' || order.timeInForce === 'gtd') {
    return { outcome: 'resting', reason: '', fills, filled }
  }
  if (filled === 0) return rejected('no-match')
  return { outcome: 'partly-filled', reason: 'rest-cancelled', fills, filled }
}

/** How much of an order the book would fill, less what was taken already; at most its size. */
export function reachable(
  order: Pick<Order, 'side' | 'limit' | 'size'>,
  { book, consumed }: Pick<Arrival, 'book' | 'consumed'>,
): MicroShares {
  const side = levelsFor(order)
  let found = zeroShares
  for (let price = bestOf(book, side); isWithin(order, price); price = nextOf(book, side, price)) {
    found = add(found, consumed.available(book, side, price))
    if (found >= order.size) return order.size
  }
  return found
}

/**
 * Fills a resting order with shares that the other side now offers at its limit or better.
 *
 * Only so: a price that is merely touched may be filled by those who stood before us. While others
 * rest at our price no opposite order can; when one stands in the book, they are gone.
 */
export function restingFill(order: Order, left: MicroShares, arrival: Arrival): readonly Fill[] {
  const { market, book, consumed, at } = arrival
  if (refusalOf(order, arrival) !== undefined) return []
  const side = levelsFor(order)
  const reach = reachable({ side: order.side, limit: order.limit, size: left }, arrival)
  if (reach === 0) return []

  let rest = reach
  for (let price = bestOf(book, side); rest > 0; price = nextOf(book, side, price)) {
    const part = min(rest, consumed.available(book, side, price))
    if (part > 0) consumed.take(book, side, price, part)
    rest = subtract(rest, part)
  }
  const fill: Fill = {
    order: order.id,
    venueTradeId: `${order.id}-rest-${left}`,
    price: order.limit,
    size: reach,
    notional: order.side === 'buy' ? cost(order.limit, reach) : proceeds(order.limit, reach),
    fee: makerFee(market.fee, order.limit, reach) ?? zeroUsd,
    liquidity: 'maker',
    at,
  }
  return [fill]
}

function take(order: Order, { market, book, consumed, at }: Arrival, size: MicroShares): Fill[] {
  const side = levelsFor(order)
  const fills: Fill[] = []
  const fees = new OrderFees(market.fee)
  let left = size
  for (let price = bestOf(book, side); left > 0; price = nextOf(book, side, price)) {
    const part = min(left, consumed.available(book, side, price))
    if (part === 0) continue
    consumed.take(book, side, price, part)
    left = subtract(left, part)
    fills.push({
      order: order.id,
      venueTradeId: `${order.id}-${fills.length + 1}`,
      price,
      size: part,
      notional: order.side === 'buy' ? cost(price, part) : proceeds(price, part),
      fee: fees.charge({ side: order.side, liquidity: 'taker', price, size: part })?.fee ?? zeroUsd,
      liquidity: 'taker',
      at,
    })
  }
  return fills
}

function refusalOf(order: Order, { market, book }: Arrival): string | undefined {
  if (market.status !== 'open') return 'market-not-open'
  if (market.fee.kind === 'unknown') return 'unknown-fee'
  if (!isOnGrid(market.grid, order.limit)) return 'off-grid'
  if (order.size <= 0 || order.size % market.lot !== 0) return 'bad-size'
  const rests = order.timeInForce === 'gtc' || order.timeInForce === 'gtd'
  if (rests && order.size < market.sizeMin) return 'below-minimum'
  if (book.state !== 'proven' || book.book.crossed) return 'book-not-believed'
  return undefined
}

function rejected(reason: string): PaperFill {
  return { outcome: 'rejected', reason, fills: [], filled: zeroShares }
}

function levelsFor({ side }: Pick<Order, 'side'>): BookSide {
  return side === 'buy' ? askSide : bidSide
}

function isWithin({ side, limit }: Pick<Order, 'side' | 'limit'>, price: Ticks): boolean {
  return side === 'buy' ? price !== noAsk && price <= limit : price !== noBid && price >= limit
}

function bestOf(book: OutcomeBook, side: BookSide): Ticks {
  return side === askSide ? book.bestAsk : book.bestBid
}

function nextOf(book: OutcomeBook, side: BookSide, price: Ticks): Ticks {
  return side === askSide ? book.nextAsk(price) : book.nextBid(price)
}
