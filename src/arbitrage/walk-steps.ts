import { reserveOf, shareCost, shareDollar } from '../core/fee.ts'
import type { MicroShares, Ppm } from '../core/units.ts'
import { asFraction, floorToLot, min, noAsk, subtract, zeroShares } from '../core/units.ts'
import type { LegCurve } from './leg-curve.ts'

/**
 * A stretch of a walk in which no leg changes its level, up to and including `upTo`.
 *
 * The profit at its end lies between `upper` and what is left of it after the reserves for rounding
 * and the cutting to lots: enough to know which few stretches can end at the optimum, without
 * pricing any of them exactly. Micro-dollars with fractions.
 */
export type Step = {
  readonly from: MicroShares
  readonly upTo: MicroShares
  readonly upper: number
  readonly lower: number
}

/** How the shares of all legs together earn. */
export type StepRule = {
  /**
   * What one more share of every leg earns, given what each costs in dollars, fee and hurdle in.
   */
  readonly slope: (costs: Float64Array) => number
  /** What the legs lose at the most, in dollars a share, when sizes are cut to the coarsest lot. */
  readonly cutting: (costs: Float64Array) => number
}

/** Micro-dollars by which a fee or a cost of one leg may be rounded, twice over. */
const roundingByLeg = 2

/** Every stretch as long as one more share earns something, and up to the largest least size. */
export function stepsOf(
  legs: readonly LegCurve[],
  { hurdle, grain }: { readonly hurdle: Ppm; readonly grain: MicroShares },
  rule: StepRule,
): readonly Step[] {
  const walk = new Walk(legs, hurdle)
  const sizeMin = Math.max(...legs.map(({ market }) => market.sizeMin))
  const lot: number = grain
  const rounding = roundingByLeg * legs.length + 1

  const steps: Step[] = []
  let value = 0
  for (;;) {
    const upTo = walk.end()
    const slope = rule.slope(walk.costs)
    if (upTo === undefined || (slope <= 0 && walk.at >= sizeMin)) return steps

    value += slope * (upTo - walk.at)
    const isCut = lot * rule.cutting(walk.costs) + rounding
    steps.push({
      from: walk.at,
      upTo,
      upper: value + lot * Math.max(0, -slope) + rounding,
      // Below a least size a leg buys more than its share, and nothing is known from below.
      lower: upTo < sizeMin ? Number.NEGATIVE_INFINITY : value - walk.reserve - walk.doubt - isCut,
    })
    walk.moveTo(upTo)
  }
}

/** The steps whose end may be the optimum: those that the best of the others do not rule out. */
export function candidatesOf(steps: readonly Step[]): readonly Step[] {
  const least = steps.reduce((best, { lower }) => Math.max(best, lower), 0)
  return steps.filter(({ upper }) => upper >= least)
}

/** All legs at one size, each at its level. */
class Walk {
  readonly #legs: readonly LegCurve[]
  readonly #dollar: number
  readonly #cursors: Int32Array
  /** Where the level of each leg ends; infinite for a leg at its end. */
  readonly #ends: Float64Array
  /** What one more share of each leg costs, in dollars: one and more where there is none. */
  readonly costs: Float64Array
  at: MicroShares = zeroShares
  /** What rounding can have added to all levels touched so far, in micro-dollars. */
  reserve = 0
  /** What legs may not earn after all, since what earns of them is less than their least size. */
  doubt = 0

  constructor(legs: readonly LegCurve[], hurdle: Ppm) {
    this.#legs = legs
    this.#dollar = 1 + asFraction(hurdle)
    this.#cursors = new Int32Array(legs.length).fill(-1)
    this.#ends = new Float64Array(legs.length)
    this.costs = new Float64Array(legs.length)
    for (let index = 0; index < legs.length; index++) this.#begin(index)
  }

  /** Where the stretch ends that begins here. Undefined when every leg is at its end. */
  end(): MicroShares | undefined {
    let end = Number.POSITIVE_INFINITY
    for (let index = 0; index < this.#ends.length; index++) {
      const own = this.#ends[index] ?? end
      if (own < end) end = own
      const sizeMin = this.#legs[index]?.market.sizeMin ?? 0
      // The least size ends a stretch of its own: below it the leg cannot take part.
      if (this.at < sizeMin && sizeMin < end && own !== Number.POSITIVE_INFINITY) end = sizeMin
    }
    return end === Number.POSITIVE_INFINITY ? undefined : (end as MicroShares)
  }

  moveTo(size: MicroShares): void {
    this.at = size
    for (let index = 0; index < this.#ends.length; index++) {
      while ((this.#ends[index] ?? Number.POSITIVE_INFINITY) <= size) this.#advance(index)
    }
  }

  /** A leg that is too short for its lot or its least size is at its end from the start. */
  #begin(index: number): void {
    const leg = this.#legs[index]
    if (leg === undefined) return
    const { lot, sizeMin, fee } = leg.market
    if (leg.depth < Math.max(lot, sizeMin)) this.#finish(index)
    else this.#advance(index)
    if (sizeMin === 0) return

    let earns = zeroShares
    for (let level = 0; level < leg.levelCount && earns < sizeMin; level++) {
      if (shareCost(fee, leg.priceAt(level)) * this.#dollar >= shareDollar) break
      earns = leg.endOf(level)
    }
    if (earns < sizeMin) this.doubt += sizeMin
  }

  #finish(index: number): void {
    this.#ends[index] = Number.POSITIVE_INFINITY
    this.costs[index] = this.#dollar
  }

  #advance(index: number): void {
    const leg = this.#legs[index]
    if (leg === undefined) return
    const level = (this.#cursors[index] ?? 0) + 1
    this.#cursors[index] = level
    const price = leg.priceAt(level)
    if (price === noAsk) {
      this.#finish(index)
      return
    }
    const before = level === 0 ? zeroShares : leg.endOf(level - 1)
    const { fee, lot } = leg.market
    // What is left above the last whole lot cannot be bought.
    const usable = floorToLot(leg.depth, lot)
    if (before >= usable) {
      this.#finish(index)
      return
    }
    this.#ends[index] = min(leg.endOf(level), usable)
    this.costs[index] = (shareCost(fee, price) / shareDollar) * this.#dollar
    const microUsd: number = reserveOf(fee, subtract(leg.endOf(level), before))
    this.reserve += microUsd * this.#dollar
  }
}
