import type { PublicTrade } from '../../src/core/order.ts'
import type { BookEntry } from '../../src/ports/book-table.ts'
import type { MarketLifecycle, ProofEvent, TurnSink } from '../../src/ports/feed-codec.ts'

/** Writes down all that a codec tells. */
export class SuiteSink implements TurnSink {
  readonly events: string[] = []
  readonly changes: string[] = []
  readonly refusals: string[] = []
  readonly proofs: string[] = []
  readonly wanted: string[] = []
  readonly trades: PublicTrade[] = []
  readonly lifecycles: MarketLifecycle[] = []

  event(kind: string): void {
    this.events.push(kind)
  }

  changed(entry: BookEntry): void {
    this.changes.push(entry.market.id)
  }

  refused(reason: string): void {
    this.refusals.push(reason)
  }

  proof(entry: BookEntry, _book: unknown, event: ProofEvent): void {
    this.proofs.push(`${entry.market.id} ${event}`)
  }

  needSnapshot(entry: BookEntry): void {
    this.wanted.push(entry.market.id)
  }

  trade(trade: PublicTrade): void {
    this.trades.push(trade)
  }

  lifecycle(event: MarketLifecycle): void {
    this.lifecycles.push(event)
  }
}
