import { add, max, min, prorate, subtract, zeroShares, zeroUsd } from '../core/units.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import type { Basket, BasketOrder, LegGap } from './basket.ts'

/** What a basket holds of a leg: filled by opening and completing orders, less what was unwound. */
export function heldOf(basket: Basket, leg: number): MicroShares {
  let held = zeroShares
  for (const order of basket.orders) {
    if (order.order.legIndex !== leg) continue
    // A buy in dollars brings more shares at a better price. What is over is no part of the basket.
    const filled = min(filledOf(order), order.order.size)
    held = order.role === 'unwind' ? subtract(held, filled) : add(held, filled)
  }
  return held
}

export function filledOf(order: BasketOrder): MicroShares {
  let filled = zeroShares
  for (const { size } of order.fills) filled = add(filled, size)
  return filled
}

/** The money that has left us for the basket so far, fees included. */
export function paidFor(basket: Basket): MicroUsd {
  let paid = zeroUsd
  for (const { fills } of basket.orders) for (const fill of fills) paid = add(paid, fill.paid)
  return paid
}

/**
 * How far each leg is from being equal to the others.
 *
 * Where all legs have one target, the levels are the least and the most that any leg holds. Legs
 * of different targets have no level in between: the basket is whole, or it is nothing. Legs that
 * are worth having alone are never unequal.
 */
export function gapsOf(basket: Basket): LegGap[] {
  const held = basket.legs.map((_, leg) => heldOf(basket, leg))
  if (basket.policy.legs === 'independent') {
    return held.map((_, leg) => gap(leg, zeroShares, zeroShares))
  }
  const equalTargets = basket.legs.every(({ target }) => target === basket.legs[0]?.target)
  if (equalTargets) {
    const lowest = held.reduce((a, b) => min(a, b))
    const highest = held.reduce((a, b) => max(a, b))
    return held.map((size, leg) => gap(leg, subtract(highest, size), subtract(size, lowest)))
  }

  const whole = basket.legs.every(({ target }, leg) => held[leg] === target)
  return held.map((size, leg) => {
    const target = basket.legs[leg]?.target ?? zeroShares
    return gap(leg, subtract(target, size), whole ? zeroShares : size)
  })
}

/** Whether no leg has more than the others. */
export function isEven(gaps: readonly LegGap[]): boolean {
  return gaps.every(({ excess }) => excess === 0)
}

/**
 * What the basket is worth in its worst state once every leg is at the level of `leg` and `size`.
 */
export function payoffAt(basket: Basket, leg: number, size: MicroShares): MicroUsd {
  const target = basket.legs[leg]?.target ?? zeroShares
  return target === 0 ? zeroUsd : prorate(basket.payoff, size, target)
}

function gap(leg: number, missing: MicroShares, excess: MicroShares): LegGap {
  return { leg, missing, excess }
}
