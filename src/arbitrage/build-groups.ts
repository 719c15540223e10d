import type { Market } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { Relation } from '../core/relation.ts'
import { membersOf, refKey } from '../core/relation.ts'
import { deadlinesOf } from './deadline-groups.ts'
import { Group } from './group.ts'
import { laddersOf } from './ladder-groups.ts'
import { linkedGroups } from './linked-groups.ts'
import {
  namesOf,
  relationsOf,
  setWithClaims,
  type Names,
  type RelationEntry,
} from './relation-entry.ts'
import { groupOfSet, type SetRefusal } from './set-group.ts'

/** All that groups are made from. */
export type GroupSources = {
  readonly markets: Iterable<Market>
  readonly sets: Iterable<OutcomeSet>
  /** What people have said, from the relations file and the register of equal propositions. */
  readonly entries: readonly RelationEntry[]
}

export type Groups = {
  readonly byId: ReadonlyMap<string, Group>
  /** How many sets make no group, and why. */
  readonly refusals: ReadonlyMap<SetRefusal, number>
  /** Entries that name a market or a set that is not there now. */
  readonly unresolved: readonly RelationEntry[]
}

/**
 * Every group of the markets there are now: sets, ladders of strikes and of deadlines, pairs, and
 * what people's relations tie together.
 *
 * Made anew when a market appears, closes or resolves. The same markets in the same state give the
 * same ids, so what is remembered by id lives on.
 */
export function buildGroups(sources: GroupSources): Groups {
  const markets = [...sources.markets]
  const sets = [...sources.sets]
  const names = namesOf(markets, sets)

  const refusals = new Map<SetRefusal, number>()
  const plain: Group[] = []
  for (const set of sets) {
    const believed = setWithClaims(set, sources.entries)
    const made = groupOfSet(believed, (id) => names.market({ venue: set.venue, name: id }))
    if (typeof made === 'string') refusals.set(made, (refusals.get(made) ?? 0) + 1)
    else plain.push(made)
  }
  plain.push(...laddersOf(markets), ...deadlinesOf(markets), ...singlesOf(markets))

  const { said, unresolved } = resolve(sources.entries, names)
  const trading = new Map(markets.filter(trades).map((market) => [keyOf(market), market]))
  const groups = [
    ...plain,
    ...said.flatMap((relations) => ownGroup(relations, trading) ?? []),
    ...linkedGroups(plain, said, trading),
  ]
  return { byId: new Map(groups.map((group) => [group.id, group])), refusals, unresolved }
}

/** Only where YES and NO have books of their own can the two be apart for longer than an error. */
function singlesOf(markets: readonly Market[]): readonly Group[] {
  return markets
    .filter((market) => market.bookKind === 'separate' && trades(market))
    .map(
      (market) =>
        new Group({
          id: `single:${keyOf(market)}`,
          title: market.question,
          shape: 'single',
          members: [market],
          relations: [],
          sets: [],
          exhaustive: false,
          conversion: undefined,
        }),
    )
}

function resolve(
  entries: readonly RelationEntry[],
  names: Names,
): { said: readonly (readonly Relation[])[]; unresolved: readonly RelationEntry[] } {
  const said: (readonly Relation[])[] = []
  const unresolved: RelationEntry[] = []
  for (const entry of entries) {
    const relations = relationsOf(entry, names)
    if (relations === undefined) unresolved.push(entry)
    else if (relations.length > 0) said.push(relations)
  }
  return { said, unresolved }
}

/** What one entry says, as a group of its own: the closed forms then know its shape. */
function ownGroup(
  relations: readonly Relation[],
  trading: ReadonlyMap<string, Market>,
): Group | undefined {
  const keys = [...new Set(relations.flatMap((one) => membersOf(one).map(refKey)))]
  const members = keys.flatMap((key) => trading.get(key) ?? [])
  const [first] = relations
  if (first === undefined || members.length < 2) return undefined

  const isWhole = members.length === keys.length
  const isEither = first.kind === 'at-least-one' && keys.length === 2
  const isPair = first.kind === 'implies' || first.kind === 'same' || isEither
  const isSet = first.kind === 'at-most-one'
  const isLadder = first.kind === 'strike'
  if (!isPair && !isSet && !isLadder) return undefined
  if (isPair && !isWhole) return undefined
  return new Group({
    id: `${isPair ? 'pair' : isSet ? 'said-set' : 'line'}:${keys.join('+')}`,
    title:
      first.kind === 'strike' ? first.subject : members.map(({ question }) => question).join(' / '),
    shape: isPair ? 'pair' : isSet ? 'set' : 'ladder',
    members,
    relations: relations.filter((one) => membersOf(one).every((ref) => trading.has(refKey(ref)))),
    sets: [...new Set(members.flatMap(({ set }) => set ?? []))],
    exhaustive: isSet && isWhole && relations.some(({ kind }) => kind === 'at-least-one'),
    conversion: undefined,
  })
}

function trades({ status, fee, resolution }: Market): boolean {
  return status === 'open' && fee.kind === 'known' && resolution === undefined
}

function keyOf({ venue, id }: Market): string {
  return `${venue}:${id}`
}
