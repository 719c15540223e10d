import type { Market, VenueId } from '../../core/market.ts'
import type { Order } from '../../core/order.ts'
import type { MicroUsd } from '../../core/units.ts'
import { cost, par, proceeds, times, zeroUsd } from '../../core/units.ts'
import { rests } from '../../execution/paper-fill.ts'
import type { SettlementOperation } from '../../ports/settlement.ts'

/**
 * Why the decimals of a venue do not allow an order: a buy that takes is told in money there.
 *
 * What cannot be said so is refused here as it is live: rounded, a leg would get other shares than
 * its basket needs. docs/venues/polymarket.md, 7.5.
 */
export function amountRefusalOf(order: Order, { takerSpend }: Market): string | undefined {
  if (takerSpend === undefined || order.side === 'sell' || rests(order)) return undefined
  const spend = cost(order.limit, order.size)
  const isExact = spend === proceeds(order.limit, order.size)
  if (!isExact || spend % takerSpend.step !== 0) return 'amount-precision'
  return spend < takerSpend.min ? 'below-minimum' : undefined
}

/** Which operations a venue has. Pairs net by themselves at Kalshi. docs/venues/kalshi.md, 8.1. */
export const operationsOf: Readonly<Record<VenueId, readonly SettlementOperation['kind'][]>> = {
  polymarket: ['split', 'merge', 'convert', 'redeem'],
  kalshi: ['merge', 'redeem'],
}

/**
 * What an operation brings in; negative where it takes money. A redemption is booked by the ledger
 * itself when its market resolves.
 */
export function cashInOf(what: SettlementOperation): MicroUsd {
  switch (what.kind) {
    case 'split':
      return times(par(what.size), -1)
    case 'merge':
      return par(what.size)
    case 'convert':
      return times(par(what.size), what.markets.length - 1)
    case 'redeem':
      return zeroUsd
  }
}
