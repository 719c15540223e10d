import type { SimSet } from '../sim-market.ts'
import { gammaMarket, isAugmented, isoOf, liquidityUsd } from './gamma-market.ts'

/** An event as Gamma lists it, its markets within. docs/venues/polymarket.md, 2.2. */
export function gammaEvent(
  set: SimSet,
  { includeMarkets }: { readonly includeMarkets: boolean },
): Readonly<Record<string, unknown>> {
  const first = set.markets[0]
  const volume = totalVolume(set)
  const liquidity = set.markets.reduce((total, market) => total + liquidityUsd(market), 0)
  const isNegRisk = set.negRiskId !== undefined
  return {
    id: set.id,
    ticker: set.slug,
    slug: set.slug,
    title: set.title,
    description: set.rules,
    resolutionSource: set.source,
    startDate: isoOf(first?.listing.listedAt ?? 0),
    creationDate: isoOf(first?.listing.listedAt ?? 0),
    createdAt: isoOf(first?.listing.listedAt ?? 0),
    endDate: isoOf(endOf(set)),
    image: '',
    icon: '',
    active: true,
    closed: isOver(set),
    archived: false,
    new: false,
    featured: false,
    restricted: true,
    liquidity,
    liquidityClob: liquidity,
    volume,
    volume24hr: volume,
    volume1wk: volume,
    volume1mo: volume,
    volume1yr: volume,
    openInterest: Math.round(volume / 4),
    enableOrderBook: true,
    negRisk: isNegRisk,
    enableNegRisk: isNegRisk,
    negRiskMarketID: set.negRiskId,
    negRiskAugmented: first !== undefined && isAugmented(first),
    cumulativeMarkets: set.structure.kind === 'dates',
    showAllOutcomes: true,
    tags: set.tags.map((tag) => ({ ...tag, forceShow: false, requiresTranslation: false })),
    ...(includeMarkets ? { markets: set.markets.map(gammaMarket) } : {}),
  }
}

/** A set is over when each of its markets is. */
export function isOver(set: SimSet): boolean {
  return set.markets.every(({ status }) => status === 'resolved')
}

export function endOf(set: SimSet): number {
  return Math.max(...set.markets.map(({ listing }) => listing.endsAt))
}

export function totalVolume(set: SimSet): number {
  return Math.round(set.markets.reduce((total, { volume }) => total + volume, 0) / 1e4) / 100
}
