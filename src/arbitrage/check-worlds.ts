import type { Strike } from '../core/market.ts'
import type { BoundsIncluded, MarketRef, Relation } from '../core/relation.ts'
import { membersOf, refKey } from '../core/relation.ts'

/**
 * The worlds that relations allow, as the checker of certificates sees them.
 *
 * Written apart from the detectors on purpose: they walk a tree of members, here relations are
 * joined one after the other, and strikes are tried at sample points instead of cells. A mistake
 * would have to be made twice, in two ways, to go unseen.
 */

/** 1, 0, or 2 where nothing is said yet. */
type World = Uint8Array
const open = 2

const worldsMax = 20_000

/**
 * Each world gives every market 0 or 1. Undefined when there are more than the checker looks at.
 */
export function possibleWorlds(
  markets: readonly MarketRef[],
  relations: readonly Relation[],
): { readonly keys: readonly string[]; readonly worlds: readonly World[] } | undefined {
  const keys = [
    ...new Set([...markets.map(refKey), ...relations.flatMap((one) => membersOf(one).map(refKey))]),
  ]
  const place = new Map(keys.map((key, index) => [key, index]))
  const at = (ref: MarketRef): number => place.get(refKey(ref)) ?? -1

  let worlds: World[] = [new Uint8Array(keys.length).fill(open)]
  const steps = [
    ...subjectSteps(relations, at),
    ...ordered(relations).map((one) => joinStep(one, at)),
  ]
  for (const step of [...steps, ...keys.map((_, index) => freeStep(index))]) {
    const next: World[] = []
    for (const world of worlds) {
      next.push(...step(world))
      if (next.length > worldsMax) return undefined
    }
    worlds = next
  }
  return {
    keys,
    worlds: worlds.filter((world) => relations.every((one) => allows(one, world, at))),
  }
}

type At = (ref: MarketRef) => number
type Join = (world: World) => readonly World[]

/** The narrowest first: a set leaves one world for each member, a free market doubles them. */
function ordered(relations: readonly Relation[]): readonly Relation[] {
  const ranks: Readonly<Record<Relation['kind'], number>> = {
    'at-most-one': 0,
    same: 1,
    implies: 2,
    count: 3,
    'at-least-one': 4,
    strike: 5,
  }
  return relations
    .filter(({ kind }) => kind !== 'strike')
    .toSorted((a, b) => ranks[a.kind] - ranks[b.kind])
}

function joinStep(relation: Relation, at: At): Join {
  const members = membersOf(relation).map(at)
  return (world) => {
    const unsaid = members.filter((index) => world[index] === open)
    if (relation.kind === 'at-most-one') return joinAtMostOne(world, members, unsaid)
    return everyWay(world, unsaid).filter((next) => allows(relation, next, at))
  }
}

function joinAtMostOne(
  world: World,
  members: readonly number[],
  unsaid: readonly number[],
): readonly World[] {
  const winners = members.filter((index) => world[index] === 1).length
  if (winners > 1) return []
  const none = Uint8Array.from(world)
  for (const index of unsaid) none[index] = 0
  if (winners === 1) return [none]
  const each = unsaid.map((winner) => {
    const one = Uint8Array.from(none)
    one[winner] = 1
    return one
  })
  return [none, ...each]
}

function freeStep(index: number): Join {
  return (world) => (world[index] === open ? everyWay(world, [index]) : [world])
}

function everyWay(world: World, unsaid: readonly number[]): World[] {
  let found: World[] = [world]
  for (const index of unsaid) {
    found = found.flatMap((one) => {
      const lost = Uint8Array.from(one)
      lost[index] = 0
      const won = Uint8Array.from(one)
      won[index] = 1
      return [lost, won]
    })
    if (found.length > worldsMax) return found
  }
  return found
}

/** Whether a world in which everything is said keeps a relation. */
function allows(relation: Relation, world: World, at: At): boolean {
  const value = (ref: MarketRef): number => world[at(ref)] ?? 0
  const winners = (refs: readonly MarketRef[]): number =>
    refs.filter((ref) => value(ref) === 1).length
  switch (relation.kind) {
    case 'at-most-one':
      return winners(relation.members) <= 1
    case 'at-least-one':
      return winners(relation.members) >= 1
    case 'implies':
      return value(relation.premise) === 0 || value(relation.conclusion) === 1
    case 'same':
      return value(relation.members[0]) === value(relation.members[1])
    case 'count': {
      const sum = relation.terms.reduce((so, { member, weight }) => so + weight * value(member), 0)
      return sum >= (relation.atLeast ?? sum) && sum <= (relation.atMost ?? sum)
    }
    case 'strike':
      return true
  }
}

type StrikeRelation = Extract<Relation, { kind: 'strike' }>

/** For each subject: the number is tried below, at, between and above all bounds. */
function subjectSteps(relations: readonly Relation[], at: At): readonly Join[] {
  const strikes = relations.filter((one) => one.kind === 'strike')
  const subjects = [...new Set(strikes.map(({ subject }) => subject))]
  return subjects.map((subject) => {
    const own = strikes.filter((one) => one.subject === subject)
    const points = samplePoints(own)
    return (world) => distinct(points.flatMap((point) => decide(world, own, point, at)))
  })
}

function decide(
  world: World,
  strikes: readonly StrikeRelation[],
  point: bigint,
  at: At,
): readonly World[] {
  let found: World[] = [world]
  for (const { member, strike, included } of strikes) {
    const index = at(member)
    const values = verdicts(strike, included, point)
    found = found.flatMap((one) =>
      values.flatMap((value) => {
        if (one[index] !== open && one[index] !== value) return []
        const next = Uint8Array.from(one)
        next[index] = value
        return [next]
      }),
    )
  }
  return found
}

/** What a market may say of a number: one word, or both where its rules do not tell. */
function verdicts(strike: Strike, included: BoundsIncluded, point: bigint): readonly (0 | 1)[] {
  const floor = scaled(strike.floor)
  const cap = scaled(strike.cap)
  const only = (holds: boolean): readonly (0 | 1)[] => [holds ? 1 : 0]
  const either: readonly (0 | 1)[] = [0, 1]
  const atBound = (holds: boolean | undefined): readonly (0 | 1)[] =>
    holds === undefined ? either : only(holds)
  if (strike.kind === 'above' || strike.kind === 'at-least') {
    if (floor === undefined) return either
    return point === floor ? atBound(included.floor) : only(point > floor)
  }
  if (strike.kind === 'below' || strike.kind === 'at-most') {
    if (cap === undefined) return either
    return point === cap ? atBound(included.cap) : only(point < cap)
  }
  if (floor === undefined || cap === undefined) return either
  if (point === floor) return atBound(included.floor)
  if (point === cap) return atBound(included.cap)
  return only(point > floor && point < cap)
}

/** Twice the bound in millionths, so that the middle between two bounds is a whole number too. */
function scaled(text: string | undefined): bigint | undefined {
  const parts = text === undefined ? null : /^(-?)(\d*)\.?(\d{0,6})0*$/.exec(text)
  if (parts === null || `${parts[2]}${parts[3]}` === '') return undefined
  const size = BigInt(`${parts[2]}${(parts[3] ?? '').padEnd(6, '0')}`) * 2n
  return parts[1] === '-' ? -size : size
}

function samplePoints(strikes: readonly StrikeRelation[]): readonly bigint[] {
  const bounds = strikes.flatMap(({ strike }) => [scaled(strike.floor), scaled(strike.cap)])
  const sorted = [...new Set(bounds.filter((bound) => bound !== undefined))].toSorted((a, b) =>
    a < b ? -1 : 1,
  )
  const first = sorted[0]
  const last = sorted.at(-1)
  if (first === undefined || last === undefined) return [0n]
  const between = sorted.slice(1).map((bound, index) => (bound + (sorted[index] ?? bound)) / 2n)
  return [first - 2n, ...sorted, ...between, last + 2n]
}

function distinct(worlds: readonly World[]): readonly World[] {
  return [...new Map(worlds.map((world) => [world.join(''), world])).values()]
}
