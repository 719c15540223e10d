import type { Market, VenueId } from '../core/market.ts'
import type { MicroShares, MicroUsd, Ppm } from '../core/units.ts'
import {
  add,
  floorToLot,
  lotsIn,
  ofLots,
  subtract,
  surcharge,
  ticksPerUsd,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { LegCurve } from './leg-curve.ts'
import { candidatesOf, type Step } from './walk-steps.ts'
import { commonMultiple } from '../core/whole-numbers.ts'

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
  /** How far apart sizes may stand at which every leg holds whole lots of its own. */
  readonly #grain: MicroShares
  readonly #sizes: MicroShares[]
  /** Micro-dollars that all roundings together can make up. */
  readonly #rounding: number
  readonly #spentAt: Map<VenueId, MicroUsd> = new Map()
  #payoff: MicroUsd = zeroUsd
  #spent: MicroUsd = zeroUsd
  #bestValue = 0
  #best: Walked | undefined

  constructor(legs: readonly LegCurve[], limits: WalkLimits, basketAt: BasketAt) {
    this.#legs = legs
    this.#limits = limits
    this.#basketAt = basketAt
    this.#lots = [...new Set(legs.map(({ market }) => market.lot))]
    this.#grain = grainOf(legs)
    this.#sizes = legs.map(() => zeroShares)
    this.#rounding = 1 + legs.reduce((sum, { market }) => sum + roundingOf(market), 0)
  }

  /**
   * The best basket that ends with one of the steps, which come in growing order, or where the
   * money ends. Undefined when none earns anything.
   */
  bestOf(steps: readonly Step[]): Walked | undefined {
    const inReach = this.#inReach(steps)
    for (const { upTo } of candidatesOf(steps.slice(0, inReach))) this.#tryAround(upTo)
    const beyond = steps[inReach]
    if (beyond !== undefined) {
      for (const lot of this.#lots) this.#tryAround(this.#affordableMost(beyond, lot))
    }
    return this.#best
  }

  /**
   * A level may end within a lot: the optimum is then the lot before or the lot after. Where lots
   * differ and do not divide each other, it may be any multiple until all of them meet again.
   */
  #tryAround(size: MicroShares): void {
    for (const lot of this.#lots) {
      this.#tryNear(floorToLot(size, lot), lot)
      const reach = Math.min(windowLotsMax, Math.ceil(lotsIn(this.#grain, lot)))
      const middle = Math.floor(lotsIn(size, lot))
      for (let lots = Math.max(1, middle - reach + 1); lots <= middle + reach; lots++) {
        if (lots !== middle) this.#tryExactly(ofLots(lots, lot))
      }
    }
  }

  /** How many of the steps can be had and paid: if one cannot, no later one can. */
  #inReach(steps: readonly Step[]): number {
    let low = 0
    let high = steps.length
    while (low < high) {
      const middle = (low + high) >> 1
      const step = steps[middle]
      if (step !== undefined && this.#affordable(step.upTo)) low = middle + 1
      else high = middle
    }
    return low
  }

  #tryNear(size: MicroShares, lot: MicroShares): void {
    const rounding = this.#rounding
    let wanted = size
    let most = Number.NEGATIVE_INFINITY
    for (let lots = 0; lots < roundingLotsMax && wanted > 0; lots++) {
      const value = this.#tryExactly(wanted)
      if (value === undefined || most - value > rounding) return
      most = Math.max(most, value)
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

  /** The most that can be had and paid, in whole lots, within a step that cannot as a whole. */
  #affordableMost({ from, upTo }: Step, lot: MicroShares): MicroShares {
    let low = Math.floor(lotsIn(from, lot))
    let high = Math.floor(lotsIn(upTo, lot))
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.#affordable(ofLots(middle, lot))) low = middle
      else high = middle - 1
    }
    return ofLots(low, lot)
  }
}

/** Multiples looked at on either side of a breakpoint, where lots do not divide each other. */
const windowLotsMax = 64

/** The least size that is whole lots of every leg: the coarsest lot, where the others divide it. */
export function grainOf(legs: readonly LegCurve[]): MicroShares {
  return legs.reduce<number>(
    (grain, { market }) => commonMultiple(grain, market.lot),
    1,
  ) as MicroShares
}

/**
 * Micro-dollars by which one leg may be rounded: its fee, and its cost where lots are very fine.
 */
function roundingOf({ fee, lot }: Market): number {
  const isFree = fee.kind === 'known' && fee.taker.rate === 0
  return (isFree ? 0 : 1) + (lot % ticksPerUsd === 0 ? 0 : 1)
}
