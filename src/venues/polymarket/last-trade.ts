import { formatPrice, parsePrice } from '../../core/decimal.ts'
import type { Ticks } from '../../core/units.ts'
import { neverTraded, untold } from './event-batch.ts'

/**
 * The last trade price as a number that keeps how it was written: ticks × 8 + decimals.
 *
 * The hash of a book covers its text, which has three decimals as a rule, "0.540", but not always.
 */
export function encodeLastTrade(text: string): number {
  if (text === '') return neverTraded

  const price = parsePrice(text)
  const decimals = text.length - 2
  if (price === undefined || decimals < 1 || decimals > 4) return untold
  const code = lastTradeCode(price, decimals)
  return lastTradeText(code) === text ? code : untold
}

export function lastTradeCode(price: number, decimals: number): number {
  return price * 8 + decimals
}

export function lastTradeText(code: number): string {
  if (code < 0) return ''

  const decimals = code % 8
  const digits = String((code - decimals) / 8).padStart(5, '0')
  return `${digits.slice(0, 1)}.${digits.slice(1, 1 + decimals)}`
}

/** How the venue may write a last trade at this price: three decimals, or as many as it has. */
export function lastTradeCodes(price: Ticks): number[] {
  const shortest = Math.max(1, formatPrice(price).length - 2)
  return shortest === 4
    ? [lastTradeCode(price, 4)]
    : [...new Set([3, shortest, 2, 4])]
        .filter((decimals) => decimals >= shortest)
        .map((decimals) => lastTradeCode(price, decimals))
}
