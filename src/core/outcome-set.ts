import type { MarketId, OutcomeSetId, VenueId } from './market.ts'

/**
 * Whether something about a set holds, and why we believe it.
 *
 * `proven` by the venue's contracts or rules, `assumed` by a person who said so, else `unknown`.
 * What is unknown is never traded on.
 */
export type Claim = {
  readonly holds: 'proven' | 'assumed' | 'unknown' | 'refuted'
  readonly evidence: string
}

/** A member of a set and what stands in the way of trading it, if anything does. */
export type OutcomeSetMember = {
  readonly market: MarketId
  /** `placeholder`: an unnamed outcome whose meaning is still to come. `other`: the catch-all. */
  readonly role: 'named' | 'placeholder' | 'other'
  readonly tradable: boolean
}

/**
 * What venues call an event: markets about one question.
 *
 * `exclusive`: at most one member wins; a basket of NO needs it. `exhaustive`: at least one does;
 * a basket of YES needs both. The second does not follow from the first.
 */
export type OutcomeSet = {
  readonly venue: VenueId
  readonly id: OutcomeSetId
  readonly slug: string
  readonly title: string
  readonly members: readonly OutcomeSetMember[]
  readonly exclusive: Claim
  readonly exhaustive: Claim
  /** Polymarket's neg-risk market, when NO shares of this set convert; the fee in basis points. */
  readonly conversion: { readonly id: string; readonly feeBips: number } | undefined
}

export const unknownClaim: Claim = { holds: 'unknown', evidence: 'nobody has shown it' }

/** Whether a claim is good enough to trade on. */
export function isBelieved(claim: Claim): boolean {
  return claim.holds === 'proven' || claim.holds === 'assumed'
}
