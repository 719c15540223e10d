import { z } from 'zod'
import { parseDecimal, parsePrice } from '../../core/decimal.ts'
import type { Side } from '../../core/order.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { ticksPerUsd } from '../../core/units.ts'

/** docs/venues/kalshi.md, 4.2. Contracts come in hundredths. */
const hundredth = 10_000

const count = z.string().transform((text, context) => {
  const value = parseDecimal(text, 2)
  if (value !== undefined && value > 0) return (value * hundredth) as MicroShares
  context.addIssue(`a number of contracts: ${text}`)
  return z.NEVER
})

const price = z.string().transform((text, context) => {
  const value = parsePrice(text)
  if (value !== undefined && value > 0 && value < ticksPerUsd) return value
  context.addIssue(`a price: ${text}`)
  return z.NEVER
})

const CreateSchema = z.object({
  ticker: z.string(),
  side: z.enum(['bid', 'ask']),
  count,
  price,
  time_in_force: z.enum(['fill_or_kill', 'good_till_canceled', 'immediate_or_cancel']),
  self_trade_prevention_type: z.enum(['taker_at_cross', 'maker']),
  client_order_id: z.string().max(64).optional(),
  expiration_time: z.number().int().optional(),
  post_only: z.boolean().optional(),
  reduce_only: z.boolean().optional(),
  cancel_order_on_pause: z.boolean().optional(),
  subaccount: z.number().int().min(0).max(63).optional(),
  order_group_id: z.string().optional(),
  exchange_index: z.number().int().optional(),
})

export type KalshiOrderRequest = {
  readonly ticker: string
  readonly side: Side
  readonly count: MicroShares
  readonly price: Ticks
  readonly timeInForce: 'fok' | 'ioc' | 'gtc'
  readonly selfTrade: 'taker_at_cross' | 'maker'
  readonly clientOrderId: string | undefined
  /** Unix seconds. */
  readonly expiration: number | undefined
  readonly postOnly: boolean
  readonly reduceOnly: boolean
  readonly cancelOnPause: boolean
  readonly group: string | undefined
  readonly shard: number | undefined
}

const timesInForce = {
  fill_or_kill: 'fok',
  good_till_canceled: 'gtc',
  immediate_or_cancel: 'ioc',
} as const

/** Undefined when the body is no order. */
export function parseOrderRequest(value: unknown): KalshiOrderRequest | undefined {
  const { data } = CreateSchema.safeParse(value)
  if (data === undefined) return undefined
  return {
    ticker: data.ticker,
    side: data.side === 'bid' ? 'buy' : 'sell',
    count: data.count,
    price: data.price,
    timeInForce: timesInForce[data.time_in_force],
    selfTrade: data.self_trade_prevention_type,
    clientOrderId: data.client_order_id,
    expiration: data.expiration_time,
    postOnly: data.post_only ?? false,
    reduceOnly: data.reduce_only ?? false,
    cancelOnPause: data.cancel_order_on_pause ?? false,
    group: data.order_group_id,
    shard: data.exchange_index,
  }
}

const AmendSchema = z.object({
  ticker: z.string(),
  side: z.enum(['bid', 'ask']),
  price,
  count,
  client_order_id: z.string().optional(),
  updated_client_order_id: z.string().optional(),
})

export type AmendRequest = {
  readonly ticker: string
  readonly side: Side
  readonly price: Ticks
  readonly count: MicroShares
}

export function parseAmend(value: unknown): AmendRequest | undefined {
  const { data } = AmendSchema.safeParse(value)
  if (data === undefined) return undefined
  const { ticker, side, price: at, count: size } = data
  return { ticker, side: side === 'bid' ? 'buy' : 'sell', price: at, count: size }
}

const DecreaseSchema = z.union([
  z.object({ reduce_by: count, reduce_to: z.undefined().optional() }),
  z.object({ reduce_to: z.string(), reduce_by: z.undefined().optional() }),
])

/** What is to be left of what is left. Undefined when the body does not say. */
export function parseDecrease(value: unknown, remaining: MicroShares): MicroShares | undefined {
  const { data } = DecreaseSchema.safeParse(value)
  if (data === undefined) return undefined
  if (data.reduce_by !== undefined) return Math.max(0, remaining - data.reduce_by) as MicroShares
  const to = parseDecimal(data.reduce_to, 2)
  if (to === undefined || to < 0) return undefined
  return Math.min(remaining, to * hundredth) as MicroShares
}
