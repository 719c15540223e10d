import type { Market } from './market.ts'
import type { Side } from './order.ts'
import type { MicroShares, Ticks } from './units.ts'
import { ticksPerUsd } from './units.ts'

/**
 * The step of sizes in which an order that takes can be told at a price.
 *
 * Where a buy is told in money, the money must come out even: whole cents at $0.51 are whole
 * shares, at $0.523 tens of shares, at $0.50 fiftieths of a share.
 */
export function takerSizeStep(market: Market, side: Side, limit: Ticks): MicroShares {
  const { lot, takerSpend } = market
  if (takerSpend === undefined || side === 'sell') return lot
  // limit × size / 10⁴ is a multiple of the step when size is one of step × 10⁴ / gcd.
  const money = takerSpend.step * ticksPerUsd
  return commonMultiple(lot, money / commonDivisor(limit, money)) as MicroShares
}

/** The least number that both divide. */
export function commonMultiple(a: number, b: number): number {
  return (a / commonDivisor(a, b)) * b
}

/** The largest number that divides both. */
export function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}
