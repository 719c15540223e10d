import { compareBounds } from './compare-bounds.ts'
import { compareDates } from './compare-dates.ts'
import type { Reading } from './extract.ts'
import { isSameName, vetoesOf } from './vetoes.ts'

/**
 * How much two listings look like one question, from 0 to 1, and what that is made of.
 *
 * It only orders what a person reads first. Nothing is ever traded because of a score.
 */
export type Score = { readonly total: number; readonly parts: ScoreParts }

export type ScoreParts = {
  /** The share of telling words that both use. */
  readonly words: number
  readonly subject: number
  readonly numbers: number
  readonly dates: number
  readonly kind: number
  /** Below zero: vetoes, each of which alone is reason enough not to trade. */
  readonly vetoes: number
}

/** What each part counts. Chosen by hand on the half of the labelled pairs that is for that. */
export const scoreWeights: Readonly<Record<keyof ScoreParts, number>> = {
  words: 0.5,
  subject: 0.18,
  numbers: 0.12,
  dates: 0.12,
  kind: 0.08,
  vetoes: 0.06,
}

/** More vetoes than these say no more: it is another question either way. */
const vetoesMax = 3

export function scorePair(a: Reading, b: Reading, weightOf: (word: string) => number): Score {
  const parts: ScoreParts = {
    words: overlap(a.claimWords, b.claimWords, weightOf),
    subject: subjectPart(a, b),
    numbers: numberPart(a, b),
    dates: datePart(a, b),
    kind: a.kind === b.kind ? 1 : 0,
    vetoes: -Math.min(vetoesMax, vetoesOf(a, b).length),
  }
  const total = (Object.keys(parts) as (keyof ScoreParts)[]).reduce(
    (sum, part) => sum + parts[part] * scoreWeights[part],
    0,
  )
  return { total: Math.max(0, Math.min(1, total)), parts }
}

/** Twice the shared weight over the whole: 1 when all telling words agree. */
function overlap(
  a: ReadonlySet<string>,
  b: ReadonlySet<string>,
  weightOf: (word: string) => number,
): number {
  const weigh = (words: Iterable<string>): number => {
    let sum = 0
    for (const word of words) sum += weightOf(word)
    return sum
  }
  const shared = weigh([...a].filter((word) => b.has(word)))
  const all = weigh(a) + weigh(b)
  return all === 0 ? 0 : (2 * shared) / all
}

function subjectPart(a: Reading, b: Reading): number {
  if (a.subject === undefined || b.subject === undefined) return 0.5
  return isSameName(a.subject.name, b.subject.name) ? 1 : 0
}

function numberPart(a: Reading, b: Reading): number {
  const { findings, isComplement } = compareBounds(a, b)
  if (isComplement) return 0.8
  const [finding] = findings
  if (finding === undefined) return 0.8
  switch (finding.kind) {
    case 'same':
      return 1
    case 'one-way':
      return 0.5
    case 'unknown':
    case 'allow':
      return 0.4
    case 'veto':
      return 0
  }
}

function datePart(a: Reading, b: Reading): number {
  const findings = compareDates(a, b)
  if (findings.some(({ kind }) => kind === 'veto')) return 0
  const isSure = findings.every(({ kind }) => kind === 'same' || kind === 'allow')
  return isSure ? 1 : 0.5
}
