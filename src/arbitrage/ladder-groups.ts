import type { Market, Strike } from '../core/market.ts'
import type { Claim } from '../core/outcome-set.ts'
import type { BoundsIncluded, Relation } from '../core/relation.ts'
import { includedBy } from '../core/relation.ts'
import { Group } from './group.ts'
import { mentionsStrike, strikeOf, withoutStrike } from './read-strike.ts'
import { parseBound } from './strike-cells.ts'

type Rung = { readonly market: Market; readonly strike: Strike }

const sameWords: Claim = {
  holds: 'proven',
  evidence: 'question and rules are word for word the same but for the number',
}

/**
 * Ladders of strikes: markets of one set that close together, cite one source, and ask and rule in
 * the same words but for their number.
 *
 * Two markets with the same words and the same number differ in something we do not see, so a
 * ladder with such a pair is no ladder. Markets without rules are never compared.
 */
export function laddersOf(markets: readonly Market[]): readonly Group[] {
  const bySubject = new Map<string, Rung[]>()
  for (const market of markets) {
    const strike = rungOf(market)
    if (strike === undefined) continue
    const subject = subjectOf(market, strike)
    const rungs = bySubject.get(subject)
    if (rungs === undefined) bySubject.set(subject, [{ market, strike }])
    else rungs.push({ market, strike })
  }
  return [...bySubject].flatMap(([subject, rungs]) => ladderOf(subject, rungs) ?? [])
}

function rungOf(market: Market): Strike | undefined {
  if (market.status !== 'open' || market.fee.kind === 'unknown') return undefined
  if (market.rules.trim() === '' || market.resolution !== undefined) return undefined
  const strike = strikeOf(market)
  if (strike === undefined || strike.kind === 'between') return undefined
  const bound = strike.floor ?? strike.cap
  if (bound === undefined || parseBound(bound) === undefined) return undefined
  return mentionsStrike(`${market.question} ${market.rules}`, strike) ? strike : undefined
}

/** What is measured, in the market's own words, with all that must be equal for two to compare. */
function subjectOf(market: Market, strike: Strike): string {
  return [
    market.venue,
    market.set ?? '',
    strike.kind,
    String(market.closesAt),
    market.resolutionSource,
    withoutStrike(market.question, strike),
    withoutStrike(market.rules, strike),
  ].join('\n')
}

function ladderOf(subject: string, rungs: readonly Rung[]): Group | undefined {
  const sorted = rungs.toSorted((a, b) => boundOf(a) - boundOf(b))
  const isDoubled = sorted.some(
    (rung, index) => index > 0 && boundOf(rung) === boundOf(sorted[index - 1]),
  )
  const first = sorted[0]
  if (first === undefined || sorted.length < 2 || isDoubled) return undefined

  const members = sorted.map(({ market }) => market)
  const sets = [...new Set(members.flatMap(({ set }) => set ?? []))]
  return new Group({
    id: `ladder:${members.map(({ venue, id }) => `${venue}:${id}`).join('+')}`,
    title: withoutStrike(first.market.question, first.strike),
    shape: 'ladder',
    members,
    relations: sorted.map((rung) => strikeRelation(rung, subject)),
    sets,
    exhaustive: false,
    conversion: undefined,
  })
}

function strikeRelation({ market, strike }: Rung, subject: string): Relation {
  return {
    kind: 'strike',
    member: { venue: market.venue, market: market.id },
    subject,
    strike,
    included: inclusionOf(market, strike),
    claim: sameWords,
  }
}

/** A strike that the venue states is exact; of one read from words we do not know the edge. */
function inclusionOf(market: Market, strike: Strike): BoundsIncluded {
  return market.strike === undefined ? { floor: undefined, cap: undefined } : includedBy(strike)
}

function boundOf(rung: Rung | undefined): number {
  const bound = rung?.strike.floor ?? rung?.strike.cap
  return (bound === undefined ? undefined : parseBound(bound)) ?? Number.NaN
}
