import type { VenueId } from '../../core/market.ts'
import type { Order } from '../../core/order.ts'
import type { MicroUsd } from '../../core/units.ts'
import { cost, par, proceeds, times, zeroUsd } from '../../core/units.ts'
import type { SettlementOperation } from '../../ports/settlement.ts'

/** What a venue refuses that our own words of a market do not say. */
export type VenueRules = {
  /** Why its decimals and least amounts do not allow an order; undefined where they do. */
  readonly amountRefusalOf: (order: Order) => string | undefined
  /** Which operations it has. */
  readonly operations: readonly SettlementOperation['kind'][]
}

const cent = 10_000
/** Shares of an immediate order have at most four decimals. docs/venues/polymarket.md, 7.5. */
const shareStep = 100
const takerSpendMin = 1_000_000 as MicroUsd

export const venueRules: Readonly<Record<VenueId, VenueRules>> = {
  polymarket: {
    amountRefusalOf: polymarketRefusal,
    operations: ['split', 'merge', 'convert', 'redeem'],
  },
  // Pairs net by themselves; nothing is split, nothing converts. docs/venues/kalshi.md, 8.1.
  kalshi: { amountRefusalOf: () => undefined, operations: ['merge', 'redeem'] },
}

/**
 * Buys at once name dollars, in whole cents and at least one. docs/venues/polymarket.md, 7.5.
 *
 * What cannot be said so is refused here as it is live: rounded, a leg would get other shares than
 * its basket needs.
 */
function polymarketRefusal({ limit, side, size, timeInForce }: Order): string | undefined {
  const isImmediate = timeInForce === 'fok' || timeInForce === 'ioc'
  if (side === 'sell' || !isImmediate) return undefined
  const notional = cost(limit, size)
  if (size % shareStep !== 0 || notional !== proceeds(limit, size) || notional % cent !== 0) {
    return 'amount-precision'
  }
  return notional < takerSpendMin ? 'below-minimum' : undefined
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
