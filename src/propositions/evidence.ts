import { compareBounds } from './compare-bounds.ts'
import { compareClauses } from './compare-clauses.ts'
import { compareDates } from './compare-dates.ts'
import { compareRoles } from './compare-roles.ts'
import { compareWords } from './compare-words.ts'
import type { Reading } from './extract.ts'
import type { Allowance, Finding, Scenario } from './finding.ts'
import { same, unknown } from './finding.ts'
import { fold } from './normalise.ts'
import { canonical } from './phrases.ts'
import { areOpponents, officialKinds, vetoesOf } from './vetoes.ts'

/**
 * What two listings are to each other, by all that could be read.
 *
 * - `same`, `complement`: alike in every ordinary state; `allowances` are still to be allowed.
 * - `one-directional`: one of them never pays less than the other. - `not-same`: a veto.
 * - `unknown`: something could not be read or matched, which is never good enough.
 */
export type Verdict = 'same' | 'complement' | 'one-directional' | 'not-same' | 'unknown'

export type Evidence = {
  readonly first: Reading
  readonly second: Reading
  readonly verdict: Verdict
  /** Whether YES of the first goes with YES or with NO of the second. */
  readonly orientation: 'same' | 'complement'
  /**
   * For `one-directional`: `first` when YES of the first is never worth more than the outcome of
   * the second that goes with it, `second` when that outcome is never worth more. Read from the
   * other side, a complement keeps its word: what bounds YES here by NO there bounds YES there by
   * NO here.
   */
  readonly lesser: 'first' | 'second' | undefined
  readonly findings: readonly Finding[]
  readonly allowances: readonly Allowance[]
  /** How the world could turn out so that the two pay differently. */
  readonly scenarios: readonly Scenario[]
}

/** Weighs two listings. Pure, and the same in every run: there is no learned part in it. */
export function weigh(first: Reading, second: Reading): Evidence {
  const bounds = compareBounds(first, second)
  const orientation = orientationOf(first, second, bounds.isComplement)
  const findings = [
    ...vetoesOf(first, second),
    ...bounds.findings,
    ...orientation.findings,
    ...compareTies(first, second),
    ...compareDates(first, second),
    ...compareSources(first, second),
    ...compareClauses(first, second, orientation.value),
    ...compareNegations(first, second),
    ...compareRoles(first, second),
    ...compareWords(first, second),
    ...unclearRules(first),
    ...unclearRules(second),
  ]
  const { verdict, lesser } = judge(findings, orientation.value)
  return {
    first,
    second,
    verdict,
    orientation: orientation.value,
    lesser,
    findings,
    allowances: [
      ...new Set(findings.flatMap((one) => (one.kind === 'allow' ? [one.allowance] : []))),
    ],
    scenarios: findings.flatMap((one) =>
      one.kind === 'allow' || one.kind === 'one-way' ? [one.scenario] : [],
    ),
  }
}

function judge(
  findings: readonly Finding[],
  orientation: Evidence['orientation'],
): Pick<Evidence, 'verdict' | 'lesser'> {
  if (findings.some(({ kind }) => kind === 'veto'))
    return { verdict: 'not-same', lesser: undefined }
  const ways = new Set(findings.flatMap((one) => (one.kind === 'one-way' ? [one.lesser] : [])))
  // Each is the lesser in some state: neither basket is safe.
  if (ways.size === 2) return { verdict: 'not-same', lesser: undefined }
  if (findings.some(({ kind }) => kind === 'unknown'))
    return { verdict: 'unknown', lesser: undefined }
  const [lesser] = ways
  if (lesser !== undefined) return { verdict: 'one-directional', lesser }
  return { verdict: orientation, lesser: undefined }
}

/** One turn of meaning makes a complement. Two at once are more than we can follow. */
function orientationOf(
  a: Reading,
  b: Reading,
  boundsAreComplement: boolean,
): { readonly value: Evidence['orientation']; readonly findings: readonly Finding[] } {
  const turns = [
    ...(areOpponents(a, b) ? ['the two sides of one contest'] : []),
    ...(boundsAreComplement ? ['numbers that share nothing and leave nothing'] : []),
    ...(a.negated === b.negated ? [] : ['one asks that it does not happen']),
  ]
  const [turn] = turns
  if (turn === undefined) return { value: 'same', findings: [] }
  if (turns.length > 1) {
    return { value: 'same', findings: [unknown('orientation', turns.join('; '))] }
  }
  return { value: 'complement', findings: [same('orientation', turn)] }
}

/** Contests that always have a winner. */
const tieless = /\b(?:nba|nhl|mlb|tennis|cs2|esports|dota|valorant|league of legends)\b/

/**
 * Two sides of a contest are each other's complement only if one of them must win, or if both rules
 * say what a tie pays; those are compared with the other rules.
 */
function compareTies(a: Reading, b: Reading): readonly Finding[] {
  if (!areOpponents(a, b)) return []
  const ruled = [a, b].map(({ clauses }) => clauses.some(({ kind }) => kind === 'tie'))
  if (ruled.every(Boolean)) return []
  if (a.markers.get('segment')?.has('ninety minutes')) {
    const scenario = { what: 'it ends level', first: 'NO', second: 'NO' }
    const detail = 'neither side wins a tie'
    return [{ kind: 'one-way', lesser: 'first', dimension: 'tie', detail, scenario }]
  }
  const text = [a, b].map(({ listing }) => `${listing.question} ${listing.rules}`).join(' ')
  const hasWinner =
    (a.league ?? b.league) !== 'nfl' && tieless.test(canonical(fold(text), undefined))
  if (hasWinner) return []
  return [unknown('tie', 'nothing says that one side must win')]
}

function compareSources(a: Reading, b: Reading): readonly Finding[] {
  const shared = [...a.sources].filter((source) => b.sources.has(source))
  if (shared.length > 0) return [same('source', shared.join(', '))]
  if (a.sources.size === 0 && b.sources.size === 0) return []
  if (officialKinds.has(a.kind)) return []
  return [
    {
      kind: 'allow',
      allowance: 'source',
      dimension: 'source',
      detail: `${listed(a.sources)} against ${listed(b.sources)}`,
      scenario: {
        what: 'those who decide read the facts differently',
        first: listed(a.sources),
        second: listed(b.sources),
      },
    },
  ]
}

function listed(sources: ReadonlySet<string>): string {
  return sources.size === 0 ? 'nobody named' : [...sources].join(', ')
}

/**
 * Denials must be the same words as often, but for the one that turns a question into its opposite.
 */
function compareNegations(a: Reading, b: Reading): readonly Finding[] {
  const words = new Set([...a.negations.keys(), ...b.negations.keys()])
  const count = (reading: Reading, word: string): number => reading.negations.get(word) ?? 0
  const gaps = [...words].map((word) => Math.abs(count(a, word) - count(b, word)))
  const gap = gaps.reduce((sum, one) => sum + one, 0)
  if (gap === (a.negated === b.negated ? 0 : 1)) return []
  return [unknown('negation', `${listed(new Set(words))}: not as often in both`)]
}

function unclearRules({ listing, definesNo }: Reading): readonly Finding[] {
  if (listing.rules.trim() === '') return [unknown('rules', `${listing.venue} has none`)]
  return definesNo ? [unknown('rules', `${listing.venue} says what NO is, not YES`)] : []
}
