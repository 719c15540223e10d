import type { Clause, ClauseEffect, ClauseKind } from './clauses.ts'
import type { Reading } from './extract.ts'
import type { Allowance, Finding } from './finding.ts'
import { same, unknown } from './finding.ts'
import { stemsOf } from './normalise.ts'

/** Rules for what hardly ever happens, and what a person must allow where they differ. */
const rare: readonly (readonly [ClauseKind, Allowance, string])[] = [
  ['tie', 'tie', 'it ends level'],
  ['postponement', 'postponement', 'it is postponed or delayed'],
  ['void', 'void', 'it is cancelled or never finished'],
  ['not-held', 'void', 'it is not held in time'],
  ['no-show', 'no-show', 'somebody does not take part or does not finish'],
  ['revision', 'revision', 'the figure is corrected later'],
]

/** What YES pays, in halves of a dollar, where the rule says it as a number. */
const halves: Partial<Record<ClauseEffect, number>> = { yes: 2, half: 1, no: 0 }

export function compareClauses(
  a: Reading,
  b: Reading,
  orientation: 'same' | 'complement',
): readonly Finding[] {
  return [
    ...rare.flatMap(([kind, allowance, what]) =>
      compareRare(clausesOf(a, kind), clausesOf(b, kind), { kind, allowance, what, orientation }),
    ),
    ...compareOvertime(clausesOf(a, 'overtime'), clausesOf(b, 'overtime')),
    ...unmatchedConditions(a, b),
    ...unmatchedConditions(b, a),
  ]
}

function clausesOf({ clauses }: Reading, kind: ClauseKind): readonly Clause[] {
  return clauses.filter((clause) => clause.kind === kind)
}

function effectsOf(clauses: readonly Clause[]): readonly ClauseEffect[] {
  return [...new Set(clauses.map(({ effect }) => effect))]
}

/** Both leave something out, but not the same: shootouts in one, all overtime in the other. */
function compareOvertime(first: readonly Clause[], second: readonly Clause[]): readonly Finding[] {
  const [a, b] = [first, second].map((all) => all.find(({ effect }) => effect === 'excluded'))
  if (a === undefined || b === undefined || isAlike(a, b)) return []
  return [unknown('overtime', `"${a.text}" against "${b.text}"`)]
}

type Rare = {
  readonly kind: ClauseKind
  readonly allowance: Allowance
  readonly what: string
  readonly orientation: 'same' | 'complement'
}

function compareRare(
  clausesA: readonly Clause[],
  clausesB: readonly Clause[],
  { kind, allowance, what, orientation }: Rare,
): readonly Finding[] {
  const [first, second] = [effectsOf(clausesA), effectsOf(clausesB)]
  if (first.length === 0 && second.length === 0) return []
  const detail = `${saying(first)} against ${saying(second)}`
  const scenario = { what, first: saying(first), second: saying(second) }
  const [valueA, valueB] = [onlyValue(first), onlyValue(second)]
  if (valueA !== undefined && valueB !== undefined) {
    const other = orientation === 'same' ? valueB : 2 - valueB
    if (valueA === other) return [same(kind, `both pay alike when ${what}`)]
    // Only a tie is common enough to be traded one way instead of being allowed.
    if (kind === 'tie') {
      const lesser = valueA < other ? 'first' : 'second'
      return [{ kind: 'one-way', lesser, dimension: kind, detail, scenario }]
    }
  } else if (isOneRule(clausesA, clausesB)) {
    return [same(kind, `one rule for both when ${what}`)]
  }
  return [{ kind: 'allow', allowance, dimension: kind, detail, scenario }]
}

/** The same sentence on both sides, whatever it says; but a fair price is each venue's own. */
function isOneRule([a, ...moreA]: readonly Clause[], [b, ...moreB]: readonly Clause[]): boolean {
  if (a === undefined || b === undefined || moreA.length > 0 || moreB.length > 0) return false
  return a.effect === b.effect && a.effect !== 'fair-price' && isAlike(a, b)
}

function onlyValue(effects: readonly ClauseEffect[]): number | undefined {
  const [effect, ...more] = effects
  return effect === undefined || more.length > 0 ? undefined : halves[effect]
}

const sayings: Readonly<Record<ClauseEffect, string>> = {
  yes: 'YES',
  no: 'NO',
  half: 'half a dollar each',
  'fair-price': 'a price the venue finds fair',
  'last-price': 'the last price traded',
  'stays-open': 'waits for the result',
  included: 'counts',
  excluded: 'does not count',
  other: 'a rule of its own',
}

function saying(effects: readonly ClauseEffect[]): string {
  return effects.length === 0 ? 'says nothing' : effects.map((effect) => sayings[effect]).join(', ')
}

/** Two conditions say the same when nearly all their words agree, and all their numbers. */
const likenessMin = 0.7

/** A sentence that limits what counts, and that the other listing does not have. */
function unmatchedConditions(a: Reading, b: Reading): readonly Finding[] {
  return a.clauses
    .filter(({ kind }) => kind === 'condition')
    .filter((clause) => !b.clauses.some((other) => isAlike(clause, other)))
    .map(({ text }) => unknown('condition', `only ${a.listing.venue} says: ${text}`))
}

function isAlike(a: Clause, b: Clause): boolean {
  const [first, second] = [wordsOf(a), wordsOf(b)]
  const differing = [...first, ...second].filter((word) => !(first.has(word) && second.has(word)))
  if (differing.some((word) => /\d/.test(word) || word === 'not' || word === 'no')) return false
  const union = new Set([...first, ...second]).size
  return (union - differing.length) / union >= likenessMin
}

/** The venues' own words for a market and its resolving do not tell conditions apart. */
function wordsOf({ canonical }: Clause): ReadonlySet<string> {
  const own = new Set(['this', 'the', 'market', 'resolv', 'to', 'will', 'a', 'an', 'of'])
  return new Set(stemsOf(canonical).filter((word) => !own.has(word)))
}
