import type { Market } from '../core/market.ts'
import type { PropositionId, WithdrawalReason } from '../core/proposition.ts'
import type { EpochMs, Ticks } from '../core/units.ts'

/**
 * Keeps an eye on what people have confirmed, and takes it back when it no longer holds.
 *
 * Deterministic: what it says depends on what it was told, in order, and on nothing else.
 */
export interface PropositionWatch {
  /** Grows by one with each withdrawal. */
  readonly version: number
  /** Told of all markets, again when they change. */
  onMarkets(markets: Iterable<Market>): void
  /** Told of the difference between two prices that should agree, while both can be believed. */
  onGap(id: PropositionId, gap: Ticks, at: EpochMs): void
  /** Why it may not trade; undefined when it may. Final: only a person confirms anew. */
  withdrawn(id: PropositionId): WithdrawalReason | undefined
}
