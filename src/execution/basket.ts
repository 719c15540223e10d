import type { InstrumentId, MarketId, Outcome, VenueId } from '../core/market.ts'
import type { BasketId, ClientOrderId, Order, Side } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'

/**
 * What a basket is doing.
 *
 * - `planned`: nothing has been sent. - `probing`: the leg least sure to fill goes first, alone.
 * - `working`: the opening orders are out. - `reconciling`: an order's fate is unknown, so nothing
 *   else is sent. - `pricing`: legs are unequal, fresh quotes were asked for.
 * - `completing`, `unwinding`: the orders that make the legs equal again are out.
 * - `closed`: legs are equal and no order can fill any more.
 * - `quarantined`: legs are unequal and no allowed order makes them equal: a person decides.
 */
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

/** Why an order of a basket exists. */
export type OrderRole = 'open' | 'complete' | 'unwind'

/**
 * `sent`: no answer yet. `unknown`: no answer in time, it may be live. `done`: it fills no more.
 */
export type OrderState = 'planned' | 'sent' | 'live' | 'unknown' | 'done'

export type BasketOrder = {
  readonly order: Order
  readonly role: OrderRole
  readonly state: OrderState
  /** Why it is done: `filled`, `killed`, `cancelled`, or the venue's refusal. */
  readonly reason: string
  readonly fills: readonly OrderFill[]
}

/** One execution as a basket counts it. The venue's trade id makes a repeated message harmless. */
export type OrderFill = {
  readonly tradeId: string
  readonly size: MicroShares
  /** Money that left us for it, fee included; negative when it came in. */
  readonly paid: MicroUsd
}

export type BasketLeg = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly outcome: Outcome
  readonly side: Side
  /** The worst price at which the basket still pays. */
  readonly limit: Ticks
  /** What the whole basket has of this leg. */
  readonly target: MicroShares
}

export type BasketPolicy = {
  /** `parallel`: all legs at once. `probe`: this leg first, the rest at what it filled. */
  readonly sequence:
    | { readonly kind: 'parallel' }
    | { readonly kind: 'probe'; readonly leg: number }
  /**
   * `equal`: the basket only makes sense with the same share of every leg. `independent`: a leg is
   * worth having without the others.
   */
  readonly legs: 'equal' | 'independent'
  /** The most the basket may lose by making its legs equal again. */
  readonly lossMax: MicroUsd
  /** How often orders may be sent to complete or unwind. */
  readonly roundsMax: number
  /** How often quotes may be asked for that allow neither, before a person must decide. */
  readonly quotesMax: number
  /** Resting orders are cancelled at this instant. */
  readonly expiresAt: Nanos
}

export type Basket = {
  readonly id: BasketId
  readonly strategy: string
  readonly state: BasketState
  readonly legs: readonly BasketLeg[]
  readonly orders: readonly BasketOrder[]
  /** What the whole basket is worth at the end in its worst state. */
  readonly payoff: MicroUsd
  readonly policy: BasketPolicy
  /** How often orders were sent to make the legs equal. */
  readonly round: number
  /** How often quotes allowed nothing. */
  readonly refusedQuotes: number
}

/** What has become of a basket's orders, or what it may do now. */
export type BasketEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'order-live'; readonly order: ClientOrderId }
  | { readonly kind: 'order-filled'; readonly order: ClientOrderId; readonly fill: OrderFill }
  | { readonly kind: 'order-done'; readonly order: ClientOrderId; readonly reason: string }
  | { readonly kind: 'order-timed-out'; readonly order: ClientOrderId }
  /** A trade that the venue had reported did not settle: the fill never was. */
  | { readonly kind: 'fill-reversed'; readonly order: ClientOrderId; readonly tradeId: string }
  | { readonly kind: 'priced'; readonly quotes: readonly LegQuote[] }
  | { readonly kind: 'expired' }
  /** A person has dealt with what was left. */
  | { readonly kind: 'released' }

/** What it takes now to bring one leg up to the highest leg, or down to the lowest. */
export type LegQuote = {
  readonly leg: number
  readonly complete: RecoveryQuote | undefined
  readonly unwind: RecoveryQuote | undefined
}

/** `paid` is the money that leaves us, fees at their most; negative when it comes in. */
export type RecoveryQuote = {
  readonly size: MicroShares
  readonly limit: Ticks
  readonly paid: MicroUsd
}

export type BasketEffect =
  | { readonly kind: 'place-orders'; readonly orders: readonly Order[] }
  | { readonly kind: 'cancel-order'; readonly order: ClientOrderId }
  /** Ask the venue what became of it. Never send it again. */
  | { readonly kind: 'query-order'; readonly order: ClientOrderId }
  /** Quote each leg up to `highest` and down to `lowest` (in shares of that leg). */
  | { readonly kind: 'price-legs'; readonly gaps: readonly LegGap[] }
  | { readonly kind: 'closed'; readonly result: MicroUsd }
  | { readonly kind: 'quarantined'; readonly reason: string }

/** How far a leg lies below the highest level of the basket, and above the lowest. */
export type LegGap = {
  readonly leg: number
  readonly missing: MicroShares
  readonly excess: MicroShares
}
