import type { MicroShares } from '../core/units.ts'
import {
  add,
  ceilToLot,
  complement,
  floorToLot,
  max,
  min,
  noAsk,
  payout,
  subtract,
  surcharge,
  ticksPerUsd,
  times,
  zeroShares,
} from '../core/units.ts'
import { BestSize, noLimits, roundingLotsMax, type Walked, type WalkLimits } from './best-size.ts'
import type { LegCurve } from './leg-curve.ts'

/**
 * The best number of complete sets: equal shares of every leg, of which the worst state pays
 * `dollars` for each.
 *
 * A leg whose lots are coarser, or whose least size is larger, buys the next size it can; what is
 * over pays nothing in the worst state. Undefined when no number of sets earns anything.
 */
export function walkEqual(
  legs: readonly LegCurve[],
  dollars: number,
  limits: WalkLimits = noLimits,
): Walked | undefined {
  const sizeMin = leastSize(legs)
  const search = new BestSize(legs, limits, (wanted, sizes) => {
    for (let index = 0; index < legs.length; index++) {
      const leg = legs[index]
      if (leg === undefined) return undefined
      const { lot, sizeMin } = leg.market
      const size = ceilToLot(max(wanted, sizeMin), lot)
      if (size > leg.depth) return undefined
      sizes[index] = size
    }
    return times(payout(wanted), dollars)
  })

  for (const { from, upTo, price } of steps(legs)) {
    // Fees only add to it: past this point every further set costs more than it pays.
    if (price >= dollars * ticksPerUsd && from >= sizeMin) break
    if (!search.try(upTo)) break
  }
  return search.best
}

/**
 * The best basket of NO, of which at most one can lose: with shares z of each leg the worst state
 * pays all of them but the largest.
 *
 * For a given largest size the legs do not touch each other, so each takes what serves it best: a
 * leg whose depth has ended stays at that, one without a buyer for its YES drops out, and the
 * others go on. Undefined when no basket earns anything.
 */
export function walkShort(
  legs: readonly LegCurve[],
  limits: WalkLimits = noLimits,
): Walked | undefined {
  const gains = legs.map((leg) => new LegGains(leg, limits))
  const sizeMin = leastSize(legs)
  const search = new BestSize(legs, limits, (most, sizes) => {
    let sum = zeroShares
    let largest = zeroShares
    for (let index = 0; index < gains.length; index++) {
      const size = gains[index]?.bestUpTo(most) ?? zeroShares
      sizes[index] = size
      sum = add(sum, size)
      largest = max(largest, size)
    }
    return payout(subtract(sum, largest))
  })

  for (const { from, upTo, bids } of steps(legs)) {
    // What buyers of YES pay together for one more share of each: it must beat the dollar at risk.
    if (bids <= ticksPerUsd && from >= sizeMin) break
    if (!search.try(upTo)) break
  }
  return search.best
}

/** Below this a leg may have to buy more than its share, and the profit need not fall yet. */
function leastSize(legs: readonly LegCurve[]): MicroShares {
  return legs.reduce((least, { market }) => max(least, market.sizeMin), zeroShares)
}

/** A stretch of the walk in which no leg changes its level, up to and including `upTo`. */
type Step = {
  readonly from: MicroShares
  readonly upTo: MicroShares
  /** What one more share of every leg costs, in ticks, before fees; a leg at its end costs $1. */
  readonly price: number
  /** What is left of a dollar on each leg, summed. */
  readonly bids: number
}

function* steps(legs: readonly LegCurve[]): Generator<Step> {
  const cursors = legs.map(() => 0)
  let at = zeroShares
  for (;;) {
    let price = 0
    let bids = 0
    let upTo: MicroShares | undefined
    for (let index = 0; index < legs.length; index++) {
      const leg = legs[index]
      if (leg === undefined) continue
      let level = cursors[index] ?? 0
      while (level < leg.levelCount && leg.endOf(level) <= at) level++
      cursors[index] = level
      const ask = leg.priceAt(level)
      price += ask
      bids += complement(ask)
      // The least size is a step of its own: below it the leg cannot take part.
      const end =
        at < leg.market.sizeMin ? min(leg.market.sizeMin, leg.endOf(level)) : leg.endOf(level)
      if (ask !== noAsk && (upTo === undefined || end < upTo)) upTo = end
    }
    if (upTo === undefined) return
    yield { from: at, upTo, price, bids }
    at = upTo
  }
}

/** What a leg of a NO basket adds by itself: the dollar of each share minus what it costs. */
class LegGains {
  readonly #leg: LegCurve
  readonly #limits: WalkLimits
  /** The best size that ends no later than each level, and what it gains. */
  readonly #bestSizes: MicroShares[] = []
  readonly #bestGains: number[] = []

  constructor(leg: LegCurve, limits: WalkLimits) {
    this.#leg = leg
    this.#limits = limits
    for (let level = 0; level < leg.levelCount; level++) {
      const before = { size: this.#bestSizes[level - 1], gain: this.#bestGains[level - 1] }
      const { size, gain } = this.#better(leg.endOf(level), before.size, before.gain)
      this.#bestSizes.push(size)
      this.#bestGains.push(gain)
    }
  }

  bestUpTo(most: MicroShares): MicroShares {
    const level = this.#leg.levelOf(min(most, this.#leg.depth))
    return this.#better(most, this.#bestSizes[level - 1], this.#bestGains[level - 1]).size
  }

  #better(
    most: MicroShares,
    known: MicroShares = zeroShares,
    knownGain = 0,
  ): { readonly size: MicroShares; readonly gain: number } {
    const leg = this.#leg
    let best = { size: known, gain: knownGain }
    let size = floorToLot(min(most, leg.depth), leg.market.lot)
    let after: number | undefined
    // Where a lot gains less than a micro-dollar, rounding can favour a few lots less.
    for (let lots = 0; lots < roundingLotsMax; lots++) {
      if (size <= 0 || size < leg.market.sizeMin) break
      const gain = payout(size) - surcharge(leg.spend(size), this.#limits.hurdle)
      if (gain > best.gain) best = { size, gain }
      if (after !== undefined && after - gain > 2) break
      after = gain
      size = subtract(size, leg.market.lot)
    }
    return best
  }
}
