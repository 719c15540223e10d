import type { Market, Strike } from '../core/market.ts'
import type { Claim, OutcomeSet } from '../core/outcome-set.ts'
import { isBelieved } from '../core/outcome-set.ts'
import type { BoundsIncluded, MarketRef, Relation, RelationTerm } from '../core/relation.ts'
import { includedBy } from '../core/relation.ts'
import { strikeOf } from './read-strike.ts'

/** A market as a person names it: its venue, and its slug or the venue's id. */
export type MarketName = { readonly venue: Market['venue']; readonly name: string }

/** How a person says that a market is decided by a number, where the market does not say itself. */
export type StrikeEntry = { readonly member: MarketName; readonly strike: Strike }

/**
 * One thing a person has said of markets or sets, with the reason, as a relations file holds it.
 *
 * `line` is where it stands in the file, so that what cannot be found is told with its place.
 */
export type RelationEntry = { readonly because: string; readonly line: number } & (
  | { readonly kind: 'at-most-one'; readonly members: readonly MarketName[] }
  | { readonly kind: 'at-least-one'; readonly members: readonly MarketName[] }
  /** Exactly one of them. */
  | { readonly kind: 'one-of'; readonly members: readonly MarketName[] }
  | { readonly kind: 'implies'; readonly premise: MarketName; readonly conclusion: MarketName }
  | { readonly kind: 'same'; readonly members: readonly [MarketName, MarketName] }
  | {
      readonly kind: 'count'
      readonly terms: readonly { readonly member: MarketName; readonly weight: number }[]
      readonly atLeast: number | undefined
      readonly atMost: number | undefined
    }
  /** One number that decides every market of some sets, and some markets besides. */
  | {
      readonly kind: 'line'
      readonly subject: string
      readonly sets: readonly MarketName[]
      readonly strikes: readonly StrikeEntry[]
      /** How bounds that no market states are to be read. */
      readonly included: BoundsIncluded
    }
  /** A set of which a person knows more than its venue says. */
  | {
      readonly kind: 'set'
      readonly set: MarketName
      readonly exclusive: boolean
      readonly exhaustive: boolean
    }
)

/** What names mean now. Names that mean nothing are not mistakes: markets come and go. */
export type Names = {
  market(name: MarketName): Market | undefined
  set(name: MarketName): OutcomeSet | undefined
}

/** Finds markets and sets by slug, or by the venue's own id. */
export function namesOf(markets: readonly Market[], sets: readonly OutcomeSet[]): Names {
  const marketBy = new Map<string, Market>()
  const setBy = new Map<string, OutcomeSet>()
  for (const market of markets) marketBy.set(`${market.venue}/${market.slug}`, market)
  for (const market of markets) marketBy.set(`${market.venue}/${market.id}`, market)
  for (const set of sets) setBy.set(`${set.venue}/${set.slug}`, set)
  for (const set of sets) setBy.set(`${set.venue}/${set.id}`, set)
  return {
    market: ({ venue, name }) => marketBy.get(`${venue}/${name}`),
    set: ({ venue, name }) => setBy.get(`${venue}/${name}`),
  }
}

/** A set as its venue knows it, and as a person knows it better: only ever more is believed. */
export function setWithClaims(set: OutcomeSet, entries: readonly RelationEntry[]): OutcomeSet {
  const entry = entries.find((one) => one.kind === 'set' && names(one.set, set))
  if (entry?.kind !== 'set') return set
  const assumed: Claim = { holds: 'assumed', evidence: entry.because }
  return {
    ...set,
    exclusive: entry.exclusive && !isBelieved(set.exclusive) ? assumed : set.exclusive,
    exhaustive: entry.exhaustive && !isBelieved(set.exhaustive) ? assumed : set.exhaustive,
  }
}

function names({ venue, name }: MarketName, set: OutcomeSet): boolean {
  return venue === set.venue && (name === set.slug || name === set.id)
}

/** The relations an entry stands for among the markets there are. Undefined when one is missing. */
export function relationsOf(entry: RelationEntry, names: Names): readonly Relation[] | undefined {
  const claim: Claim = { holds: 'assumed', evidence: entry.because }
  switch (entry.kind) {
    case 'at-most-one':
    case 'at-least-one': {
      const members = refsOf(entry.members, names)
      return members === undefined ? undefined : [{ kind: entry.kind, members, claim }]
    }
    case 'one-of': {
      const members = refsOf(entry.members, names)
      if (members === undefined) return undefined
      return [
        { kind: 'at-most-one', members, claim },
        { kind: 'at-least-one', members, claim },
      ]
    }
    case 'implies': {
      const [premise, conclusion] = refsOf([entry.premise, entry.conclusion], names) ?? []
      if (premise === undefined || conclusion === undefined) return undefined
      return [{ kind: 'implies', premise, conclusion, claim }]
    }
    case 'same': {
      const [a, b] = refsOf(entry.members, names) ?? []
      return a === undefined || b === undefined
        ? undefined
        : [{ kind: 'same', members: [a, b], claim }]
    }
    case 'count': {
      const terms = entry.terms.map(({ member, weight }) => termOf(member, weight, names))
      if (terms.some((term) => term === undefined)) return undefined
      const { atLeast, atMost } = entry
      return [
        { kind: 'count', terms: terms.filter((one) => one !== undefined), atLeast, atMost, claim },
      ]
    }
    case 'line':
      return lineRelations(entry, names, claim)
    case 'set':
      return []
  }
}

function refsOf(members: readonly MarketName[], names: Names): readonly MarketRef[] | undefined {
  const refs = members.map((member) => refOf(names.market(member)))
  return refs.some((ref) => ref === undefined) ? undefined : refs.filter((ref) => ref !== undefined)
}

function termOf(member: MarketName, weight: number, names: Names): RelationTerm | undefined {
  const ref = refOf(names.market(member))
  return ref === undefined ? undefined : { member: ref, weight }
}

function refOf(market: Market | undefined): MarketRef | undefined {
  return market === undefined ? undefined : { venue: market.venue, market: market.id }
}

/** Every market of the sets that has a strike, stated or worded, and the markets named besides. */
function lineRelations(
  { subject, sets, strikes, included }: Extract<RelationEntry, { kind: 'line' }>,
  names: Names,
  claim: Claim,
): readonly Relation[] | undefined {
  const inSets = sets.flatMap((name) => {
    const set = names.set(name)
    return (set?.members ?? []).map(({ market }) =>
      names.market({ venue: name.venue, name: market }),
    )
  })
  const named = strikes.map(({ member, strike }) => ({ market: names.market(member), strike }))
  if (inSets.includes(undefined) || named.some(({ market }) => market === undefined))
    return undefined

  const read = inSets.flatMap((market) => {
    const strike = market === undefined ? undefined : strikeOf(market)
    return strike === undefined ? [] : [{ market, strike }]
  })
  const known = new Set(named.map(({ market }) => market?.id))
  return [...named, ...read.filter(({ market }) => !known.has(market?.id))].flatMap(
    ({ market, strike }): Relation[] => {
      const member = refOf(market)
      if (market === undefined || member === undefined) return []
      const stated =
        market.strike === undefined ? { floor: undefined, cap: undefined } : includedBy(strike)
      return [
        {
          kind: 'strike',
          member,
          subject,
          strike,
          included: { floor: stated.floor ?? included.floor, cap: stated.cap ?? included.cap },
          claim,
        },
      ]
    },
  )
}
