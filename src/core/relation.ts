import type { MarketId, Strike, VenueId } from './market.ts'
import type { Claim } from './outcome-set.ts'

/** A market by its venue and the venue's own name. */
export type MarketRef = { readonly venue: VenueId; readonly market: MarketId }

/** How often a YES counts in a {@link Relation} of kind `count`. */
export type RelationTerm = { readonly member: MarketRef; readonly weight: number }

/**
 * Whether a number exactly at a bound makes the market YES: it is this that tells "above" from "at
 * least". Undefined when the rules do not say; then both readings must be safe.
 */
export type BoundsIncluded = {
  readonly floor: boolean | undefined
  readonly cap: boolean | undefined
}

/**
 * What holds between the YES of some markets, whatever happens. Everything a certificate rests on.
 *
 * - `at-most-one`, `at-least-one`: of a set. - `implies`: the premise cannot win without the
 * conclusion. - `same`: two markets that settle alike. - `count`: the weighted number of winners is
 * within bounds. - `strike`: the market is decided by one number, the subject, against bounds.
 */
export type Relation = { readonly claim: Claim } & (
  | { readonly kind: 'at-most-one'; readonly members: readonly MarketRef[] }
  | { readonly kind: 'at-least-one'; readonly members: readonly MarketRef[] }
  | { readonly kind: 'implies'; readonly premise: MarketRef; readonly conclusion: MarketRef }
  | { readonly kind: 'same'; readonly members: readonly [MarketRef, MarketRef] }
  | {
      readonly kind: 'count'
      readonly terms: readonly RelationTerm[]
      readonly atLeast: number | undefined
      readonly atMost: number | undefined
    }
  | {
      readonly kind: 'strike'
      readonly member: MarketRef
      /** What is measured, where, when and by whom. Only equal subjects are compared. */
      readonly subject: string
      readonly strike: Strike
      readonly included: BoundsIncluded
    }
)

/**
 * How a bound is read that the strike itself names: "above" leaves it out, "at least" takes it in.
 */
export function includedBy({ kind }: Strike): BoundsIncluded {
  switch (kind) {
    case 'above':
    case 'below':
      return { floor: false, cap: false }
    case 'at-least':
    case 'at-most':
      return { floor: true, cap: true }
    case 'between':
      return { floor: undefined, cap: undefined }
  }
}

/** One text for one market, to look things up by. */
export function refKey(ref: MarketRef): string {
  return `${ref.venue}:${ref.market}`
}

/** The markets a relation speaks of. */
export function membersOf(relation: Relation): readonly MarketRef[] {
  switch (relation.kind) {
    case 'at-most-one':
    case 'at-least-one':
    case 'same':
      return relation.members
    case 'implies':
      return [relation.premise, relation.conclusion]
    case 'count':
      return relation.terms.map(({ member }) => member)
    case 'strike':
      return [relation.member]
  }
}

const sayings: Readonly<Record<Relation['kind'], string>> = {
  'at-most-one': 'at most one wins',
  'at-least-one': 'at least one wins',
  implies: 'the first cannot win without the second',
  same: 'both settle alike',
  count: 'the number of winners is bounded',
  strike: 'one number decides them all',
}

/** A relation as an assumption for people: what is taken to hold, and who says so. */
export function describeRelation({ kind, claim }: Relation): string {
  return `${sayings[kind]} (${claim.holds}: ${claim.evidence})`
}
