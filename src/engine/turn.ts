import type { VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { PublicTrade } from '../core/order.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { MarketLifecycle, ProofEvent, TurnSink } from '../ports/feed-codec.ts'
import type { Counter } from '../ports/metrics.ts'

/** Counters by a label that is only known when it is first seen. */
export type CounterOf = (label: string) => Counter

export type TurnCounters = {
  readonly event: CounterOf
  readonly refused: CounterOf
  readonly proof: CounterOf
}

/** Who is told of what a frame did besides changing books. */
export type TurnListener = {
  proof(venue: VenueId, entry: BookEntry, book: OrderBook, event: ProofEvent): void
  needSnapshot(venue: VenueId, entry: BookEntry): void
  lifecycle(venue: VenueId, event: MarketLifecycle): void
  trade(trade: PublicTrade): void
}

/**
 * What the frame at hand has done, collected until it is read to its end.
 *
 * One of these a venue, used again for each frame: nothing is allocated but where an array has to
 * grow. A book that changes a hundred times in a frame stands in the list once.
 */
export class Turn implements TurnSink {
  readonly venue: VenueId
  readonly #listener: TurnListener
  readonly #counters: TurnCounters
  readonly #counted: Map<string, Counter> = new Map()
  readonly #kinds: string[] = []
  #kindCount = 0
  readonly #entries: BookEntry[] = []
  readonly #books: OrderBook[] = []
  #changedCount = 0
  /** By the number of a book: the turn in which it last changed. */
  #changedIn: Int32Array = new Int32Array(1024)
  #number = 0
  #connection = 0
  #refusal: string | undefined
  #refusedCount = 0

  constructor(venue: VenueId, listener: TurnListener, counters: TurnCounters) {
    this.venue = venue
    this.#listener = listener
    this.#counters = counters
  }

  begin(connection: number): void {
    this.#number = (this.#number + 1) | 0
    this.#connection = connection
    this.#kindCount = 0
    this.#changedCount = 0
    this.#refusal = undefined
  }

  get connection(): number {
    return this.#connection
  }

  /** How many messages the frame held. */
  get kindCount(): number {
    return this.#kindCount
  }

  /** The venue's own name of a message of the frame. */
  kindAt(position: number): string | undefined {
    return position < this.#kindCount ? this.#kinds[position] : undefined
  }

  get changedCount(): number {
    return this.#changedCount
  }

  entryAt(position: number): BookEntry | undefined {
    return this.#entries[position]
  }

  bookAt(position: number): OrderBook | undefined {
    return this.#books[position]
  }

  /** Why the frame, or a part of it, did not fit. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** Frames that did not fit, in whole or in part, since the start. */
  get refusedCount(): number {
    return this.#refusedCount
  }

  event(kind: string): void {
    this.#kinds[this.#kindCount] = kind
    this.#kindCount++
    let counter = this.#counted.get(kind)
    if (counter === undefined) {
      counter = this.#counters.event(kind)
      this.#counted.set(kind, counter)
    }
    counter.add()
  }

  changed(entry: BookEntry, book: OrderBook): void {
    const index = book.index
    if (index >= this.#changedIn.length) this.#grow(index)
    if (this.#changedIn[index] === this.#number) return
    this.#changedIn[index] = this.#number
    this.#entries[this.#changedCount] = entry
    this.#books[this.#changedCount] = book
    this.#changedCount++
  }

  refused(reason: string): void {
    if (this.#refusal === undefined) {
      this.#refusal = reason
      this.#refusedCount++
    }
    this.#counters.refused(reason).add()
  }

  proof(entry: BookEntry, book: OrderBook, event: ProofEvent): void {
    this.#counters.proof(event).add()
    this.#listener.proof(this.venue, entry, book, event)
  }

  needSnapshot(entry: BookEntry): void {
    this.#listener.needSnapshot(this.venue, entry)
  }

  trade(trade: PublicTrade): void {
    this.#listener.trade(trade)
  }

  lifecycle(event: MarketLifecycle): void {
    this.#listener.lifecycle(this.venue, event)
  }

  #grow(index: number): void {
    const grown = new Int32Array(2 * Math.max(index, this.#changedIn.length))
    grown.set(this.#changedIn)
    this.#changedIn = grown
  }
}
