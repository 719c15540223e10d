import type { MarketId, VenueId } from '../core/market.ts'
import type { EpochMs, MicroShares, MicroUsd, Unit } from '../core/units.ts'

/** Our name of a settlement operation, known before it is sent. */
export type OperationId = Unit<string, 'OperationId'>

/**
 * Turns tokens into money, or money into tokens, at the venue itself.
 *
 * `split`: $1 to a share of YES and one of NO. `merge`: back. `convert`: NO shares of a neg-risk
 * set to cash and YES of the others. `redeem`: shares of a resolved market to their value.
 */
export type SettlementOperation =
  | { readonly kind: 'split' | 'merge'; readonly market: MarketId; readonly size: MicroShares }
  | {
      readonly kind: 'convert'
      /** The venue's name of the set that converts. */
      readonly set: string
      /** Whose NO shares are given. */
      readonly markets: readonly MarketId[]
      readonly size: MicroShares
    }
  | { readonly kind: 'redeem'; readonly market: MarketId }

/** `unknown`: it may have happened; balances decide before it is tried again. */
export type OperationUpdate =
  | { readonly kind: 'submitted'; readonly operation: OperationId; readonly reference: string }
  | {
      readonly kind: 'final'
      readonly operation: OperationId
      /** Signed: a split takes money. */
      readonly cashIn: MicroUsd
      /** What the venue's chain took for it, in billionths of its own coin; nothing if absent. */
      readonly gasGwei?: number
    }
  | { readonly kind: 'failed'; readonly operation: OperationId; readonly reason: string }
  | { readonly kind: 'unknown'; readonly operation: OperationId; readonly reason: string }

/** The operations of one venue. Every end is an update. */
export interface Settlement {
  readonly venue: VenueId
  start(onUpdate: (update: OperationUpdate) => void): Promise<void>
  submit(operation: OperationId, what: SettlementOperation): void
  /** When it is final at the latest, as far as the venue says; for showing, not for deciding. */
  expectedAt(operation: OperationId): EpochMs | undefined
  stop(): Promise<void>
}
