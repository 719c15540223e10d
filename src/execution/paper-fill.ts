import type { Market } from '../core/market.ts'
import type { OrderFees } from '../core/order-fees.ts'
import type { Fill, Order } from '../core/order.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import { isOnGrid } from '../core/price-grid.ts'
import type { MicroShares, Nanos, Ppm, Ticks } from '../core/units.ts'
import {
  add,
  ceilToLot,
  cost,
  min,
  portion,
  proceeds,
  subtract,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { ConsumedLiquidity } from './consumed-liquidity.ts'
import type { DepthLevel } from './quote-depth.ts'
import { depthWithin, isBelievable, levelsFor, reachable } from './quote-depth.ts'

/** The market as an order finds it on arrival. */
export type Arrival = {
  readonly market: Market
  /** The book of the order's outcome. */
  readonly book: OutcomeBook
  readonly consumed: ConsumedLiquidity
  readonly at: Nanos
}

/** Fees of an order, and how many fills it has had: what goes on from one meeting to the next. */
export type OrderTab = { readonly fees: OrderFees; fillCount: number }

export type ArrivalOutcome = {
  readonly fills: readonly Fill[]
  /** Why the order is over, a metric label; undefined when what is left of it rests. */
  readonly end: string | undefined
}

/**
 * Fills an order with what the live book shows at the moment it arrives, and with nothing else.
 *
 * Level by level from the best, never beyond its limit, never the same shares twice, with the fee
 * as the venue rounds it. What the book may not be believed about does not fill.
 */
export function arrive(order: Order, tab: OrderTab, arrival: Arrival): ArrivalOutcome {
  const refusal = refusalOf(order, arrival)
  if (refusal !== undefined) return { fills: [], end: refusal }

  const reach = reachable(order, arrival.book, arrival.consumed)
  if (order.postOnly && reach > 0) return { fills: [], end: 'would-cross' }
  if (order.timeInForce === 'fok' && reach < order.size) return { fills: [], end: 'fok-killed' }

  const fills = take(order, tab, arrival, min(reach, order.size))
  if (reach >= order.size) return { fills, end: 'filled' }
  if (rests(order)) return { fills, end: undefined }
  return { fills, end: fills.length === 0 ? 'no-match' : 'rest-cancelled' }
}

/**
 * Takes what the other side now offers a resting order within `limit`, and says how much it was.
 *
 * While others rest at our price no opposite order can stand there; when one does, they are gone.
 */
export function takeCrossing(
  order: Pick<Order, 'side'>,
  left: MicroShares,
  limit: Ticks,
  { book, consumed }: Pick<Arrival, 'book' | 'consumed'>,
): MicroShares {
  const reach = reachable({ side: order.side, limit, size: left }, book, consumed)
  if (reach === 0) return zeroShares
  let rest = reach
  for (const level of depthWithin({ side: order.side, limit }, book, consumed)) {
    const part = min(rest, level.size)
    consumed.take(book, levelsFor(order.side), level.price, part)
    rest = subtract(rest, part)
    if (rest === 0) break
  }
  return reach
}

/** An execution of a resting order: at its own price, with the fee of a maker. */
export function makerFill(order: Order, size: MicroShares, tab: OrderTab, at: Nanos): Fill {
  return fillOf(order, { price: order.limit, size }, tab, 'maker', at)
}

/**
 * Somebody was there first and has taken `share` of each level that the order wants.
 *
 * They are gone for us until the book says otherwise, as if we had taken them ourselves.
 */
export function yieldTo(share: Ppm, order: Order, { market, book, consumed }: Arrival): void {
  let wanted = order.size
  for (const level of depthWithin(order, book, consumed)) {
    const lost = min(ceilToLot(portion(level.size, share), market.lot), level.size)
    if (lost > 0) consumed.take(book, levelsFor(order.side), level.price, lost)
    wanted = subtract(wanted, min(wanted, level.size))
    if (wanted === 0) return
  }
}

/** What the venue would say to an order, whatever the book. Undefined: it takes it. */
export function refusalOf(order: Order, { market, book }: Arrival): string | undefined {
  if (market.status !== 'open') return 'market-not-open'
  if (market.fee.kind === 'unknown') return 'unknown-fee'
  if (!isOnGrid(market.grid, order.limit)) return 'off-grid'
  if (order.size <= 0 || order.size % market.lot !== 0) return 'bad-size'
  if (rests(order) && order.size < market.sizeMin) return 'below-minimum'
  return isBelievable(book) ? undefined : 'book-not-believed'
}

export function rests({ timeInForce }: Pick<Order, 'timeInForce'>): boolean {
  return timeInForce === 'gtc' || timeInForce === 'gtd'
}

export function sizeOf(fills: readonly Fill[]): MicroShares {
  return fills.reduce<MicroShares>((total, { size }) => add(total, size), zeroShares)
}

function take(order: Order, tab: OrderTab, arrival: Arrival, size: MicroShares): readonly Fill[] {
  const { book, consumed, at } = arrival
  const fills: Fill[] = []
  let left = size
  if (left === 0) return fills
  for (const level of depthWithin(order, book, consumed)) {
    const part = min(left, level.size)
    consumed.take(book, levelsFor(order.side), level.price, part)
    fills.push(fillOf(order, { price: level.price, size: part }, tab, 'taker', at))
    left = subtract(left, part)
    if (left === 0) break
  }
  return fills
}

function fillOf(
  order: Order,
  { price, size }: DepthLevel,
  tab: OrderTab,
  liquidity: Fill['liquidity'],
  at: Nanos,
): Fill {
  const { side } = order
  tab.fillCount++
  return {
    order: order.id,
    venueTradeId: `${order.id}-${tab.fillCount}`,
    price,
    size,
    notional: side === 'buy' ? cost(price, size) : proceeds(price, size),
    fee: tab.fees.charge({ side, liquidity, price, size })?.fee ?? zeroUsd,
    liquidity,
    at,
  }
}
