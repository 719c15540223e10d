import type { Market } from '../core/market.ts'
import type { Relation } from '../core/relation.ts'
import { membersOf, refKey } from '../core/relation.ts'
import { Group } from './group.ts'

/** A programme over more markets than this is slower than the books change. */
const membersMax = 64

/**
 * Groups of everything that hangs together through what people have said.
 *
 * Two sets, or a ladder and a set, that an entry ties together are priced as one. What no entry
 * touches stays with its closed form.
 */
export function linkedGroups(
  plain: readonly Group[],
  said: readonly (readonly Relation[])[],
  trading: ReadonlyMap<string, Market>,
): readonly Group[] {
  const parts = [
    ...plain.map((group) => ({ relations: group.facts.relations, isSaid: false })),
    ...said.map((relations) => ({ relations, isSaid: true })),
  ]
  return components(parts)
    .filter((component) => component.length > 1 && component.some(({ isSaid }) => isSaid))
    .flatMap(
      (component) =>
        groupOf(
          component.flatMap(({ relations }) => relations),
          trading,
        ) ?? [],
    )
}

type Part = { readonly relations: readonly Relation[]; readonly isSaid: boolean }

/** Parts that share a market, directly or through others. */
function components(parts: readonly Part[]): readonly (readonly Part[])[] {
  const homes = new Map<string, Set<Part>>()
  for (const part of parts) {
    const keys = new Set(part.relations.flatMap((one) => membersOf(one).map(refKey)))
    const joined = new Set([part, ...[...keys].flatMap((key) => [...(homes.get(key) ?? [])])])
    for (const one of joined) {
      for (const key of one.relations.flatMap((relation) => membersOf(relation).map(refKey))) {
        homes.set(key, joined)
      }
    }
  }
  return [...new Set(homes.values())].map((component) => [...component])
}

function groupOf(
  relations: readonly Relation[],
  trading: ReadonlyMap<string, Market>,
): Group | undefined {
  const keys = [...new Set(relations.flatMap((one) => membersOf(one).map(refKey)))].toSorted()
  const members = keys.flatMap((key) => trading.get(key) ?? [])
  if (members.length < 2 || members.length > membersMax) return undefined

  // A relation with a market that does not trade is left out: more worlds are then possible, and
  // nothing is proven that is not so. At most one of the others still wins.
  const within = relations.flatMap((one): Relation[] => {
    if (membersOf(one).every((ref) => trading.has(refKey(ref)))) return [one]
    if (one.kind !== 'at-most-one') return []
    const left = one.members.filter((ref) => trading.has(refKey(ref)))
    return left.length < 2 ? [] : [{ ...one, members: left }]
  })
  return new Group({
    id: `linked:${keys.join('+')}`,
    title: members.map(({ label, slug }) => label || slug).join(', '),
    shape: 'linked',
    members,
    relations: within,
    sets: [...new Set(members.flatMap(({ set }) => set ?? []))],
    exhaustive: false,
    conversion: undefined,
  })
}
