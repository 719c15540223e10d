import { z } from 'zod'
import type { MarketName, Outcome, Side } from './scalars.ts'
import { instantMs, marketName, outcome, price, side, size, usd } from './scalars.ts'

export type BasketState = 'working' | 'waiting' | 'uneven' | 'complete' | 'unwound' | 'empty'
const basketState: z.ZodType<BasketState> = z
  .enum(['working', 'waiting', 'uneven', 'complete', 'unwound', 'empty'])
  .meta({
    id: 'BasketState',
    description:
      '`waiting`: the venue has not said what became of a leg. `uneven`: legs are filled that ' +
      'others should cover. `empty`: nothing was filled.',
  })

export type LegState =
  | 'sent'
  | 'filled'
  | 'partly-filled'
  | 'rejected'
  | 'not-attempted'
  | 'unknown'
export const legState: z.ZodType<LegState> = z
  .enum(['sent', 'filled', 'partly-filled', 'rejected', 'not-attempted', 'unknown'])
  .meta({ id: 'LegState' })

/** Instants of a basket are microseconds after the frame that caused it came in. */
export type LegFill = {
  readonly price: string
  readonly size: string
  readonly fee: string
  readonly afterUs: number
}
const afterUs = z.number()
const legFill: z.ZodType<LegFill> = z
  .object({ price, size, fee: usd, afterUs })
  .meta({ id: 'LegFill' })

export type BasketLeg = {
  readonly order: string
  readonly purpose: 'open' | 'complete' | 'unwind'
  readonly market: MarketName
  readonly outcome: Outcome
  readonly side: Side
  readonly limit: string
  readonly size: string
  readonly filled: string
  readonly fee: string
  readonly state: LegState
  readonly reason: string
  readonly sentAfterUs: number
  /** When the venue answered; null until it has. */
  readonly doneAfterUs: number | null
  readonly fills: readonly LegFill[]
}
const basketLeg: z.ZodType<BasketLeg> = z
  .object({
    order: z.string(),
    purpose: z.enum(['open', 'complete', 'unwind']),
    market: marketName,
    outcome,
    side,
    limit: price,
    size,
    filled: size,
    fee: usd,
    state: legState,
    reason: z.string(),
    sentAfterUs: afterUs,
    doneAfterUs: afterUs.nullable(),
    fills: z.array(legFill),
  })
  .meta({ id: 'BasketLeg' })

export type Basket = {
  readonly id: string
  readonly strategy: string
  readonly opportunity: string | null
  readonly title: string
  readonly state: BasketState
  readonly receivedMs: number
  /** From the frame to the decision. */
  readonly decidedAfterUs: number
  readonly closedAfterUs: number | null
  /** What the certificate promised. */
  readonly edge: string
  /** Money that left us, fees in; negative when more came in. */
  readonly paid: string
  readonly legs: readonly BasketLeg[]
}
export const basket: z.ZodType<Basket> = z
  .object({
    id: z.string(),
    strategy: z.string(),
    opportunity: z.string().nullable(),
    title: z.string(),
    state: basketState,
    receivedMs: instantMs,
    decidedAfterUs: afterUs,
    closedAfterUs: afterUs.nullable(),
    edge: usd,
    paid: usd,
    legs: z.array(basketLeg),
  })
  .meta({ id: 'Basket' })

/** A leg of a basket, for those who ask for orders. */
export type PlacedOrder = Omit<BasketLeg, 'order' | 'sentAfterUs' | 'doneAfterUs' | 'fills'> & {
  readonly id: string
  readonly basket: string
  readonly strategy: string
  readonly sentMs: number
  /** When the venue answered; null until it has. */
  readonly doneMs: number | null
}
export const placedOrder: z.ZodType<PlacedOrder> = z
  .object({
    id: z.string(),
    basket: z.string(),
    strategy: z.string(),
    purpose: z.enum(['open', 'unwind']),
    market: marketName,
    outcome,
    side,
    limit: price,
    size,
    filled: size,
    fee: usd,
    state: legState,
    reason: z.string(),
    sentMs: instantMs,
    doneMs: instantMs.nullable(),
  })
  .meta({ id: 'Order' })
