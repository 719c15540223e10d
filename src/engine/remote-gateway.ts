import type { ClientOrderId, Order, Side } from '../core/order.ts'
import type { SignalLeg } from '../core/signal.ts'
import type { MicroShares, Nanos } from '../core/units.ts'
import { min, subtract, zeroShares } from '../core/units.ts'
import type { OrderBook } from '../core/order-book.ts'
import { ConsumedLiquidity } from '../execution/consumed-liquidity.ts'
import { depthWithin, levelsFor, quoteDepth, reachable } from '../execution/quote-depth.ts'
import type { DepthQuote, OrderGateway, QuotedLeg } from '../ports/order-gateway.ts'
import type { CacheView } from '../ports/strategy.ts'

/**
 * What the kernel knows of orders that really travel: what they have reached for.
 *
 * The orders themselves are effects of the engine, and whoever obeys it carries them to the venues;
 * what becomes of them comes back as events. Until a book shows that they have met it, what they
 * reached for is offered to nobody else.
 */
export class RemoteGateway implements OrderGateway {
  readonly executor = 'live'
  readonly finalAtOnce = false
  readonly #books: CacheView
  readonly #consumed: ConsumedLiquidity = new ConsumedLiquidity()

  constructor(books: CacheView) {
    this.#books = books
  }

  place(orders: readonly Order[]): void {
    for (const order of orders) this.#reach(order)
  }

  cancel(_order: ClientOrderId): void {}

  query(_order: ClientOrderId): void {}

  submit(): void {}

  advance(): void {}

  nextDue(): Nanos | undefined {
    return undefined
  }

  bookChanged(book: OrderBook): void {
    this.#consumed.bookChanged(book)
  }

  traded(): void {}

  fillable(leg: SignalLeg): MicroShares {
    const book = this.#books.get(leg)
    return book === undefined ? zeroShares : reachable(leg, book, this.#consumed)
  }

  quote(leg: QuotedLeg, side: Side, size: MicroShares): DepthQuote | undefined {
    const market = this.#books.byMarket(leg.venue, leg.market)?.market
    const book = this.#books.get(leg)
    if (market === undefined || book === undefined) return undefined
    return quoteDepth(market, book, this.#consumed, side, size)
  }

  #reach(order: Order): void {
    const book = this.#books.get(order)
    if (book === undefined || order.postOnly) return
    let left = order.size
    for (const { price, size } of depthWithin(order, book, this.#consumed)) {
      const part = min(left, size)
      this.#consumed.take(book, levelsFor(order.side), price, part)
      left = subtract(left, part)
      if (left === 0) return
    }
  }
}
