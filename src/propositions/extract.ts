import { formatDecimal } from '../core/decimal.ts'
import type { Bound } from './bounds.ts'
import { boundOfStrike, onLattice, readBound, stepIn } from './bounds.ts'
import type { Clause, ClauseKind } from './clauses.ts'
import { readClauses } from './clauses.ts'
import type { DateMention } from './dates.ts'
import { readDates } from './dates.ts'
import type { Listing } from './listing.ts'
import { actsIn, markersIn } from './markers.ts'
import { isNegated, negationsIn } from './negation.ts'
import { fold, sentencesOf, stem, stemsOf } from './normalise.ts'
import { canonical, leagueOf } from './phrases.ts'
import type { League } from './teams.ts'
import { teamsIn } from './teams.ts'
import { sourcesIn } from './sources.ts'

/** Of whom or what a market speaks, when its YES names somebody. */
type Subject = {
  readonly name: string
  readonly kind: 'team' | 'party' | 'name'
}

/**
 * What kind of question it is. It decides what must be known before two can be called the same: the
 * hour matters for a price and not for a title.
 */
type QuestionKind = 'contest' | 'title' | 'election' | 'value' | 'ranking' | 'event'

/** A listing, read: everything that comparing two of them needs, and the words it came from. */
export type Reading = {
  readonly listing: Listing
  readonly kind: QuestionKind
  readonly league: League | undefined
  readonly subject: Subject | undefined
  /** The two sides of a contest, when both are named. */
  readonly sides: readonly string[]
  /** Names of the claim, each where it first stands: the order says who does it to whom. */
  readonly names: readonly string[]
  readonly dates: readonly DateMention[]
  /** Undefined when the market turns on no number. */
  readonly bound: Bound | undefined
  /** The texts name different numbers: what decides is not known. */
  readonly boundUnclear: boolean
  readonly markers: ReadonlyMap<string, ReadonlySet<string>>
  readonly acts: ReadonlySet<string>
  readonly sources: ReadonlySet<string>
  /** Something must not happen for YES. */
  readonly negated: boolean
  /** Every word of the claim that denies, with its count. */
  readonly negations: ReadonlyMap<string, number>
  /** The rules say what NO is, and not what YES is. */
  readonly definesNo: boolean
  readonly clauses: readonly Clause[]
  /** Stems of what is asked, without dates and bounds. */
  readonly claimWords: ReadonlySet<string>
  /** Stems of what is asked, of its surroundings and of who decides: not of the rare cases. */
  readonly saidWords: ReadonlySet<string>
}

const plainOutcomes = /^(yes|no|over|under|up|down)$/

export function readListing(listing: Listing): Reading {
  const everything = fold(
    [listing.question, listing.label, listing.setTitle, listing.rules, ...listing.tags].join('\n'),
  )
  const league = leagueOf(everything)
  const word = (text: string): string => canonical(fold(text), league)

  const clauses = sentencesOf(listing.rules).flatMap((own) => readClauses(own, word(own)))
  const claims = clauses.filter(({ kind }) => kind === 'claim').map((clause) => clause.canonical)
  const claimTexts = clauses.filter(({ kind }) => kind === 'claim').map((clause) => clause.text)
  const header = [word(listing.question), word(listing.label)].join('\n')
  const dated = readDates([header, ...claims].join('\n'), listing.closesAt)
  const bounds = boundsOf(listing, dated.rest, everything)
  const { numbers } = bounds
  const claimText = [header, ...claims].join('\n')
  const sides = sidesOf(listing, word)
  return {
    listing,
    kind: kindOf(claimText, sides, bounds.bound),
    league,
    subject: subjectOf(listing, word) ?? winnerOf(sides, claims),
    sides,
    names: namesIn(claimTexts.length === 0 ? listing.question : claimTexts.join('\n')),
    dates: dated.dates,
    bound: bounds.bound,
    boundUnclear: bounds.isUnclear,
    markers: markersIn(claimText),
    acts: actsIn(claims.length === 0 ? claimText : claims.join('\n')),
    sources: sourcesIn(fold(listing.source), word(listing.rules)),
    negated: isNegated(claims.length === 0 ? [header] : claims),
    negations: negationsIn(claims.length === 0 ? [header] : claims),
    definesNo: definesNo(listing, claims, word),
    clauses,
    claimWords: new Set(wordsOf(dated.rest).filter((word) => !numbers.has(word))),
    saidWords: new Set(wordsOf(saidText(listing, clauses, word))),
  }
}

/** The stems of a text, but for the "or" of "3 or more", which is part of a number. */
function wordsOf(text: string): readonly string[] {
  return stemsOf(
    text.replaceAll(/\bor (?=more|above|below|higher|greater|over|lower|less|fewer|equal)/g, ' '),
  )
}

const said: ReadonlySet<ClauseKind> = new Set(['claim', 'condition', 'source'])

function saidText(
  { question, label, setTitle, tags, outcomes, source }: Listing,
  clauses: readonly Clause[],
  word: (text: string) => string,
): string {
  const own = [question, label, setTitle, ...tags, ...outcomes, source].map(word)
  const rules = clauses.filter(({ kind }) => said.has(kind)).map((clause) => clause.canonical)
  return [...own, ...rules].join('\n')
}

/** "Resolves to X if …": every X that is defined is the other outcome. */
function definesNo(
  { outcomes }: Listing,
  claims: readonly string[],
  word: (text: string) => string,
): boolean {
  const defined = [...claims.join('\n').matchAll(/\bresolves? to "(?<name>[^"]+)"/g)]
  const names = defined.map(({ groups }) => groups?.['name'])
  return names.length > 0 && !names.includes(word(outcomes[0])) && !names.includes('yes')
}

/** The two sides of "A vs B", two teams of a title, or the outcomes that carry their names. */
function sidesOf(listing: Listing, word: (text: string) => string): readonly string[] {
  const named = listing.outcomes.map((name) => word(name))
  if (named.every((name) => !plainOutcomes.test(name))) return named

  const text = [listing.setTitle, listing.question].map(word).join('\n')
  const teams = teamsIn(text)
  if (teams.length === 2) return teams
  const match =
    /(?:^|[:\n] ?|\bthe |\bwin |\bwill )(?<a>[\w .'-]+?) (?:vs|v) (?<b>[\w .'-]+?)(?= (?:winner|game|set|mma|cs2|\(|-)|[?:\n,]|$)/.exec(
      text,
    )?.groups
  return match === undefined ? [] : [match['a'] ?? '', match['b'] ?? '']
}

function subjectOf(listing: Listing, word: (text: string) => string): Subject | undefined {
  const [yes] = listing.outcomes
  const isNamed = !plainOutcomes.test(fold(yes)) && fold(yes) !== fold(listing.label)
  const candidates = isNamed ? [yes] : [listing.label]
  for (const candidate of candidates) {
    const name = word(candidate).trim()
    if (name === '' || /\d/.test(name.replaceAll(/\b(?:nba|nfl|mlb|nhl)-[a-z0-9]+/g, ''))) continue
    const [team] = teamsIn(name)
    if (team !== undefined) return { name: team, kind: 'team' }
    const isParty = /\b(democratic-party|republican-party|labour|conservatives?)\b/.test(name)
    if (isParty) return { name, kind: 'party' }
    if (/^(yes|no|tie|pass|rejected|cut|over|under|up|down|no change|hold|both .*)$/.test(name))
      continue
    if (!appearsIn(name, word(`${listing.question}\n${listing.rules}`))) continue
    return { name, kind: 'name' }
  }
  return undefined
}

/** The side that a question of Yes and No is about: "if the Chiefs win their game against …". */
function winnerOf(sides: readonly string[], claims: readonly string[]): Subject | undefined {
  if (sides.length !== 2) return undefined
  const match = /\bif (?:the )?(?<name>[^,]+?) (?:wins?|beats?|defeats?)\b/.exec(claims.join('\n'))
  const name = match?.groups?.['name']
  if (name === undefined || !sides.includes(name)) return undefined
  return { name, kind: teamsIn(name).length === 1 ? 'team' : 'name' }
}

const noNames =
  /^(?:if|the|this|will|yes|no|otherwise|a|an|in|on|by|at|market|am|pm|et|est|edt|utc|cet|jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|december)$/

/** The capitalised words of a text, folded, each once, in order. */
function namesIn(text: string): readonly string[] {
  const words = (text.match(/\p{Lu}[\p{L}\p{M}'-]*/gu) ?? []).map((word) => stem(fold(word)))
  return [...new Set(words)].filter((word) => word.length > 1 && !noNames.test(word))
}

/** A label that the question never mentions is a heading ("Recession", "March"), not a subject. */
function appearsIn(name: string, text: string): boolean {
  return text.includes(name)
}

function boundsOf(
  listing: Listing,
  rest: string,
  everything: string,
): {
  readonly bound: Bound | undefined
  readonly isUnclear: boolean
  /** The numbers as the texts write them: they are compared as a range, not as words. */
  readonly numbers: ReadonlySet<string>
} {
  const [header = '', ...body] = splitHeader(rest)
  const raw = [
    listing.strike === undefined ? undefined : boundOfStrike(listing.strike),
    readBound(body.join('\n')),
    ...header.split('\n').map(readBound),
  ].filter((bound) => bound !== undefined)
  const unit = raw.find((bound) => bound.unit !== undefined)?.unit
  const step = stepIn(everything, unit)
  const found = raw.map((bound) => {
    const withUnit = { ...bound, unit: bound.unit ?? unit }
    return step === undefined ? withUnit : onLattice(withUnit, step)
  })
  const numbers = raw.flatMap(({ low, high }) => [low, high]).filter((end) => end !== undefined)
  return {
    bound: found[0],
    isUnclear: found.some((bound) => !isAlike(bound, found[0])),
    numbers: new Set(
      numbers.flatMap((end) =>
        stemsOf(formatDecimal(end, 6)).flatMap((text) => [text, `${text}%`]),
      ),
    ),
  }
}

/** Question and label are the first two lines; what follows are sentences of the rules. */
function splitHeader(text: string): readonly string[] {
  const lines = text.split('\n')
  return [lines.slice(0, 2).join('\n'), ...lines.slice(2)]
}

function isAlike(a: Bound, b: Bound | undefined): boolean {
  return (
    b !== undefined &&
    a.low === b.low &&
    a.high === b.high &&
    (a.low === undefined || a.lowOpen === b.lowOpen) &&
    (a.high === undefined || a.highOpen === b.highOpen)
  )
}

function kindOf(claim: string, sides: readonly string[], bound: Bound | undefined): QuestionKind {
  if (sides.length === 2 && !/\bseries winner\b/.test(claim)) return 'contest'
  if (
    /\bleaderboard\b|\blargest company\b|\bnumber 1\b|\bmost streamed\b|\bon record\b/.test(claim)
  ) {
    return 'ranking'
  }
  const isElection =
    /\belection\b|\bnomination\b|\bgovernor-race\b|\bcaucus\b|\breferendum\b|\bmayoral\b|-election\b/
  if (isElection.test(claim)) return 'election'
  if (bound !== undefined) return 'value'
  const isTitle =
    /\bwins?\b.*\b(?:finals|championship|cup|league|open|prix|trophy|tournament|bowl|series|mvp|oscars|grammys|globes|contest|title)\b|\bof the year\b/
  return isTitle.test(claim) ? 'title' : 'event'
}
