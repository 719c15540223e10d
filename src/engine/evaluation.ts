import { assert } from '../core/assert.ts'
import type { MarketKey } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { EpochMs, MicroShares, Nanos } from '../core/units.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { CacheView, CatalogueView, EvalContext } from '../ports/strategy.ts'
import type { EngineClock } from './engine-clock.ts'

/** Where an evaluation gets its answers from. */
export type EvaluationSource = {
  readonly cache: CacheView
  readonly catalogue: CatalogueView
  readonly clock: EngineClock
  readonly fresh: (entry: BookEntry) => boolean
  readonly held: (key: MarketKey) => MicroShares
  readonly prove: (book: OrderBook) => boolean
}

/** The one `EvalContext`, pointed at each changed market in turn. */
export class Evaluation implements EvalContext {
  readonly cache: CacheView
  readonly catalogue: CatalogueView
  readonly #source: EvaluationSource
  #entry: BookEntry | undefined
  #book: OrderBook | undefined
  #phantom: string | undefined

  constructor(source: EvaluationSource) {
    this.cache = source.cache
    this.catalogue = source.catalogue
    this.#source = source
  }

  /** Points at a market of which `book` has changed. */
  point(entry: BookEntry, book: OrderBook): void {
    this.#entry = entry
    this.#book = book
  }

  /** The phantom that the last evaluation has seen, if it has; asking forgets it. */
  takePhantom(): string | undefined {
    const cause = this.#phantom
    this.#phantom = undefined
    return cause
  }

  get entry(): BookEntry {
    assert(this.#entry !== undefined, 'an evaluation is of a market')
    return this.#entry
  }

  get key(): MarketKey {
    const { market, yes } = this.entry
    const instrument = yes.book === this.#book ? market.yes.id : market.no.id
    return { venue: market.venue, instrument }
  }

  /** A decision is made in the turn of the frame: it was received when the turn began. */
  get receivedAt(): Nanos {
    return this.#source.clock.now
  }

  get now(): Nanos {
    return this.#source.clock.now
  }

  get nowMs(): EpochMs {
    return this.#source.clock.nowMs
  }

  fresh(entry: BookEntry): boolean {
    return this.#source.fresh(entry)
  }

  held(key: MarketKey): MicroShares {
    return this.#source.held(key)
  }

  prove(book: OrderBook): boolean {
    return this.#source.prove(book)
  }

  phantom(cause: string): void {
    this.#phantom = cause
  }
}
