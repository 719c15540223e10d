import type { MarketRef } from './relation.ts'
import type { Unit } from './units.ts'

/** Our name of a proposition: what two markets on two venues both settle. */
export type PropositionId = Unit<string, 'PropositionId'>

/**
 * What two markets on two venues both settle, once a person has said that they do.
 *
 * Read as a claim about YES of the first and, by `orientation`, YES or NO of the second: `alike`,
 * or one of them never pays more than the other.
 */
export type Proposition = {
  readonly id: PropositionId
  readonly title: string
  readonly first: MarketRef
  readonly second: MarketRef
  readonly orientation: 'same' | 'complement'
  readonly holds: 'alike' | 'first-never-more' | 'second-never-more'
  /** Who said so, when, and what was allowed: the assumption that certificates rest on. */
  readonly because: string
}

/** Why a proposition may not trade any more; a metric label. */
export type WithdrawalReason =
  | 'rules-changed'
  | 'source-changed'
  | 'dates-moved'
  | 'prices-apart'
  | 'settled-apart'
  | 'withdrawn-by-hand'
