import { z } from 'zod'
import { parseDecimal, parsePrice } from '../../core/decimal.ts'
import type { MarketId, Outcome, Resolution } from '../../core/market.ts'
import type { PriceBand, PriceGrid } from '../../core/price-grid.ts'
import { priceGrid } from '../../core/price-grid.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { ppm, ticksPerUsd } from '../../core/units.ts'

/** "0.5600": dollars of one contract. docs/venues/kalshi.md, 3.4. */
export const price: z.ZodType<Ticks> = z.string().transform((text, context): Ticks => {
  const value = parsePrice(text)
  if (value !== undefined) return value
  context.addIssue({ code: 'custom', message: `a price was "${text}"` })
  return z.NEVER
})

/** "10.00" contracts, signed. Kalshi counts in hundredths. docs/venues/kalshi.md, 3.4. */
export const signedCount: z.ZodType<MicroShares> = z
  .string()
  .transform((text, context): MicroShares => {
    const value = parseDecimal(text, 6)
    if (value !== undefined && value % microPerHundredth === 0) return value as MicroShares
    context.addIssue({ code: 'custom', message: `a count was "${text}"` })
    return z.NEVER
  })

const microPerHundredth = 10_000

export const ticker: z.ZodType<MarketId> = z.string().transform((text) => text as MarketId)
export const count: z.ZodType<MicroShares> = signedCount.refine(
  (value) => value >= 0,
  'a count is not negative',
)
const whole = z.int().nonnegative()
const level = z.tuple([price, count])

/** The part every message has. docs/venues/kalshi.md, 5.1. */
export type Envelope = {
  readonly type: string
  readonly sid?: number | undefined
  readonly seq?: number | undefined
}
const Envelope: z.ZodType<Envelope> = z.looseObject({
  type: z.string(),
  sid: whole.optional(),
  seq: whole.optional(),
})

export type WireLevel = readonly [Ticks, MicroShares]

/**
 * One `orderbook_snapshot`. docs/venues/kalshi.md, 5.4.
 *
 * An empty side is left out. A field we do not know may change what the others mean, so both book
 * messages are strict.
 */
export type OrderbookSnapshot = {
  readonly sid: number
  readonly seq: number
  readonly msg: {
    readonly market_ticker: MarketId
    readonly yes_dollars_fp?: readonly WireLevel[] | null | undefined
    readonly no_dollars_fp?: readonly WireLevel[] | null | undefined
  }
}
const OrderbookSnapshot: z.ZodType<OrderbookSnapshot> = z.strictObject({
  type: z.literal('orderbook_snapshot'),
  sid: whole,
  seq: whole,
  id: z.int().optional(), // of the command, in an answer to get_snapshot
  sending_ts_ms: whole.optional(),
  msg: z.strictObject({
    market_ticker: ticker,
    market_id: z.string().optional(),
    yes_dollars_fp: z.array(level).nullish(),
    no_dollars_fp: z.array(level).nullish(),
  }),
})

/** One `orderbook_delta`. docs/venues/kalshi.md, 5.4. */
export type OrderbookDelta = {
  readonly sid: number
  readonly seq: number
  readonly msg: {
    readonly market_ticker: MarketId
    readonly price_dollars: Ticks
    /** The change of the level, not its new size. */
    readonly delta_fp: MicroShares
    readonly side: Outcome
  }
}
const OrderbookDelta: z.ZodType<OrderbookDelta> = z.strictObject({
  type: z.literal('orderbook_delta'),
  sid: whole,
  seq: whole,
  sending_ts_ms: whole.optional(),
  msg: z.strictObject({
    market_ticker: ticker,
    market_id: z.string().optional(),
    price_dollars: price,
    delta_fp: signedCount,
    side: z.enum(['yes', 'no']),
    ts: z.string().optional(),
    ts_ms: whole.optional(),
    client_order_id: z.string().optional(), // only on changes that our own orders made
    subaccount: whole.optional(),
  }),
})

/** docs/venues/kalshi.md, 5.2. */
export const Subscribed: z.ZodType<{ msg: { channel: string; sid: number } }> = z.object({
  msg: z.object({ channel: z.string(), sid: whole }),
})

/** The answer to `list_subscriptions`. docs/venues/kalshi.md, 5.2. */
export type Listed = { readonly id: number; readonly msg: readonly { readonly sid: number }[] }
export const Listed: z.ZodType<Listed> = z.object({
  type: z.literal('ok'),
  id: z.int(),
  msg: z.array(z.object({ sid: whole })),
})

/** An answer to a command: to which, and what kind. docs/venues/kalshi.md, 5.2. */
export type Reply = { readonly type: string; readonly id?: number | undefined }
export const Reply: z.ZodType<Reply> = z.object({ type: z.string(), id: z.int().optional() })

/** The tickers of a subscription after an update. docs/venues/kalshi.md, 5.2. */
export const Updated: z.ZodType<{ msg: { market_tickers: string[] } }> = z.object({
  msg: z.object({ market_tickers: z.array(z.string()) }),
})

/** docs/venues/kalshi.md, 5.8. */
export type CommandError = {
  readonly msg: {
    readonly code: number
    readonly msg: string
    /** The markets that stand in the way. */
    readonly market_ticker?: string | undefined
    readonly market_tickers?: readonly string[] | undefined
  }
}
export const CommandError: z.ZodType<CommandError> = z.object({
  msg: z.object({
    code: z.int(),
    msg: z.string(),
    market_ticker: z.string().optional(),
    market_tickers: z.array(z.string()).optional(),
  }),
})

/** After these a subscription is dead, and says nothing more. docs/venues/kalshi.md, 5.8. */
export const terminalErrors: ReadonlySet<number> = new Set([10, 25])

/** Somebody's execution. docs/venues/kalshi.md, 5.5. */
export type Trade = {
  readonly msg: {
    readonly market_ticker: MarketId
    readonly yes_price_dollars: Ticks
    readonly no_price_dollars: Ticks
    readonly count_fp: MicroShares
    readonly taker_outcome_side?: Outcome | undefined
    /** The older name of the same. docs/venues/kalshi.md, 3.5. */
    readonly taker_side?: Outcome | undefined
    readonly ts_ms: number
  }
}
export const Trade: z.ZodType<Trade> = z.object({
  msg: z.object({
    market_ticker: ticker,
    yes_price_dollars: price,
    no_price_dollars: price,
    count_fp: count,
    taker_outcome_side: z.enum(['yes', 'no']).optional(),
    taker_side: z.enum(['yes', 'no']).optional(),
    ts_ms: whole,
  }),
})

/** Bands of a price grid. docs/venues/kalshi.md, 3.4. */
export type PriceRange = { readonly start: Ticks; readonly end: Ticks; readonly step: Ticks }
export const PriceRange: z.ZodType<PriceRange> = z.object({ start: price, end: price, step: price })

/** What happened to a market. docs/venues/kalshi.md, 3.2 and 5.5. */
export type LifecycleMessage = {
  readonly msg: {
    readonly market_ticker: MarketId
    readonly event_type: string
    readonly result?: string | null | undefined
    readonly settlement_value?: string | null | undefined
    readonly price_ranges?: readonly PriceRange[] | null | undefined
  }
}
export const LifecycleMessage: z.ZodType<LifecycleMessage> = z.object({
  msg: z.object({
    market_ticker: ticker,
    event_type: z.string(),
    result: z.string().nullish(),
    settlement_value: z.string().nullish(),
    price_ranges: z.array(PriceRange).nullish(),
  }),
})

/** One book as REST tells it: each outcome in its own price. docs/venues/kalshi.md, 4.1. */
export type RestBook = {
  readonly ticker: MarketId
  readonly orderbook_fp: {
    readonly yes_dollars?: readonly WireLevel[] | null | undefined
    readonly no_dollars?: readonly WireLevel[] | null | undefined
  }
}
const RestBooks: z.ZodType<{ orderbooks: readonly RestBook[] }> = z.object({
  orderbooks: z.array(
    z.object({
      ticker,
      orderbook_fp: z.object({
        yes_dollars: z.array(level).nullish(),
        no_dollars: z.array(level).nullish(),
      }),
    }),
  ),
})

/** Why bytes were not understood; a metric label. */
export type Refusal = 'not-json' | 'no-type' | 'unknown-field' | 'old-schema' | 'bad-field'

export type Refused = { readonly kind: 'refused'; readonly reason: Refusal }
/** A refused book message, with the market it names, if it names one. */
export type RefusedBook = Refused & { readonly ticker: MarketId | undefined }

export type ParsedFrame =
  | { readonly kind: 'message'; readonly message: Envelope }
  | { readonly kind: 'books'; readonly books: readonly RestBook[] }
  | Refused

/** A message of the socket, or the body of a poll of order books. */
export function parseFrame(bytes: Uint8Array): ParsedFrame {
  const parsed = parseJson(bytes)
  if (parsed === undefined) return { kind: 'refused', reason: 'not-json' }

  const message = Envelope.safeParse(parsed)
  if (message.success) return { kind: 'message', message: message.data }
  const polled = RestBooks.safeParse(parsed)
  if (polled.success) return { kind: 'books', books: polled.data.orderbooks }
  return { kind: 'refused', reason: hasRetiredBook(parsed) ? 'old-schema' : 'no-type' }
}

export function readSnapshot(
  message: Envelope,
): { readonly kind: 'snapshot'; readonly value: OrderbookSnapshot } | RefusedBook {
  const read = OrderbookSnapshot.safeParse(message)
  return read.success ? { kind: 'snapshot', value: read.data } : refusal(read.error, message)
}

export function readDelta(
  message: Envelope,
): { readonly kind: 'delta'; readonly value: OrderbookDelta } | RefusedBook {
  const read = OrderbookDelta.safeParse(message)
  return read.success ? { kind: 'delta', value: read.data } : refusal(read.error, message)
}

/**
 * The grid of the ranges. Undefined when they leave a gap, overlap, or hold broken steps: a market
 * with such a grid is not traded.
 */
export function toPriceGrid(ranges: readonly PriceRange[]): PriceGrid | undefined {
  const bands: PriceBand[] = []
  let covered = 0
  for (const { start, end, step } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start !== covered || end <= start || step <= 0) return undefined
    if ((end - start) % step !== 0) return undefined
    bands.push({ from: start, to: end, step })
    covered = end
  }
  return covered === ticksPerUsd ? priceGrid(bands) : undefined
}

/** The value of YES by the result. Undefined when it says none. docs/venues/kalshi.md, 8.3. */
export function resolutionOf(result: string, value: string | undefined): Resolution | undefined {
  if (result === 'yes') return { yesValue: ppm(1_000_000) }
  if (result === 'no') return { yesValue: ppm(0) }
  if (result !== 'scalar' || value === undefined) return undefined
  const yesValue = parseDecimal(value, 6)
  return yesValue === undefined ? undefined : { yesValue: ppm(yesValue) }
}

/** The JSON of the bytes. Undefined when they hold none; `null` is none either. */
function parseJson(bytes: Uint8Array): unknown {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
  try {
    const parsed: unknown = JSON.parse(text)
    return parsed ?? undefined
  } catch {
    return undefined
  }
}

/** A REST book of before 2026-03-12 stood under `orderbook`. docs/venues/kalshi.md, 3.5. */
function hasRetiredBook(parsed: unknown): boolean {
  return typeof parsed === 'object' && parsed !== null && 'orderbook' in parsed
}

/** Names the book messages had until 2026-03-12. docs/venues/kalshi.md, 5.4. */
const retiredNames = new Set(['yes', 'no', 'yes_dollars', 'no_dollars', 'price', 'delta'])

const Named = z.object({ msg: z.object({ market_ticker: ticker }) })

function refusal(error: z.ZodError, message: Envelope): RefusedBook {
  const ticker = Named.safeParse(message).data?.msg.market_ticker
  for (const issue of error.issues) {
    if (issue.code !== 'unrecognized_keys') continue
    const old = issue.keys.some((key) => retiredNames.has(key))
    return { kind: 'refused', reason: old ? 'old-schema' : 'unknown-field', ticker }
  }
  return { kind: 'refused', reason: 'bad-field', ticker }
}
