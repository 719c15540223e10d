import { parseDecimal } from '../core/decimal.ts'
import type { Strike } from '../core/market.ts'
import type { BoundsIncluded, Relation } from '../core/relation.ts'
import { refKey } from '../core/relation.ts'

/**
 * A part of the number line in which no market of a subject changes its mind, or one of the two
 * ways the rules may be read at a bound.
 */
export type Cell = {
  readonly name: string
  /** What the cell settles, by {@link refKey}: 1 where YES wins. */
  readonly decides: ReadonlyMap<string, 0 | 1>
}

type StrikeRelation = Extract<Relation, { kind: 'strike' }>

/**
 * For each subject, the cells of its number line.
 *
 * The bounds themselves are cells of their own: there "above" and "at least" part ways. A market
 * whose bounds cannot be read decides nothing and is left free.
 */
export function cellsOf(relations: readonly Relation[]): readonly (readonly Cell[])[] {
  const bySubject = new Map<string, StrikeRelation[]>()
  for (const relation of relations) {
    if (relation.kind !== 'strike') continue
    const list = bySubject.get(relation.subject)
    if (list === undefined) bySubject.set(relation.subject, [relation])
    else list.push(relation)
  }
  return [...bySubject.values()].map(cellsOfSubject)
}

function cellsOfSubject(relations: readonly StrikeRelation[]): readonly Cell[] {
  const bounds = new Map<number, string>()
  for (const { strike } of relations) {
    for (const text of [strike.floor, strike.cap]) {
      const value = text === undefined ? undefined : parseBound(text)
      if (value !== undefined && text !== undefined) bounds.set(value, text)
    }
  }
  const sorted = [...bounds].toSorted(([a], [b]) => a - b)

  // Position 2i is the gap below bound i, 2i + 1 is bound i itself. Gaps come first: where a bound
  // decides as a gap does, it is the gap that people want to read of.
  const positions = Array.from({ length: 2 * sorted.length + 1 }, (_, position) => position)
  const gapsFirst = positions.toSorted((a, b) => (a % 2) - (b % 2) || a - b)
  const cells = gapsFirst.flatMap((position) =>
    readings(relations, sorted, position).map((decides) => ({
      cell: { name: nameOf(sorted, position), decides },
      position,
    })),
  )
  return distinct(cells)
    .toSorted((a, b) => a.position - b.position)
    .map(({ cell }) => cell)
}

/** What the markets say at a position; in every reading, where a bound may be in or out. */
function readings(
  relations: readonly StrikeRelation[],
  sorted: readonly (readonly [number, string])[],
  position: number,
): readonly ReadonlyMap<string, 0 | 1>[] {
  let found = [new Map<string, 0 | 1>()]
  for (const { member, strike, included } of relations) {
    const value = valueAt(strike, included, sorted, position)
    if (value === undefined) continue
    const key = refKey(member)
    const both = value === 'either' ? ([0, 1] as const) : [value]
    found = found.flatMap((map) => both.map((one) => new Map<string, 0 | 1>([...map, [key, one]])))
  }
  return found
}

function valueAt(
  strike: Strike,
  included: BoundsIncluded,
  sorted: readonly (readonly [number, string])[],
  position: number,
): 0 | 1 | 'either' | undefined {
  const floor = positionOf(strike.floor, sorted)
  const cap = positionOf(strike.cap, sorted)
  switch (strike.kind) {
    case 'above':
    case 'at-least':
      if (floor === undefined) return undefined
      return position === floor ? edge(included.floor) : bit(position > floor)
    case 'below':
    case 'at-most':
      if (cap === undefined) return undefined
      return position === cap ? edge(included.cap) : bit(position < cap)
    case 'between':
      if (floor === undefined || cap === undefined) return undefined
      if (position === floor) return edge(included.floor)
      if (position === cap) return edge(included.cap)
      return bit(position > floor && position < cap)
  }
}

function positionOf(
  text: string | undefined,
  sorted: readonly (readonly [number, string])[],
): number | undefined {
  const value = text === undefined ? undefined : parseBound(text)
  if (value === undefined) return undefined
  return 2 * sorted.findIndex(([bound]) => bound === value) + 1
}

/** A bound as a whole number of millionths. */
export function parseBound(text: string): number | undefined {
  return parseDecimal(text, 6)
}

function bit(holds: boolean): 0 | 1 {
  return holds ? 1 : 0
}

function edge(included: boolean | undefined): 0 | 1 | 'either' {
  return included === undefined ? 'either' : bit(included)
}

function nameOf(sorted: readonly (readonly [number, string])[], position: number): string {
  const at = (index: number): string => sorted[index]?.[1] ?? ''
  const index = Math.floor(position / 2)
  if (sorted.length === 0) return 'any value'
  if (position % 2 === 1) return `exactly ${at(index)}`
  if (index === 0) return `below ${at(0)}`
  if (index === sorted.length) return `above ${at(index - 1)}`
  return `between ${at(index - 1)} and ${at(index)}`
}

/** Leaves out a cell that decides as one before it does: the bound then makes no difference. */
function distinct<T extends { readonly cell: Cell }>(cells: readonly T[]): readonly T[] {
  const seen = new Map<string, T>()
  for (const one of cells) {
    const key = [...one.cell.decides].map(([name, value]) => `${name}=${value}`).join(',')
    if (!seen.has(key)) seen.set(key, one)
  }
  return [...seen.values()]
}
