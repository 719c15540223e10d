import type { Market } from './market.ts'
import type { Side } from './order.ts'
import type { MicroShares, Ticks } from './units.ts'
import { wholeCostStep } from './units.ts'
import { commonMultiple } from './whole-numbers.ts'

/**
 * The step of sizes in which an order that takes can be told at a price.
 *
 * Where a buy is told in money, the money must come out even: whole cents at $0.51 are whole
 * shares, at $0.523 tens of shares, at $0.50 fiftieths of a share.
 */
export function takerSizeStep(market: Market, side: Side, limit: Ticks): MicroShares {
  const { lot, takerSpend } = market
  if (takerSpend === undefined || side === 'sell') return lot
  return commonMultiple(lot, wholeCostStep(limit, takerSpend.step)) as MicroShares
}
