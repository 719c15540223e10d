import type { Reading } from './extract.ts'
import type { Score } from './score.ts'
import { scorePair } from './score.ts'
import { TextIndex } from './text-index.ts'

/** Two listings worth a look, the first of one venue and the second of the other. */
export type Candidate = {
  readonly first: Reading
  readonly second: Reading
  readonly score: Score
}

/** So many texts are scored in full; the partner that is not among them is not found. */
const retrievedMax = 60
/** A name that more listings carry than this tells nothing ("Yes", a country in a hundred sets). */
const namesakesMax = 200
const dayMs = 86_400_000
/**
 * Titles close on one venue long after they are decided; only beyond this a gap means something.
 */
const closeGapDaysMax = 900

/**
 * Finds, for listings of one venue, the listings of another that may be the same question.
 *
 * Two blocks are joined: texts with the same telling words, and listings of the same subject. A
 * hard window of dates is not among them: it would lose one true partner in fifteen.
 */
export class CandidateIndex {
  readonly #readings: readonly Reading[]
  readonly #texts: TextIndex
  readonly #bySubject: Map<string, number[]> = new Map()

  constructor(readings: readonly Reading[]) {
    this.#readings = readings
    this.#texts = new TextIndex(readings.map(wordsOf))
    for (const [place, { subject }] of readings.entries()) {
      if (subject === undefined) continue
      const list = this.#bySubject.get(subject.name)
      if (list === undefined) this.#bySubject.set(subject.name, [place])
      else list.push(place)
    }
  }

  /** The best partners of a listing, best first. */
  find(first: Reading, limit: number): readonly Candidate[] {
    const weightOf = (word: string): number => this.#texts.weightOf(word)
    const places = this.#places(first)
    const found: Candidate[] = []
    for (const place of places) {
      const second = this.#readings[place]
      if (second === undefined || closesFarApart(first, second)) continue
      found.push({ first, second, score: scorePair(first, second, weightOf) })
    }
    return found.sort(byScore).slice(0, limit)
  }

  #places(reading: Reading): ReadonlySet<number> {
    const hits = this.#texts.search(wordsOf(reading), retrievedMax)
    const namesakes = this.#bySubject.get(reading.subject?.name ?? '') ?? []
    const named = namesakes.length > namesakesMax ? [] : namesakes
    return new Set([...hits.map(({ document }) => document), ...named])
  }
}

/** The order is whole, so that two runs never differ. */
function byScore(a: Candidate, b: Candidate): number {
  const byTotal = b.score.total - a.score.total
  if (byTotal !== 0) return byTotal
  return a.second.listing.market < b.second.listing.market ? -1 : 1
}

function wordsOf({ claimWords, subject }: Reading): ReadonlySet<string> {
  return subject === undefined ? claimWords : new Set([...claimWords, subject.name])
}

function closesFarApart(a: Reading, b: Reading): boolean {
  const [first, second] = [a.listing.closesAt, b.listing.closesAt]
  if (first === undefined || second === undefined) return false
  return Math.abs(first - second) > closeGapDaysMax * dayMs
}
