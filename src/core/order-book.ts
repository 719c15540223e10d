import type { BookSlab } from './book-slab.ts'
import type { PriceGrid } from './price-grid.ts'
import type { MicroShares, MicroUsd, Ticks } from './units.ts'
import { noAsk, noBid, ticksPerUsd } from './units.ts'

/** 0 and 1, not words: the hot path indexes by them. */
export type BookSide = 0 | 1
export const bidSide: BookSide = 0
export const askSide: BookSide = 1

/**
 * Whether a book may be believed.
 *
 * - `unproven`: no snapshot yet, or nothing vouches for it since the connection was lost.
 * - `proven`: a snapshot, and everything since fits what the venue says of the result.
 * - `broken`: something did not fit. It prices nothing until a fresh snapshot is in.
 */
export type BookState = 'unproven' | 'proven' | 'broken'

export type Level = { readonly price: Ticks; readonly size: MicroShares }

export type TopOfBook = {
  readonly bid: Ticks
  readonly bidSize: MicroShares
  readonly ask: Ticks
  readonly askSize: MicroShares
}

/** What a size would cost or bring now, and the worst price among the levels it takes. */
export type Quote = { readonly size: MicroShares; readonly amount: MicroUsd; readonly worst: Ticks }

/**
 * Bids and asks of one market in YES terms; NO is its mirror, a view and not a second book.
 *
 * Sizes lie in a slab, one number for every price of the grid and side, so that setting a level is
 * one store and the next best price is one or two slots away. No bid reads as $0 and no ask as $1:
 * both add up and mirror without a special case.
 */
export class OrderBook {
  /** Its number in the table of books. */
  readonly index: number
  readonly #slab: BookSlab
  #page: Float64Array
  #bidBase: number
  #askBase: number
  #resolution: number
  #slots: number
  #bestBidSlot: number
  #bestAskSlot: number
  #state: BookState = 'unproven'
  #torn = 0
  #version = 0

  constructor(index: number, grid: PriceGrid, slab: BookSlab) {
    this.index = index
    this.#slab = slab
    this.#resolution = grid.resolution
    this.#slots = ticksPerUsd / grid.resolution + 1
    // Not kept: fifty thousand blocks would be as many objects for the collector to visit.
    const { page, base } = slab.take(2 * this.#slots)
    this.#page = page
    this.#bidBase = base
    this.#askBase = base + this.#slots
    this.#bestBidSlot = 0
    this.#bestAskSlot = this.#slots - 1
  }

  get state(): BookState {
    return this.#state
  }

  /** A sweep is applied in part: the book is crossed in between, and nobody may look. */
  get torn(): boolean {
    return this.#torn === 1
  }

  /** Grows by one at each change, so that two reads can tell whether they saw the same book. */
  get version(): number {
    return this.#version
  }

  get bestBid(): Ticks {
    return (this.#bestBidSlot * this.#resolution) as Ticks
  }

  get bestAsk(): Ticks {
    return (this.#bestAskSlot * this.#resolution) as Ticks
  }

  get bestBidSize(): MicroShares {
    return this.#page[this.#bidBase + this.#bestBidSlot] as MicroShares
  }

  get bestAskSize(): MicroShares {
    return this.#page[this.#askBase + this.#bestAskSlot] as MicroShares
  }

  /** A bid at or above an ask: our copy is wrong, or a sweep is half applied. */
  get crossed(): boolean {
    return this.#bestBidSlot >= this.#bestAskSlot
  }

  /** The finest step the book can hold, in ticks. */
  get resolution(): Ticks {
    return this.#resolution as Ticks
  }

  mark(state: BookState): void {
    this.#state = state
  }

  markTorn(): void {
    this.#torn = 1
  }

  markWhole(): void {
    this.#torn = 0
  }

  /** Whether the book has a slot for `price`. What it cannot hold, the caller must not lose. */
  holds(price: number): boolean {
    return price > 0 && price < ticksPerUsd && price % this.#resolution === 0
  }

  /** Empties both sides. The state stays: an empty book can be as proven as a full one. */
  clear(): void {
    this.#page.fill(0, this.#bidBase, this.#bidBase + 2 * this.#slots)
    this.#bestBidSlot = 0
    this.#bestAskSlot = this.#slots - 1
    this.#version++
  }

  /**
   * Sets the whole size at a level; zero removes it. The price must be one the book {@link holds}.
   */
  set(side: BookSide, price: Ticks, size: MicroShares): void {
    const slot = price / this.#resolution
    if (side === bidSide) this.#setBid(slot, size)
    else this.#setAsk(slot, size)
    this.#version++
  }

  /**
   * Changes the size at a level by `change`, as Kalshi tells it.
   *
   * False when the level would fall below zero: the book is not what the venue changed.
   */
  change(side: BookSide, price: Ticks, change: MicroShares): boolean {
    const size = this.sizeAt(side, price) + change
    if (size < 0) return false
    this.set(side, price, size as MicroShares)
    return true
  }

  sizeAt(side: BookSide, price: Ticks): MicroShares {
    const base = side === bidSide ? this.#bidBase : this.#askBase
    return this.#page[base + price / this.#resolution] as MicroShares
  }

  /** The next bid below `price`, or {@link noBid}. */
  nextBid(price: Ticks): Ticks {
    let slot = price / this.#resolution - 1
    while (slot > 0 && this.#page[this.#bidBase + slot] === 0) slot--
    return (slot > 0 ? slot * this.#resolution : noBid) as Ticks
  }

  /** The next ask above `price`, or {@link noAsk}. */
  nextAsk(price: Ticks): Ticks {
    const last = this.#slots - 1
    let slot = price / this.#resolution + 1
    while (slot < last && this.#page[this.#askBase + slot] === 0) slot++
    return (slot < last ? slot * this.#resolution : noAsk) as Ticks
  }

  top(): TopOfBook {
    return {
      bid: this.bestBid,
      bidSize: this.bestBidSize,
      ask: this.bestAsk,
      askSize: this.bestAskSize,
    }
  }

  /** The levels of a side, best first, at most `count`. */
  levels(side: BookSide, count: number = Number.POSITIVE_INFINITY): Level[] {
    const found: Level[] = []
    const end = side === bidSide ? noBid : noAsk
    let price = side === bidSide ? this.bestBid : this.bestAsk
    while (price !== end && found.length < count) {
      found.push({ price, size: this.sizeAt(side, price) })
      price = side === bidSide ? this.nextBid(price) : this.nextAsk(price)
    }
    return found
  }

  /**
   * Moves the book to another grid, empty and unproven.
   *
   * The old levels are not carried over: a level off the new grid would live in the book for ever.
   */
  regrid(grid: PriceGrid): void {
    this.#slab.give({ page: this.#page, base: this.#bidBase }, 2 * this.#slots)
    this.#resolution = grid.resolution
    this.#slots = ticksPerUsd / grid.resolution + 1
    const { page, base } = this.#slab.take(2 * this.#slots)
    this.#page = page
    this.#bidBase = base
    this.#askBase = base + this.#slots
    this.#bestBidSlot = 0
    this.#bestAskSlot = this.#slots - 1
    this.#state = 'unproven'
    this.#torn = 0
    this.#version++
  }

  #setBid(slot: number, size: MicroShares): void {
    const page = this.#page
    const base = this.#bidBase
    page[base + slot] = size
    if (size > 0) {
      if (slot > this.#bestBidSlot) this.#bestBidSlot = slot
    } else if (slot === this.#bestBidSlot) {
      let next = slot - 1
      while (next > 0 && page[base + next] === 0) next--
      this.#bestBidSlot = next > 0 ? next : 0
    }
  }

  #setAsk(slot: number, size: MicroShares): void {
    const page = this.#page
    const base = this.#askBase
    page[base + slot] = size
    if (size > 0) {
      if (slot < this.#bestAskSlot) this.#bestAskSlot = slot
    } else if (slot === this.#bestAskSlot) {
      const last = this.#slots - 1
      let next = slot + 1
      while (next < last && page[base + next] === 0) next++
      this.#bestAskSlot = next < last ? next : last
    }
  }
}
