import { formatUsd } from '../core/decimal.ts'
import type { MicroUsd, Ppm } from '../core/units.ts'

/** 1234567 as `1,234,567`. */
export function formatCount(count: number): string {
  return String(Math.round(count)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}

/** Money for people, signed, to the cent: `+$1.23`. Rounds down: what is shown never flatters. */
export function formatMoney(money: MicroUsd): string {
  const cents = Math.floor(money / 10_000)
  const text = formatUsd((Math.abs(cents) * 10_000) as MicroUsd)
  const [whole = '0', fraction = ''] = text.split('.')
  return `${cents < 0 ? '-' : '+'}$${formatCount(Number(whole))}.${fraction.padEnd(2, '0')}`
}

/** 20 000 ppm as `2.00%`. */
export function formatRate(rate: Ppm): string {
  return `${(rate / 10_000).toFixed(2)}%`
}

/** Microseconds in the unit that reads best: `12 µs`, `3.4 ms`. */
export function formatMicros(micros: number | undefined): string {
  if (micros === undefined) return '–'
  if (micros < 10) return `${micros.toFixed(1)} µs`
  if (micros < 1_000) return `${Math.round(micros)} µs`
  if (micros < 10_000) return `${(micros / 1_000).toFixed(1)} ms`
  return `${Math.round(micros / 1_000)} ms`
}

/** 1234567 as `1.2 MB`. */
export function formatBytes(bytes: number): string {
  for (const [unit, size] of [
    ['TB', 1e12],
    ['GB', 1e9],
    ['MB', 1e6],
    ['KB', 1e3],
  ] as const) {
    if (bytes >= size) return `${(bytes / size).toFixed(1)} ${unit}`
  }
  return `${Math.round(bytes)} B`
}
