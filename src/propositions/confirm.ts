import type { VenueId } from '../core/market.ts'
import type { PropositionId } from '../core/proposition.ts'
import type { EpochMs } from '../core/units.ts'
import type { Evidence } from './evidence.ts'
import type { Allowance } from './finding.ts'
import type { Listing } from './listing.ts'
import type { ConfirmedMarket, RegisterEntry } from './register.ts'
import { hashRules, pairIdOf } from './rule-hash.ts'

/** What a person says who has read both rules. */
export type Confirmation = {
  readonly by: string
  readonly at: EpochMs
  readonly allow: readonly Allowance[]
  /** The person answers for what we could not read, with the reason. Only for `unknown`. */
  readonly note: string | undefined
}

export type ConfirmResult =
  | { readonly kind: 'confirmed'; readonly entry: RegisterEntry }
  | { readonly kind: 'refused'; readonly reasons: readonly string[] }

/**
 * Turns evidence and a person's word into an entry of the register.
 *
 * Refused when the two ask different things: no person can allow a veto away. Every difference that
 * is left must be allowed by name, and what we could not read asks for a note of who has read it.
 */
export function confirmPair(evidence: Evidence, confirmation: Confirmation): ConfirmResult {
  const reasons = objectionsTo(evidence, confirmation)
  if (reasons.length > 0) return { kind: 'refused', reasons }

  const [first, second] = [evidence.first.listing, evidence.second.listing]
  const isFirst = first.venue === 'polymarket'
  const [polymarket, kalshi] = isFirst ? [first, second] : [second, first]
  return {
    kind: 'confirmed',
    entry: {
      id: pairIdOf(polymarket, kalshi) as PropositionId,
      title: polymarket.question,
      polymarket: confirmedMarket(polymarket),
      kalshi: confirmedMarket(kalshi),
      orientation: evidence.orientation,
      lesser: lesserVenue(evidence),
      verdict: evidence.verdict,
      allow: confirmation.allow.filter((one) => evidence.allowances.includes(one)),
      by: confirmation.by.trim(),
      at: confirmation.at,
      note: confirmation.note,
      withdrawn: undefined,
      line: 0,
    },
  }
}

/** The venue of the lesser side as the register means it: with Polymarket's market first. */
function lesserVenue({ lesser, orientation, first, second }: Evidence): VenueId | undefined {
  if (lesser === undefined) return undefined
  if (orientation === 'complement') return lesser === 'first' ? 'polymarket' : 'kalshi'
  return (lesser === 'first' ? first : second).listing.venue
}

function objectionsTo(
  { verdict, first, second, findings, allowances }: Evidence,
  { by, allow, note }: Confirmation,
): readonly string[] {
  if (by.trim() === '') return ['a pair is confirmed by a person with a name']
  if (first.listing.venue === second.listing.venue) return ['both markets are on one venue']
  if (verdict === 'not-same') {
    const vetoes = findings.filter(({ kind }) => kind === 'veto')
    const said = vetoes.map(({ dimension, detail }) => `${dimension}: ${detail}`)
    return said.length > 0 ? said : ['each can pay less than the other: neither side is safe']
  }
  return [
    ...allowances
      .filter((allowance) => !allow.includes(allowance))
      .map((allowance) => `"${allowance}" differs and is not allowed: --allow ${allowance}`),
    ...(verdict === 'unknown' && (note ?? '').trim() === ''
      ? findings
          .filter(({ kind }) => kind === 'unknown')
          .map(({ dimension, detail }) => `${dimension}: ${detail}: --note says who has read it`)
      : []),
  ]
}

function confirmedMarket(listing: Listing): ConfirmedMarket {
  const { rules, source } = hashRules(listing)
  const { market, slug, closesAt } = listing
  return { market, slug, rulesHash: rules, sourceHash: source, closesAt }
}
