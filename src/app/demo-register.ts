import type { Market } from '../core/market.ts'
import type { PropositionId } from '../core/proposition.ts'
import type { EpochMs } from '../core/units.ts'
import type { CrossPair } from '../exchange-sim/truth.ts'
import { listingOf } from '../propositions/listing.ts'
import type { ConfirmedMarket, RegisterEntry } from '../propositions/register.ts'
import { hashRules, pairIdOf } from '../propositions/rule-hash.ts'
import type { Venue } from './venue.ts'

/**
 * The register as a person would have it who has read the rules of the simulated markets: the pairs
 * that ask one question are confirmed, the look-alikes are not.
 */
export async function demoRegister(
  venues: readonly Venue[],
  pairs: readonly CrossPair[],
  at: EpochMs,
): Promise<readonly RegisterEntry[]> {
  const changes = await Promise.all(venues.map((venue) => venue.catalogue.load()))
  const byId = new Map(
    changes.flatMap(({ markets }) => markets.map((market) => [String(market.id), market] as const)),
  )
  return pairs.flatMap((pair, index) => {
    const polymarket = byId.get(pair.polymarket)
    const kalshi = byId.get(pair.kalshi)
    if (pair.relation !== 'same' || polymarket === undefined || kalshi === undefined) return []
    return [entryOf(polymarket, kalshi, at, index + 1)]
  })
}

function entryOf(polymarket: Market, kalshi: Market, at: EpochMs, line: number): RegisterEntry {
  return {
    id: pairIdOf(listingOf(polymarket, undefined), listingOf(kalshi, undefined)) as PropositionId,
    title: polymarket.question,
    polymarket: confirmed(polymarket),
    kalshi: confirmed(kalshi),
    orientation: 'same',
    lesser: undefined,
    verdict: 'same',
    allow: [],
    by: 'the demo',
    at,
    note: undefined,
    withdrawn: undefined,
    line,
  }
}

function confirmed(market: Market): ConfirmedMarket {
  const { rules, source } = hashRules(listingOf(market, undefined))
  return {
    market: market.id,
    slug: market.slug,
    rulesHash: rules,
    sourceHash: source,
    closesAt: market.closesAt,
  }
}
