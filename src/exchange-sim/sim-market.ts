import type { BookKind, Outcome, VenueId } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { microPerShare, zeroUsd } from '../core/units.ts'
import type { FeeCategory, FeeTerms } from './fee-terms.ts'
import { MatchingEngine } from './matching-engine.ts'

/** The least size of a resting order, in shares, as on nearly every real market. */
export const orderSizeMin: MicroShares = (5 * microPerShare) as MicroShares

/** What never changes about a market. */
export type MarketListing = {
  /** Gamma's number of it. */
  readonly id: string
  /** The venue's own name of the market: on Kalshi its ticker. */
  readonly conditionId: string
  readonly questionId: string
  readonly slug: string
  readonly question: string
  /** Its name within its set: "France", "100 to 110". */
  readonly label: string
  readonly outcomes: readonly [string, string]
  readonly tokens: { readonly yes: string; readonly no: string }
  readonly bookKind: BookKind
  readonly role: 'named' | 'placeholder' | 'other'
  /** Prepared for a name to come, and not trading until it has one. */
  readonly isReserved: boolean
  /** The number that decides it: the threshold of "above", the lower end of a range. */
  readonly strike: number | undefined
  readonly fee: FeeTerms
  /** Rules of its own, where the venue has them by market. */
  readonly rules: string | undefined
  readonly listedAt: EpochMs
  readonly endsAt: EpochMs
}

/**
 * `inactive`: prepared and not yet trading, as unnamed placeholders are. `closed`: no more orders,
 * the winner not yet known.
 */
export type SimMarketStatus = 'inactive' | 'open' | 'closed' | 'resolved'

/** The newest trade, as the maker saw it: the price of the maker's token, the taker's side. */
export type LastTrade = {
  readonly outcome: Outcome
  readonly price: Ticks
  readonly side: Side
  readonly size: MicroShares
  readonly at: EpochMs
}

/** One market of the simulated exchange. Only the world changes it. */
export class SimMarket {
  readonly listing: MarketListing
  readonly set: SimSet
  readonly engine: MatchingEngine
  status: SimMarketStatus
  tick: Ticks
  lastTrade: LastTrade | undefined
  readonly #lastTradeOf: Partial<Record<Outcome, LastTrade>> = {}
  volume: MicroUsd = zeroUsd
  winner: Outcome | undefined
  closedAt: EpochMs | undefined

  constructor(listing: MarketListing, set: SimSet, tick: Ticks) {
    this.listing = listing
    this.set = set
    this.tick = tick
    this.engine = new MatchingEngine(listing.bookKind)
    this.status = listing.isReserved ? 'inactive' : 'open'
  }

  get isOpen(): boolean {
    return this.status === 'open'
  }

  noteTrade(trade: LastTrade): void {
    this.lastTrade = trade
    this.#lastTradeOf[trade.outcome] = trade
  }

  /** The newest trade in the book of this outcome: of the market, where both share one book. */
  lastTradeIn(outcome: Outcome): LastTrade | undefined {
    return this.engine.kind === 'mirrored' ? this.lastTrade : this.#lastTradeOf[outcome]
  }
}

/**
 * How the markets of a set hang together.
 *
 * - `single`: one market.
 * - `outright`: at most one wins. A `fixed` list has a catch-all, so one must win; an `open` one
 *   has none; a `growing` one keeps room for names, and with each its catch-all means less.
 * - `ranges`: neighbouring ranges of one number, of which exactly one holds it.
 * - `strikes`: "above k": each implies the ones below.
 * - `dates`: "by then": each implies the later ones.
 */
export type SetStructure =
  | { readonly kind: 'single' }
  | { readonly kind: 'outright'; readonly list: 'fixed' | 'open' | 'growing' }
  | { readonly kind: 'ranges'; readonly line: string }
  | { readonly kind: 'strikes'; readonly line: string }
  | { readonly kind: 'dates' }

export type Tag = { readonly id: string; readonly label: string; readonly slug: string }

/** What a set on Kalshi has besides: docs/venues/kalshi.md, 3.1. */
export type KalshiTerms = {
  readonly series: string
  readonly seriesTitle: string
  readonly category: string
  readonly feeType: 'quadratic' | 'quadratic_with_maker_fees'
  readonly feeMultiplier: number
  readonly strikeType: 'greater' | 'greater_or_equal' | 'structured'
  readonly sources: readonly { readonly name: string; readonly url: string }[]
}

/**
 * A question that is asked on two venues. `different`: the words are alike and the questions are
 * not, and `difference` says where.
 */
export type CrossListing =
  | { readonly pair: string; readonly relation: 'same' }
  | { readonly pair: string; readonly relation: 'different'; readonly difference: string }

/** What the venue calls an event: markets about one question. */
export type SimSet = {
  readonly venue: VenueId
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly rules: string
  readonly source: string
  readonly category: FeeCategory
  readonly tags: readonly Tag[]
  readonly structure: SetStructure
  /** Settled by the neg-risk contracts: the market id there. Undefined for a standard set. */
  readonly negRiskId: string | undefined
  /** How long after the start the winners are known; undefined when not within a run. */
  readonly resolvesAfterMs: number | undefined
  readonly crossListing: CrossListing | undefined
  readonly kalshi: KalshiTerms | undefined
  readonly markets: SimMarket[]
}

/** At most one member wins, by the contract that settles it. */
export function isExclusive({ structure }: SimSet): boolean {
  return structure.kind === 'outright' || structure.kind === 'ranges'
}

/** At least one member wins, by the meaning of the questions. */
export function isExhaustive({ structure }: SimSet): boolean {
  if (structure.kind === 'outright') return structure.list === 'fixed'
  return structure.kind === 'ranges'
}

/** Whether the markets of a set are decided by one number. */
export function isOnLine({ structure }: SimSet): boolean {
  return structure.kind === 'ranges' || structure.kind === 'strikes'
}
