import type { FeeSchedule } from './fee.ts'
import type { PriceGrid } from './price-grid.ts'
import type { EpochMs, MicroShares, MicroUsd, Ppm, Unit } from './units.ts'

export type VenueId = 'polymarket' | 'kalshi'

/** The venue's own name of a market: a condition id on Polymarket, a ticker on Kalshi. */
export type MarketId = Unit<string, 'MarketId'>
/** The venue's own name of what is traded: an outcome token, or a side of a contract. */
export type InstrumentId = Unit<string, 'InstrumentId'>
export type OutcomeSetId = Unit<string, 'OutcomeSetId'>

export type Outcome = 'yes' | 'no'

/** What the cache is asked by: a venue and an outcome token. */
export type MarketKey = { readonly venue: VenueId; readonly instrument: InstrumentId }

/** One outcome of a market, as the venue trades it. */
export type Instrument = {
  readonly id: InstrumentId
  readonly outcome: Outcome
  /** The venue's word for the outcome: "Yes", "Up", a team. */
  readonly label: string
}

export type MarketStatus = 'open' | 'paused' | 'closed' | 'resolved'

/**
 * `mirrored`: the venue keeps one book, NO is YES read from the other side (both real venues).
 * `separate`: each outcome has a book of its own, so the two can disagree for longer than a moment.
 */
export type BookKind = 'mirrored' | 'separate'

/**
 * A number that decides a market: "above 100", "between 100 and 110". Bounds as decimal strings.
 */
export type Strike = {
  readonly kind: 'above' | 'at-least' | 'below' | 'at-most' | 'between'
  readonly floor: string | undefined
  readonly cap: string | undefined
}

/** What the venue or its oracle says of who won: the value of a YES share, in ppm of a dollar. */
export type Resolution = { readonly yesValue: Ppm }

/** One yes-or-no proposition on one venue, with what it takes to trade it. */
export type Market = {
  readonly venue: VenueId
  readonly id: MarketId
  readonly slug: string
  readonly question: string
  /** The name of the outcome within its set: "France", "100 to 110". Empty when there is none. */
  readonly label: string
  readonly yes: Instrument
  readonly no: Instrument
  readonly set: OutcomeSetId | undefined
  readonly status: MarketStatus
  readonly bookKind: BookKind
  readonly grid: PriceGrid
  /** The least size increment. */
  readonly lot: MicroShares
  /** The least size of a resting order. */
  readonly sizeMin: MicroShares
  /** A buy that takes is told in money: in these steps, and so much at the least. Left out: any. */
  readonly takerSpend?: { readonly step: MicroUsd; readonly min: MicroUsd }
  readonly fee: FeeSchedule
  /**
   * Settled by Polymarket's neg-risk contracts: NO shares convert to cash and YES of the others.
   */
  readonly negRisk: boolean
  /** A marketable order waits so long before it matches. */
  readonly takerDelayMs: number
  readonly closesAt: EpochMs | undefined
  readonly volume24h: MicroUsd | undefined
  readonly liquidity: MicroUsd | undefined
  readonly tags: readonly string[]
  readonly strike: Strike | undefined
  readonly rules: string
  readonly resolutionSource: string
  readonly resolution: Resolution | undefined
}

/** The name by which the project's first description knows a market. */
export type MarketInfo = Market

export function instrumentOf(market: Market, outcome: Outcome): Instrument {
  return outcome === 'yes' ? market.yes : market.no
}

export function opposite(outcome: Outcome): Outcome {
  return outcome === 'yes' ? 'no' : 'yes'
}
