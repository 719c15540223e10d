import type { Outcome } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { noAsk, noBid, ticksPerUsd } from '../core/units.ts'
import type { OrderRequest } from './matching-engine.ts'
import { orderTerms } from './order-terms.ts'
import type { SimMarket } from './sim-market.ts'
import type { World } from './world.ts'

type Quote = { readonly id: string; readonly price: Ticks }

/** Between what prices makers may quote: bids no higher, asks no lower. */
export type QuoteBounds = { readonly bidMax: Ticks; readonly askMin: Ticks }

const bothSides = [bidSide, askSide] as const

/** Where quotes stand behind the best one, in steps. */
const offsets = [0, 1, 2, 3, 4, 5, 7, 9, 12, 16, 21, 27, 34]
/** Hundredths of a share: the finest size of a resting order. docs/venues/polymarket.md, 7.4. */
const sizeStep = 10_000

/**
 * The makers of one book: their quotes, and the bounds they keep.
 *
 * A mirrored market has one such book in YES terms, a separate one has two.
 */
export class QuotedBook {
  readonly market: SimMarket
  readonly outcome: Outcome
  bounds: QuoteBounds = { bidMax: noBid, askMin: noAsk }
  readonly #world: World
  readonly #random: Random
  readonly #bids: Quote[] = []
  readonly #asks: Quote[] = []
  #count = 0

  constructor(market: SimMarket, outcome: Outcome, world: World, random: Random) {
    this.market = market
    this.outcome = outcome
    this.#world = world
    this.#random = random
  }

  get bestBid(): Ticks {
    return this.market.engine.bestBid(this.outcome)
  }

  get bestAsk(): Ticks {
    return this.market.engine.bestAsk(this.outcome)
  }

  /** The bounds around a fair value: a margin away on each side, outward to the market's step. */
  boundsAround(chance: number, margin: Ticks): QuoteBounds {
    const { tick } = this.market
    const fair = chance * ticksPerUsd
    const bid = Math.floor((fair - margin) / tick) * tick
    const ask = Math.ceil((fair + margin) / tick) * tick
    return {
      bidMax: Math.max(bid, noBid) as Ticks,
      askMin: Math.min(ask, noAsk) as Ticks,
    }
  }

  quotes(side: BookSide): readonly Quote[] {
    return side === bidSide ? this.#bids : this.#asks
  }

  /** Takes out every quote that the bounds forbid, but those that `spared` wants to keep. */
  withdraw(bounds: QuoteBounds, spared: (side: BookSide, price: Ticks) => boolean): void {
    for (const side of bothSides) {
      const list = this.#list(side)
      const stale = list.filter(({ price }) => {
        const forbidden = side === bidSide ? price > bounds.bidMax : price < bounds.askMin
        return forbidden && !spared(side, price)
      })
      for (const quote of stale) this.#drop(side, quote)
    }
  }

  /** Makes room for somebody else's order on `side`: what it would trade with is taken out. */
  giveWay(side: BookSide, price: Ticks): void {
    const { tick } = this.market
    const { bidMax, askMin } = this.bounds
    this.bounds =
      side === bidSide
        ? { bidMax, askMin: Math.max(askMin, price + tick) as Ticks }
        : { bidMax: Math.min(bidMax, price - tick) as Ticks, askMin }
    this.withdraw(this.bounds, () => false)
  }

  withdrawAll(): void {
    this.withdraw({ bidMax: noBid, askMin: noAsk }, () => false)
  }

  /** Puts up the best quotes that are missing, a few on each side. */
  restock(perSide: number): void {
    for (const side of bothSides) {
      const taken = new Set(this.#list(side).map(({ price }) => price))
      const wanted = offsets.map((offset) => this.#price(side, offset)).filter(isDefined)
      const missing = wanted.filter((price) => !taken.has(price)).slice(0, perSide)
      for (const price of missing) this.#post(side, price)
    }
  }

  /** One more quote somewhere behind the best. */
  add(side: BookSide): void {
    if (this.#list(side).length >= 2 * offsets.length) return
    const price = this.#price(side, this.#random.pick(offsets))
    if (price !== undefined) this.#post(side, price)
  }

  /** Moves a quote elsewhere: a cancel and an order in one breath. */
  requote(side: BookSide): void {
    const quote = this.#live(side)
    const price = this.#price(side, this.#random.pick(offsets))
    if (quote === undefined || price === undefined) return

    this.#forget(side, quote)
    const request = this.#request(side, price, this.#size())
    this.#world.replace(this.market, quote.id, request)
    this.#keep(side, request.id, price)
  }

  remove(side: BookSide): void {
    if (this.#list(side).length <= 4) return
    const quote = this.#live(side)
    if (quote !== undefined) this.#drop(side, quote)
  }

  /** Takes care of an order that somebody else left in the book. */
  adopt(side: BookSide, id: string, price: Ticks): void {
    this.#keep(side, id, price)
  }

  #post(side: BookSide, price: Ticks): void {
    const request = this.#request(side, price, this.#size())
    this.#world.submit(this.market, request)
    this.#keep(side, request.id, price)
  }

  #keep(side: BookSide, id: string, price: Ticks): void {
    if (this.market.engine.order(id) !== undefined) this.#list(side).push({ id, price })
  }

  #drop(side: BookSide, quote: Quote): void {
    this.#forget(side, quote)
    this.#world.cancel(this.market, quote.id)
  }

  #forget(side: BookSide, quote: Quote): void {
    const list = this.#list(side)
    const index = list.indexOf(quote)
    if (index !== -1) list.splice(index, 1)
  }

  /** A quote that is still in the book; those that were filled are forgotten on the way. */
  #live(side: BookSide): Quote | undefined {
    const list = this.#list(side)
    while (list.length > 0) {
      const quote = this.#random.pick(list)
      if (this.market.engine.order(quote.id) !== undefined) return quote
      this.#forget(side, quote)
    }
    return undefined
  }

  #list(side: BookSide): Quote[] {
    return side === bidSide ? this.#bids : this.#asks
  }

  #price(side: BookSide, offset: number): Ticks | undefined {
    const { tick } = this.market
    const { bidMax, askMin } = this.bounds
    const price = side === bidSide ? bidMax - offset * tick : askMin + offset * tick
    return price >= tick && price <= ticksPerUsd - tick ? (price as Ticks) : undefined
  }

  /** Small quotes are common and large ones rare. */
  #size(): MicroShares {
    const shares = Math.exp(4.5 + this.#random.normal())
    return (Math.round(Math.max(5, shares) * 100) * sizeStep) as MicroShares
  }

  #request(side: BookSide, price: Ticks, size: MicroShares): OrderRequest {
    this.#count += 1
    return {
      id: `${this.market.listing.id}-${this.outcome}-${this.#count}`,
      owner: `maker-${this.#random.integer(1, 9)}`,
      ...orderTerms(this, side, price, this.#random),
      amount: { kind: 'shares', shares: size },
      timeInForce: 'gtc',
      postOnly: true,
    }
  }
}

function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined
}
