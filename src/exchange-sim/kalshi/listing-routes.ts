import type { ApiReply, Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { SimMarket, SimSet } from '../sim-market.ts'
import type { World } from '../world.ts'
import type { ExchangeState } from './exchange-mode.ts'
import { eventJson, iso, marketJson, seriesJson, statusOf, termsOf } from './market-json.ts'
import { listOf, pageOf } from './pages.ts'
import type { TradeTape } from './trade-tape.ts'

/** Everything stands under this path, and it is part of what is signed. */
export const apiPath = '/trade-api/v2'

const notFound: ApiReply = { status: 404, body: { error: { code: 'not_found' } } }

type Listings = {
  readonly world: World
  readonly tape: TradeTape
  readonly state: ExchangeState
}

/** What the exchange says of itself and lists. docs/venues/kalshi.md, 1.4 and 4.1. */
export function listingRoutes(listings: Listings): readonly Route[] {
  return [...exchangeRoutes(listings), ...seriesRoutes(listings), ...eventRoutes(listings)].map(
    (route) => ({ ...route, path: apiPath + route.path }),
  )
}

function exchangeRoutes({ state }: Listings): readonly Route[] {
  return [
    get('/exchange/status', () => {
      const status = {
        exchange_active: state.mode !== 'exchange-paused',
        trading_active: state.mode === 'open',
        intra_exchange_transfers_active: true,
      }
      const shard = { exchange_index: 0, description: 'Default', ...status }
      return { ...status, exchange_index_statuses: [shard] }
    }),
    get('/exchange/schedule', () => ({
      schedule: { standard_hours: [], maintenance_windows: [] },
    })),
    get('/exchange/user_data_timestamp', () => ({ as_of_time: iso(state.readsUntil()) })),
  ]
}

function seriesRoutes({ world }: Listings): readonly Route[] {
  const all = (): ReadonlyMap<string, SimSet> =>
    new Map(world.setsOn('kalshi').map((set) => [termsOf(set).series, set]))
  return [
    get('/series', ({ query }) => ({
      series: [...all().values()]
        .filter((set) => isOrNotAsked(query.get('category'), termsOf(set).category))
        .map(seriesJson),
    })),
    get('/series/fee_changes', () => ({ series_fee_change_arr: [] })),
    {
      method: 'GET',
      path: '/series/:series',
      answer({ params }) {
        const set = all().get(params['series'] ?? '')
        return set === undefined ? notFound : found({ series: seriesJson(set) })
      },
    },
  ]
}

function eventRoutes(listings: Listings): readonly Route[] {
  const { world } = listings
  return [
    get('/events', ({ query }) => {
      const hits = world.setsOn('kalshi').filter((set) => isAskedFor(set, query))
      const { page, cursor } = pageOf(hits, query, { normal: 200, most: 200 })
      return { events: page.map((set) => withMarkets(set, query, listings)), cursor }
    }),
    get('/events/fee_changes', () => ({ event_fee_changes: [], cursor: '' })),
    {
      method: 'GET',
      path: '/events/:event',
      answer({ params, query }) {
        const set = world.setsOn('kalshi').find(({ slug }) => slug === params['event'])
        if (set === undefined) return notFound
        const markets = set.markets.map((market) => jsonOf(market, listings))
        const isNested = query.get('with_nested_markets') === 'true'
        return found({ event: withMarkets(set, query, listings), ...(isNested ? {} : { markets }) })
      },
    },
    get('/markets', ({ query }) => {
      const hits = world.marketsOn('kalshi').filter((market) => isWanted(market, query))
      const { page, cursor } = pageOf(hits, query, { normal: 100, most: 1000 })
      return { markets: page.map((market) => jsonOf(market, listings)), cursor }
    }),
    {
      method: 'GET',
      path: '/markets/:ticker',
      answer({ params }) {
        const market = marketOf(world, params['ticker'])
        return market === undefined ? notFound : found({ market: jsonOf(market, listings) })
      },
    },
  ]
}

/** A market of Kalshi by its ticker. */
export function marketOf(world: World, ticker: string | undefined): SimMarket | undefined {
  const market = world.byCondition(ticker ?? '')
  return market?.set.venue === 'kalshi' ? market : undefined
}

export function get(
  path: string,
  body: (request: Parameters<Route['answer']>[0]) => object,
): Route {
  return { method: 'GET', path, answer: (request) => found(body(request)) }
}

function jsonOf(market: SimMarket, { tape }: Listings): object {
  return marketJson(market, tape.volumeOf(market))
}

function withMarkets(set: SimSet, query: URLSearchParams, listings: Listings): object {
  if (query.get('with_nested_markets') !== 'true') return eventJson(set)
  return { ...eventJson(set), markets: set.markets.map((market) => jsonOf(market, listings)) }
}

/** Which statuses a filter takes. docs/venues/kalshi.md, 3.2. */
const filters: Readonly<Record<string, readonly string[]>> = {
  unopened: ['initialized'],
  open: ['active'],
  paused: ['inactive'],
  closed: ['closed', 'determined', 'disputed', 'amended'],
  settled: ['finalized'],
}

/** An event is taken when any of its markets is. */
function isAskedFor(set: SimSet, query: URLSearchParams): boolean {
  const tickers = listOf(query, 'tickers')
  return (
    (tickers.length === 0 || tickers.includes(set.slug)) &&
    isOrNotAsked(query.get('series_ticker'), termsOf(set).series) &&
    set.markets.some((market) => hasStatus(market, query))
  )
}

function isWanted(market: SimMarket, query: URLSearchParams): boolean {
  const tickers = listOf(query, 'tickers')
  const { listing, set } = market
  return (
    (tickers.length === 0 || tickers.includes(listing.conditionId)) &&
    isOrNotAsked(query.get('event_ticker'), set.slug) &&
    isOrNotAsked(query.get('series_ticker'), termsOf(set).series) &&
    hasStatus(market, query)
  )
}

function hasStatus(market: SimMarket, query: URLSearchParams): boolean {
  const status = query.get('status')
  return status === null || (filters[status] ?? []).includes(statusOf(market))
}

function isOrNotAsked(asked: string | null, is: string): boolean {
  return asked === null || asked === is
}
