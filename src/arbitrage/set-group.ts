import type { Market, MarketId } from '../core/market.ts'
import type { OutcomeSet, OutcomeSetMember } from '../core/outcome-set.ts'
import { isBelieved } from '../core/outcome-set.ts'
import type { MarketRef, Relation } from '../core/relation.ts'
import { Group } from './group.ts'

/** Why a set makes no group: a metric label. */
export type SetRefusal =
  | 'not-exclusive'
  | 'already-decided'
  | 'split-resolution'
  | 'too-few-members'

/**
 * The group of an outcome set, of the members that trade now.
 *
 * Exclusive must be believed, or nothing is. Exhaustive holds for the group only when it is
 * believed of the set and every member is either in the group or has already lost: a missing
 * member may be the one that wins. An unnamed placeholder may come to mean anything, so it is no
 * member, and where one is left the set is not exhaustive.
 */
export function groupOfSet(
  set: OutcomeSet,
  marketOf: (id: MarketId) => Market | undefined,
): Group | SetRefusal {
  if (!isBelieved(set.exclusive)) return 'not-exclusive'

  const found = set.members.map((member) => ({ member, market: marketOf(member.market) }))
  if (found.some(({ market }) => yesValue(market) === 1_000_000)) return 'already-decided'
  if (found.some(({ market }) => isSplit(market))) return 'split-resolution'

  const left = found.filter(({ market }) => yesValue(market) !== 0)
  const members = left.flatMap(({ member, market }) =>
    market !== undefined && trades(member, market) ? [market] : [],
  )
  if (members.length < 2) return 'too-few-members'

  const exhaustive = isBelieved(set.exhaustive) && members.length === left.length
  return new Group({
    id: `${set.venue}:${set.id}`,
    title: set.title,
    shape: 'set',
    members,
    relations: relationsOf(set, members, exhaustive),
    sets: [set.id],
    exhaustive,
    conversion: conversionOf(set, members),
  })
}

function yesValue(market: Market | undefined): number | undefined {
  return market?.resolution?.yesValue
}

function isSplit(market: Market | undefined): boolean {
  const value = yesValue(market)
  return value !== undefined && value !== 0 && value !== 1_000_000
}

function trades(member: OutcomeSetMember, market: Market): boolean {
  return (
    member.tradable &&
    member.role !== 'placeholder' &&
    market.status === 'open' &&
    market.fee.kind === 'known'
  )
}

function relationsOf(
  set: OutcomeSet,
  members: readonly Market[],
  exhaustive: boolean,
): readonly Relation[] {
  const refs: readonly MarketRef[] = members.map(({ venue, id }) => ({ venue, market: id }))
  const relations: Relation[] = [{ kind: 'at-most-one', members: refs, claim: set.exclusive }]
  if (exhaustive) relations.push({ kind: 'at-least-one', members: refs, claim: set.exhaustive })
  return relations
}

function conversionOf(
  set: OutcomeSet,
  members: readonly Market[],
): { readonly feeBips: number } | undefined {
  if (set.conversion === undefined || !members.every(({ negRisk }) => negRisk)) return undefined
  return { feeBips: set.conversion.feeBips }
}
