import { z } from 'zod'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import type { Budget } from './rate-limit.ts'
import { price, PriceRange } from './wire.ts'
import { parseSize } from '../../core/decimal.ts'

/**
 * What the venue's REST says of what it lists: the fields that matter, and room for any others.
 *
 * docs/venues/kalshi.md, 3.1 and 4.1. Lists may come as null.
 */

/** An RFC 3339 time. The zero time of the venue's language means none. */
const instant: z.ZodType<EpochMs | undefined> = z.string().transform((text, context) => {
  const at = Date.parse(text)
  if (Number.isSafeInteger(at)) return at < 0 ? undefined : (at as EpochMs)
  context.addIssue({ code: 'custom', message: `a time was "${text}"` })
  return z.NEVER
})

const size: z.ZodType<MicroShares> = z.string().transform((text, context) => {
  const value = parseSize(text)
  if (value !== undefined) return value
  context.addIssue({ code: 'custom', message: `a count was "${text}"` })
  return z.NEVER
})

/** A strike as the venue writes it, a number or its text; ours is the text. */
const strike: z.ZodType<string> = z.union([z.number(), z.string()]).transform(String)

export type Source = { readonly name: string; readonly url?: string | null | undefined }
const sources: z.ZodType<readonly Source[] | null | undefined> = z
  .array(z.object({ name: z.string(), url: z.string().nullish() }))
  .nullish()

/** docs/venues/kalshi.md, 3.1. */
export type Series = {
  readonly ticker: string
  readonly title: string
  readonly category: string
  readonly tags?: readonly string[] | null | undefined
  readonly settlement_sources?: readonly Source[] | null | undefined
  readonly contract_terms_url?: string | null | undefined
  readonly fee_type: string
  readonly fee_multiplier: number
}
export const Series: z.ZodType<Series> = z.object({
  ticker: z.string(),
  title: z.string(),
  category: z.string(),
  tags: z.array(z.string()).nullish(),
  settlement_sources: sources,
  contract_terms_url: z.string().nullish(),
  fee_type: z.string(),
  fee_multiplier: z.number(),
})
export const SeriesList: z.ZodType<{ series?: readonly unknown[] | null | undefined }> = z.object({
  series: z.array(z.unknown()).nullish(),
})
export const OneSeries: z.ZodType<{ series: unknown }> = z.object({ series: z.unknown() })

/** One question with its markets. Each market is read on its own, so that one may be refused. */
export type KalshiEvent = {
  readonly event_ticker: string
  readonly series_ticker: string
  readonly title: string
  readonly sub_title?: string | null | undefined
  readonly category?: string | null | undefined
  readonly mutually_exclusive: boolean
  readonly settlement_sources?: readonly Source[] | null | undefined
  readonly fee_type_override?: string | null | undefined
  readonly fee_multiplier_override?: number | null | undefined
  readonly exchange_index?: number | null | undefined
  readonly markets?: readonly unknown[] | null | undefined
}
export const KalshiEvent: z.ZodType<KalshiEvent> = z.object({
  event_ticker: z.string(),
  series_ticker: z.string(),
  title: z.string(),
  sub_title: z.string().nullish(),
  category: z.string().nullish(),
  mutually_exclusive: z.boolean(),
  settlement_sources: sources,
  fee_type_override: z.string().nullish(),
  fee_multiplier_override: z.number().nullish(),
  exchange_index: z.int().nullish(),
  markets: z.array(z.unknown()).nullish(),
})

/** docs/venues/kalshi.md, 3.1. */
export type KalshiMarket = {
  readonly ticker: string
  readonly event_ticker: string
  readonly market_type: string
  readonly title?: string | null | undefined
  readonly yes_sub_title: string
  readonly no_sub_title: string
  readonly status: string
  readonly close_time: EpochMs | undefined
  readonly notional_value_dollars: string
  readonly last_price_dollars?: Ticks | null | undefined
  readonly volume_24h_fp?: MicroShares | null | undefined
  readonly result?: string | null | undefined
  readonly settlement_value_dollars?: string | null | undefined
  readonly fee_waiver_expiration_time?: EpochMs | null | undefined
  readonly strike_type?: string | null | undefined
  readonly floor_strike?: string | null | undefined
  readonly cap_strike?: string | null | undefined
  readonly rules_primary?: string | null | undefined
  readonly rules_secondary?: string | null | undefined
  readonly mve_collection_ticker?: string | null | undefined
  readonly is_provisional?: boolean | null | undefined
  readonly settlement_bounds_type?: string | null | undefined
  readonly price_ranges?: readonly PriceRange[] | null | undefined
}
export const KalshiMarket: z.ZodType<KalshiMarket> = z.object({
  ticker: z.string(),
  event_ticker: z.string(),
  market_type: z.string(),
  title: z.string().nullish(),
  yes_sub_title: z.string(),
  no_sub_title: z.string(),
  status: z.string(),
  close_time: instant,
  notional_value_dollars: z.string(),
  last_price_dollars: price.nullish(),
  volume_24h_fp: size.nullish(),
  result: z.string().nullish(),
  settlement_value_dollars: z.string().nullish(),
  fee_waiver_expiration_time: instant.nullish(),
  strike_type: z.string().nullish(),
  floor_strike: strike.nullish(),
  cap_strike: strike.nullish(),
  rules_primary: z.string().nullish(),
  rules_secondary: z.string().nullish(),
  mve_collection_ticker: z.string().nullish(),
  is_provisional: z.boolean().nullish(),
  settlement_bounds_type: z.string().nullish(),
  price_ranges: z.array(PriceRange).nullish(),
})

/** A page. The last one has no cursor, or an empty one. docs/venues/kalshi.md, 4. */
type Cursor = { readonly cursor?: string | null | undefined }
const cursor = z.string().nullish()

export type EventsPage = Cursor & { readonly events?: readonly unknown[] | null | undefined }
export const EventsPage: z.ZodType<EventsPage> = z.object({
  events: z.array(z.unknown()).nullish(),
  cursor,
})

export type MarketsPage = Cursor & { readonly markets?: readonly unknown[] | null | undefined }
export const MarketsPage: z.ZodType<MarketsPage> = z.object({
  markets: z.array(z.unknown()).nullish(),
  cursor,
})

/** Fees that will change. docs/venues/kalshi.md, 4.1. */
export type SeriesFeeChange = {
  readonly series_ticker: string
  readonly fee_type: string
  readonly fee_multiplier: number
  readonly scheduled_ts: EpochMs | undefined
}
export const SeriesFeeChanges: z.ZodType<{
  series_fee_change_arr?: readonly SeriesFeeChange[] | null | undefined
}> = z.object({
  series_fee_change_arr: z
    .array(
      z.object({
        series_ticker: z.string(),
        fee_type: z.string(),
        fee_multiplier: z.number(),
        scheduled_ts: instant,
      }),
    )
    .nullish(),
})

export type EventFeeChange = {
  readonly event_ticker: string
  readonly fee_type_override: string | null
  readonly fee_multiplier_override: number | null
  readonly scheduled_ts: EpochMs | undefined
}
export type EventFeeChanges = Cursor & {
  readonly event_fee_changes?: readonly EventFeeChange[] | null | undefined
}
export const EventFeeChanges: z.ZodType<EventFeeChanges> = z.object({
  event_fee_changes: z
    .array(
      z.object({
        event_ticker: z.string(),
        fee_type_override: z.string().nullable(),
        fee_multiplier_override: z.number().nullable(),
        scheduled_ts: instant,
      }),
    )
    .nullish(),
  cursor,
})

/** The budget of an account. docs/venues/kalshi.md, 1.3. */
export const AccountLimits: z.ZodType<{ read: Budget; write: Budget }> = z.object({
  read: budget(),
  write: budget(),
})

function budget(): z.ZodType<Budget> {
  return z
    .object({ refill_rate: z.number().positive(), bucket_capacity: z.number().positive() })
    .transform(({ refill_rate, bucket_capacity }) => ({
      refillRate: refill_rate,
      capacity: bucket_capacity,
    }))
}
