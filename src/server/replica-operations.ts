import { formatSize, formatUsd } from '../core/decimal.ts'
import type { KeptOperation } from '../engine/event.ts'
import type { OperationUpdate } from '../ports/settlement.ts'
import type { ReplicaCatalogue } from './replica-catalogue.ts'
import type { Operation } from './schema/operation.ts'
import { Shelf } from './shelf.ts'

const operationsMax = 300

/** What the venues did with what we own: splits, merges, conversions, redemptions. */
export class ReplicaOperations {
  readonly shelf: Shelf<Operation> = new Shelf(operationsMax)
  readonly #catalogue: ReplicaCatalogue

  constructor(catalogue: ReplicaCatalogue) {
    this.#catalogue = catalogue
  }

  submit({ operation, venue, what, basket, strategy }: KeptOperation, sentMs: number): void {
    const ids = what.kind === 'convert' ? what.markets : [what.market]
    const before = this.shelf.get(operation)
    this.shelf.set({
      id: operation,
      kind: what.kind,
      venue,
      markets: ids.map((market) => this.#catalogue.name(venue, market)),
      size: what.kind === 'redeem' ? null : formatSize(what.size),
      basket: basket ?? null,
      strategy,
      state: 'sent',
      reason: '',
      reference: '',
      cashIn: null,
      tries: (before?.tries ?? 0) + 1,
      sentMs: before?.sentMs ?? sentMs,
      doneMs: null,
    })
  }

  update(update: OperationUpdate, atMs: number): void {
    const row = this.shelf.get(update.operation)
    if (row === undefined) return
    switch (update.kind) {
      case 'submitted':
        this.shelf.set({ ...row, state: 'submitted', reference: update.reference })
        return
      case 'final':
        this.shelf.set({ ...row, state: 'final', cashIn: formatUsd(update.cashIn), doneMs: atMs })
        return
      case 'failed':
      case 'unknown':
        this.shelf.set({
          ...row,
          state: update.kind,
          reason: update.reason,
          doneMs: update.kind === 'failed' ? atMs : null,
        })
        return
    }
  }
}
