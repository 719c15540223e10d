import { z } from 'zod'
import { parseUsd } from '../../core/decimal.ts'
import type { MarketId } from '../../core/market.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { add, microUsd } from '../../core/units.ts'
import { count, price, signedCount, ticker } from './wire.ts'

/** "0.010000" dollars. Fees and costs have up to six decimals. docs/venues/kalshi.md, 3.4. */
const dollars: z.ZodType<MicroUsd> = z.string().transform((text, context): MicroUsd => {
  const value = parseUsd(text)
  if (value !== undefined) return value
  context.addIssue({ code: 'custom', message: `an amount was "${text}"` })
  return z.NEVER
})

/** Whole cents: what was not moved to dollars. docs/venues/kalshi.md, 3.5. */
const cents: z.ZodType<MicroUsd> = z.int().transform((value) => microUsd(value * 10_000))

/** An instant as text. Undefined when it is none: only the newer of two messages depends on it. */
const instant: z.ZodType<EpochMs | undefined> = z
  .string()
  .nullish()
  .transform((text) => {
    const at = text === undefined || text === null ? Number.NaN : Date.parse(text)
    return Number.isNaN(at) ? undefined : (at as EpochMs)
  })

const wireSide = z.enum(['bid', 'ask'])

/** One of our orders as the venue sees it, from the channel or from a read. 4.2 and 5.5. */
export type VenueOrder = {
  readonly id: string
  /** Ours. Empty where the order was placed without one. */
  readonly clientId: string
  readonly ticker: MarketId
  readonly side: 'bid' | 'ask'
  readonly status: string
  /** Of YES. */
  readonly price: Ticks
  readonly filled: MicroShares
  readonly remaining: MicroShares
  readonly size: MicroShares
  /** Of all its fills. */
  readonly fees: MicroUsd | undefined
  /** Why it was changed last, where the message says so. */
  readonly reason: string | undefined
  readonly createdAt: EpochMs | undefined
  readonly updatedAt: EpochMs | undefined
}

const orderFields = z.object({
  order_id: z.string().min(1),
  client_order_id: z.string().nullish(),
  ticker,
  book_side: wireSide,
  status: z.string(),
  yes_price_dollars: price,
  fill_count_fp: count,
  remaining_count_fp: count,
  initial_count_fp: count,
  taker_fees_dollars: dollars.nullish(),
  maker_fees_dollars: dollars.nullish(),
  last_update_reason: z.string().nullish(),
  created_time: instant,
  last_updated_ts_ms: z.int().nullish(),
  last_update_time: instant,
})

const order: z.ZodType<VenueOrder> = orderFields.transform((row) => ({
  id: row.order_id,
  clientId: row.client_order_id ?? '',
  ticker: row.ticker,
  side: row.book_side,
  status: row.status,
  price: row.yes_price_dollars,
  filled: row.fill_count_fp,
  remaining: row.remaining_count_fp,
  size: row.initial_count_fp,
  fees: feesOf(row.taker_fees_dollars, row.maker_fees_dollars),
  reason: row.last_update_reason ?? undefined,
  createdAt: row.created_time,
  updatedAt: (row.last_updated_ts_ms ?? row.last_update_time) as EpochMs | undefined,
}))

function feesOf(
  taker: MicroUsd | null | undefined,
  maker: MicroUsd | null | undefined,
): MicroUsd | undefined {
  if (taker === undefined || taker === null || maker === undefined || maker === null) {
    return undefined
  }
  return add(taker, maker)
}

/** One execution of one of our orders. 4.4 and 5.5. */
export type VenueFillRow = {
  readonly tradeId: string
  readonly orderId: string
  /** Only the channel tells it. */
  readonly clientId: string
  readonly ticker: MarketId
  readonly side: 'bid' | 'ask'
  /** Of YES. */
  readonly price: Ticks
  readonly size: MicroShares
  /** Undefined where the message does not say. */
  readonly fee: MicroUsd | undefined
  readonly isTaker: boolean
}

const fillFields = z.object({
  trade_id: z.string().min(1),
  order_id: z.string().min(1),
  client_order_id: z.string().nullish(),
  market_ticker: ticker,
  book_side: wireSide,
  yes_price_dollars: price,
  count_fp: count,
  fee_cost: dollars.nullish(),
  is_taker: z.boolean(),
})

const fill: z.ZodType<VenueFillRow> = fillFields.transform((row) => ({
  tradeId: row.trade_id,
  orderId: row.order_id,
  clientId: row.client_order_id ?? '',
  ticker: row.market_ticker,
  side: row.book_side,
  price: row.yes_price_dollars,
  size: row.count_fp,
  fee: row.fee_cost ?? undefined,
  isTaker: row.is_taker,
}))

/** Contracts in one market: YES above zero, NO below. docs/venues/kalshi.md, 8.1. */
export type NetPosition = { readonly ticker: MarketId; readonly size: MicroShares }

const position: z.ZodType<NetPosition> = z
  .object({ ticker, position_fp: signedCount })
  .transform((row) => ({ ticker: row.ticker, size: row.position_fp }))

const toldPosition: z.ZodType<NetPosition> = z
  .object({ market_ticker: ticker, position_fp: signedCount })
  .transform((row) => ({ ticker: row.market_ticker, size: row.position_fp }))

export type GroupNews = { readonly group: string; readonly event: string }

const groupNews: z.ZodType<GroupNews> = z
  .object({ order_group_id: z.string(), event_type: z.string() })
  .transform((row) => ({ group: row.order_group_id, event: row.event_type }))

/** One message of a channel of our own. Anything else is counted and left. */
export type UserMessage =
  | { readonly type: 'user_order'; readonly msg: VenueOrder }
  | { readonly type: 'fill'; readonly msg: VenueFillRow }
  | { readonly type: 'market_position'; readonly msg: NetPosition }
  | { readonly type: 'order_group_updates'; readonly msg: GroupNews }

export const UserMessage: z.ZodType<UserMessage> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('user_order'), msg: order }),
  z.object({ type: z.literal('fill'), msg: fill }),
  z.object({ type: z.literal('market_position'), msg: toldPosition }),
  z.object({ type: z.literal('order_group_updates'), msg: groupNews }),
])

/** A page of a list; the cursor of the last one is empty, null or absent. */
export type Page<Row> = { readonly rows: readonly Row[]; readonly cursor: string }

/** Lists may be null. docs/venues/kalshi.md, 11. */
function pageOf<Row>(
  rows: readonly Row[] | null | undefined,
  cursor: string | null | undefined,
): Page<Row> {
  return { rows: rows ?? [], cursor: cursor ?? '' }
}

const cursor = z.string().nullish()

export const OrderPage: z.ZodType<Page<VenueOrder>> = z
  .object({ orders: z.array(order).nullish(), cursor })
  .transform((page) => pageOf(page.orders, page.cursor))
export const FillPage: z.ZodType<Page<VenueFillRow>> = z
  .object({ fills: z.array(fill).nullish(), cursor })
  .transform((page) => pageOf(page.fills, page.cursor))
export const PositionPage: z.ZodType<Page<NetPosition>> = z
  .object({ market_positions: z.array(position).nullish(), cursor })
  .transform((page) => pageOf(page.market_positions, page.cursor))
export const OneOrder: z.ZodType<{ order: VenueOrder }> = z.object({ order })

/** Cash that is free, in all and on each shard. docs/venues/kalshi.md, 4.4. */
export type Cash = {
  readonly total: MicroUsd
  readonly shards: readonly { readonly shard: number; readonly cash: MicroUsd }[]
}

export const Balance: z.ZodType<Cash> = z
  .object({
    balance_dollars: dollars,
    balance_breakdown: z.array(z.object({ exchange_index: z.int(), balance: dollars })).nullish(),
  })
  .transform((row) => ({
    total: row.balance_dollars,
    shards: (row.balance_breakdown ?? []).map(({ exchange_index: shard, balance: cash }) => ({
      shard,
      cash,
    })),
  }))

/** What a market has paid us. docs/venues/kalshi.md, 4.4 and 8.3. */
export type Payout = { readonly ticker: MarketId; readonly result: string; readonly cash: MicroUsd }

const payout: z.ZodType<Payout> = z
  .object({ ticker, market_result: z.string(), revenue: cents })
  .transform((row) => ({ ticker: row.ticker, result: row.market_result, cash: row.revenue }))

export const PayoutPage: z.ZodType<Page<Payout>> = z
  .object({ settlements: z.array(payout).nullish(), cursor })
  .transform((page) => pageOf(page.settlements, page.cursor))

/** As of when reads tell the truth. docs/venues/kalshi.md, 1.4. */
export const ReadTime: z.ZodType<{ as_of_time: EpochMs | undefined }> = z.object({
  as_of_time: instant,
})

/** docs/venues/kalshi.md, 4.3. */
export const MadeGroup: z.ZodType<{ order_group_id: string }> = z.object({
  order_group_id: z.string().min(1),
})

/** How far a market is on its way to paying. docs/venues/kalshi.md, 8.3. */
export type MarketState = { readonly status: string; readonly timerSeconds: number | undefined }

export const MarketState: z.ZodType<MarketState> = z
  .object({
    market: z.object({ status: z.string(), settlement_timer_seconds: z.number().nullish() }),
  })
  .transform(({ market }) => ({
    status: market.status,
    timerSeconds: market.settlement_timer_seconds ?? undefined,
  }))
