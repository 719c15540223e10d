import { askSide, bidSide } from '../../core/order-book.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement, zeroShares } from '../../core/units.ts'
import type { KalshiTerms, SimMarket, SimSet } from '../sim-market.ts'
import { isExclusive } from '../sim-market.ts'
import { contracts, dollars } from './fixed-point.ts'

/** A set of Kalshi with what only such a set has. */
export function termsOf(set: SimSet): KalshiTerms {
  if (set.kalshi === undefined) throw new Error(`${set.slug} is not listed on Kalshi`)
  return set.kalshi
}

/** docs/venues/kalshi.md, 3.2. */
const statuses: Readonly<Record<SimMarket['status'], string>> = {
  inactive: 'initialized',
  open: 'active',
  closed: 'closed',
  resolved: 'finalized',
}

export function statusOf(market: SimMarket): string {
  return statuses[market.status]
}

/** The grid of a market, by its step. docs/venues/kalshi.md, 3.4. */
export function gridOf({ tick }: SimMarket): object {
  const structure = tick >= 100 ? 'linear_cent' : 'deci_cent'
  const range = { start: '0.0000', end: '1.0000', step: dollars(tick) }
  return { price_level_structure: structure, price_ranges: [range] }
}

/** docs/venues/kalshi.md, 3.1. */
export function marketJson(market: SimMarket, volume: MicroShares): object {
  const { listing, set, engine, winner } = market
  const { strikeType } = termsOf(set)
  const name = listing.label === '' ? 'Yes' : listing.label
  const closedAt = iso(market.closedAt ?? listing.endsAt)
  return {
    ticker: listing.conditionId,
    event_ticker: set.slug,
    market_type: 'binary',
    title: listing.question,
    subtitle: '',
    yes_sub_title: name,
    no_sub_title: name,
    created_time: iso(listing.listedAt),
    updated_time: iso(listing.listedAt),
    open_time: iso(listing.listedAt),
    close_time: closedAt,
    expected_expiration_time: closedAt,
    latest_expiration_time: iso(listing.endsAt),
    settlement_timer_seconds: 60,
    status: statusOf(market),
    ...tops(market),
    last_price_dollars: dollars(lastPrice(market)),
    previous_price_dollars: dollars(lastPrice(market)),
    previous_yes_bid_dollars: dollars(engine.bestBid('yes')),
    previous_yes_ask_dollars: dollars(engine.bestAsk('yes')),
    volume_fp: contracts(volume),
    volume_24h_fp: contracts(volume),
    open_interest_fp: contracts(volume),
    notional_value_dollars: '1.0000',
    result: winner ?? '',
    ...(winner === undefined
      ? {}
      : { settlement_value_dollars: winner === 'yes' ? '1.0000' : '0.0000' }),
    expiration_value: '',
    can_close_early: true,
    strike_type: strikeType,
    ...(listing.strike === undefined ? {} : { floor_strike: listing.strike }),
    rules_primary: listing.rules ?? set.rules,
    rules_secondary: listing.rules === undefined ? '' : set.rules,
    ...gridOf(market),
    settlement_bounds_type: 'default',
    exchange_index: 0,
  }
}

/** docs/venues/kalshi.md, 3.1. */
export function eventJson(set: SimSet): object {
  const { series, category, sources } = termsOf(set)
  return {
    event_ticker: set.slug,
    series_ticker: series,
    title: set.title,
    sub_title: '',
    category,
    mutually_exclusive: isExclusive(set),
    collateral_return_type: isExclusive(set) ? 'MECNET' : '',
    strike_period: '',
    settlement_sources: sources,
    exchange_index: 0,
  }
}

/** docs/venues/kalshi.md, 3.1. */
export function seriesJson(set: SimSet): object {
  const { series, seriesTitle, category, feeType, feeMultiplier, sources } = termsOf(set)
  return {
    ticker: series,
    title: seriesTitle,
    frequency: 'custom',
    category,
    categories: [category],
    tags: null,
    settlement_sources: sources,
    contract_url: `https://kalshi.example/${series}`,
    contract_terms_url: `https://kalshi.example/${series}/terms`,
    additional_prohibitions: null,
    fee_type: feeType,
    fee_multiplier: feeMultiplier,
    exchange_index: 0,
  }
}

/** The book as REST tells it: bids of both outcomes, the best last. docs/venues/kalshi.md, 4.1. */
export function orderbookJson({ engine }: SimMarket, depth: number): object {
  const book = engine.book('yes')
  const levels = (side: typeof bidSide, priceOf: (price: Ticks) => Ticks): string[][] =>
    book
      .levels(side)
      .slice(-depth)
      .map(({ price, size }) => [dollars(priceOf(price)), contracts(size)])
  return {
    yes_dollars: levels(bidSide, (price) => price),
    no_dollars: levels(askSide, complement),
  }
}

export function lastPrice({ lastTrade }: SimMarket): Ticks {
  if (lastTrade === undefined) return 0 as Ticks
  return lastTrade.outcome === 'yes' ? lastTrade.price : complement(lastTrade.price)
}

/** The best prices and sizes of YES, and the prices of NO. */
export function tops({ engine }: SimMarket): object {
  const book = engine.book('yes')
  const [bid, ask] = [engine.bestBid('yes'), engine.bestAsk('yes')]
  return {
    yes_bid_dollars: dollars(bid),
    yes_ask_dollars: dollars(ask),
    no_bid_dollars: dollars(complement(ask)),
    no_ask_dollars: dollars(complement(bid)),
    yes_bid_size_fp: contracts(book.levels(bidSide).at(-1)?.size ?? zeroShares),
    yes_ask_size_fp: contracts(book.levels(askSide).at(-1)?.size ?? zeroShares),
  }
}

export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString()
}
