import { takerFeeMax } from '../core/fee.ts'
import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import type { MicroUsd } from '../core/units.ts'
import { add, cost, par, zeroUsd } from '../core/units.ts'

/** Cash that the orders of a basket tie up in one market. */
export type CashNeed = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly amount: MicroUsd
}

/**
 * The most cash a signal can take, market by market: buys at their limit with the fee, and the
 * dollars that a short pair is split from.
 *
 * At the limit is the most: price and fee together rise with the price.
 */
export function cashNeeds(
  { legs, realisation }: TradeSignal,
  marketOf: (leg: SignalLeg) => Market | undefined,
): readonly CashNeed[] {
  const needs = new Map<string, CashNeed>()
  const split = new Set<string>()
  for (const leg of legs) {
    const { venue, market, size } = leg
    const key = `${venue} ${market}`
    let amount = zeroUsd
    if (leg.side === 'buy') amount = buyNeed(leg, marketOf(leg))
    else if (realisation === 'split' && !split.has(key)) amount = par(size)
    split.add(key)
    needs.set(key, { venue, market, amount: add(needs.get(key)?.amount ?? zeroUsd, amount) })
  }
  return [...needs.values()]
}

function buyNeed({ limit, size }: SignalLeg, market: Market | undefined): MicroUsd {
  const fee = market === undefined ? undefined : takerFeeMax(market.fee, limit, size)
  return add(cost(limit, size), fee ?? zeroUsd)
}
