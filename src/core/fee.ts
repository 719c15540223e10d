import { assert } from './assert.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from './units.ts'
import { microPerShare, ticksPerUsd } from './units.ts'

/** `shares × rate × (p × (1 − p))^exponent` dollars. Both venues charge by this curve. */
export type FeeCurve = { readonly rate: Ppm; readonly exponent: 1 | 2 }

/**
 * How a venue turns the curve into money, per fill.
 *
 * - `down-to-5-decimals`: Polymarket cuts off below $0.00001. docs/venues/polymarket.md, 8.2.
 * - `up-to-micro`: Kalshi rounds up to $0.000001, then aligns the cash of the fill to $0.0001.
 *   docs/venues/kalshi.md, 7.
 */
export type FeeRounding = 'down-to-5-decimals' | 'up-to-micro'

/** What a market charges. A market whose fee is not known is not traded. */
export type FeeSchedule =
  | {
      readonly kind: 'known'
      readonly taker: FeeCurve
      readonly maker: FeeCurve
      readonly rounding: FeeRounding
    }
  | { readonly kind: 'unknown'; readonly reason: string }

export const freeCurve: FeeCurve = { rate: 0 as Ppm, exponent: 1 }

/** The fee of one taker fill, as the venue charges it. Undefined when the schedule is not known. */
export function takerFee(
  schedule: FeeSchedule,
  price: Ticks,
  size: MicroShares,
): MicroUsd | undefined {
  if (schedule.kind === 'unknown') return undefined
  return roundFee(schedule.rounding, schedule.taker, price, size)
}

/** The fee of one maker fill, as the venue charges it. Undefined when the schedule is not known. */
export function makerFee(
  schedule: FeeSchedule,
  price: Ticks,
  size: MicroShares,
): MicroUsd | undefined {
  if (schedule.kind === 'unknown') return undefined
  return roundFee(schedule.rounding, schedule.maker, price, size)
}

/**
 * The most one taker fill at `price` can cost in fees, however the venue splits and rounds it.
 *
 * Plans use this, ledgers use {@link takerFee}: a plan must hold when the venue rounds against us.
 */
export function takerFeeMax(
  schedule: FeeSchedule,
  price: Ticks,
  size: MicroShares,
): MicroUsd | undefined {
  if (schedule.kind === 'unknown') return undefined
  const exact = curveFloor(schedule.taker, price, size)
  if (schedule.taker.rate === 0) return exact
  return (exact + feeReserve(schedule.rounding, size)) as MicroUsd
}

/**
 * What a venue's rounding can add to the curve on `size` taken at one price, in micro-dollars.
 *
 * Polymarket cuts off, fill by fill, so a plan that allows for one rounding up is above it. Kalshi
 * rounds each fill up by less than a micro-dollar, and keeps less than one alignment of the order's
 * remainders; a fill of a fraction of a contract too small to pay its alignment back keeps its own.
 */
export function feeReserve(rounding: FeeRounding, size: MicroShares): MicroUsd {
  switch (rounding) {
    case 'down-to-5-decimals':
      return 10 as MicroUsd
    case 'up-to-micro':
      return (101 + Math.ceil(size / microPerShare)) as MicroUsd
  }
}

/**
 * What one more share costs at `price`, fee in, in billionths of a dollar, rounded down.
 *
 * For screens: below this no basket can come out, and sums of it stay exact integers.
 */
export function shareCost(schedule: FeeSchedule, price: Ticks): number {
  const bare = price * 100_000
  if (schedule.kind === 'unknown') return bare
  const { rate, exponent } = schedule.taker
  const spread = price * (ticksPerUsd - price)
  if (exponent === 1) return bare + Math.floor((rate * spread) / 100_000)
  return bare + Math.floor((rate * spread * (spread / 100_000_000)) / 100_000)
}

/** What `size` costs at `price`, fee in, in micro-dollars with their fractions: for solvers only. */
export function costAbout(schedule: FeeSchedule, price: Ticks, size: MicroShares): number {
  return (shareCost(schedule, price) / shareDollar) * size
}

/** A dollar, in the billionths that {@link shareCost} counts. */
export const shareDollar = 1_000_000_000

function roundFee(
  rounding: FeeRounding,
  curve: FeeCurve,
  price: Ticks,
  size: MicroShares,
): MicroUsd {
  const floor = curveFloor(curve, price, size)
  switch (rounding) {
    case 'down-to-5-decimals':
      return (floor - (floor % 10)) as MicroUsd
    case 'up-to-micro':
      return curveIsExact(curve, price, size) ? floor : ((floor + 1) as MicroUsd)
  }
}

const scale = 10_000_000

/** The curve in micro-dollars, rounded down. Exact for every size: no product leaves 2^53. */
export function curveFloor(curve: FeeCurve, price: Ticks, size: MicroShares): MicroUsd {
  assert(size >= 0, `a fee is for a size that is not negative: ${size}`)
  if (curve.exponent === 2)
    return Number(curveProduct(curve, price, size) / curveScale(curve)) as MicroUsd

  // size × factor / 10^14, both split at 10^7.
  const factor = curve.rate * price * (ticksPerUsd - price)
  const sizeLow = size % scale
  const sizeHigh = (size - sizeLow) / scale
  const factorLow = factor % scale
  const factorHigh = (factor - factorLow) / scale
  const low = Math.floor((sizeLow * factorLow) / scale)
  const middle = Math.floor((sizeHigh * factorLow + sizeLow * factorHigh + low) / scale)
  return (sizeHigh * factorHigh + middle) as MicroUsd
}

function curveIsExact(curve: FeeCurve, price: Ticks, size: MicroShares): boolean {
  return curveProduct(curve, price, size) % curveScale(curve) === 0n
}

function curveProduct(curve: FeeCurve, price: Ticks, size: MicroShares): bigint {
  const spread = BigInt(price) * BigInt(ticksPerUsd - price)
  return BigInt(size) * BigInt(curve.rate) * spread ** BigInt(curve.exponent)
}

function curveScale(curve: FeeCurve): bigint {
  return 1_000_000n * 100_000_000n ** BigInt(curve.exponent)
}
