import type { VenueId } from '../core/market.ts'
import type { MicroShares, MicroUsd, Ppm } from '../core/units.ts'
import {
  add,
  ceilToLot,
  floorToLot,
  subtract,
  surcharge,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { LegCurve } from './leg-curve.ts'

/** What a basket may use up. */
export type WalkLimits = {
  /**
   * Money at each venue. A basket that needs more is cut down to it; a venue not named has none.
   */
  readonly cash: ReadonlyMap<VenueId, MicroUsd> | undefined
  /**
   * What each dollar must earn while it is locked up, in ppm: the last share bought earns it too.
   */
  readonly hurdle: Ppm
}

export const noLimits: WalkLimits = { cash: undefined, hurdle: 0 as Ppm }

/** A basket that a walk found best: how much of each leg, in the order of the legs. */
export type Walked = {
  readonly sizes: readonly MicroShares[]
  /** What the basket pays at the least. */
  readonly payoff: MicroUsd
  /** All it can cost, fees in. */
  readonly spent: MicroUsd
  readonly edge: MicroUsd
}

/**
 * Writes the sizes of the basket that guarantees `wanted`, and says what it pays at the least.
 * Undefined when the books or the least sizes do not allow it.
 */
export type BasketAt = (wanted: MicroShares, sizes: MicroShares[]) => MicroUsd | undefined

/** Lots looked at before a breakpoint: there the rounding of fees can outweigh a flat profit. */
export const roundingLotsMax = 32

/**
 * Keeps the best basket of those tried.
 *
 * Between two breakpoints the profit is a straight line but for the rounding of fees, or bends
 * upward. So only breakpoints are tried, each with the few lots before it that rounding can favour.
 */
export class BestSize {
  readonly #legs: readonly LegCurve[]
  readonly #limits: WalkLimits
  readonly #basketAt: BasketAt
  readonly #lots: readonly MicroShares[]
  readonly #sizes: MicroShares[]
  readonly #spentAt: Map<VenueId, MicroUsd> = new Map()
  #last: MicroShares = zeroShares
  #payoff: MicroUsd = zeroUsd
  #spent: MicroUsd = zeroUsd
  #bestValue = 0
  #best: Walked | undefined

  constructor(legs: readonly LegCurve[], limits: WalkLimits, basketAt: BasketAt) {
    this.#legs = legs
    this.#limits = limits
    this.#basketAt = basketAt
    this.#lots = [...new Set(legs.map(({ market }) => market.lot))]
    this.#sizes = legs.map(() => zeroShares)
  }

  get best(): Walked | undefined {
    return this.#best
  }

  /** Tries a breakpoint. Breakpoints come in growing order; false when the money is used up. */
  try(breakpoint: MicroShares): boolean {
    if (!this.#affordable(breakpoint)) {
      for (const lot of this.#lots) this.#tryNear(this.#affordableMost(breakpoint, lot), lot)
      return false
    }
    for (const lot of this.#lots) {
      this.#tryNear(floorToLot(breakpoint, lot), lot)
      // A leg of coarser lots has already paid for what lies between here and its next lot.
      if (this.#lots.length > 1) this.#tryExactly(ceilToLot(breakpoint, lot))
    }
    this.#last = breakpoint
    return true
  }

  #tryNear(size: MicroShares, lot: MicroShares): void {
    const rounding = 2 * this.#legs.length + 1
    let wanted = size
    let after: number | undefined
    for (let lots = 0; lots < roundingLotsMax && wanted > 0; lots++) {
      const value = this.#tryExactly(wanted)
      if (value === undefined || (after !== undefined && after - value > rounding)) return
      after = value
      wanted = subtract(wanted, lot)
    }
  }

  #tryExactly(wanted: MicroShares): number | undefined {
    if (!this.#affordable(wanted)) return undefined

    const value = this.#payoff - surcharge(this.#spent, this.#limits.hurdle)
    if (value > this.#bestValue) {
      this.#bestValue = value
      this.#best = {
        sizes: [...this.#sizes],
        payoff: this.#payoff,
        spent: this.#spent,
        edge: subtract(this.#payoff, this.#spent),
      }
    }
    return value
  }

  /** Prices a basket, and says whether it can be had and paid. */
  #affordable(wanted: MicroShares): boolean {
    const payoff = this.#basketAt(wanted, this.#sizes)
    if (payoff === undefined) return false

    this.#payoff = payoff
    this.#spent = zeroUsd
    this.#spentAt.clear()
    for (let index = 0; index < this.#legs.length; index++) {
      const leg = this.#legs[index]
      const size = this.#sizes[index] ?? zeroShares
      if (leg === undefined || size === 0) continue
      const spend = leg.spend(size)
      this.#spent = add(this.#spent, spend)
      if (this.#limits.cash === undefined) continue
      const { venue } = leg.market
      const spentHere = add(this.#spentAt.get(venue) ?? zeroUsd, spend)
      if (spentHere > (this.#limits.cash.get(venue) ?? zeroUsd)) return false
      this.#spentAt.set(venue, spentHere)
    }
    return true
  }

  /** The most that can be had and paid, in whole lots, below a size that cannot. */
  #affordableMost(above: MicroShares, lot: MicroShares): MicroShares {
    let low = floorToLot(this.#last, lot)
    let high = above
    while (high - low > lot) {
      const middle = floorToLot(((low + high) / 2) as MicroShares, lot)
      if (middle <= low) break
      if (this.#affordable(middle)) low = middle
      else high = middle
    }
    return low
  }
}
