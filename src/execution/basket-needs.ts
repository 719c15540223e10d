import { takerFeeMax } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { Order } from '../core/order.ts'
import { add, cost, subtract, zeroUsd } from '../core/units.ts'
import type { Basket } from './basket.ts'
import { filledOf } from './basket-position.ts'
import type { CashNeed } from './cash-needs.ts'

/**
 * The most cash that the orders of a basket can still take: what is left of its buys at their limit
 * with the fee, those included that have not been sent.
 */
export function basketNeeds(
  { orders }: Basket,
  marketOf: (order: Order) => Market | undefined,
): readonly CashNeed[] {
  return orders.flatMap((each) => {
    const { order } = each
    if (each.state === 'done' || order.side === 'sell') return []
    const left = subtract(order.size, filledOf(each))
    const market = marketOf(order)
    if (left <= 0 || market === undefined) return []
    const fee = takerFeeMax(market.fee, order.limit, left) ?? zeroUsd
    return [{ venue: order.venue, market: order.market, amount: add(cost(order.limit, left), fee) }]
  })
}
