import { z } from 'zod'
import { formatUsd, parseDecimal } from '../core/decimal.ts'
import type { MicroShares, MicroUsd, Ppm } from '../core/units.ts'
import { riskDefaults } from '../risk/risk-limits.ts'
import { parseLogFilter } from '../telemetry/log-filter.ts'
import type { Config, StrategySettings } from './config.ts'

/**
 * Everything that can be set, with its default and its meaning.
 *
 * The published JSON schema, the errors and the documentation are made from this. In the file the
 * keys are written in snake case, `edge_min`; here as in the code, `edgeMin`.
 */
export const configSchema: z.ZodType<Config> = z.strictObject({
  mode: z
    .enum(['paper'])
    .default('paper')
    .describe('How orders are carried out. Only "paper" exists so far: live trading is not built.'),
  server: section({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to serve on. Anything but a loopback address is reachable from outside.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(9000)
      .describe('Port of /metrics, /healthz and /readyz. 0 takes any free port.'),
  }),
  log: section({
    level: z
      .string()
      .refine((text) => parseLogFilter(text) !== undefined, {
        error: 'expected trace, debug, info, warn, error or off, or "warn,polymarket=debug"',
      })
      .default('warn')
      .describe('Which lines are logged, to standard error. LOG_LEVEL and RUST_LOG override it.'),
  }),
  engine: section({
    timerMs: z
      .int()
      .min(5)
      .max(1_000)
      .default(50)
      .describe(
        'How often the engine is told the time when nothing else happens, in milliseconds.',
      ),
    catalogueRefreshS: z
      .int()
      .min(5)
      .max(86_400)
      .default(60)
      .describe('How often the list of markets is refreshed, in seconds.'),
  }),
  venues: section({
    polymarket: section({
      enabled: z.boolean().default(true).describe('Whether to connect to Polymarket.'),
      gammaUrl: httpUrl(
        'https://gamma-api.polymarket.com',
        'Where the list of markets comes from.',
      ),
      clobUrl: httpUrl('https://clob.polymarket.com', 'Where snapshots of order books come from.'),
      marketSocketUrl: socketUrl(
        'wss://ws-subscriptions-clob.polymarket.com/ws/market',
        'Where changes of order books come from.',
      ),
      volume24hMin: usd('0', 'Markets with less volume in the last 24 hours are left out.'),
      liquidityMin: usd('0', 'Markets with less liquidity are left out.'),
      tags: words('Only markets with one of these tags. Empty: all.'),
      slugs: words('Only markets of these events. Empty: all.'),
      closesWithinDays: z
        .number()
        .positive()
        .max(3_650)
        .optional()
        .describe('Only markets that close within so many days. Not set: all.'),
      marketsMax: z
        .int()
        .min(1)
        .max(100_000)
        .default(2_000)
        .describe('At most so many markets, those with the most volume first.'),
      exhaustiveSets: words(
        'Slugs of events of which you have made sure that one of their outcomes must win.',
      ),
      separateBooksTag: z
        .string()
        .optional()
        .describe(
          'Markets with this tag keep separate YES and NO books. For the simulator: leave unset.',
        ),
    }),
  }),
  strategies: section({
    crossOutcome: strategy(
      'Buys, or sells, YES and NO of one market where both together misprice a dollar.',
    ),
    outcomeBasket: strategy(
      'Buys every outcome of a set of which one must win, for less than a dollar.',
    ),
  }),
  risk: section({
    orderNotionalMax: usd(
      formatUsd(riskDefaults.orderNotionalMax),
      'Most that one order may cost.',
    ),
    marketExposureMax: usd(
      formatUsd(riskDefaults.marketExposureMax),
      'Most that may be held and reserved in one market.',
    ),
    totalExposureMax: usd(
      formatUsd(riskDefaults.totalExposureMax),
      'Most that may be held and reserved in all.',
    ),
    openBasketsMax: limit(riskDefaults.openBasketsMax, 'Baskets at work at once.'),
    ordersPerSecondMax: limit(riskDefaults.ordersPerSecondMax, 'Orders sent in one second.'),
    ordersPerMinuteMax: limit(riskDefaults.ordersPerMinuteMax, 'Orders sent in one minute.'),
    closingMarginMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(riskDefaults.closingMarginMs)
      .describe('No order this close to the close of its market, in milliseconds.'),
    staleAfterMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(15_000)
      .describe('A connection that was silent for so long is not traded on, in milliseconds.'),
  }),
  paper: section({
    capital: usd('10000', 'Cash to begin with on each venue, in dollars.'),
    latencyMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(25)
      .describe('From a decision to the arrival of the order at the venue, in milliseconds.'),
  }),
})

function limit(fallback: number, description: string): z.ZodDefault<z.ZodInt> {
  return z.int().min(1).max(1_000_000).default(fallback).describe(description)
}

function strategy(description: string): z.ZodType<StrategySettings, object | undefined> {
  return section({
    enabled: z.boolean().default(true).describe(description),
    edgeMin: fraction('0.01', 'Least edge by dollar of payout, fees in: 0.01 is 1 %.'),
    sizeMin: shares('5', 'Fewer shares than this are not worth a basket.'),
    sizeMax: shares('100', 'At most so many shares of each leg.'),
  })
}

function section<Shape extends z.ZodRawShape>(
  shape: Shape,
): z.ZodPrefault<z.ZodObject<Shape, z.core.$strict>> {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape, z.core.$strict>>)
}

function httpUrl(fallback: string, description: string): z.ZodDefault<z.ZodString> {
  return urlOf(/^https?:\/\/[^\s/]/, 'an address that starts with https:// or http://')
    .default(fallback)
    .describe(description)
}

function socketUrl(fallback: string, description: string): z.ZodDefault<z.ZodString> {
  return urlOf(/^wss?:\/\/[^\s/]/, 'an address that starts with wss:// or ws://')
    .default(fallback)
    .describe(description)
}

function urlOf(pattern: RegExp, expected: string): z.ZodString {
  return z.string().regex(pattern, { error: `expected ${expected}` })
}

function words(description: string): z.ZodDefault<z.ZodArray<z.ZodString>> {
  return z.array(z.string().min(1)).default([]).describe(description)
}

/** A decimal with at most six places, as a number or as text; read exactly, never rounded. */
function decimal(expected: string): z.ZodType<number, string | number> {
  const text = z.union([z.number(), z.string()], { error: `expected ${expected}` })
  return text.transform((value, context) => {
    const exact = parseDecimal(String(value), 6)
    if (exact !== undefined && exact >= 0) return exact
    context.addIssue({ code: 'custom', message: `expected ${expected}`, input: value })
    return z.NEVER
  })
}

function usd(fallback: string, description: string): z.ZodType<MicroUsd, string | undefined> {
  return decimal('dollars with at most six decimals, such as "0.01"')
    .transform((value) => value as MicroUsd)
    .prefault(fallback)
    .describe(description) as z.ZodType<MicroUsd, string | undefined>
}

function fraction(fallback: string, description: string): z.ZodType<Ppm, string | undefined> {
  return decimal('a fraction with at most six decimals, such as "0.01"')
    .transform((value) => value as Ppm)
    .prefault(fallback)
    .describe(description) as z.ZodType<Ppm, string | undefined>
}

function shares(fallback: string, description: string): z.ZodType<MicroShares, string | undefined> {
  return decimal('shares with at most six decimals, such as "5"')
    .transform((value) => value as MicroShares)
    .prefault(fallback)
    .describe(description) as z.ZodType<MicroShares, string | undefined>
}
