import { assert } from './assert.ts'
import { commonDivisor } from './whole-numbers.ts'

declare const unit: unique symbol
export type Unit<Base, Name extends string> = Base & { readonly [unit]: Name }

/** Price of one share. A tick is 1/10 000 USD, the finest step either venue quotes. */
export type Ticks = Unit<number, 'Ticks'>
/** Shares, in millionths: the precision of an outcome token on chain. A safe integer, signed. */
export type MicroShares = Unit<number, 'MicroShares'>
/** Money, in millionths of a dollar. A safe integer, signed. */
export type MicroUsd = Unit<number, 'MicroUsd'>
/** A rate, in millionths. */
export type Ppm = Unit<number, 'Ppm'>
/** An instant on the wall clock, in milliseconds since 1970. */
export type EpochMs = Unit<number, 'EpochMs'>
/** An instant on the monotonic clock of this process, in nanoseconds. Exact for 104 days. */
export type Nanos = Unit<number, 'Nanos'>

export const ticksPerUsd = 10_000
export const microPerUsd = 1_000_000
export const microPerShare = 1_000_000

export const zeroUsd: MicroUsd = 0 as MicroUsd
export const zeroShares: MicroShares = 0 as MicroShares
/** No bid: nobody pays anything. The mirror of {@link noAsk}. */
export const noBid: Ticks = 0 as Ticks
/** No ask: nobody sells below the dollar a share can pay at most. The mirror of {@link noBid}. */
export const noAsk: Ticks = ticksPerUsd as Ticks

export function ticks(value: number): Ticks {
  assert(Number.isInteger(value), `a price is a whole number of ticks: ${value}`)
  assert(value >= 0 && value <= ticksPerUsd, `a price lies between $0 and $1: ${value}`)
  return value as Ticks
}

export function microShares(value: number): MicroShares {
  assert(Number.isSafeInteger(value), `a size is a safe integer of micro-shares: ${value}`)
  return value as MicroShares
}

export function microUsd(value: number): MicroUsd {
  assert(Number.isSafeInteger(value), `money is a safe integer of micro-dollars: ${value}`)
  return value as MicroUsd
}

export function ppm(value: number): Ppm {
  assert(Number.isSafeInteger(value), `a rate is a whole number of millionths: ${value}`)
  return value as Ppm
}

export function epochMs(value: number): EpochMs {
  assert(Number.isSafeInteger(value), `an instant is a whole number of milliseconds: ${value}`)
  return value as EpochMs
}

export function nanos(value: number): Nanos {
  assert(Number.isSafeInteger(value), `an instant is a whole number of nanoseconds: ${value}`)
  return value as Nanos
}

/** The price of the other outcome: a share of YES and a share of NO pay one dollar together. */
export function complement(price: Ticks): Ticks {
  return (ticksPerUsd - price) as Ticks
}

/** What the other outcome is worth, where this one is worth `value` of a dollar. */
export function complementPpm(value: Ppm): Ppm {
  return (microPerUsd - value) as Ppm
}

/** What `size` costs at `price`. Rounds up: a fraction of a micro-dollar never flatters us. */
export function cost(price: Ticks, size: MicroShares): MicroUsd {
  // Split, so that no product leaves the safe integers, whatever the size.
  const rest = size % ticksPerUsd
  const whole = (size - rest) / ticksPerUsd
  return (price * whole + Math.ceil((price * rest) / ticksPerUsd)) as MicroUsd
}

/** What selling `size` at `price` brings. Rounds down: a fraction never flatters us. */
export function proceeds(price: Ticks, size: MicroShares): MicroUsd {
  const rest = size % ticksPerUsd
  const whole = (size - rest) / ticksPerUsd
  return (price * whole + Math.floor((price * rest) / ticksPerUsd)) as MicroUsd
}

/** What `size` winning shares pay: a dollar each. */
export function payout(size: MicroShares): MicroUsd {
  return size as number as MicroUsd
}

/**
 * What `size` shares pay when each is worth `value` of a dollar. Rounds down: never flatters us.
 */
export function worth(value: Ppm, size: MicroShares): MicroUsd {
  const rest = size % microPerUsd
  const whole = (size - rest) / microPerUsd
  return (value * whole + Math.floor((value * rest) / microPerUsd)) as MicroUsd
}

/** The money that buys `size` shares at a dollar each: what a split takes and a merge gives. */
export function par(size: MicroShares): MicroUsd {
  return size as number as MicroUsd
}

/** `count` times `money`: exact. */
export function times(money: MicroUsd, count: number): MicroUsd {
  assert(Number.isInteger(count), `one multiplies by a whole number: ${count}`)
  return (money * count) as MicroUsd
}

export function add<T extends MicroUsd | MicroShares | Ticks>(a: T, b: T): T {
  return (a + b) as T
}

export function subtract<T extends MicroUsd | MicroShares>(a: T, b: T): T {
  return (a - b) as T
}

export function negate<T extends MicroUsd | MicroShares>(a: T): T {
  return (0 - a) as T
}

export function min<T extends number>(a: T, b: T): T {
  return a < b ? a : b
}

export function max<T extends number>(a: T, b: T): T {
  return a > b ? a : b
}

/** The largest multiple of `lot` that is not above `size`. */
export function floorToLot(size: MicroShares, lot: MicroShares): MicroShares {
  assert(lot > 0, `a lot is positive: ${lot}`)
  return (size - (size % lot)) as MicroShares
}

/** The least multiple of `lot` that is not below `size`. */
export function ceilToLot(size: MicroShares, lot: MicroShares): MicroShares {
  const floor = floorToLot(size, lot)
  return floor === size ? size : ((floor + lot) as MicroShares)
}

/** `money` and `rate` of it on top, rounded up: what a cost must bring back with interest. */
export function surcharge(money: MicroUsd, rate: Ppm): MicroUsd {
  if (rate === 0) return money
  const rest = money % microPerUsd
  const whole = (money - rest) / microPerUsd
  return (money + rate * whole + Math.ceil((rate * rest) / microPerUsd)) as MicroUsd
}

/** `money` as a share of `base`, in ppm, rounded down. Undefined when the base is not positive. */
export function ratio(money: MicroUsd, base: MicroUsd): Ppm | undefined {
  if (base <= 0) return undefined
  return Math.floor((money / base) * 1_000_000) as Ppm
}

/** `money` in the proportion `part` to `whole`, rounded down. Exact for every size. */
export function prorate(money: MicroUsd, part: MicroShares, whole: MicroShares): MicroUsd {
  assert(whole > 0, `a proportion is of something positive: ${whole}`)
  const product = BigInt(money) * BigInt(part)
  const quotient = product / BigInt(whole)
  const exact = quotient * BigInt(whole) === product
  return Number(exact || product > 0n ? quotient : quotient - 1n) as MicroUsd
}

/**
 * What `earned` on `spent` makes by the year, simple interest, in ppm, rounded down. Undefined when
 * nobody knows for how long the money is gone.
 */
export function annualised(
  earned: MicroUsd,
  spent: MicroUsd,
  days: number | undefined,
): Ppm | undefined {
  if (days === undefined || days <= 0 || spent <= 0) return undefined
  return Math.floor(((earned / spent) * 1_000_000 * 365) / days) as Ppm
}

/** What a rate by the year comes to in so many days, rounded up: a hurdle is never flattered. */
export function forDays(perYear: Ppm, days: number): Ppm {
  return Math.ceil((perYear * days) / 365) as Ppm
}

/** What is left of `money` when so many basis points of it are kept. Rounds down. */
export function afterBips(money: MicroUsd, bips: number): MicroUsd {
  assert(Number.isInteger(bips) && bips >= 0, `a fee is a whole number of basis points: ${bips}`)
  return (money - Math.ceil((money * bips) / 10_000)) as MicroUsd
}

/** How many lots a size is, with the fraction: for solvers that count in lots. */
export function lotsIn(size: MicroShares, lot: MicroShares): number {
  assert(lot > 0, `a lot is positive: ${lot}`)
  return size / lot
}

/** The size of a whole number of lots. */
export function ofLots(count: number, lot: MicroShares): MicroShares {
  assert(Number.isInteger(count), `lots are whole: ${count}`)
  return (count * lot) as MicroShares
}

/** A size from a solver's number of shares, rounded down to what can be held. */
export function fromShares(shares: number): MicroShares {
  return microShares(Math.max(0, Math.floor(shares * microPerShare)))
}

/** A rate as a plain fraction of one: for solvers. */
export function asFraction(rate: Ppm): number {
  return rate / 1_000_000
}

/** As much of `size` as `part` of `whole` money pays for. Rounds down. */
export function scaleSize(size: MicroShares, part: MicroUsd, whole: MicroUsd): MicroShares {
  assert(part >= 0 && part <= whole, `a part is within its whole: ${part} of ${whole}`)
  return Number((BigInt(size) * BigInt(part)) / BigInt(whole)) as MicroShares
}

/** `size` in the proportion `part` to `whole`, rounded down. Exact for every size. */
export function prorateSize(size: MicroShares, part: MicroShares, whole: MicroShares): MicroShares {
  assert(part >= 0 && part <= whole && whole > 0, `a part is within its whole: ${part} of ${whole}`)
  return Number((BigInt(size) * BigInt(part)) / BigInt(whole)) as MicroShares
}

/** What `share` of `size` is, rounded up. */
export function portion(size: MicroShares, share: Ppm): MicroShares {
  const product = BigInt(size) * BigInt(share)
  return Number((product + 999_999n) / 1_000_000n) as MicroShares
}

/** The step of sizes whose cost at a price is whole steps of money, nothing rounded. */
export function wholeCostStep(price: Ticks, step: MicroUsd): MicroShares {
  // price × size / 10⁴ is a multiple of the step when the size is one of step × 10⁴ / gcd.
  const product = step * ticksPerUsd
  return (product / commonDivisor(price, product)) as MicroShares
}
