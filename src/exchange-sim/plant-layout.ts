import type { BookSide } from '../core/order-book.ts'
import { bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import type { Ticks } from '../core/units.ts'
import { ticksPerUsd } from '../core/units.ts'
import type { ExactUsd } from './mispricing-check.ts'
import { exactFee, exactTick } from './mispricing-check.ts'
import type { QuotedBook } from './quoted-book.ts'

/** An order to be laid: a bid that one can sell to, or an ask that one can buy from. */
export type PlantLeg = { readonly book: QuotedBook; readonly side: BookSide; price: Ticks }

/** The orders of a plant. A set of them earns `constant` and the bids, less the asks and fees. */
export type PlantLayout = { readonly legs: readonly PlantLeg[]; readonly constant: ExactUsd }

/** More steps than there are ticks in all legs of the largest set. */
const stepsMax = 20_000

/** A leg where the book stands now. */
export function legAt(book: QuotedBook, side: BookSide): PlantLeg {
  return { book, side, price: side === bidSide ? book.bestBid : book.bestAsk }
}

/** The condition ids of a layout's markets, each once. */
export function marketsOf({ legs }: PlantLayout): readonly string[] {
  return [...new Set(legs.map(({ book }) => book.market.listing.conditionId))]
}

/** What a set of the layout earns. A fee that nobody knows counts as none. */
export function layoutEdge({ legs, constant }: PlantLayout): ExactUsd {
  return legs.reduce((total, { book, side, price }) => {
    const fee = exactFee(book.market, price) ?? 0n
    const value = BigInt(price) * exactTick
    return side === bidSide ? total + value - fee : total - value - fee
  }, constant)
}

/**
 * Moves the legs step by step until a set earns `target`. False when the prices run out.
 *
 * `spread` moves a leg drawn anew each time, `first` the first one as long as it can be moved.
 */
export function improveTo(
  layout: PlantLayout,
  target: ExactUsd,
  how: { readonly choose: 'spread' | 'first'; readonly random: Random },
): boolean {
  for (let step = 0; step < stepsMax; step++) {
    if (layoutEdge(layout) >= target) return true
    const movable = layout.legs.filter(canImprove)
    if (movable.length === 0) return false
    improve(
      how.choose === 'first' ? (movable[0] ?? how.random.pick(movable)) : how.random.pick(movable),
    )
  }
  return false
}

/** Moves the legs as far as a set still earns nothing: one step more and it would. */
export function improveToNothing(layout: PlantLayout, random: Random): boolean {
  for (let step = 0; step < stepsMax; step++) {
    const movable = layout.legs.filter(canImprove)
    if (movable.length === 0) return false
    const leg = random.pick(movable)
    const { price } = leg
    improve(leg)
    if (layoutEdge(layout) <= 0n) continue
    leg.price = price
    return true
  }
  return false
}

function canImprove({ book, side, price }: PlantLeg): boolean {
  const { tick } = book.market
  return side === bidSide ? price + 2 * tick <= ticksPerUsd - tick : price - 2 * tick >= tick
}

function improve(leg: PlantLeg): void {
  const { tick } = leg.book.market
  leg.price = (leg.side === bidSide ? leg.price + tick : leg.price - tick) as Ticks
}
