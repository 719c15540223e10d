import { formatPrice, formatSize } from '../core/decimal.ts'
import type { Market } from '../core/market.ts'
import type { Level } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { complement } from '../core/units.ts'
import type { ImportedItem } from './import-source.ts'

/**
 * Frames in the venues' own shapes, made from what an archive tells.
 *
 * No archive of tables has the hashes and numbers that prove a book, and none is invented here: a
 * made book comes whole each time, and nothing vouches for it, so it is never proven.
 */
export type MadeBook = {
  readonly market: Market
  readonly outcome: 'yes' | 'no'
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
  readonly venueMs: number
  readonly atMicros: number
}

export type MadeTrade = {
  readonly market: Market
  readonly outcome: 'yes' | 'no'
  readonly side: Side
  readonly price: Ticks
  readonly size: MicroShares
  readonly venueMs: number
  readonly atMicros: number
}

/** A whole book: `book` without its hash on Polymarket (docs/venues/polymarket.md, 4.4). */
export function makeBook(book: MadeBook): ImportedItem {
  const { market, outcome, venueMs, atMicros } = book
  const bids = book.bids.toSorted((a, b) => a.price - b.price)
  const asks = book.asks.toSorted((a, b) => b.price - a.price)
  if (market.venue === 'polymarket') {
    const bytes = frame({
      event_type: 'book',
      market: market.id,
      asset_id: market[outcome].id,
      timestamp: String(venueMs),
      bids: bids.map(wireLevel),
      asks: asks.map(wireLevel),
    })
    return { kind: 'frame', venue: 'polymarket', bytes, atMicros }
  }
  // Kalshi's REST form has bids only, each outcome in its own price: docs/venues/kalshi.md, 4.1.
  const others = asks.map(({ price, size }) => ({ price: complement(price), size }))
  const [yes, no] = outcome === 'yes' ? [bids, others] : [others, bids]
  const bytes = frame({
    orderbooks: [
      {
        ticker: market.id,
        orderbook_fp: { yes_dollars: yes.map(wirePair), no_dollars: no.map(wirePair) },
      },
    ],
  })
  return { kind: 'snapshot', venue: 'kalshi', market: market.id, bytes, atMicros }
}

/** docs/venues/polymarket.md, 4.6; docs/venues/kalshi.md, 5.5. */
export function makeTrade(trade: MadeTrade): ImportedItem {
  const { market, outcome, side, price, size, venueMs, atMicros } = trade
  if (market.venue === 'polymarket') {
    const bytes = frame({
      event_type: 'last_trade_price',
      market: market.id,
      asset_id: market[outcome].id,
      price: formatPrice(price),
      size: formatSize(size),
      side: side === 'buy' ? 'BUY' : 'SELL',
      timestamp: String(venueMs),
    })
    return { kind: 'frame', venue: 'polymarket', bytes, atMicros }
  }
  const yesPrice = outcome === 'yes' ? price : complement(price)
  // A taker who sells one outcome buys the other.
  const takes = (side === 'buy') === (outcome === 'yes') ? 'yes' : 'no'
  const bytes = frame({
    type: 'trade',
    msg: {
      market_ticker: market.id,
      yes_price_dollars: fourDecimals(yesPrice),
      no_price_dollars: fourDecimals(complement(yesPrice)),
      count_fp: formatSize(size),
      taker_outcome_side: takes,
      ts_ms: venueMs,
    },
  })
  return { kind: 'frame', venue: 'kalshi', bytes, atMicros }
}

/** A new step of a market's prices. docs/venues/polymarket.md, 4.6. */
export function makeTickSize(
  market: Market,
  { tick, venueMs, atMicros }: { tick: Ticks; venueMs: number; atMicros: number },
): ImportedItem {
  const bytes = frame({
    event_type: 'tick_size_change',
    market: market.id,
    asset_id: market.yes.id,
    new_tick_size: formatPrice(tick),
    timestamp: String(venueMs),
  })
  return { kind: 'frame', venue: 'polymarket', bytes, atMicros }
}

function frame(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function wireLevel({ price, size }: Level): { price: string; size: string } {
  return { price: formatPrice(price), size: formatSize(size) }
}

function wirePair({ price, size }: Level): [string, string] {
  return [fourDecimals(price), formatSize(size)]
}

function fourDecimals(price: Ticks): string {
  const [whole = '0', fraction = ''] = formatPrice(price).split('.')
  return `${whole}.${fraction.padEnd(4, '0')}`
}
