import { assert } from './assert.ts'
import type { MicroShares, MicroUsd, Ticks } from './units.ts'
import { ticksPerUsd } from './units.ts'

const decimalPattern = /^(-?)(\d{1,16})?(?:\.(\d*))?$/

/**
 * The text as a whole number of 10^-decimals.
 *
 * Undefined when the text is not a plain decimal, has a digit beyond `decimals` that is not zero,
 * or leaves the safe integers: an excess digit is never rounded away without a word.
 */
export function parseDecimal(text: string, decimals: number): number | undefined {
  const parts = decimalPattern.exec(text)
  if (parts === null) return undefined

  const [, sign, whole = '', fraction = ''] = parts
  if (whole === '' && fraction === '') return undefined

  const excess = fraction.slice(decimals)
  if (/[^0]/.test(excess)) return undefined

  const digits = Number(whole + fraction.slice(0, decimals).padEnd(decimals, '0'))
  if (!Number.isSafeInteger(digits)) return undefined
  return sign === '-' && digits !== 0 ? -digits : digits
}

/** A whole number of 10^-decimals as text, without trailing zeros: 1500000 with 6 is "1.5". */
export function formatDecimal(value: number, decimals: number): string {
  assert(Number.isSafeInteger(value), `a decimal is made from a safe integer: ${value}`)
  const sign = value < 0 ? '-' : ''
  const digits = String(Math.abs(value)).padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '')
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`
}

/** "0.31" as ticks. Undefined for text that is no price, or finer than a tick, or outside 0 … 1. */
export function parsePrice(text: string): Ticks | undefined {
  const value = parseDecimal(text, 4)
  if (value === undefined || value < 0 || value > ticksPerUsd) return undefined
  return value as Ticks
}

/**
 * "45.83" as micro-shares. Undefined for text that is no size, or finer than a millionth, or
 * negative.
 */
export function parseSize(text: string): MicroShares | undefined {
  const value = parseDecimal(text, 6)
  if (value === undefined || value < 0) return undefined
  return value as MicroShares
}

export function parseUsd(text: string): MicroUsd | undefined {
  return parseDecimal(text, 6) as MicroUsd | undefined
}

export function formatPrice(price: Ticks): string {
  return formatDecimal(price, 4)
}

export function formatSize(size: MicroShares): string {
  return formatDecimal(size, 6)
}

export function formatUsd(money: MicroUsd): string {
  return formatDecimal(money, 6)
}
