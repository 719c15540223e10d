import { z } from 'zod'

import { formatDecimal, parseDecimal } from '../core/decimal.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../core/units.ts'

export function limit(fallback: number, description: string): z.ZodDefault<z.ZodInt> {
  return z.int().min(1).max(1_000_000).default(fallback).describe(description)
}

export function section<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodPrefault<z.ZodObject<Shape, z.core.$strict>> {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>)
}

export function httpUrl(fallback: string, description: string): z.ZodDefault<z.ZodString> {
  return urlOf(/^https?:\/\/[^\s/]/, 'an address that starts with https:// or http://')
    .default(fallback)
    .describe(description)
}

export function socketUrl(fallback: string, description: string): z.ZodDefault<z.ZodString> {
  return urlOf(/^wss?:\/\/[^\s/]/, 'an address that starts with wss:// or ws://')
    .default(fallback)
    .describe(description)
}

function urlOf(pattern: RegExp, expected: string): z.ZodString {
  return z.string().regex(pattern, { error: `expected ${expected}` })
}

export function words(description: string): z.ZodDefault<z.ZodArray<z.ZodString>> {
  return z.array(z.string().min(1)).default([]).describe(description)
}

export function usd(
  fallback: MicroUsd,
  description: string,
): z.ZodType<MicroUsd, string | undefined> {
  return exactly('dollars with at most six decimals, such as "0.01"', fallback, description)
}

/** Not set is a value of its own: nothing stands for it. */
export function maybeUsd(description: string): z.ZodType<MicroUsd | undefined, string | undefined> {
  const expected = 'dollars with at most six decimals, such as "250"'
  const text = z.union([z.number(), z.string()], { error: `expected ${expected}` })
  const amount = text.transform((value, context): MicroUsd => {
    const exact = parseDecimal(String(value), 6)
    if (exact !== undefined && exact >= 0) return exact as MicroUsd
    context.addIssue({ code: 'custom', message: `expected ${expected}`, input: value })
    return z.NEVER
  })
  return amount.optional().describe(description) as z.ZodType<
    MicroUsd | undefined,
    string | undefined
  >
}

export function cents(fallback: Ticks, description: string): z.ZodType<Ticks, string | undefined> {
  return decimal('a price with at most four decimals, such as "0.1"', 4, fallback, description)
}

export function fraction(fallback: Ppm, description: string): z.ZodType<Ppm, string | undefined> {
  return exactly('a fraction with at most six decimals, such as "0.01"', fallback, description)
}

export function shares(
  fallback: MicroShares,
  description: string,
): z.ZodType<MicroShares, string | undefined> {
  return exactly('shares with at most six decimals, such as "5"', fallback, description)
}

function exactly<Amount extends MicroUsd | MicroShares | Ppm>(
  expected: string,
  fallback: Amount,
  description: string,
): z.ZodType<Amount, string | undefined> {
  return decimal(expected, 6, fallback, description)
}

/** A decimal with so many places, as a number or as text; read exactly, never rounded. */
function decimal<Amount extends number>(
  expected: string,
  places: number,
  fallback: Amount,
  description: string,
): z.ZodType<Amount, string | undefined> {
  const text = z.union([z.number(), z.string()], { error: `expected ${expected}` })
  const amount = text.transform((value, context): Amount => {
    const exact = parseDecimal(String(value), places)
    if (exact !== undefined && exact >= 0) return exact as Amount
    context.addIssue({ code: 'custom', message: `expected ${expected}`, input: value })
    return z.NEVER
  })
  // The schema shows the default as a user would write it.
  const written = formatDecimal(fallback, places)
  return amount.prefault(written).describe(description) as z.ZodType<Amount, string | undefined>
}
