import type { InstrumentId, MarketId, Outcome, OutcomeSetId, VenueId } from './market.ts'
import type { Level } from './order-book.ts'
import type { Side } from './order.ts'
import type { MicroShares, MicroUsd, Ppm } from './units.ts'

/** One leg as it would be taken from the book now: level by level, with what each level costs. */
export type CertificateLeg = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly outcome: Outcome
  readonly side: Side
  readonly size: MicroShares
  /** What is taken at each price, best first. The sizes add up to `size`. */
  readonly taken: readonly Level[]
  /**
   * Money paid for a buy (rounded up), or brought by a sale (negative, rounded towards us less).
   */
  readonly cost: MicroUsd
  /** The most the venue can charge for this leg. */
  readonly fee: MicroUsd
}

/** What a share of a market's YES is worth in a state, in ppm of a dollar. NO is worth the rest. */
export type StateValue = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly yes: Ppm
}

/** One way the world can turn out, and what the basket is then worth. */
export type CertificateState = {
  /** For people: "France wins", "between 100 and 110". */
  readonly name: string
  readonly values: readonly StateValue[]
  readonly payoff: MicroUsd
  readonly cost: MicroUsd
  readonly fee: MicroUsd
  readonly profit: MicroUsd
}

/**
 * The proof that a basket cannot lose: for every state of its group, payoff minus cost and fee.
 *
 * All whole micro-dollars. The least profit is the guaranteed edge.
 */
export type Certificate = {
  readonly group: string
  readonly sets: readonly OutcomeSetId[]
  readonly legs: readonly CertificateLeg[]
  readonly states: readonly CertificateState[]
  readonly edge: MicroUsd
  /** What must be true for the list of states to be complete; each names who says so. */
  readonly assumptions: readonly string[]
}
