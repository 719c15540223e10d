import type { Outcome } from '../core/market.ts'
import type { WalkLimits } from './best-size.ts'
import { convertible } from './conversion.ts'
import type { Group } from './group.ts'
import { LegCurve } from './leg-curve.ts'
import {
  hurdleOf,
  opportunityOf,
  type DetectOptions,
  type Opportunity,
  type OpportunityKind,
} from './opportunity.ts'
import { walkEqual, walkShort } from './set-walk.ts'

/**
 * A YES of every outcome for less than the dollar that one of them pays.
 *
 * The outcomes must be exhaustive, not only exclusive: if none of them wins, no leg pays.
 */
export function detectYesBasket(group: Group, options: DetectOptions): Opportunity | undefined {
  if (group.facts.shape !== 'set' || !group.facts.exhaustive) return undefined

  const curves = curvesOf(group, 'yes', options)
  if (curves === undefined || curves.some(({ depth }) => depth === 0)) return undefined

  const walked = walkEqual(curves, 1, limitsOf(group, 'settlement', options))
  if (walked === undefined) return undefined
  return opportunityOf({
    group,
    kind: 'yes-basket',
    by: 'settlement',
    legs: curves.map((curve, index) => sized(curve, walked.sizes[index])),
    nowMs: options.nowMs,
  })
}

/**
 * A NO of outcomes of which at most one can win, for less than all but the largest of them pay.
 *
 * Where the venue converts NO of such outcomes to cash, the money is back at once; else it waits.
 */
export function detectNoBasket(
  group: Group,
  options: DetectOptions,
  kind: Extract<OpportunityKind, 'no-basket' | 'conversion'> = 'no-basket',
): Opportunity | undefined {
  if (group.facts.shape !== 'set') return undefined

  const curves = curvesOf(group, 'no', options)?.filter(({ depth }) => depth > 0)
  if (curves === undefined || curves.length < 2) return undefined

  const by = convertible(group) ? 'convert' : 'settlement'
  const walked = walkShort(curves, limitsOf(group, by, options))
  if (walked === undefined) return undefined
  return opportunityOf({
    group,
    kind,
    by,
    legs: curves.map((curve, index) => sized(curve, walked.sizes[index])),
    nowMs: options.nowMs,
  })
}

export function limitsOf(
  group: Group,
  by: 'convert' | 'settlement',
  options: DetectOptions,
): WalkLimits {
  return { cash: options.cash, hurdle: hurdleOf(group, by, options) }
}

function sized(
  curve: LegCurve,
  size: LegCurve['depth'] | undefined,
): { curve: LegCurve; size: LegCurve['depth'] } {
  return { curve, size: size ?? (0 as LegCurve['depth']) }
}

/** The curves of one outcome of every member. Undefined when a book is missing. */
function curvesOf(group: Group, outcome: Outcome, options: DetectOptions): LegCurve[] | undefined {
  const curves: LegCurve[] = []
  for (const market of group.members) {
    const books = options.books(market)
    if (books === undefined) return undefined
    curves.push(new LegCurve(market, outcome, books[outcome]))
  }
  return curves
}
