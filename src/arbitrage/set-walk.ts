import type { MicroShares } from '../core/units.ts'
import {
  add,
  ceilToLot,
  floorToLot,
  max,
  min,
  payout,
  subtract,
  surcharge,
  times,
  zeroShares,
} from '../core/units.ts'
import {
  BestSize,
  grainOf,
  noLimits,
  roundingLotsMax,
  type Walked,
  type WalkLimits,
} from './best-size.ts'
import type { LegCurve } from './leg-curve.ts'
import { stepsOf, type StepRule } from './walk-steps.ts'

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

  return search.bestOf(stepsOf(legs, stepping(legs, limits), equalRule(dollars, isMixed(legs))))
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

  return search.bestOf(stepsOf(legs, stepping(legs, limits), shortRule))
}

function stepping(
  legs: readonly LegCurve[],
  { hurdle }: WalkLimits,
): { readonly hurdle: WalkLimits['hurdle']; readonly grain: MicroShares } {
  return { hurdle, grain: grainOf(legs) }
}

/** Every share of all legs pays so many dollars. Where lots differ, a leg may buy one too many. */
function equalRule(dollars: number, lots: 'alike' | 'mixed'): StepRule {
  const slope = (costs: Float64Array): number => dollars - total(costs)
  return {
    slope,
    cutting: (costs) => Math.max(0, slope(costs)) + (lots === 'mixed' ? total(costs) : 0),
  }
}

/** Every leg that earns by itself does, and all together risk a dollar for each share. */
const shortRule: StepRule = {
  slope: (costs) => earning(costs) - 1,
  cutting: earning,
}

function total(costs: Float64Array): number {
  let sum = 0
  for (let index = 0; index < costs.length; index++) sum += costs[index] ?? 0
  return sum
}

/** What is left of a dollar on each leg that leaves anything. */
function earning(costs: Float64Array): number {
  let sum = 0
  for (let index = 0; index < costs.length; index++) sum += Math.max(0, 1 - (costs[index] ?? 1))
  return sum
}

function isMixed(legs: readonly LegCurve[]): 'alike' | 'mixed' {
  return legs.every(({ market }) => market.lot === legs[0]?.market.lot) ? 'alike' : 'mixed'
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
