import type { Market, Outcome } from '../core/market.ts'
import { zeroShares } from '../core/units.ts'
import type { Group } from './group.ts'
import type { Implication, Range } from './implications.ts'
import { LegCurve } from './leg-curve.ts'
import {
  hurdleOf,
  opportunityOf,
  type DetectOptions,
  type Opportunity,
  type OpportunityKind,
} from './opportunity.ts'
import { walkEqual } from './set-walk.ts'

/**
 * YES of the conclusion and NO of the premise for less than a dollar: one of them pays in every
 * state, and both where the conclusion wins alone.
 */
export function detectImplication(
  group: Group,
  { premise, conclusion }: Implication,
  options: DetectOptions,
): Opportunity | undefined {
  return equalBasket(
    {
      group,
      kind: kindOf(group),
      by: 'settlement',
      legs: [
        [conclusion, 'yes'],
        [premise, 'no'],
      ],
      dollars: 1,
    },
    options,
  )
}

/** YES and NO of one market for less than the dollar that they merge into at once. */
export function detectComplement(group: Group, options: DetectOptions): Opportunity | undefined {
  return equalBasket(
    {
      group,
      kind: 'complement',
      by: 'merge',
      legs: [
        [0, 'yes'],
        [0, 'no'],
      ],
      dollars: 1,
    },
    options,
  )
}

/**
 * A range against the two thresholds it lies between: bought with NO of the low and YES of the
 * high one it pays a dollar in every state; sold, with the other halves, it pays two.
 */
export function detectRange(
  group: Group,
  { range, low, high }: Range,
  options: DetectOptions,
): Opportunity | undefined {
  const bought = equalBasket(
    {
      group,
      kind: 'range',
      by: 'settlement',
      legs: [
        [range, 'yes'],
        [low, 'no'],
        [high, 'yes'],
      ],
      dollars: 1,
    },
    options,
  )
  if (bought !== undefined) return bought
  return equalBasket(
    {
      group,
      kind: 'range',
      by: 'settlement',
      legs: [
        [range, 'no'],
        [low, 'yes'],
        [high, 'no'],
      ],
      dollars: 2,
    },
    options,
  )
}

type EqualBasket = {
  readonly group: Group
  readonly kind: OpportunityKind
  readonly by: 'merge' | 'settlement'
  readonly legs: readonly (readonly [member: number, outcome: Outcome])[]
  /** What a share of every leg pays together at the least. */
  readonly dollars: number
}

function equalBasket(
  { group, kind, by, legs, dollars }: EqualBasket,
  options: DetectOptions,
): Opportunity | undefined {
  const curves: LegCurve[] = []
  for (const [member, outcome] of legs) {
    const market = group.members[member]
    const books = market === undefined ? undefined : options.books(market)
    if (market === undefined || books === undefined) return undefined
    const curve = new LegCurve(market, outcome, books[outcome])
    if (curve.depth === 0) return undefined
    curves.push(curve)
  }
  const limits = { cash: options.cash, hurdle: hurdleOf(group, by, options) }
  const walked = walkEqual(curves, dollars, limits)
  if (walked === undefined) return undefined
  return opportunityOf({
    group,
    kind,
    by,
    legs: curves.map((curve, index) => ({ curve, size: walked.sizes[index] ?? zeroShares })),
    nowMs: options.nowMs,
  })
}

function kindOf(group: Group): OpportunityKind {
  if (group.facts.shape === 'ladder') return 'ladder'
  return isTwoVenues(group.members) ? 'same-proposition' : 'implication'
}

function isTwoVenues(members: readonly Market[]): boolean {
  return members.some(({ venue }) => venue !== members[0]?.venue)
}
