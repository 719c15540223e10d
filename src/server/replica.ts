import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import { subtract } from '../core/units.ts'
import type { HeldPosition } from '../engine/engine-view.ts'
import type { LedgerEntry as PostedEntry } from '../portfolio/ledger.ts'
import type { Digest, Kept, Listing, SeenBooks, ToldEffect } from './digest.ts'
import { EquityCurve } from './equity-curve.ts'
import { ReplicaBaskets } from './replica-baskets.ts'
import { ReplicaBooks } from './replica-books.ts'
import { ReplicaCatalogue } from './replica-catalogue.ts'
import { ReplicaOperations } from './replica-operations.ts'
import { ReplicaOpportunities } from './replica-opportunities.ts'
import { ReplicaStatus } from './replica-status.ts'
import type { MarketBooks } from './schema/market.ts'
import type { LedgerEntry, Position } from './schema/portfolio.ts'
import type { ProfitAndLoss, Run, RunStatus } from './schema/run-status.ts'
import type { RunChange, RunState } from './schema/stream.ts'

const ledgerMax = 1_000

/**
 * A copy of the run for readers, made of digests.
 *
 * It lives in another thread than the engine and never asks it anything: however many read, and
 * however slowly, the engine does not notice.
 */
export class Replica {
  readonly catalogue: ReplicaCatalogue = new ReplicaCatalogue()
  readonly books: ReplicaBooks = new ReplicaBooks()
  readonly opportunities: ReplicaOpportunities
  readonly baskets: ReplicaBaskets
  readonly operations: ReplicaOperations
  readonly equity: EquityCurve = new EquityCurve()
  readonly #status: ReplicaStatus
  readonly #startedAtMs: number
  #kept: Kept
  #positions: readonly Position[] = []
  #positionsText = '[]'
  #positionsChanged = false
  #ledger: LedgerEntry[] = []
  #seen: readonly MarketBooks[] = []
  #heardMs: number | undefined

  /** `kept`: what an earlier run has left at work; it is shown once its markets have names. */
  constructor(run: Run, kept: Kept = { baskets: [], operations: [] }) {
    this.#startedAtMs = run.startedAtMs
    this.#kept = kept
    this.#status = new ReplicaStatus(run)
    this.opportunities = new ReplicaOpportunities(this.catalogue)
    this.baskets = new ReplicaBaskets(this.catalogue)
    this.operations = new ReplicaOperations(this.catalogue)
  }

  /** Undefined until the first digest. */
  get status(): RunStatus | undefined {
    return this.#status.current
  }

  /** Undefined until the first digest. */
  get profitAndLoss(): ProfitAndLoss | undefined {
    const status = this.#status.current
    return status === undefined ? undefined : { ...status.money, byStrategy: this.#status.profits }
  }

  get positions(): readonly Position[] {
    return this.#positions
  }

  /** The latest first. */
  get ledger(): readonly LedgerEntry[] {
    return this.#ledger.toReversed()
  }

  /** The books somebody looks at, as of the last digest. */
  get seen(): readonly MarketBooks[] {
    return this.#seen
  }

  /** When the engine was last heard of, by its own clock. */
  get heardMs(): number | undefined {
    return this.#heardMs
  }

  learn(listing: Listing): void {
    this.catalogue.learn(listing)
    this.#adopt()
    for (const { venue, market } of listing.gone) {
      const listed = this.catalogue.find(venue, market)
      if (listed !== undefined) this.books.forget(listed.index)
    }
  }

  apply(digest: Digest): void {
    const { at, atMs, figures } = digest
    const msOf = (instant: number): number => Math.floor(atMs + (instant - at) / 1e6)
    this.#heardMs = atMs
    this.#status.apply(digest)
    this.books.apply(digest.tops, atMs)
    for (const sight of digest.episodes) this.opportunities.see(sight, msOf)
    for (const effect of digest.effects) this.#applyEffect(effect, msOf)
    if (digest.positions !== undefined) this.#applyPositions(digest.positions)
    this.#seen = digest.seen.map((books) => this.#look(books, atMs))
    this.equity.note(atMs, figures.realised, figures.unrealised)
  }

  /** Everything a watcher starts with. Undefined until the first digest. */
  state(): RunState | undefined {
    const status = this.#status.current
    if (status === undefined) return undefined
    return {
      status,
      opportunities: this.opportunities.shelf.latest(),
      baskets: this.baskets.shelf.latest(),
      fills: this.baskets.fills.latest(),
      operations: this.operations.shelf.latest(),
      positions: this.#positions,
    }
  }

  /** What has changed since this was last asked, for those who know what was before. */
  takeChange(): RunChange | undefined {
    const status = this.#status.takeChange()
    const opportunities = this.opportunities.shelf.takeChanges()
    const baskets = this.baskets.shelf.takeChanges()
    const fills = this.baskets.fills.takeChanges()
    const operations = this.operations.shelf.takeChanges()
    const gone = [opportunities, baskets, fills, operations].flatMap((each) => each.gone)
    const positions = this.#positionsChanged ? this.#positions : undefined
    this.#positionsChanged = false
    const change: RunChange = {
      ...(status === undefined ? {} : { status }),
      ...(opportunities.rows.length === 0 ? {} : { opportunities: opportunities.rows }),
      ...(baskets.rows.length === 0 ? {} : { baskets: baskets.rows }),
      ...(fills.rows.length === 0 ? {} : { fills: fills.rows }),
      ...(operations.rows.length === 0 ? {} : { operations: operations.rows }),
      ...(positions === undefined ? {} : { positions }),
      ...(gone.length === 0 ? {} : { gone }),
    }
    return Object.keys(change).length === 0 ? undefined : change
  }

  /** Takes in what was kept, as far as its markets are known by now. */
  #adopt(): void {
    const { baskets, operations } = this.#kept
    const isNamed = ({ plan }: Kept['baskets'][number]): boolean =>
      plan.legs.every(({ venue, market }) => this.catalogue.find(venue, market) !== undefined)
    for (const kept of baskets.filter(isNamed)) {
      const title = this.opportunities.titleOf(kept.signal)
      this.baskets.adopt(kept, { title, opportunity: null }, this.#startedAtMs)
    }
    const open = operations.filter(({ venue }) => this.catalogue.hasOf(venue))
    for (const operation of open) this.operations.submit(operation, this.#startedAtMs)
    this.#kept = {
      baskets: baskets.filter((kept) => !isNamed(kept)),
      operations: operations.filter((operation) => !open.includes(operation)),
    }
  }

  #applyEffect(effect: ToldEffect, msOf: (at: number) => number): void {
    switch (effect.kind) {
      case 'note-signal': {
        const { signal, approved, reason } = effect
        const atMs = msOf(signal.generatedAt)
        this.opportunities.decide(signal, {
          atMs,
          approved,
          reason,
          edge: formatUsd(signal.edge),
        })
        return
      }
      case 'plan-basket': {
        const { plan, signal } = effect
        const name = {
          title: this.opportunities.titleOf(signal),
          opportunity: this.opportunities.idOf(signal) ?? null,
        }
        this.opportunities.placed(signal, plan.id)
        this.baskets.plan(plan.id, signal, name, msOf(signal.receivedAt))
        return
      }
      case 'place-basket':
        this.baskets.place(effect.intent)
        return
      case 'note-order':
        this.baskets.update(effect.update, effect.at, msOf)
        return
      case 'note-basket':
        this.baskets.advance(effect)
        return
      case 'submit-operation':
        this.operations.submit(effect, msOf(effect.at))
        return
      case 'note-operation':
        this.operations.update(effect.update, msOf(effect.at))
        return
      case 'note-entry':
        this.#post(effect.entry, msOf)
        return
    }
  }

  /** The same object as long as the books are the same. */
  #look(books: SeenBooks, atMs: number): MarketBooks {
    const made = toMarketBooks(books, atMs)
    const known = this.#seen.find(({ venue, id }) => venue === made.venue && id === made.id)
    if (known === undefined) return made
    return JSON.stringify(known.ladders) === JSON.stringify(made.ladders) ? known : made
  }

  #applyPositions(held: readonly HeldPosition[]): void {
    const positions = held.map(({ position, basis, value }) => ({
      market: this.catalogue.name(position.venue, position.market),
      outcome: position.outcome,
      strategy: position.strategy,
      size: formatSize(position.size),
      cost: formatUsd(basis),
      value: formatUsd(value),
      unrealised: formatUsd(subtract(value, basis)),
    }))
    const text = JSON.stringify(positions)
    if (text === this.#positionsText) return
    this.#positionsText = text
    this.#positions = positions
    this.#positionsChanged = true
  }

  #post({ number, at, memo, postings }: PostedEntry, msOf: (at: number) => number): void {
    this.#ledger.push({
      number,
      atMs: msOf(at),
      memo,
      postings: postings.map(({ account, amount }) => ({ account, amount: formatUsd(amount) })),
    })
    if (this.#ledger.length > 2 * ledgerMax) this.#ledger = this.#ledger.slice(-ledgerMax)
  }
}

function toMarketBooks({ venue, market, ladders }: SeenBooks, atMs: number): MarketBooks {
  const text = ({ price, size }: SeenBooks['ladders'][number]['bids'][number]) => ({
    price: formatPrice(price),
    size: formatSize(size),
  })
  return {
    venue,
    id: market,
    atMs,
    ladders: ladders.map(({ outcome, state, torn, bids, asks }) => ({
      outcome,
      state,
      torn,
      bids: bids.map(text),
      asks: asks.map(text),
    })),
  }
}
