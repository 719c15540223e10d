import { z } from 'zod'
import type { MarketName, Outcome, Side } from './scalars.ts'
import { instantMs, marketName, outcome, price, side, size, usd } from './scalars.ts'

export type BasketState =
  | 'planned'
  | 'probing'
  | 'working'
  | 'reconciling'
  | 'pricing'
  | 'completing'
  | 'unwinding'
  | 'closed'
  | 'quarantined'
export const basketState: z.ZodType<BasketState> = z
  .enum([
    'planned',
    'probing',
    'working',
    'reconciling',
    'pricing',
    'completing',
    'unwinding',
    'closed',
    'quarantined',
  ])
  .meta({
    id: 'BasketState',
    description:
      '`probing`: the leg least sure to fill goes first, alone. `reconciling`: the venue has not ' +
      'said what became of an order, so nothing else is sent. `pricing`: legs are unequal, and ' +
      'what would make them equal is priced. `quarantined`: no allowed order makes them equal, ' +
      'and a person decides.',
  })

export type BasketResult = 'complete' | 'unwound' | 'uneven' | 'empty'
const basketResult: z.ZodType<BasketResult> = z
  .enum(['complete', 'unwound', 'uneven', 'empty'])
  .meta({ id: 'BasketResult', description: 'What a closed basket came to.' })

export type OrderState =
  | 'sent'
  | 'live'
  | 'filled'
  | 'partly-filled'
  | 'rejected'
  | 'cancelled'
  | 'not-attempted'
  | 'unknown'
export const orderState: z.ZodType<OrderState> = z
  .enum([
    'sent',
    'live',
    'filled',
    'partly-filled',
    'rejected',
    'cancelled',
    'not-attempted',
    'unknown',
  ])
  .meta({
    id: 'OrderState',
    description: '`live`: it rests in the book. `unknown`: the venue has not said, it may be live.',
  })

export type OrderPurpose = 'open' | 'complete' | 'unwind'
export const orderPurpose: z.ZodType<OrderPurpose> = z
  .enum(['open', 'complete', 'unwind'])
  .meta({ id: 'OrderPurpose' })

/** Instants of a basket are microseconds after the frame that caused it came in. */
export type LegFill = {
  readonly trade: string
  readonly price: string
  readonly size: string
  readonly fee: string
  readonly afterUs: number
}
const afterUs = z.number()
const legFill: z.ZodType<LegFill> = z
  .object({ trade: z.string(), price, size, fee: usd, afterUs })
  .meta({ id: 'LegFill' })

export type BasketLeg = {
  readonly order: string
  readonly purpose: OrderPurpose
  readonly market: MarketName
  readonly outcome: Outcome
  readonly side: Side
  readonly limit: string
  readonly size: string
  readonly filled: string
  readonly fee: string
  readonly state: OrderState
  readonly reason: string
  readonly sentAfterUs: number
  /** When the venue first said that it has it; null until then, and where it filled at once. */
  readonly liveAfterUs: number | null
  /** When it was over; null until it is. */
  readonly doneAfterUs: number | null
  readonly fills: readonly LegFill[]
}
const orderShape = {
  purpose: orderPurpose,
  market: marketName,
  outcome,
  side,
  limit: price,
  size,
  filled: size,
  fee: usd,
  state: orderState,
  reason: z.string(),
}
const basketLeg: z.ZodType<BasketLeg> = z
  .object({
    order: z.string(),
    ...orderShape,
    sentAfterUs: afterUs,
    liveAfterUs: afterUs.nullable(),
    doneAfterUs: afterUs.nullable(),
    fills: z.array(legFill),
  })
  .meta({ id: 'BasketLeg' })

export type BasketStep = {
  readonly afterUs: number
  readonly state: BasketState
  /** What brought it there: `order-filled`, `order-timed-out`, `priced` and the like. */
  readonly because: string
}
const basketStep: z.ZodType<BasketStep> = z
  .object({ afterUs, state: basketState, because: z.string() })
  .meta({ id: 'BasketStep' })

export type Basket = {
  readonly id: string
  readonly strategy: string
  readonly opportunity: string | null
  readonly title: string
  readonly state: BasketState
  /** Null while it is at work. */
  readonly result: BasketResult | null
  /** Why a person must decide; empty otherwise. */
  readonly reason: string
  readonly receivedMs: number
  /** From the frame to the decision. */
  readonly decidedAfterUs: number
  readonly closedAfterUs: number | null
  /** What the certificate promised. */
  readonly edge: string
  /** Money that left us, fees in; negative when more came in. */
  readonly paid: string
  readonly legs: readonly BasketLeg[]
  /** Each change of its state, the oldest first. */
  readonly steps: readonly BasketStep[]
}
export const basket: z.ZodType<Basket> = z
  .object({
    id: z.string(),
    strategy: z.string(),
    opportunity: z.string().nullable(),
    title: z.string(),
    state: basketState,
    result: basketResult.nullable(),
    reason: z.string(),
    receivedMs: instantMs,
    decidedAfterUs: afterUs,
    closedAfterUs: afterUs.nullable(),
    edge: usd,
    paid: usd,
    legs: z.array(basketLeg),
    steps: z.array(basketStep),
  })
  .meta({ id: 'Basket' })

/** A leg of a basket, for those who ask for orders. */
export type PlacedOrder = Omit<
  BasketLeg,
  'order' | 'sentAfterUs' | 'liveAfterUs' | 'doneAfterUs' | 'fills'
> & {
  readonly id: string
  readonly basket: string
  readonly strategy: string
  readonly sentMs: number
  /** When it was over; null until it is. */
  readonly doneMs: number | null
}
export const placedOrder: z.ZodType<PlacedOrder> = z
  .object({
    id: z.string(),
    basket: z.string(),
    strategy: z.string(),
    ...orderShape,
    sentMs: instantMs,
    doneMs: instantMs.nullable(),
  })
  .meta({ id: 'Order' })
