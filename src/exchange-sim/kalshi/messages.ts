import type { Outcome } from '../../core/market.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { BookSide } from '../../core/order-book.ts'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { complement } from '../../core/units.ts'
import type { SimMarket } from '../sim-market.ts'
import { contracts, dollars } from './fixed-point.ts'
import { gridOf, iso, lastPrice, termsOf, tops } from './market-json.ts'
import type { MarketIds } from '../market-ids.ts'
import type { TapeTrade } from './trade-tape.ts'

/** In which price a subscription is told the NO side. docs/venues/kalshi.md, 5.4. */
export type NoSidePrice = 'yes' | 'own'

/** What a message says; its type, sid and number are put around it when it is sent. */
export type Body = { readonly type: string; readonly msg: object }

/** The change of one level of a market. */
export type LevelDelta = {
  readonly market: SimMarket
  readonly side: BookSide
  /** Of YES. */
  readonly price: Ticks
  readonly change: MicroShares
  readonly at: EpochMs
}

/** The venue's id of a market: 32 hexadecimal digits in groups. */
export function marketIdOf({ listing }: SimMarket, ids: MarketIds): string {
  const hex = ids.hash(`kalshi ${listing.conditionId}`).slice(2, 34)
  const cuts = [0, 8, 12, 16, 20, 32]
  return cuts
    .slice(1)
    .map((end, at) => hex.slice(cuts[at], end))
    .join('-')
}

/** docs/venues/kalshi.md, 5.4. */
export function deltaBody(delta: LevelDelta, marketId: string, noSide: NoSidePrice): Body {
  const { market, side, price, change, at } = delta
  const isBid = side === bidSide
  return {
    type: 'orderbook_delta',
    msg: {
      market_ticker: market.listing.conditionId,
      market_id: marketId,
      price_dollars: dollars(isBid || noSide === 'yes' ? price : complement(price)),
      delta_fp: contracts(change),
      side: isBid ? 'yes' : 'no',
      ts: iso(at).replace('Z', '000Z'),
      ts_ms: at,
    },
  }
}

/** docs/venues/kalshi.md, 5.4: an empty side is left out, the best level comes last. */
export function snapshotBody(market: SimMarket, marketId: string, noSide: NoSidePrice): Body {
  const book = market.engine.book('yes')
  const side = (of: BookSide, priceOf: (price: Ticks) => Ticks): string[][] =>
    book.levels(of).map(({ price, size }) => [dollars(priceOf(price)), contracts(size)])
  const yes = side(bidSide, (price) => price)
  const no = side(askSide, noSide === 'yes' ? (price) => price : complement)
  return {
    type: 'orderbook_snapshot',
    msg: {
      market_ticker: market.listing.conditionId,
      market_id: marketId,
      ...(yes.length === 0 ? {} : { yes_dollars_fp: yes }),
      ...(no.length === 0 ? {} : { no_dollars_fp: no }),
    },
  }
}

/** docs/venues/kalshi.md, 5.5. */
export function tradeBody({ id, market, yesPrice, size, taker, at }: TapeTrade): Body {
  return {
    type: 'trade',
    msg: {
      trade_id: id,
      market_ticker: market.listing.conditionId,
      yes_price_dollars: dollars(yesPrice),
      no_price_dollars: dollars(complement(yesPrice)),
      count_fp: contracts(size),
      taker_side: taker,
      taker_outcome_side: taker,
      taker_book_side: taker === 'yes' ? 'bid' : 'ask',
      is_block_trade: false,
      ts: Math.floor(at / 1000),
      ts_ms: at,
    },
  }
}

/** docs/venues/kalshi.md, 5.5. */
export function tickerBody(
  market: SimMarket,
  marketId: string,
  volume: MicroShares,
  at: EpochMs,
): Body {
  return {
    type: 'ticker',
    msg: {
      market_id: marketId,
      market_ticker: market.listing.conditionId,
      price_dollars: dollars(lastPrice(market)),
      ...tops(market),
      volume_fp: contracts(volume),
      open_interest_fp: contracts(volume),
      ts: Math.floor(at / 1000),
      ts_ms: at,
      time: iso(at),
    },
  }
}

/** docs/venues/kalshi.md, 5.5. */
export function createdBody(market: SimMarket): Body {
  const { listing, set } = market
  return lifecycleBody(market, {
    event_type: 'created',
    exchange_index: 0,
    open_ts: Math.floor(listing.listedAt / 1000),
    close_ts: Math.floor(listing.endsAt / 1000),
    additional_metadata: {
      title: listing.question,
      event_ticker: set.slug,
      strike_type: termsOf(set).strikeType,
      rules_primary: listing.rules ?? set.rules,
    },
    price_level_structure: 'linear_cent',
  })
}

export function regriddedBody(market: SimMarket): Body {
  return lifecycleBody(market, { event_type: 'price_level_structure_updated', ...gridOf(market) })
}

export function determinedBody(market: SimMarket, winner: Outcome, at: EpochMs): Body {
  return lifecycleBody(market, {
    event_type: 'determined',
    result: winner,
    determination_ts: Math.floor(at / 1000),
    settlement_value: winner === 'yes' ? '1.0000' : '0.0000',
  })
}

function lifecycleBody({ listing }: SimMarket, facts: object): Body {
  return { type: 'market_lifecycle_v2', msg: { market_ticker: listing.conditionId, ...facts } }
}
