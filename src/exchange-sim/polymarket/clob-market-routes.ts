import { formatPrice } from '../../core/decimal.ts'
import type { Outcome } from '../../core/market.ts'
import type { ApiReply, ApiRequest, Route } from '../http-host.ts'
import { found, refused } from '../http-host.ts'
import type { SimMarket } from '../sim-market.ts'
import type { World } from '../world.ts'
import { feeScheduleWire } from './fee-schedule-wire.ts'
import { isoOf } from './gamma-market.ts'
import { takerDelayOf } from './taker-delay.ts'

/** Rows of one page of the CLOB's market listings. docs/venues/polymarket.md, 3.1. */
const pageRows = 500
const lastCursor = 'LTE='

/** The CLOB's endpoints about markets, and about itself. docs/venues/polymarket.md, 1.4 and 3.3. */
export function clobMarketRoutes(world: World): readonly Route[] {
  const market = (path: string, read: (market: SimMarket) => unknown): Route => ({
    method: 'GET',
    path,
    answer: ({ params }) => {
      const hit = world.byCondition(params['condition'] ?? '')
      return hit === undefined ? refused(404, 'market not found') : found(read(hit))
    },
  })
  const list = (path: string, write: (market: SimMarket) => unknown): Route => ({
    method: 'GET',
    path,
    answer: (request) => page(world, request, write),
  })
  return [
    { method: 'GET', path: '/ok', answer: () => found('OK') },
    { method: 'GET', path: '/time', answer: () => found(Math.floor(world.now() / 1000)) },
    { method: 'GET', path: '/version', answer: () => found({ version: 2 }) },
    { method: 'GET', path: '/markets-by-token/:token', answer: byToken(world) },
    { method: 'GET', path: '/prices-history', answer: pricesHistory(world) },
    market('/clob-markets/:condition', shortMarket),
    list('/sampling-markets', longMarket),
    list('/simplified-markets', simplifiedMarket),
    list('/sampling-simplified-markets', simplifiedMarket),
    list('/markets', longMarket),
    market('/markets/:condition', longMarket),
  ]
}

function byToken(world: World): (request: ApiRequest) => ApiReply {
  return ({ params }) => {
    const hit = world.byToken(params['token'] ?? '')
    if (hit === undefined) return refused(404, 'market not found')
    const { conditionId, tokens } = hit.market.listing
    return found({
      condition_id: conditionId,
      primary_token_id: tokens.yes,
      secondary_token_id: tokens.no,
    })
  }
}

/** The newest price and nothing older: the exchange keeps no history. */
function pricesHistory(world: World): (request: ApiRequest) => ApiReply {
  return ({ query }) => {
    const hit = world.byToken(query.get('market') ?? '')
    if (hit === undefined) return refused(400, 'Invalid token id')
    const { engine } = hit.market
    const middle = (engine.bestBid(hit.outcome) + engine.bestAsk(hit.outcome)) / 20_000
    return found({ history: [{ t: Math.floor(world.now() / 1000), p: middle }] })
  }
}

function page(
  world: World,
  { query }: ApiRequest,
  write: (market: SimMarket) => unknown,
): ApiReply {
  const cursor = query.get('next_cursor') ?? ''
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8'))
  if (!Number.isSafeInteger(start) || start < 0) return refused(400, 'Invalid payload')

  const rows = world.marketsOn('polymarket').slice(start, start + pageRows)
  const end = start + rows.length
  const isLast = end >= world.marketsOn('polymarket').length
  return found({
    limit: pageRows,
    count: rows.length,
    next_cursor: isLast ? lastCursor : Buffer.from(String(end)).toString('base64'),
    data: rows.map(write),
  })
}

/** The short-key form, where the fee curve stands. docs/venues/polymarket.md, 3.3. */
function shortMarket(market: SimMarket): unknown {
  const { listing, set } = market
  const fee = feeScheduleWire(listing.fee)
  const delay = takerDelayOf(market)
  return {
    c: listing.conditionId,
    t: [
      { t: listing.tokens.yes, o: listing.outcomes[0] },
      { t: listing.tokens.no, o: listing.outcomes[1] },
    ],
    mts: Number(formatPrice(market.tick)),
    mos: 5,
    nr: set.negRiskId !== undefined ? true : undefined,
    fd: fee === undefined ? undefined : { r: fee.rate, e: fee.exponent, to: fee.takerOnly },
    mbf: listing.fee.kind === 'free' ? 0 : 1000,
    tbf: listing.fee.kind === 'free' ? 0 : 1000,
    r: null,
    ao: market.isOpen,
    sd: delay.kind === 'queued' ? delay.ms / 1000 : 0,
    itode: delay.kind === 'held' ? true : undefined,
    cbos: true,
    aot: isoOf(listing.listedAt),
    rfqe: false,
    ibce: false,
    oas: 0,
  }
}

function longMarket(market: SimMarket): unknown {
  const { listing, set } = market
  const delay = takerDelayOf(market)
  return {
    enable_order_book: true,
    active: market.status !== 'inactive',
    closed: market.status === 'resolved',
    archived: false,
    accepting_orders: market.isOpen,
    accepting_order_timestamp: isoOf(listing.listedAt),
    minimum_order_size: 5,
    minimum_tick_size: Number(formatPrice(market.tick)),
    condition_id: listing.conditionId,
    question_id: listing.questionId,
    question: listing.question,
    description: set.rules,
    market_slug: listing.slug,
    end_date_iso: isoOf(listing.endsAt),
    game_start_time: null,
    seconds_delay: delay.kind === 'queued' ? delay.ms / 1000 : 0,
    fpmm: '',
    maker_base_fee: listing.fee.kind === 'free' ? 0 : 1000,
    taker_base_fee: listing.fee.kind === 'free' ? 0 : 1000,
    notifications_enabled: true,
    neg_risk: set.negRiskId !== undefined,
    neg_risk_market_id: set.negRiskId ?? '',
    neg_risk_request_id: set.negRiskId === undefined ? '' : listing.questionId,
    icon: '',
    image: '',
    rewards: { rates: null, min_size: 50, max_spread: 4.5 },
    is_50_50_outcome: false,
    tokens: [longToken(market, 'yes'), longToken(market, 'no')],
    tags: set.tags.map(({ label }) => label),
  }
}

function simplifiedMarket(market: SimMarket): unknown {
  const { listing } = market
  return {
    condition_id: listing.conditionId,
    tokens: [longToken(market, 'yes'), longToken(market, 'no')],
    rewards: { rates: null, min_size: 50, max_spread: 4.5 },
    active: market.status !== 'inactive',
    closed: market.status === 'resolved',
    archived: false,
    accepting_orders: market.isOpen,
  }
}

function longToken(market: SimMarket, outcome: Outcome): unknown {
  const { listing, engine, winner } = market
  const middle = (engine.bestBid(outcome) + engine.bestAsk(outcome)) / 20_000
  return {
    token_id: listing.tokens[outcome],
    outcome: listing.outcomes[outcome === 'yes' ? 0 : 1],
    price: winner === undefined ? middle : Number(winner === outcome),
    winner: winner === outcome,
  }
}
