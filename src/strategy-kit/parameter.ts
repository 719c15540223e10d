import { formatDecimal, parseDecimal } from '../core/decimal.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../core/units.ts'
import { ticksPerUsd } from '../core/units.ts'

export type ParameterKind =
  | 'shares'
  | 'usd'
  | 'price'
  | 'fraction'
  | 'count'
  | 'milliseconds'
  | 'flag'
  | 'texts'

export type ParameterValue = number | boolean | readonly string[]

/** A setting of a strategy: what it is when nobody says otherwise, and what it means. */
export type Parameter<Value extends ParameterValue = ParameterValue> = {
  readonly kind: ParameterKind
  readonly fallback: Value
  readonly meaning: string
}

/** Shares, as decimal text with at most six places: `shares('10', 'Shares of one order.')`. */
export function shares(text: string, meaning: string): Parameter<MicroShares> {
  return { kind: 'shares', fallback: decimal(text, 'shares') as MicroShares, meaning }
}

/** Dollars, as decimal text with at most six places. */
export function usd(text: string, meaning: string): Parameter<MicroUsd> {
  return { kind: 'usd', fallback: decimal(text, 'usd') as MicroUsd, meaning }
}

/** A price between $0 and $1, as decimal text with at most four places. */
export function price(text: string, meaning: string): Parameter<Ticks> {
  return { kind: 'price', fallback: decimal(text, 'price') as Ticks, meaning }
}

/** A fraction, as decimal text with at most six places: `fraction('0.8', …)` is 80 %. */
export function fraction(text: string, meaning: string): Parameter<Ppm> {
  return { kind: 'fraction', fallback: decimal(text, 'fraction') as Ppm, meaning }
}

/** A whole number that is not below zero. */
export function count(fallback: number, meaning: string): Parameter<number> {
  return { kind: 'count', fallback: decimal(String(fallback), 'count'), meaning }
}

/** A whole number of milliseconds. */
export function milliseconds(fallback: number, meaning: string): Parameter<number> {
  return { kind: 'milliseconds', fallback: decimal(String(fallback), 'milliseconds'), meaning }
}

/** True or false. */
export function flag(fallback: boolean, meaning: string): Parameter<boolean> {
  return { kind: 'flag', fallback, meaning }
}

/** A list of texts; on a command line they stand with commas between them. */
export function texts(fallback: readonly string[], meaning: string): Parameter<readonly string[]> {
  return { kind: 'texts', fallback, meaning }
}

/** What a parameter expects, in words. */
export const expected: Readonly<Record<ParameterKind, string>> = {
  shares: 'shares with at most six decimals, such as "10"',
  usd: 'dollars with at most six decimals, such as "25"',
  price: 'a price from 0 to 1 with at most four decimals, such as "0.45"',
  fraction: 'a fraction with at most six decimals, such as "0.8"',
  count: 'a whole number, not below zero',
  milliseconds: 'whole milliseconds, not below zero',
  flag: 'true or false',
  texts: 'a list of texts',
}

/**
 * A value as a configuration file or a command line has it, in the units of the strategy.
 *
 * Undefined when it does not fit: nothing is rounded, and nothing is below zero.
 */
export function readParameter(kind: ParameterKind, given: unknown): ParameterValue | undefined {
  if (kind === 'flag') {
    if (typeof given === 'boolean') return given
    return given === 'true' ? true : given === 'false' ? false : undefined
  }
  if (kind === 'texts') return readTexts(given)
  return typeof given === 'number' || typeof given === 'string'
    ? readNumber(kind, String(given))
    : undefined
}

/** As a configuration file has it; {@link readParameter} gives the same value back. */
export function writeParameter(
  kind: ParameterKind,
  value: ParameterValue,
): string | boolean | readonly string[] {
  return typeof value === 'number' ? formatDecimal(value, decimalsOf(kind)) : value
}

function readTexts(given: unknown): readonly string[] | undefined {
  if (Array.isArray(given)) {
    return given.every((item) => typeof item === 'string') ? given : undefined
  }
  if (typeof given !== 'string') return undefined
  const items = given.split(',').map((item) => item.trim())
  return items.filter((item) => item !== '')
}

function readNumber(kind: ParameterKind, text: string): number | undefined {
  const value = parseDecimal(text, decimalsOf(kind))
  if (value === undefined || value < 0) return undefined
  return kind === 'price' && value > ticksPerUsd ? undefined : value
}

function decimalsOf(kind: ParameterKind): number {
  if (kind === 'price') return 4
  return kind === 'count' || kind === 'milliseconds' ? 0 : 6
}

function decimal(text: string, kind: ParameterKind): number {
  const value = readNumber(kind, text)
  if (value === undefined) throw new TypeError(`expected ${expected[kind]}: it was "${text}"`)
  return value
}
