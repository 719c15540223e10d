import type { Market, VenueId } from '../core/market.ts'
import type { Order } from '../core/order.ts'
import type { TradeSignal } from '../core/signal.ts'
import type { MicroShares } from '../core/units.ts'
import { min, subtract } from '../core/units.ts'
import type { Basket } from '../execution/basket.ts'
import { heldOf } from '../execution/basket-position.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { SettlementOperation } from '../ports/settlement.ts'

type Known = {
  readonly marketOf: (leg: Pick<Order, 'venue' | 'market'>) => Market | undefined
  readonly othersOf: (given: readonly Market[]) => readonly Market[] | undefined
  /** The venue's name of the set that a market's NO converts in. */
  readonly conversionOf: (market: Market) => string | undefined
  readonly portfolio: Pick<Portfolio, 'sizeOf'>
}

type Finished = { readonly basket: Basket; readonly signal: TradeSignal }

export type VenueOperation = { readonly venue: VenueId; readonly what: SettlementOperation }

/** The pairs that a short basket needs before it can sell: one split for each of its markets. */
export function splitsFor({ legs, realisation }: TradeSignal): readonly VenueOperation[] {
  if (realisation !== 'split') return []
  return legs
    .filter(({ outcome, side }) => outcome === 'yes' && side === 'sell')
    .map(({ venue, market, size }) => ({ venue, what: { kind: 'split', market, size } }))
}

/**
 * What makes cash of a basket that is over, where it need not wait for a resolution: its pairs are
 * merged, what was split and not sold is merged back, its NO of one set is converted.
 */
export function cashIn({ basket, signal }: Finished, known: Known): readonly VenueOperation[] {
  switch (signal.realisation) {
    case 'merge':
    case 'split':
      return merges(basket, signal, known)
    case 'convert':
      return conversions(basket, known)
    case 'settlement':
      return []
  }
}

function merges(
  basket: Basket,
  { realisation }: TradeSignal,
  { portfolio }: Known,
): readonly VenueOperation[] {
  return basket.legs.flatMap(({ venue, market, instrument, outcome, target }, yes) => {
    const no = basket.legs.findIndex((leg) => leg.market === market && leg.outcome === 'no')
    const other = basket.legs[no]
    if (outcome !== 'yes' || other === undefined) return []
    const wanted =
      realisation === 'split'
        ? subtract(target, soldMost(basket, yes, no))
        : min(heldOf(basket, yes), heldOf(basket, no))
    // Of a split that failed there is nothing to merge.
    const pairs = [instrument, other.instrument]
      .map((token) => portfolio.sizeOf(venue, token))
      .reduce((least, size) => min(least, size), wanted)
    return pairs > 0 ? [{ venue, what: { kind: 'merge', market, size: pairs } }] : []
  })
}

/** What stays of a split on the side that sold more is all that can make a pair again. */
function soldMost(basket: Basket, yes: number, no: number): MicroShares {
  const sold = [heldOf(basket, yes), heldOf(basket, no)] as const
  return sold[0] > sold[1] ? sold[0] : sold[1]
}

function conversions(basket: Basket, known: Known): readonly VenueOperation[] {
  const given = basket.legs.flatMap((leg) => known.marketOf(leg) ?? [])
  const [first] = given
  const size = basket.legs
    .map((_, leg) => heldOf(basket, leg))
    .reduce((least, each) => min(least, each))
  if (first === undefined || size <= 0 || given.length < basket.legs.length) return []
  const set = known.conversionOf(first)
  if (set === undefined || known.othersOf(given) === undefined) return []
  const markets = given.map(({ id }) => id)
  return [{ venue: first.venue, what: { kind: 'convert', set, markets, size } }]
}
