import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, afterBips, payout, subtract, times, zeroShares, zeroUsd } from '../core/units.ts'
import type { Group } from './group.ts'

/** One call of the conversion: so many NO of each of these legs, for so much cash. */
export type ConversionStep = {
  readonly amount: MicroShares
  /** Indices of the legs whose NO is given, by their place in the sizes. */
  readonly given: readonly number[]
  readonly cash: MicroUsd
}

export type ConversionPlan = {
  readonly steps: readonly ConversionStep[]
  /** All that comes back at once. */
  readonly cash: MicroUsd
}

/**
 * Whether a basket of NO of this group is cash as good as bought.
 *
 * With a conversion fee the cash is less than the guaranteed payoff, so such a set is held to the
 * end instead. docs/venues/polymarket.md, 10.4.
 */
export function convertible(group: Group): boolean {
  return group.facts.conversion?.feeBips === 0
}

/**
 * How NO shares of different sizes are turned into cash: layer by layer, the most legs first.
 *
 * Of k NO the conversion gives k − 1 dollars and a YES of every outcome that was not given; the
 * YES cost nothing and can only pay. A last leg that stands alone is kept: it gives no cash.
 */
export function planConversion(sizes: readonly MicroShares[], feeBips: number): ConversionPlan {
  const ranked = sizes
    .map((size, index) => ({ size, index }))
    .filter(({ size }) => size > 0)
    .toSorted((a, b) => b.size - a.size)

  const steps: ConversionStep[] = []
  let cash = zeroUsd
  for (let count = ranked.length; count >= 2; count--) {
    const here = ranked[count - 1]?.size ?? zeroShares
    const below = ranked[count]?.size ?? zeroShares
    const amount = subtract(here, below)
    if (amount === 0) continue
    const paid = afterBips(times(payout(amount), count - 1), feeBips)
    steps.push({ amount, given: ranked.slice(0, count).map(({ index }) => index), cash: paid })
    cash = add(cash, paid)
  }
  return { steps, cash }
}
