import type { BookSide, BookState, Level, OrderBook, Quote } from './order-book.ts'
import { askSide, bidSide } from './order-book.ts'
import type { MicroShares, Ticks } from './units.ts'
import { add, complement, cost, min, noAsk, noBid, proceeds, subtract, zeroUsd } from './units.ts'

/**
 * A book read from one outcome's side.
 *
 * Mirrored, a bid for YES at p is an ask for NO at 1 − p, of the same size: the very same order.
 * So the view owns nothing, and what is taken through it is taken from the one book.
 */
export class OutcomeBook {
  readonly book: OrderBook
  readonly mirrored: boolean

  constructor(book: OrderBook, orientation: 'direct' | 'mirrored') {
    this.book = book
    this.mirrored = orientation === 'mirrored'
  }

  get state(): BookState {
    return this.book.state
  }

  get bestBid(): Ticks {
    return this.mirrored ? complement(this.book.bestAsk) : this.book.bestBid
  }

  get bestAsk(): Ticks {
    return this.mirrored ? complement(this.book.bestBid) : this.book.bestAsk
  }

  get bestBidSize(): MicroShares {
    return this.mirrored ? this.book.bestAskSize : this.book.bestBidSize
  }

  get bestAskSize(): MicroShares {
    return this.mirrored ? this.book.bestBidSize : this.book.bestAskSize
  }

  nextBid(price: Ticks): Ticks {
    if (!this.mirrored) return this.book.nextBid(price)
    return complement(this.book.nextAsk(complement(price)))
  }

  nextAsk(price: Ticks): Ticks {
    if (!this.mirrored) return this.book.nextAsk(price)
    return complement(this.book.nextBid(complement(price)))
  }

  sizeAt(side: BookSide, price: Ticks): MicroShares {
    if (!this.mirrored) return this.book.sizeAt(side, price)
    return this.book.sizeAt(side === bidSide ? askSide : bidSide, complement(price))
  }

  levels(side: BookSide, count: number = Number.POSITIVE_INFINITY): Level[] {
    if (!this.mirrored) return this.book.levels(side, count)
    const other = side === bidSide ? askSide : bidSide
    return this.book
      .levels(other, count)
      .map(({ price, size }) => ({ price: complement(price), size }))
  }

  /**
   * What buying `size` of this outcome costs now, walking the asks from the best.
   *
   * Undefined when the visible asks do not cover `size`. The cost of the part they do cover
   * would look like a bargain, and a strategy would act on it.
   */
  quoteBuy(size: MicroShares): Quote | undefined {
    let left = size
    let amount = zeroUsd
    for (let price = this.bestAsk; price !== noAsk; price = this.nextAsk(price)) {
      const taken = min(left, this.sizeAt(askSide, price))
      amount = add(amount, cost(price, taken))
      left = subtract(left, taken)
      if (left === 0) return { size, amount, worst: price }
    }
    return undefined
  }

  /** What selling `size` of this outcome brings now. Undefined when the bids do not cover it. */
  quoteSell(size: MicroShares): Quote | undefined {
    let left = size
    let amount = zeroUsd
    for (let price = this.bestBid; price !== noBid; price = this.nextBid(price)) {
      const taken = min(left, this.sizeAt(bidSide, price))
      amount = add(amount, proceeds(price, taken))
      left = subtract(left, taken)
      if (left === 0) return { size, amount, worst: price }
    }
    return undefined
  }
}
