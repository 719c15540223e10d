import { formatPrice, formatSize } from '../../core/decimal.ts'
import type { Outcome } from '../../core/market.ts'
import type { EpochMs, Ticks } from '../../core/units.ts'
import type { LevelChange } from '../matching-engine.ts'
import type { LastTrade, SimMarket } from '../sim-market.ts'
import type { WrittenBook } from './book-text.ts'
import { lastTradePriceText, levelSeenBy } from './book-text.ts'
import { feeScheduleText } from './fee-schedule-wire.ts'
import { spacedJson, spaceOut } from './spaced-json.ts'

export type Hashes = Readonly<Partial<Record<Outcome, string>>>

/** One book of the first dump, compact, with the keys in the venue's sequence. 4.4. */
export function bookDumpText(
  market: SimMarket,
  outcome: Outcome,
  at: EpochMs,
  book: WrittenBook,
): string {
  const { conditionId, tokens } = market.listing
  return (
    `{"market":"${conditionId}","asset_id":"${tokens[outcome]}","timestamp":"${at}",` +
    `"hash":"${book.hash}","bids":${book.bids},"asks":${book.asks},` +
    `"tick_size":"${formatPrice(market.tick)}","event_type":"book",` +
    `"last_trade_price":"${lastTradePriceText(market, outcome)}"}`
  )
}

/** The book after a trade: other keys in another sequence, no tick size, no trade price. 4.4. */
export function bookAfterTradeText(
  market: SimMarket,
  outcome: Outcome,
  at: EpochMs,
  book: WrittenBook,
): string {
  const { conditionId, tokens } = market.listing
  return (
    `{"market":"${conditionId}", "asset_id":"${tokens[outcome]}", ` +
    `"bids":${spaceOut(book.bids)}, "asks":${spaceOut(book.asks)}, ` +
    `"hash":"${book.hash}", "timestamp":"${at}", "event_type":"book"}`
  )
}

/**
 * A changed level, told for each token whose book it is in, the one that was traded first. 4.5.
 *
 * The hashes are of the books as they are after the whole event, and so are the best prices.
 */
export function priceChangeText(
  market: SimMarket,
  change: LevelChange,
  at: EpochMs,
  hashes: Hashes,
): string {
  const { conditionId } = market.listing
  const entries = outcomesTold(market, change)
    .map((outcome) => entryText(market, outcome, change, hashes[outcome] ?? ''))
    .join(', ')
  return (
    `{"market":"${conditionId}", "price_changes":[${entries}], ` +
    `"timestamp":"${at}", "event_type":"price_change"}`
  )
}

function outcomesTold(market: SimMarket, change: LevelChange): readonly Outcome[] {
  if (market.engine.kind === 'separate') return [change.book]
  return change.outcome === 'yes' ? ['yes', 'no'] : ['no', 'yes']
}

function entryText(
  market: SimMarket,
  outcome: Outcome,
  change: LevelChange,
  hashText: string,
): string {
  const { price, side } = levelSeenBy(market, outcome, change)
  return (
    `{"asset_id":"${market.listing.tokens[outcome]}", "price":"${price}", ` +
    `"size":"${formatSize(change.size)}", "side":"${side}", "hash":"${hashText}", ` +
    `"best_bid":"${formatPrice(market.engine.bestBid(outcome))}", ` +
    `"best_ask":"${formatPrice(market.engine.bestAsk(outcome))}"}`
  )
}

export function lastTradeText(market: SimMarket, trade: LastTrade, transaction: string): string {
  return spacedJson({
    market: market.listing.conditionId,
    asset_id: market.listing.tokens[trade.outcome],
    price: formatPrice(trade.price),
    size: formatSize(trade.size),
    fee_rate_bps: '0',
    side: trade.side === 'buy' ? 'BUY' : 'SELL',
    timestamp: String(trade.at),
    event_type: 'last_trade_price',
    transaction_hash: transaction,
  })
}

export function tickSizeChangeText(
  market: SimMarket,
  outcome: Outcome,
  change: { readonly from: Ticks; readonly to: Ticks; readonly at: EpochMs },
): string {
  return spacedJson({
    market: market.listing.conditionId,
    asset_id: market.listing.tokens[outcome],
    old_tick_size: formatPrice(change.from),
    new_tick_size: formatPrice(change.to),
    timestamp: String(change.at),
    event_type: 'tick_size_change',
  })
}

export function bestBidAskText(market: SimMarket, outcome: Outcome, at: EpochMs): string {
  const bid = market.engine.bestBid(outcome)
  const ask = market.engine.bestAsk(outcome)
  return spacedJson({
    market: market.listing.conditionId,
    asset_id: market.listing.tokens[outcome],
    best_bid: formatPrice(bid),
    best_ask: formatPrice(ask),
    spread: formatPrice((ask - bid) as Ticks),
    timestamp: String(at),
    event_type: 'best_bid_ask',
  })
}

/** Announces a market to everybody who asked for the custom events. 4.6. */
export function newMarketText(market: SimMarket, at: EpochMs): string {
  const { listing, set } = market
  const tokens = [listing.tokens.yes, listing.tokens.no]
  return spacedJson({
    id: listing.id,
    question: listing.question,
    market: listing.conditionId,
    slug: listing.slug,
    description: set.rules,
    assets_ids: tokens,
    outcomes: listing.outcomes,
    event_message: {
      id: set.id,
      ticker: set.slug,
      slug: set.slug,
      title: set.title,
      description: set.rules,
    },
    timestamp: String(at),
    event_type: 'new_market',
    tags: set.tags.map(({ label }) => label),
    condition_id: listing.conditionId,
    active: market.isOpen,
    clob_token_ids: tokens,
    sports_market_type: '',
    line: '',
    game_start_time: '',
    order_price_min_tick_size: formatPrice(market.tick),
    group_item_title: listing.label,
    taker_base_fee: '1000',
    fees_enabled: listing.fee.kind !== 'free',
    fee_schedule: feeScheduleText(listing.fee),
  })
}

export function marketResolvedText(market: SimMarket, winner: Outcome, at: EpochMs): string {
  const { listing, set } = market
  return spacedJson({
    id: listing.id,
    market: listing.conditionId,
    assets_ids: [listing.tokens.yes, listing.tokens.no],
    winning_asset_id: listing.tokens[winner],
    winning_outcome: listing.outcomes[winner === 'yes' ? 0 : 1],
    event_message: null,
    timestamp: String(at),
    event_type: 'market_resolved',
    tags: set.tags.map(({ label }) => label),
  })
}
