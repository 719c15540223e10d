import { assignSets } from './assign.ts'
import type { Candidate } from './candidates.ts'
import { CandidateIndex } from './candidates.ts'
import type { Evidence, Verdict } from './evidence.ts'
import { weigh } from './evidence.ts'
import { readListing } from './extract.ts'
import type { Listing } from './listing.ts'
import { pairIdOf } from './rule-hash.ts'

/** A pair to be read by a person, with what we found. */
export type Suggestion = {
  readonly id: string
  readonly candidate: Candidate
  readonly evidence: Evidence
  /** Their sets were matched as wholes, and these two belong together in them. */
  readonly isAssigned: boolean
}

/** For each listing so many partners are weighed: the right one is hardly ever further down. */
const partnersMax = 8

const order: readonly Verdict[] = ['same', 'complement', 'one-directional', 'unknown', 'not-same']

/**
 * The pairs of two venues most worth reading: by verdict, then by score.
 *
 * Nothing here is tradable. A suggestion becomes a proposition when a person confirms it.
 */
export function suggestPairs(
  first: readonly Listing[],
  second: readonly Listing[],
): readonly Suggestion[] {
  const index = new CandidateIndex(second.filter(({ open }) => open).map(readListing))
  const candidates = first
    .filter(({ open }) => open)
    .flatMap((listing) => index.find(readListing(listing), partnersMax))
  const assigned = new Set(assignSets(candidates).flatMap(({ pairs }) => pairs))
  return candidates
    .map((candidate) => suggestionOf(candidate, assigned.has(candidate)))
    .sort(
      (a, b) =>
        order.indexOf(a.evidence.verdict) - order.indexOf(b.evidence.verdict) ||
        Number(b.isAssigned) - Number(a.isAssigned) ||
        b.candidate.score.total - a.candidate.score.total ||
        (a.id < b.id ? -1 : 1),
    )
}

function suggestionOf(candidate: Candidate, isAssigned: boolean): Suggestion {
  const { first, second } = candidate
  return {
    id: pairIdOf(first.listing, second.listing),
    candidate,
    evidence: weigh(first, second),
    isAssigned,
  }
}
