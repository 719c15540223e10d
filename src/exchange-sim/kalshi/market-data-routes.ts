import type { ApiReply, Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { World } from '../world.ts'
import { contracts, dollars } from './fixed-point.ts'
import { apiPath, get, marketOf } from './listing-routes.ts'
import { iso, orderbookJson } from './market-json.ts'
import type { Bar, MinuteBars, Span } from './minute-bars.ts'
import { listOf, pageOf } from './pages.ts'
import type { TapeTrade, TradeTape } from './trade-tape.ts'
import { complement } from '../../core/units.ts'

const notFound: ApiReply = { status: 404, body: { error: { code: 'not_found' } } }
/** docs/venues/kalshi.md, 4.1. */
const booksMax = 100
const badRequest: ApiReply = {
  status: 400,
  body: { error: { code: 'invalid_parameters', message: `1 to ${booksMax} tickers` } },
}

export type MarketData = {
  readonly world: World
  readonly tape: TradeTape
  readonly bars: MinuteBars
}

/** Books, trades and candles. docs/venues/kalshi.md, 4.1. */
export function marketDataRoutes(data: MarketData): readonly Route[] {
  return [...bookRoutes(data), ...tradeRoutes(data), ...candleRoutes(data)].map((route) => ({
    ...route,
    path: apiPath + route.path,
  }))
}

function bookRoutes({ world }: MarketData): readonly Route[] {
  return [
    {
      method: 'GET',
      path: '/markets/orderbooks',
      answer({ query }) {
        const tickers = listOf(query, 'tickers')
        if (tickers.length === 0 || tickers.length > booksMax) return badRequest
        const orderbooks = tickers.flatMap((ticker) => {
          const market = marketOf(world, ticker)
          return market === undefined
            ? []
            : [{ ticker, orderbook_fp: orderbookJson(market, Number.POSITIVE_INFINITY) }]
        })
        return found({ orderbooks })
      },
    },
    {
      method: 'GET',
      path: '/markets/:ticker/orderbook',
      answer({ params, query }) {
        const market = marketOf(world, params['ticker'])
        if (market === undefined) return notFound
        const depth = Number(query.get('depth') ?? 0)
        return found({ orderbook_fp: orderbookJson(market, depth > 0 ? depth : 100_000) })
      },
    },
  ]
}

function tradeRoutes({ world, tape }: MarketData): readonly Route[] {
  return [
    get('/markets/trades', ({ query }) => {
      const ticker = query.get('ticker')
      const markets =
        ticker === null ? world.marketsOn('kalshi') : [marketOf(world, ticker)].filter(isThere)
      const trades = markets
        .flatMap((market) => tape.tradesOf(market))
        .filter(({ at }) => isWithin(at, query, 'min_ts', 'max_ts'))
        .toSorted((a, b) => b.at - a.at)
      const { page, cursor } = pageOf(trades, query, { normal: 100, most: 1000 })
      return { trades: page.map(tradeJson), cursor }
    }),
  ]
}

function candleRoutes({ world, bars }: MarketData): readonly Route[] {
  const candles = (ticker: string | undefined, query: URLSearchParams): readonly object[] => {
    const market = marketOf(world, ticker)
    if (market === undefined) return []
    const [from, until] = [instant(query, 'start_ts'), instant(query, 'end_ts')]
    const minutes = Number(query.get('period_interval') ?? 1)
    return bars
      .between(market, from ?? 0, until ?? Number.MAX_SAFE_INTEGER, minutes)
      .map(candleJson)
  }
  return [
    get('/markets/candlesticks', ({ query }) => ({
      markets: listOf(query, 'market_tickers').map((ticker) => ({
        market_ticker: ticker,
        candlesticks: candles(ticker, query),
      })),
    })),
    {
      method: 'GET',
      path: '/series/:series/markets/:ticker/candlesticks',
      answer({ params, query }) {
        const ticker = params['ticker']
        return marketOf(world, ticker) === undefined
          ? notFound
          : found({ ticker, candlesticks: candles(ticker, query) })
      },
    },
  ]
}

/** docs/venues/kalshi.md, 4.1. */
function tradeJson({ id, market, yesPrice, size, taker, at }: TapeTrade): object {
  return {
    trade_id: id,
    ticker: market.listing.conditionId,
    count_fp: contracts(size),
    yes_price_dollars: dollars(yesPrice),
    no_price_dollars: dollars(complement(yesPrice)),
    taker_outcome_side: taker,
    taker_book_side: taker === 'yes' ? 'bid' : 'ask',
    taker_side: taker,
    created_time: iso(at),
    is_block_trade: false,
  }
}

/** docs/venues/kalshi.md, 4.1. */
function candleJson({ endMs, bid, ask, price, volume }: Bar): object {
  return {
    end_period_ts: endMs / 1000,
    yes_bid: spanJson(bid),
    yes_ask: spanJson(ask),
    price: price === undefined ? {} : spanJson(price),
    volume_fp: contracts(volume),
    open_interest_fp: contracts(volume),
  }
}

function spanJson({ open, low, high, close }: Span): object {
  return {
    open_dollars: dollars(open),
    low_dollars: dollars(low),
    high_dollars: dollars(high),
    close_dollars: dollars(close),
  }
}

/** A query's instant, told in seconds. */
function instant(query: URLSearchParams, key: string): number | undefined {
  const text = query.get(key)
  return text === null ? undefined : Number(text) * 1000
}

function isWithin(at: number, query: URLSearchParams, from: string, until: string): boolean {
  return at >= (instant(query, from) ?? 0) && at <= (instant(query, until) ?? Infinity)
}

function isThere<T>(value: T | undefined): value is T {
  return value !== undefined
}
