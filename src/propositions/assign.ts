import type { Candidate } from './candidates.ts'

/** Two outcome sets and which of their outcomes belong together. */
export type SetMatch = {
  readonly first: string
  readonly second: string
  /** The assigned pairs; each listing stands in at most one. */
  readonly pairs: readonly Candidate[]
  /** The share of the larger set's listings that found a partner. */
  readonly coverage: number
}

/** Below this two outcomes are no pair, however well the rest of their sets fits. */
const scoreMin = 0.35

/**
 * Matches whole sets first, then their outcomes, each with at most one partner.
 *
 * An outcome is judged in its set: in "Who wins?" every pair looks alike but for one name, and the
 * best total, not the best single pair, tells which belongs to which.
 */
export function assignSets(candidates: readonly Candidate[]): readonly SetMatch[] {
  const grouped = new Map<string, Candidate[]>()
  for (const candidate of candidates) {
    if (candidate.score.total < scoreMin) continue
    const key = JSON.stringify([candidate.first.listing.set, candidate.second.listing.set])
    const list = grouped.get(key)
    if (list === undefined) grouped.set(key, [candidate])
    else list.push(candidate)
  }
  const matches = [...grouped.values()].map(matchSets)
  return matches.sort(
    (a, b) => total(b.pairs) - total(a.pairs) || (a.first + a.second < b.first + b.second ? -1 : 1),
  )
}

function total(pairs: readonly Candidate[]): number {
  return pairs.reduce((sum, { score }) => sum + score.total, 0)
}

function matchSets(candidates: readonly Candidate[]): SetMatch {
  const firsts = [...new Set(candidates.map(({ first }) => first.listing.market))]
  const seconds = [...new Set(candidates.map(({ second }) => second.listing.market))]
  const at = new Map(
    candidates.map((one) => [
      JSON.stringify([one.first.listing.market, one.second.listing.market]),
      one,
    ]),
  )
  const candidateOf = (row: number, column: number): Candidate | undefined =>
    at.get(JSON.stringify([firsts[row], seconds[column]]))
  const gains = firsts.map((_, row) =>
    seconds.map((_, column) => candidateOf(row, column)?.score.total ?? 0),
  )
  const pairs = bestAssignment(gains).flatMap((column, row) => {
    const pair = column === undefined ? undefined : candidateOf(row, column)
    return pair === undefined ? [] : [pair]
  })
  const [sample] = candidates
  return {
    first: sample?.first.listing.set ?? '',
    second: sample?.second.listing.set ?? '',
    pairs,
    coverage: pairs.length / Math.max(firsts.length, seconds.length),
  }
}

/**
 * The column of each row, no column twice, with the greatest sum of gains (Hungarian method).
 *
 * Gains are not negative. Rows beyond the number of columns stay without one.
 */
export function bestAssignment(
  gains: readonly (readonly number[])[],
): readonly (number | undefined)[] {
  const rows = gains.length
  const columns = gains[0]?.length ?? 0
  const size = Math.max(rows, columns)
  const most = Math.max(0, ...gains.flat())
  // A square of costs: what is missing costs as much as a gain of nothing.
  const costAt = (row: number, column: number): number => most - (gains[row]?.[column] ?? 0)
  const rowOf = assignColumns(size, costAt)
  const columnOf = Array.from<undefined, number | undefined>({ length: rows }, () => undefined)
  for (const [column, row] of rowOf.entries()) {
    if (row < rows && column < columns && (gains[row]?.[column] ?? 0) > 0) columnOf[row] = column
  }
  return columnOf
}

/** The row of each column at the least cost. Potentials and shortest augmenting paths, O(n³). */
function assignColumns(size: number, costAt: (row: number, column: number) => number): number[] {
  // Places are counted from 1; 0 stands for none.
  const rowPotential = new Float64Array(size + 1)
  const columnPotential = new Float64Array(size + 1)
  const rowOf = new Int32Array(size + 1)
  for (let row = 1; row <= size; row++) {
    const slack = new Float64Array(size + 1).fill(Number.POSITIVE_INFINITY)
    const before = new Int32Array(size + 1)
    const used = new Uint8Array(size + 1)
    rowOf[0] = row
    let column = 0
    do {
      used[column] = 1
      const current = rowOf[column] ?? 0
      let delta = Number.POSITIVE_INFINITY
      let next = 0
      for (let other = 1; other <= size; other++) {
        if (used[other] === 1) continue
        const cost =
          costAt(current - 1, other - 1) -
          (rowPotential[current] ?? 0) -
          (columnPotential[other] ?? 0)
        if (cost < (slack[other] ?? 0)) {
          slack[other] = cost
          before[other] = column
        }
        if ((slack[other] ?? 0) < delta) {
          delta = slack[other] ?? 0
          next = other
        }
      }
      for (let other = 0; other <= size; other++) {
        if (used[other] === 1) {
          rowPotential[rowOf[other] ?? 0] = (rowPotential[rowOf[other] ?? 0] ?? 0) + delta
          columnPotential[other] = (columnPotential[other] ?? 0) - delta
        } else {
          slack[other] = (slack[other] ?? 0) - delta
        }
      }
      column = next
    } while ((rowOf[column] ?? 0) !== 0)
    while (column !== 0) {
      const previous = before[column] ?? 0
      rowOf[column] = rowOf[previous] ?? 0
      column = previous
    }
  }
  return Array.from({ length: size }, (_, column) => (rowOf[column + 1] ?? 1) - 1)
}
