/** What the exchange knows and its clients must find out. Plain values: it crosses threads. */
export type Truth = {
  readonly planted: readonly Plant[]
  readonly real: readonly RealMispricing[]
  readonly decoys: readonly Decoy[]
  /** What is asked on both venues, and what only seems to be. */
  readonly pairs: readonly CrossPair[]
}

/** Two markets on two venues. `different`: who trades them as one is wrong. */
export type CrossPair = {
  readonly id: string
  readonly relation: 'same' | 'different'
  /** Where the two differ; empty where they do not. */
  readonly difference: string
  /** A condition id. */
  readonly polymarket: string
  /** A ticker. */
  readonly kalshi: string
}

/**
 * Portfolios that cannot lose, by what makes them so.
 *
 * `conversion` is the same mispricing as `outcome-basket-no`, laid so that it shows in one leg.
 */
export const mispricingKinds = [
  'cross-outcome',
  'outcome-basket-yes',
  'outcome-basket-no',
  'conversion',
  'ladder',
  'combinatorial',
  'cross-venue',
] as const

export type MispricingKind = (typeof mispricingKinds)[number]

/** A mispricing laid on purpose. Times are milliseconds since 1970, of the exchange's clock. */
export type Plant = {
  readonly id: string
  readonly kind: MispricingKind
  /** Condition ids, and tickers of Kalshi. */
  readonly markets: readonly string[]
  readonly fromMs: number
  readonly untilMs: number
  /** What one set earns after exact fees, in whole ticks. */
  readonly edgeTicks: number
  /** What one set pays at the least, in dollars. */
  readonly payoutUsd: number
  /** How many sets the laid orders are good for. */
  readonly sizeShares: number
}

/** Something that looks like a mispricing and is none. */
export type Decoy = {
  readonly id: string
  readonly kind: 'open-set' | 'near-miss' | 'unknown-fee'
  readonly markets: readonly string[]
  readonly fromMs: number
  readonly untilMs: number
}

/** A stretch of time in which the exchange's own books allowed a profit, planted or not. */
export type RealMispricing = {
  readonly kind: MispricingKind
  readonly markets: readonly string[]
  /** Every market whose value hangs together with these. */
  readonly group: readonly string[]
  readonly fromMs: number
  readonly untilMs: number
  /** The most one set earned, after exact fees, in whole ticks. */
  readonly edgeTicks: number
}
