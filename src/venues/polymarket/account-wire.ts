import { z } from 'zod'

import { parsePrice, parseSize } from '../../core/decimal.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'

/**
 * What the user channel and the account's REST reads carry. docs/venues/polymarket.md, 3.7 and 5.
 *
 * Absent sizes come as "", null or not at all; statuses with or without a prefix, by the source.
 */
const absent = z.union([z.literal(''), z.null(), z.undefined()])

const size = z.string().transform((text, context) => {
  const parsed = parseSize(text)
  if (parsed !== undefined) return parsed
  context.addIssue(`a size: ${text}`)
  return z.NEVER
})

const price = z.string().transform((text, context) => {
  const parsed = parsePrice(text)
  if (parsed !== undefined) return parsed
  context.addIssue(`a price: ${text}`)
  return z.NEVER
})

const optionalSize = z.union([absent.transform(() => undefined), size])

/** An order as the user channel tells of it, or as a read lists it. */
export type UserOrder = {
  readonly id: string
  readonly asset_id: string
  readonly market: string
  readonly side: 'BUY' | 'SELL'
  readonly size_matched: MicroShares | undefined
  readonly status: string
  /** Only on the channel: PLACEMENT, UPDATE or CANCELLATION. */
  readonly type?: string | undefined
}

const orderParts = z.object({
  id: z.string(),
  asset_id: z.string(),
  market: z.string(),
  side: z.enum(['BUY', 'SELL']),
  size_matched: optionalSize,
  status: z.string(),
  type: z.string().optional(),
})

export type TradeStatus =
  | 'MATCHED'
  | 'MATCHED_NOT_BROADCASTED'
  | 'MINED'
  | 'CONFIRMED'
  | 'RETRYING'
  | 'FAILED'

/** A match of a taker with makers, of whom we are one. Once for each status it takes. */
export type UserTrade = {
  readonly id: string
  readonly status: TradeStatus
  readonly market: string
  readonly asset_id: string
  readonly side: 'BUY' | 'SELL'
  readonly price: Ticks
  readonly size: MicroShares
  /** The API key of the taker. */
  readonly owner: string
  readonly taker_order_id: string
  readonly maker_orders: readonly MakerPart[]
}

/** What one maker had of a trade, in shares and at the price of its own token. */
export type MakerPart = {
  readonly order_id: string
  /** The API key of the maker. */
  readonly owner: string
  readonly asset_id: string
  readonly matched_amount: MicroShares
  readonly price: Ticks
}

const status = z
  .string()
  .transform((text) => text.replace(/^TRADE_STATUS_/, ''))
  .pipe(z.enum(['MATCHED', 'MATCHED_NOT_BROADCASTED', 'MINED', 'CONFIRMED', 'RETRYING', 'FAILED']))

const tradeParts = z.object({
  id: z.string(),
  status,
  market: z.string(),
  asset_id: z.string(),
  side: z.enum(['BUY', 'SELL']),
  price,
  size,
  owner: z.string(),
  taker_order_id: z.string(),
  maker_orders: z.array(
    z.object({
      order_id: z.string(),
      owner: z.string(),
      asset_id: z.string(),
      matched_amount: size,
      price,
    }),
  ),
})

export const userOrder: z.ZodType<UserOrder> = orderParts
export const userTrade: z.ZodType<UserTrade> = tradeParts

export type UserMessage =
  | (UserOrder & { readonly event_type: 'order' })
  | (UserTrade & { readonly event_type: 'trade' })

/** One message of the user channel. Anything else on it is counted and left. */
export const userMessage: z.ZodType<UserMessage> = z.discriminatedUnion('event_type', [
  orderParts.extend({ event_type: z.literal('order') }),
  tradeParts.extend({ event_type: z.literal('trade') }),
])

/** A page of `/data/orders` or `/data/trades`. */
export type Page<Row> = { readonly data: readonly Row[]; readonly next_cursor: string }

export function pageOf<Row>(row: z.ZodType<Row>): z.ZodType<Page<Row>> {
  return z.object({ data: z.array(row), next_cursor: z.string() })
}

export const lastCursor = 'LTE='
