import { assert } from './assert.ts'
import type { EpochMs, MicroShares, MicroUsd, Ppm, Ticks } from './units.ts'
import { microPerShare, ticksPerUsd, zeroUsd } from './units.ts'

/** `shares × rate × (p × (1 − p))^exponent` dollars. Both venues charge by this curve. */
export type FeeCurve = { readonly rate: Ppm; readonly exponent: 1 | 2 }

/**
 * How a venue turns the curve into money, per fill.
 *
 * - `down-to-5-decimals`: Polymarket cuts off below $0.00001. docs/venues/polymarket.md, 8.2.
 * - `up-to-micro`: Kalshi rounds up to $0.000001, then aligns the cash of the fill to $0.0001 and
 *   pays the remainders of an order back when they come to as much. docs/venues/kalshi.md, 7.2.
 * - `up-to-4-decimals`, `up-to-cent`: as Kalshi did before, for days that are replayed.
 */
export type FeeRounding = 'down-to-5-decimals' | 'up-to-micro' | 'up-to-4-decimals' | 'up-to-cent'

/** What a market charges. A market whose fee is not known is not traded. */
export type FeeSchedule =
  | {
      readonly kind: 'known'
      readonly taker: FeeCurve
      readonly maker: FeeCurve
      readonly rounding: FeeRounding
      /**
       * What of the takers' fees goes back to the makers, in ppm. Paid by the day, never planned
       * on.
       */
      readonly makerRebate?: Ppm
    }
  | { readonly kind: 'unknown'; readonly reason: string }

/** What a market charges from an instant on. */
export type DatedFee = { readonly from: EpochMs; readonly schedule: FeeSchedule }

/** What was charged at an instant; unknown before the first date. */
export function feeOn(history: readonly DatedFee[], at: EpochMs): FeeSchedule {
  let found: DatedFee | undefined
  for (const dated of history) {
    if (dated.from <= at && (found === undefined || dated.from >= found.from)) found = dated
  }
  return found?.schedule ?? { kind: 'unknown', reason: 'no word of that day' }
}

/**
 * How Kalshi rounded on a day. Its changes were not announced by date: where two rules may have
 * been in force the dearer one counts. docs/venues/kalshi.md, 7.2.
 */
export function kalshiRoundingOn(at: EpochMs): FeeRounding {
  if (at < Date.UTC(2026, 7, 1)) return 'up-to-cent'
  return at < Date.UTC(2026, 8, 18) ? 'up-to-4-decimals' : 'up-to-micro'
}

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
 * What a maker may be paid back for a fill, out of the fee that its taker was charged. An estimate:
 * it is paid by the day and has a least amount. docs/venues/polymarket.md, 8.5.
 */
export function makerRebate(schedule: FeeSchedule, price: Ticks, size: MicroShares): MicroUsd {
  if (schedule.kind === 'unknown' || schedule.makerRebate === undefined) return zeroUsd
  const fee = roundFee(schedule.rounding, schedule.taker, price, size)
  return Number((BigInt(fee) * BigInt(schedule.makerRebate)) / 1_000_000n) as MicroUsd
}

/**
 * The most that taking `size` at `price` can cost in fees, however the venue splits and rounds it.
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
  return (exact + reserveOf(schedule, size)) as MicroUsd
}

/**
 * What rounding can add for this schedule. A free market charges nothing, but Kalshi aligns the
 * money of a fraction of a contract even there.
 */
export function reserveOf(schedule: FeeSchedule, size: MicroShares): MicroUsd {
  if (schedule.kind === 'unknown') return zeroUsd
  const { rounding, taker } = schedule
  return taker.rate === 0 && rounding !== 'up-to-micro' ? zeroUsd : feeReserve(rounding, size)
}

/**
 * Fills of less than a contract that one level may hold besides whole ones: remainders of orders.
 */
const dustFillsMax = 3
/** Kalshi aligns the money of each fill to this, in micro-dollars. docs/venues/kalshi.md, 7.2. */
export const kalshiAlignment = 100

/**
 * What a venue's rounding can add to the curve on `size` taken at one price, in micro-dollars.
 *
 * Polymarket cuts off, fill by fill, so a plan that allows for one rounding up is above it. Kalshi
 * rounds each fill up by less than a micro-dollar, and of an order's remainders less than one
 * alignment stays with it; a fill too small to be paid an alignment back keeps one of its own.
 */
export function feeReserve(rounding: FeeRounding, size: MicroShares): MicroUsd {
  const fills = Math.ceil(size / microPerShare) + dustFillsMax
  switch (rounding) {
    case 'down-to-5-decimals':
      return 10 as MicroUsd
    case 'up-to-micro':
      return (1 + fills + (1 + dustFillsMax) * kalshiAlignment) as MicroUsd
    case 'up-to-4-decimals':
      return (fills * 100) as MicroUsd
    case 'up-to-cent':
      return (fills * 10_000) as MicroUsd
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

/**
 * What `size` costs at `price`, fee in, in micro-dollars with their fractions: for solvers only.
 */
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
      return curveCeil(curve, price, size)
    case 'up-to-4-decimals':
      return ceilTo(curveCeil(curve, price, size), 100)
    case 'up-to-cent':
      return ceilTo(curveCeil(curve, price, size), 10_000)
  }
}

function ceilTo(money: MicroUsd, step: number): MicroUsd {
  const rest = money % step
  return rest === 0 ? money : ((money - rest + step) as MicroUsd)
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

function curveCeil(curve: FeeCurve, price: Ticks, size: MicroShares): MicroUsd {
  const floor = curveFloor(curve, price, size)
  const isExact = curveProduct(curve, price, size) % curveScale(curve) === 0n
  return isExact ? floor : ((floor + 1) as MicroUsd)
}

function curveProduct(curve: FeeCurve, price: Ticks, size: MicroShares): bigint {
  const spread = BigInt(price) * BigInt(ticksPerUsd - price)
  return BigInt(size) * BigInt(curve.rate) * spread ** BigInt(curve.exponent)
}

function curveScale(curve: FeeCurve): bigint {
  return 1_000_000n * 100_000_000n ** BigInt(curve.exponent)
}
