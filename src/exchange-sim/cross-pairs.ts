import type { MispricingCheck } from './mispricing-check.ts'
import { buyingCost, exactUsd } from './mispricing-check.ts'
import type { SimMarket } from './sim-market.ts'
import type { SimSet } from './sim-market.ts'
import type { CrossPair } from './truth.ts'

type MarketPair = readonly [polymarket: SimMarket, kalshi: SimMarket]

/** Every two markets that are asked alike on both venues, the same or only in words. */
export function crossPairs(sets: readonly SimSet[]): readonly CrossPair[] {
  return listedPairs(sets).flatMap(([first, second]) => {
    const { crossListing } = first
    if (crossListing === undefined) return []
    const { pair, relation } = crossListing
    return matched(first, second).map(([polymarket, kalshi], at) => ({
      id: `${pair}-${at + 1}`,
      relation,
      difference: crossListing.relation === 'different' ? crossListing.difference : '',
      polymarket: polymarket.listing.conditionId,
      kalshi: kalshi.listing.conditionId,
    }))
  })
}

/** The markets of two venues that ask the same, among these sets. */
export function pairsWithin(sets: readonly SimSet[]): readonly MarketPair[] {
  return listedPairs(sets)
    .filter(([{ crossListing }]) => crossListing?.relation === 'same')
    .flatMap(([first, second]) => matched(first, second))
}

/** YES on one venue and NO on the other, each way. */
export function crossVenueChecks(sets: readonly SimSet[]): readonly MispricingCheck[] {
  return pairsWithin(sets).flatMap(([one, other]) => [across(one, other), across(other, one)])
}

function across(yes: SimMarket, no: SimMarket): MispricingCheck {
  return {
    kind: 'cross-venue',
    markets: [yes, no],
    payoutUsd: 1,
    edge() {
      const first = buyingCost(yes, 'yes')
      const second = buyingCost(no, 'no')
      return first === undefined || second === undefined ? undefined : exactUsd - first - second
    },
  }
}

function listedPairs(sets: readonly SimSet[]): readonly (readonly [SimSet, SimSet])[] {
  return sets
    .filter(({ venue, crossListing }) => venue === 'polymarket' && crossListing !== undefined)
    .flatMap((first) => {
      const isPartner = ({ venue, crossListing }: SimSet): boolean =>
        venue === 'kalshi' && crossListing?.pair === first.crossListing?.pair
      const second = sets.find(isPartner)
      return second === undefined ? [] : [[first, second] as const]
    })
}

/** Markets of two sets with the same name within them. */
function matched(first: SimSet, second: SimSet): readonly MarketPair[] {
  return first.markets.flatMap((one) => {
    const other = second.markets.find(({ listing }) => listing.label === one.listing.label)
    return other === undefined ? [] : [[one, other] as const]
  })
}
