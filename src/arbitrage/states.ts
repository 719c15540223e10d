import type { Market } from '../core/market.ts'
import type { MarketRef, Relation } from '../core/relation.ts'
import { refKey } from '../core/relation.ts'
import type { Ppm } from '../core/units.ts'
import { microPerUsd } from '../core/units.ts'
import { cellsOf, type Cell } from './strike-cells.ts'

/** One way the world can turn out: what the YES of each member is then worth. */
export type GroupState = { readonly name: string; readonly yes: readonly Ppm[] }

/**
 * A weighted number of winners between bounds: every relation but a strike is one or two of these.
 */
type Row = {
  readonly atLeast: number
  readonly atMost: number
  readonly weights: readonly { readonly index: number; readonly weight: number }[]
}

/** Far above any state list a certificate is worth writing out for. */
export const statesMax = 5_000

/**
 * Every way the members can turn out that the relations allow.
 *
 * Undefined when there are more than {@link statesMax}: then nothing is listed and nothing proven.
 */
export function enumerateStates(
  members: readonly Market[],
  relations: readonly Relation[],
): readonly GroupState[] | undefined {
  const indexOf = new Map(members.map((market, index) => [keyOf(market), index]))
  const rows = relations.flatMap((relation) => rowsOf(relation, indexOf))
  const subjects = cellsOf(relations)
  if (subjects.reduce((count, cells) => count * cells.length, 1) > statesMax) return undefined

  const found = new Map<string, GroupState>()
  for (const cells of combinations(subjects)) {
    const forced: (0 | 1 | undefined)[] = members.map(() => undefined)
    if (!force(cells, indexOf, forced)) continue
    const complete = assign({ rows, forced, limit: statesMax - found.size }, (values) => {
      const key = values.join('')
      if (!found.has(key)) found.set(key, stateOf(members, cells, values))
    })
    if (!complete) return undefined
  }
  return [...found.values()]
}

function keyOf(market: Market): string {
  return `${market.venue}:${market.id}`
}

function rowsOf(relation: Relation, indexOf: ReadonlyMap<string, number>): readonly Row[] {
  const unbounded = Number.POSITIVE_INFINITY
  const sum = (
    terms: readonly (readonly [MarketRef, number])[],
    atLeast: number,
    atMost: number,
  ): Row[] => {
    const weights = terms.flatMap(([member, weight]) => {
      const index = indexOf.get(refKey(member))
      return index === undefined ? [] : [{ index, weight }]
    })
    // A row that speaks of markets outside the group cannot be held against those inside it.
    return weights.length === terms.length ? [{ atLeast, atMost, weights }] : []
  }
  switch (relation.kind) {
    case 'at-most-one': {
      const inside = relation.members.filter((member) => indexOf.has(refKey(member)))
      return sum(
        inside.map((member) => [member, 1]),
        -unbounded,
        1,
      )
    }
    case 'at-least-one':
      return sum(
        relation.members.map((member) => [member, 1]),
        1,
        unbounded,
      )
    case 'implies':
      return sum(
        [
          [relation.premise, 1],
          [relation.conclusion, -1],
        ],
        -unbounded,
        0,
      )
    case 'same':
      return sum(
        [
          [relation.members[0], 1],
          [relation.members[1], -1],
        ],
        0,
        0,
      )
    case 'count':
      return sum(
        relation.terms.map(({ member, weight }) => [member, weight]),
        relation.atLeast ?? -unbounded,
        relation.atMost ?? unbounded,
      )
    case 'strike':
      return []
  }
}

/**
 * One cell of each subject, in every combination. One empty combination when there is no subject.
 */
function combinations(subjects: readonly (readonly Cell[])[]): readonly (readonly Cell[])[] {
  return subjects.reduce<readonly (readonly Cell[])[]>(
    (found, cells) => found.flatMap((chosen) => cells.map((cell) => [...chosen, cell])),
    [[]],
  )
}

/** Writes what the cells decide. False when two cells contradict each other. */
function force(
  cells: readonly Cell[],
  indexOf: ReadonlyMap<string, number>,
  forced: (0 | 1 | undefined)[],
): boolean {
  for (const cell of cells) {
    for (const [key, value] of cell.decides) {
      const index = indexOf.get(key)
      if (index === undefined) continue
      if (forced[index] !== undefined && forced[index] !== value) return false
      forced[index] = value
    }
  }
  return true
}

type Assignment = {
  readonly rows: readonly Row[]
  readonly forced: readonly (0 | 1 | undefined)[]
  readonly limit: number
}

/**
 * Tries both values of every member that is not forced, leaving a branch when a row cannot hold.
 */
function assign(
  { rows, forced, limit }: Assignment,
  found: (values: readonly (0 | 1)[]) => void,
): boolean {
  const sums = rows.map(() => 0)
  const leastLeft = rows.map(({ weights }) =>
    total(weights.map(({ weight }) => Math.min(weight, 0))),
  )
  const mostLeft = rows.map(({ weights }) =>
    total(weights.map(({ weight }) => Math.max(weight, 0))),
  )
  const touching = forced.map((_, index) =>
    rows.flatMap(({ weights }, row) => {
      const term = weights.find((candidate) => candidate.index === index)
      return term === undefined ? [] : [{ row, weight: term.weight }]
    }),
  )
  const values: (0 | 1)[] = []
  let count = 0

  const holds = (row: number): boolean => {
    const { atLeast, atMost } = rows[row] ?? { atLeast: 0, atMost: 0 }
    const sum = sums[row] ?? 0
    return sum + (leastLeft[row] ?? 0) <= atMost && sum + (mostLeft[row] ?? 0) >= atLeast
  }
  const shift = (index: number, value: 0 | 1, direction: 1 | -1): void => {
    for (const { row, weight } of touching[index] ?? []) {
      sums[row] = (sums[row] ?? 0) + direction * weight * value
      leastLeft[row] = (leastLeft[row] ?? 0) - direction * Math.min(weight, 0)
      mostLeft[row] = (mostLeft[row] ?? 0) - direction * Math.max(weight, 0)
    }
  }
  const visit = (index: number): boolean => {
    if (index === forced.length) {
      count++
      if (count > limit) return false
      found(values)
      return true
    }
    const only = forced[index]
    for (const value of only === undefined ? ([0, 1] as const) : [only]) {
      shift(index, value, 1)
      values[index] = value
      const possible = (touching[index] ?? []).every(({ row }) => holds(row))
      const within = !possible || visit(index + 1)
      shift(index, value, -1)
      if (!within) return false
    }
    return true
  }
  return visit(0)
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0)
}

function stateOf(
  members: readonly Market[],
  cells: readonly Cell[],
  values: readonly (0 | 1)[],
): GroupState {
  const decided = new Set(cells.flatMap(({ decides }) => [...decides.keys()]))
  const free = members.filter((market) => !decided.has(keyOf(market)))
  const winners = members
    .filter((market, index) => values[index] === 1 && !decided.has(keyOf(market)))
    .map((market) => market.label || market.question || market.id)
  const parts = cells.map(({ name }) => name)
  if (winners.length > 0)
    parts.push(`${winners.join(' and ')} ${winners.length > 1 ? 'win' : 'wins'}`)
  else if (free.length > 0) parts.push(free.length === 1 ? 'it does not win' : 'none of them wins')
  return { name: parts.join(', '), yes: values.map((value) => (value * microPerUsd) as Ppm) }
}
