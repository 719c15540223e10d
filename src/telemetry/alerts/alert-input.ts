import type { Outcome, VenueId } from '../../core/market.ts'
import type { Side } from '../../core/order.ts'
import type { ExecutionIntent } from '../../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'

/**
 * All that alerts are made from.
 *
 * It says less than the engine's effects, so that a change of those changes one mapping.
 */
export type AlertInput =
  | {
      readonly kind: 'filled'
      readonly basket: string
      readonly strategy: string
      readonly purpose: ExecutionIntent['purpose']
      readonly legs: readonly FilledLeg[]
    }
  | {
      readonly kind: 'basket'
      readonly basket: string
      readonly strategy: string
      readonly state: BasketState
      /** A label of the engine; empty where there is none. */
      readonly reason: string
    }
  | {
      /** No order of a basket can fill any more, and its legs are equal. */
      readonly kind: 'basket-closed'
      readonly basket: string
      readonly strategy: string
      /** What it is worth at the least; undefined where nobody knows. */
      readonly worst: MicroUsd | undefined
    }
  | {
      /** All markets of a basket that could not lose are resolved. */
      readonly kind: 'basket-settled'
      readonly basket: string
      readonly strategy: string
      readonly result: MicroUsd
      /** What it was worth at the least when it was closed. */
      readonly worst: MicroUsd
    }
  | { readonly kind: 'strategy-stopped'; readonly strategy: string; readonly reason: string }
  | {
      readonly kind: 'pair-withdrawn'
      readonly pair: string
      readonly reason: string
      readonly detail: string
    }
  | {
      /** Our books and an account do not agree, so something is not traded until they do. */
      readonly kind: 'account-differs'
      readonly venue: VenueId
      readonly what: AccountDispute
    }
  | { readonly kind: 'journal-ended'; readonly reason: string }
  | { readonly kind: 'look'; readonly look: Look }

export type AccountDispute =
  | { readonly kind: 'cash'; readonly ours: MicroUsd; readonly theirs: MicroUsd }
  | {
      readonly kind: 'shares'
      readonly title: string
      readonly ours: MicroShares
      readonly theirs: MicroShares
    }
  | { readonly kind: 'order-unknown'; readonly title: string; readonly order: string }

export type BasketState = 'completing' | 'unwinding' | 'quarantined'

export type FilledLeg = {
  readonly title: string
  readonly outcome: Outcome
  readonly side: Side
  readonly price: Ticks
  readonly size: MicroShares
  readonly fee: MicroUsd
}

/** How the engine stands, looked at from time to time. */
export type Look = {
  readonly trading: 'trading' | 'paused' | 'killed'
  readonly limits: readonly LimitUse[]
  readonly feeds: readonly FeedLook[]
  readonly account: AccountLook
}

/** How much of a limit is in use. Money in micro-dollars, anything else as a count. */
export type LimitUse = {
  readonly name: string
  readonly used: number
  readonly max: number
  readonly unit: 'usd' | 'count'
}

export type FeedLook = {
  readonly venue: VenueId
  readonly open: number
  readonly wanted: number
}

/** Since the start of the run. */
export type AccountLook = {
  readonly realized: MicroUsd
  readonly unrealized: MicroUsd
  readonly fees: MicroUsd
  readonly exposure: MicroUsd
  readonly signals: number
  readonly fills: number
  readonly rejections: number
  readonly openBaskets: number
}

/** An input, and when it was heard. */
export type Heard = { readonly atMs: EpochMs; readonly input: AlertInput }
