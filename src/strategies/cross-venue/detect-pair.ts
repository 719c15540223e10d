import type { Group } from '../../arbitrage/group.ts'
import { LegCurve } from '../../arbitrage/leg-curve.ts'
import type { Opportunity } from '../../arbitrage/opportunity.ts'
import { opportunityOf } from '../../arbitrage/opportunity.ts'
import { walkEqual } from '../../arbitrage/set-walk.ts'
import type { VenueId } from '../../core/market.ts'
import type { EpochMs, MicroUsd, Ppm } from '../../core/units.ts'
import { forDays, max } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import type { PairBasket } from './safe-baskets.ts'

export type PairLimits = {
  readonly edgeMin: Ppm
  /** What locked money must earn by the year, in ppm. */
  readonly hurdlePerYear: Ppm
  /** Money at each venue: none of it can be moved while an opportunity lasts. */
  readonly cash: ReadonlyMap<VenueId, MicroUsd>
  readonly nowMs: EpochMs
}

const dayMs = 86_400_000
/** From the event to the money: the slower of a challenge window and a settlement timer. */
const settlementDays = 1
/** A market that does not say when it closes is charged for a year. */
const unknownDays = 365

/** The best number of shares of both legs, level by level, after the fees of both venues. */
export function detectPair(
  group: Group,
  entries: readonly [BookEntry, BookEntry],
  basket: PairBasket,
  { edgeMin, hurdlePerYear, cash, nowMs }: PairLimits,
): Opportunity | undefined {
  const curves = entries.map((entry, member) => {
    const outcome = basket[member] ?? 'yes'
    return new LegCurve(entry.market, outcome, entry[outcome])
  })
  if (curves.some(({ depth }) => depth === 0)) return undefined

  const locked = forDays(hurdlePerYear, lockedDays(entries, nowMs))
  const walked = walkEqual(curves, 1, { cash, hurdle: max(edgeMin, locked) })
  if (walked === undefined) return undefined
  return opportunityOf({
    group,
    kind: 'same-proposition',
    by: 'settlement',
    legs: curves.flatMap((curve, member) => {
      const size = walked.sizes[member]
      return size === undefined ? [] : [{ curve, size }]
    }),
    nowMs,
  })
}

/**
 * Days until the money is likely back. Both markets wait for one fact, and Kalshi keeps some open
 * for years after it as a margin: the earlier close is when the fact is known. What the opportunity
 * reports is the later one, which is when the last money must be back.
 */
function lockedDays(entries: readonly [BookEntry, BookEntry], nowMs: EpochMs): number {
  const closes = entries.flatMap(({ market }) => market.closesAt ?? [])
  if (closes.length === 0) return unknownDays
  return Math.max(0, (Math.min(...closes) - nowMs) / dayMs) + settlementDays
}
