import { z } from 'zod'
import { parseDecimal } from '../core/decimal.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { parseLogFilter } from '../telemetry/log-filter.ts'
import type { Config } from './config.ts'

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
      separateBooksTag: z
        .string()
        .optional()
        .describe(
          'Markets with this tag keep separate YES and NO books. For the simulator: leave unset.',
        ),
    }),
  }),
  strategies: section({
    crossOutcome: section({
      enabled: z
        .boolean()
        .default(true)
        .describe(
          'Buys, or sells, YES and NO of one market where both together misprice a dollar.',
        ),
      edgeMin: usd('0.01', 'Least edge by share, in dollars.'),
      size: shares('5', 'Shares of each leg.'),
    }),
    outcomeBasket: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys every outcome of a set of which one must win, for less than a dollar.'),
      edgeMin: usd('0.01', 'Least edge by share, in dollars.'),
      size: shares('5', 'Shares of each leg.'),
    }),
  }),
  risk: section({
    orderNotionalMax: usd('250', 'Most that one order may cost.'),
    marketNotionalMax: usd('1000', 'Most that may be held in one market.'),
    totalNotionalMax: usd('10000', 'Most that may be held in all.'),
    staleAfterMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(15_000)
      .describe('A feed that was silent for so long is not traded on, in milliseconds.'),
  }),
  paper: section({
    latencyMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(25)
      .describe('From a decision to the arrival of the order at the venue, in milliseconds.'),
  }),
})

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

function shares(fallback: string, description: string): z.ZodType<MicroShares, string | undefined> {
  return decimal('shares with at most six decimals, such as "5"')
    .transform((value) => value as MicroShares)
    .prefault(fallback)
    .describe(description) as z.ZodType<MicroShares, string | undefined>
}
