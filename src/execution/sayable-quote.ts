import { takerFeeMax } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import { stepAt } from '../core/price-grid.ts'
import { takerSizeStep } from '../core/taker-size-step.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { add, cost, negate, proceeds, ticksPerUsd } from '../core/units.ts'
import type { SizeQuote } from './quote-depth.ts'

/** So far a limit is raised to find a price at which the money comes out even. */
const raisesMax = 100

/**
 * The same quote at a price that the venue can be told, and the most that is paid at it: the books
 * may have moved when the order comes, so all of it may fill at the limit.
 *
 * Where a buy is told in money, a size may need a limit a little worse than its price. Undefined
 * when there is none near.
 */
export function sayableQuote(
  market: Market,
  side: Side,
  size: MicroShares,
  quote: SizeQuote,
): SizeQuote | undefined {
  let { limit } = quote
  if (market.takerSpend === undefined || side === 'sell') {
    return atMost(market, side, size, limit)
  }
  for (let raises = 0; raises < raisesMax && limit < ticksPerUsd; raises++) {
    if (size % takerSizeStep(market, side, limit) === 0) {
      if (cost(limit, size) < market.takerSpend.min) return undefined
      return atMost(market, side, size, limit)
    }
    limit = (limit + stepAt(market.grid, limit)) as Ticks
  }
  return undefined
}

/** Price and fee together rise with the price: at the limit is the worst. */
function atMost(
  market: Market,
  side: Side,
  size: MicroShares,
  limit: Ticks,
): SizeQuote | undefined {
  const fee = takerFeeMax(market.fee, limit, size)
  if (fee === undefined) return undefined
  const money = side === 'buy' ? cost(limit, size) : negate(proceeds(limit, size))
  return { limit, paid: add(money, fee) }
}
