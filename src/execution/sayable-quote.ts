import { takerFeeMax } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import { stepAt } from '../core/price-grid.ts'
import { takerSizeStep } from '../core/taker-size-step.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { add, cost, ticksPerUsd } from '../core/units.ts'

type Quote = { readonly limit: Ticks; readonly paid: MicroUsd }

/** So far a limit is raised to find a price at which the money comes out even. */
const raisesMax = 100

/**
 * The same quote at a price that the venue can be told: where a buy is told in money, a size may
 * need a limit a little worse than its price, and all of that money may be spent. Undefined when
 * there is none near.
 */
export function sayableQuote(
  market: Market,
  side: Side,
  size: MicroShares,
  quote: Quote,
): Quote | undefined {
  if (market.takerSpend === undefined || side === 'sell') return quote
  let { limit } = quote
  for (let raises = 0; raises < raisesMax && limit < ticksPerUsd; raises++) {
    if (size % takerSizeStep(market, side, limit) === 0) {
      const spent = cost(limit, size)
      const fee = takerFeeMax(market.fee, limit, size)
      if (fee === undefined || spent < market.takerSpend.min) return undefined
      return { limit, paid: add(spent, fee) }
    }
    limit = (limit + stepAt(market.grid, limit)) as Ticks
  }
  return undefined
}
