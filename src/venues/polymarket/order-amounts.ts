import type { Order } from '../../core/order.ts'
import { isOnGrid } from '../../core/price-grid.ts'
import type { PriceGrid } from '../../core/price-grid.ts'
import { cost, proceeds, wholeCostStep } from '../../core/units.ts'
import type { MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { commonMultiple } from '../../core/whole-numbers.ts'

/** What the maker gives and what it gets, in millionths, as they are signed. */
export type OrderAmounts = { readonly makerAmount: number; readonly takerAmount: number }

/** Why an order cannot be said in the venue's precision; a metric label. */
export type AmountRefusal = 'off-grid' | 'size-precision' | 'notional-precision'

export type AmountResult =
  | { readonly kind: 'amounts'; readonly amounts: OrderAmounts }
  | { readonly kind: 'refused'; readonly reason: AmountRefusal }

const sizeStep = 10_000
const cent = 10_000 as MicroUsd
const marketTakerStep = 100

/**
 * The signed amounts of an order. docs/venues/polymarket.md, 7.4 and 7.5.
 *
 * Nothing is rounded: an order that the venue's precision cannot say is refused, since a basket
 * needs the same shares on every leg. {@link exactSizeStep} gives the sizes that can be said.
 */
export function orderAmounts(
  order: Pick<Order, 'side' | 'limit' | 'size' | 'timeInForce'>,
  grid: PriceGrid,
): AmountResult {
  if (!isOnGrid(grid, order.limit)) return { kind: 'refused', reason: 'off-grid' }

  const market = order.timeInForce === 'fok' || order.timeInForce === 'ioc'
  return order.side === 'sell' ? sellAmounts(order, market) : buyAmounts(order, market)
}

function buyAmounts(order: Pick<Order, 'limit' | 'size'>, market: boolean): AmountResult {
  const { limit, size } = order
  const notional = cost(limit, size)
  if (!market) {
    if (size % sizeStep !== 0) return { kind: 'refused', reason: 'size-precision' }
    return { kind: 'amounts', amounts: { makerAmount: notional, takerAmount: size } }
  }

  // FOK and FAK buys are in dollars: whole cents, and shares to four decimals.
  if (size % marketTakerStep !== 0) return { kind: 'refused', reason: 'size-precision' }
  const exact = notional === proceeds(limit, size)
  if (!exact || notional % cent !== 0) return { kind: 'refused', reason: 'notional-precision' }
  return { kind: 'amounts', amounts: { makerAmount: notional, takerAmount: size } }
}

function sellAmounts(order: Pick<Order, 'limit' | 'size'>, market: boolean): AmountResult {
  const { limit, size } = order
  if (size % sizeStep !== 0) return { kind: 'refused', reason: 'size-precision' }

  const notional = proceeds(limit, size)
  // Down: to ask for less than the limit by a fraction never keeps a sale from matching.
  const takerAmount = market ? notional - (notional % marketTakerStep) : notional
  return { kind: 'amounts', amounts: { makerAmount: size, takerAmount } }
}

/**
 * The step of sizes that a FOK or FAK buy at `limit` can say exactly: whole cents and at most four
 * decimals of a share. At $0.51 whole shares, at $0.523 tens of shares, at $0.50 0.02 of a share.
 */
export function exactSizeStep(limit: Ticks): MicroShares {
  return commonMultiple(wholeCostStep(limit, cent), marketTakerStep) as MicroShares
}
