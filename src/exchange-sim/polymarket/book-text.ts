import { hash } from 'node:crypto'
import { formatPrice, formatSize } from '../../core/decimal.ts'
import type { Outcome } from '../../core/market.ts'
import type { BookSide } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement } from '../../core/units.ts'
import type { QueueLevel } from '../limit-book.ts'
import type { SimMarket } from '../sim-market.ts'
import { orderSizeMin } from '../sim-market.ts'

export type LevelText = { readonly price: string; readonly size: string }

/** What a book's hash is made of. Everything is text as it stands on the wire. */
export type BookFacts = {
  readonly market: string
  readonly asset_id: string
  readonly timestamp: string
  readonly bids: readonly LevelText[]
  readonly asks: readonly LevelText[]
  readonly min_order_size: string
  readonly tick_size: string
  readonly neg_risk: boolean
  readonly last_trade_price: string
}

/** SHA-1 of the one exact compact JSON of the whole book. docs/venues/polymarket.md, 4.7. */
export function bookHash(facts: BookFacts): string {
  return hashOf(facts, JSON.stringify(facts.bids), JSON.stringify(facts.asks))
}

function hashOf(facts: Omit<BookFacts, 'bids' | 'asks'>, bids: string, asks: string): string {
  const { market, asset_id, timestamp, min_order_size, tick_size, last_trade_price } = facts
  const preimage =
    `{"market":"${market}","asset_id":"${asset_id}","timestamp":"${timestamp}","hash":"",` +
    `"bids":${bids},"asks":${asks},"min_order_size":"${min_order_size}",` +
    `"tick_size":"${tick_size}","neg_risk":${facts.neg_risk},` +
    `"last_trade_price":"${last_trade_price}"}`
  return hash('sha1', preimage)
}

export type WrittenBook = {
  /** JSON arrays, compact: bids rising, asks falling, the best level last. */
  readonly bids: string
  readonly asks: string
  readonly hash: string
}

/**
 * Writes books as the venue does, and keeps the text of each level until its size changes: a book
 * is hashed with every change, and all but one of its levels are as they were.
 */
export class BookWriter {
  readonly #levels = new WeakMap<QueueLevel, { size: MicroShares; yes: string; no: string }>()

  write(market: SimMarket, outcome: Outcome, timestamp: string): WrittenBook {
    const { engine, listing } = market
    const book = engine.book(outcome)
    const mirrored = engine.kind === 'mirrored' && outcome === 'no'
    const below = this.#side(book.levels(bidSide), mirrored)
    const above = this.#side(book.levels(askSide), mirrored)
    // The mirror of a rising list of bids is a falling list of asks, so the sequence stays.
    const bids = mirrored ? above : below
    const asks = mirrored ? below : above
    const facts = {
      market: listing.conditionId,
      asset_id: listing.tokens[outcome],
      timestamp,
      min_order_size: formatSize(orderSizeMin),
      tick_size: formatPrice(market.tick),
      neg_risk: market.set.negRiskId !== undefined,
      last_trade_price: lastTradePriceText(market, outcome),
    }
    return { bids, asks, hash: hashOf(facts, bids, asks) }
  }

  #side(levels: readonly QueueLevel[], mirrored: boolean): string {
    let text = ''
    for (const level of levels) {
      const { yes, no } = this.#level(level)
      text += (text === '' ? '' : ',') + (mirrored ? no : yes)
    }
    return `[${text}]`
  }

  #level(level: QueueLevel): { readonly yes: string; readonly no: string } {
    const known = this.#levels.get(level)
    if (known !== undefined && known.size === level.size) return known

    const size = formatSize(level.size)
    const written = {
      size: level.size,
      yes: `{"price":"${formatPrice(level.price)}","size":"${size}"}`,
      no: `{"price":"${formatPrice(complement(level.price))}","size":"${size}"}`,
    }
    this.#levels.set(level, written)
    return written
  }
}

/**
 * The newest trade price as it stands in books and hashes: of a mirrored market one text for both
 * tokens, with three decimals at the least. Empty before the first trade.
 *
 * docs/venues/polymarket.md, 3.2 and 4.7.
 */
export function lastTradePriceText(market: SimMarket, outcome: Outcome): string {
  const lastTrade = market.lastTradeIn(outcome)
  if (lastTrade === undefined) return ''
  const [whole = '0', decimals = ''] = formatPrice(lastTrade.price).split('.')
  return `${whole}.${decimals.padEnd(3, '0')}`
}

/** A change of a level as a token's book sees it: a price in its terms, and a wire side. */
export function levelSeenBy(
  market: SimMarket,
  outcome: Outcome,
  change: { readonly side: BookSide; readonly price: Ticks },
): { readonly price: string; readonly side: 'BUY' | 'SELL' } {
  const mirrored = market.engine.kind === 'mirrored' && outcome === 'no'
  const isBid = (change.side === bidSide) !== mirrored
  return {
    price: formatPrice(mirrored ? complement(change.price) : change.price),
    side: isBid ? 'BUY' : 'SELL',
  }
}
