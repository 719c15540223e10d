import type { BookKind, Outcome } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import {
  add,
  complement,
  cost,
  max,
  subtract,
  ticksPerUsd,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import type { RestingOrder } from './limit-book.ts'
import { LimitBook } from './limit-book.ts'

/** What a trader asks for. The id is the trader's: on Polymarket the digest of the signed order. */
export type OrderRequest = {
  readonly id: string
  readonly owner: string
  readonly outcome: Outcome
  readonly side: Side
  /** The worst price, in terms of `outcome`. */
  readonly price: Ticks
  readonly amount: Amount
  /** `gtc` rests with what is left, `ioc` drops it, `fok` trades whole or not at all. */
  readonly timeInForce: 'gtc' | 'ioc' | 'fok'
  readonly postOnly: boolean
}

/** A purchase may be counted in dollars: a better price then gives more shares. */
export type Amount =
  | { readonly kind: 'shares'; readonly shares: MicroShares }
  | { readonly kind: 'dollars'; readonly dollars: MicroUsd }

/**
 * How two orders became one trade. docs/venues/polymarket.md, 9.
 *
 * `complementary`: the same token changes hands. `mint`: two buyers, a dollar is split for them.
 * `merge`: two sellers, their tokens become a dollar.
 */
export type MatchKind = 'complementary' | 'mint' | 'merge'

export type EngineFill = {
  readonly maker: RestingOrder
  readonly match: MatchKind
  readonly size: MicroShares
  /** In the taker's own terms: what the taker pays or gets for a share of its token. */
  readonly takerPrice: Ticks
  /** In the terms of the book. */
  readonly bookPrice: Ticks
}

/** A level of one of the books as it is now; `outcome` is of the order that changed it. */
export type LevelChange = {
  readonly book: Outcome
  readonly side: BookSide
  readonly price: Ticks
  readonly size: MicroShares
  readonly outcome: Outcome
}

/** What became of an incoming order. */
export type Execution = {
  readonly request: OrderRequest
  readonly fills: readonly EngineFill[]
  readonly filled: MicroShares
  /** What waits in the book now. */
  readonly rested: MicroShares
  /** Changed levels: the order's own remainder first, then those it took from, best first. */
  readonly changes: readonly LevelChange[]
}

export type EngineRefusal = 'duplicate' | 'crosses' | 'not-filled' | 'bad-price' | 'bad-size'

export type Submission =
  | { readonly kind: 'executed'; readonly execution: Execution }
  | { readonly kind: 'refused'; readonly reason: EngineRefusal }

export type Cancellation = { readonly order: RestingOrder; readonly change: LevelChange }

/** An order as one of the engine's books sees it. */
type BookOrder = {
  readonly book: LimitBook
  readonly name: Outcome
  readonly side: BookSide
  readonly price: Ticks
}

/**
 * Matches the orders of one binary market.
 *
 * `mirrored`: one queue in YES terms; an order for NO at q is an order for YES at 1 − q on the
 * other side, so buyers of both outcomes meet each other. `separate`: each outcome has its queue.
 */
export class MatchingEngine {
  readonly kind: BookKind
  readonly #yes = new LimitBook()
  readonly #no = new LimitBook()

  constructor(kind: BookKind) {
    this.kind = kind
  }

  /** The book an outcome trades in: of a mirrored market always the same, in YES terms. */
  book(outcome: Outcome): LimitBook {
    return this.kind === 'separate' && outcome === 'no' ? this.#no : this.#yes
  }

  bestBid(outcome: Outcome): Ticks {
    const book = this.book(outcome)
    return this.#isMirrored(outcome) ? complement(book.bestAsk) : book.bestBid
  }

  bestAsk(outcome: Outcome): Ticks {
    const book = this.book(outcome)
    return this.#isMirrored(outcome) ? complement(book.bestBid) : book.bestAsk
  }

  order(id: string): RestingOrder | undefined {
    return this.#yes.order(id) ?? this.#no.order(id)
  }

  submit(request: OrderRequest): Submission {
    const order = this.#place(request.outcome, request.side, request.price)
    const refusal = this.#refusal(request, order)
    if (refusal !== undefined) return { kind: 'refused', reason: refusal }

    const fills = this.#match(request, order)
    const filled = fills.reduce((total, fill) => add(total, fill.size), zeroShares)
    const rested = this.#rest(request, order, filled)
    const changes = [
      ...(rested > 0 ? [levelChange(order, order.side, order.price, request.outcome)] : []),
      ...takenLevels(order, fills),
    ]
    return { kind: 'executed', execution: { request, fills, filled, rested, changes } }
  }

  /** Takes an order out of its queue. Undefined when it does not rest. */
  cancel(id: string): Cancellation | undefined {
    const name: Outcome = this.#yes.order(id) === undefined ? 'no' : 'yes'
    const book = name === 'yes' ? this.#yes : this.#no
    const removed = book.remove(id)
    if (removed === undefined) return undefined

    const { order, side, price } = removed
    return { order, change: levelChange({ book, name }, side, price, order.outcome) }
  }

  #isMirrored(outcome: Outcome): boolean {
    return this.kind === 'mirrored' && outcome === 'no'
  }

  #place(outcome: Outcome, side: Side, price: Ticks): BookOrder {
    const mirrored = this.#isMirrored(outcome)
    const isBid = (side === 'buy') !== mirrored
    return {
      book: this.book(outcome),
      name: this.kind === 'separate' ? outcome : 'yes',
      side: isBid ? bidSide : askSide,
      price: mirrored ? complement(price) : price,
    }
  }

  #refusal(request: OrderRequest, order: BookOrder): EngineRefusal | undefined {
    const { amount, price, timeInForce } = request
    if (price <= 0 || price >= ticksPerUsd) return 'bad-price'
    if (amount.kind === 'shares' ? amount.shares <= 0 : amount.dollars <= 0) return 'bad-size'
    if (amount.kind === 'dollars' && (timeInForce === 'gtc' || request.side === 'sell')) {
      return 'bad-size'
    }
    if (this.order(request.id) !== undefined) return 'duplicate'
    if (request.postOnly && order.book.crosses(order.side, order.price)) return 'crosses'
    if (timeInForce === 'fok' && !this.#canFill(request, order)) return 'not-filled'
    return undefined
  }

  #canFill(request: OrderRequest, order: BookOrder): boolean {
    let left: Amount = request.amount
    for (const { price, size } of order.book.reachable(order.side, order.price)) {
      const takerPrice = this.#isMirrored(request.outcome) ? complement(price) : price
      if (sharesOf(left, takerPrice) <= size) return true
      left = lessFill(left, takerPrice, size)
    }
    return false
  }

  #match(request: OrderRequest, order: BookOrder): EngineFill[] {
    const fills: EngineFill[] = []
    let left: Amount = request.amount
    for (;;) {
      const best = order.book.facing(order.side, order.price)
      if (best === undefined) return fills
      const takerPrice = this.#isMirrored(request.outcome) ? complement(best.price) : best.price
      const wanted = sharesOf(left, takerPrice)
      if (wanted <= 0) return fills

      const { maker, price, size } = order.book.take(order.side, wanted)
      fills.push({ maker, match: matchKind(request, maker), size, takerPrice, bookPrice: price })
      left = lessFill(left, takerPrice, size)
    }
  }

  #rest(request: OrderRequest, order: BookOrder, filled: MicroShares): MicroShares {
    if (request.timeInForce !== 'gtc' || request.amount.kind !== 'shares') return zeroShares
    const remaining = subtract(request.amount.shares, filled)
    if (remaining === 0) return zeroShares

    const { id, owner, outcome, side, price, amount } = request
    order.book.rest(order.side, order.price, {
      id,
      owner,
      outcome,
      side,
      price,
      original: amount.shares,
      remaining,
    })
    return remaining
  }
}

/** What an amount is in shares at `price`: as many as the dollars pay for, rounded down. */
function sharesOf(amount: Amount, price: Ticks): MicroShares {
  if (amount.kind === 'shares') return amount.shares
  return Number((BigInt(amount.dollars) * BigInt(ticksPerUsd)) / BigInt(price)) as MicroShares
}

function lessFill(amount: Amount, price: Ticks, size: MicroShares): Amount {
  if (amount.kind === 'shares') {
    return { kind: 'shares', shares: subtract(amount.shares, size) }
  }
  const left = subtract(amount.dollars, cost(price, size))
  return { kind: 'dollars', dollars: max(left, zeroUsd) }
}

function matchKind(taker: OrderRequest, maker: RestingOrder): MatchKind {
  if (taker.outcome === maker.outcome) return 'complementary'
  return taker.side === 'buy' ? 'mint' : 'merge'
}

function levelChange(
  { book, name }: Pick<BookOrder, 'book' | 'name'>,
  side: BookSide,
  price: Ticks,
  outcome: Outcome,
): LevelChange {
  return { book: name, side, price, size: book.sizeAt(side, price), outcome }
}

/** Each level that was taken from, once, with the outcome of the last maker met there. */
function takenLevels(order: BookOrder, fills: readonly EngineFill[]): LevelChange[] {
  const side = order.side === bidSide ? askSide : bidSide
  const outcomes = new Map(fills.map(({ bookPrice, maker }) => [bookPrice, maker.outcome]))
  return [...outcomes].map(([price, outcome]) => levelChange(order, side, price, outcome))
}
