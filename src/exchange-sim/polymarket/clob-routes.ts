import { z } from 'zod'
import { formatPrice, formatSize } from '../../core/decimal.ts'
import type { Outcome } from '../../core/market.ts'
import type { Ticks } from '../../core/units.ts'
import type { ApiReply, ApiRequest, Route } from '../http-host.ts'
import { found, refused } from '../http-host.ts'
import type { SimMarket } from '../sim-market.ts'
import { orderSizeMin } from '../sim-market.ts'
import type { World } from '../world.ts'
import type { BookWriter } from './book-text.ts'
import { lastTradePriceText } from './book-text.ts'

type Token = { readonly token: string; readonly market: SimMarket; readonly outcome: Outcome }

const noBook = 'No orderbook exists for the requested token id'

/** A request for many tokens at once. docs/venues/polymarket.md, 3.1. */
const ManySchema = z
  .array(z.object({ token_id: z.string(), side: z.enum(['BUY', 'SELL']).optional() }))
  .max(500)

/** The CLOB's public read endpoints about one token or many. docs/venues/polymarket.md, 3.1. */
export function clobTokenRoutes(world: World, writer: BookWriter): readonly Route[] {
  const one = (path: string, read: (token: Token, request: ApiRequest) => ApiReply): Route => ({
    method: 'GET',
    path,
    answer: (request) => {
      const token = request.query.get('token_id') ?? ''
      const hit = world.byToken(token)
      if (hit === undefined) return refused(404, noBook)
      return read({ token, ...hit }, request)
    },
  })
  const many = (path: string, read: (tokens: readonly Asked[]) => unknown): Route => ({
    method: 'POST',
    path,
    answer: ({ body }) => {
      const asked = parseMany(world, body)
      return asked === undefined ? refused(400, 'Invalid payload') : found(read(asked))
    },
  })
  return [
    one('/book', (token) => found(bookBody(world, writer, token))),
    many('/books', (tokens) => tokens.map((token) => bookBody(world, writer, token))),
    one('/price', (token, { query }) => {
      const side = query.get('side')
      if (side !== 'BUY' && side !== 'SELL') return refused(400, 'Invalid side')
      return found({ price: priceOf(token, side) })
    }),
    many('/prices', (tokens) =>
      Object.fromEntries(
        tokens.map((token) => [token.token, { [token.side]: priceOf(token, token.side) }]),
      ),
    ),
    one('/midpoint', (token) => found({ mid: midpointOf(token) })),
    many('/midpoints', (tokens) => byToken(tokens, midpointOf)),
    one('/spread', (token) => found({ spread: spreadOf(token) })),
    many('/spreads', (tokens) => byToken(tokens, spreadOf)),
    one('/last-trade-price', (token) => found(lastTradeOf(token))),
    many('/last-trades-prices', (tokens) =>
      tokens.map((token) => ({ token_id: token.token, ...lastTradeOf(token) })),
    ),
    one('/tick-size', ({ market }) =>
      found({ minimum_tick_size: Number(formatPrice(market.tick)) }),
    ),
    one('/neg-risk', ({ market }) => found({ neg_risk: market.set.negRiskId !== undefined })),
    one('/fee-rate', ({ market }) =>
      found({ base_fee: market.listing.fee.kind === 'free' ? 0 : 1000 }),
    ),
  ]
}

type Asked = Token & { readonly side: 'BUY' | 'SELL' }

/** The tokens of a body; one that nobody knows is left out. Undefined when it is no list. */
function parseMany(world: World, body: string): readonly Asked[] | undefined {
  const parsed = ManySchema.safeParse(parseJson(body))
  if (!parsed.success) return undefined
  return parsed.data.flatMap(({ token_id, side }) => {
    const hit = world.byToken(token_id)
    return hit === undefined ? [] : [{ token: token_id, side: side ?? 'BUY', ...hit }]
  })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** A whole book, with the keys in the venue's sequence. docs/venues/polymarket.md, 3.2. */
function bookBody(world: World, writer: BookWriter, { token, market, outcome }: Token): unknown {
  const timestamp = String(world.now())
  const book = writer.write(market, outcome, timestamp)
  return {
    market: market.listing.conditionId,
    asset_id: token,
    timestamp,
    hash: book.hash,
    bids: JSON.parse(book.bids) as unknown,
    asks: JSON.parse(book.asks) as unknown,
    min_order_size: formatSize(orderSizeMin),
    tick_size: formatPrice(market.tick),
    neg_risk: market.set.negRiskId !== undefined,
    last_trade_price: lastTradePriceText(market, outcome),
  }
}

/** The best bid for BUY and the best ask for SELL, as the API reference says. 3.1. */
function priceOf({ market, outcome }: Token, side: 'BUY' | 'SELL'): string {
  const { engine } = market
  return formatPrice(side === 'BUY' ? engine.bestBid(outcome) : engine.bestAsk(outcome))
}

function midpointOf({ market, outcome }: Token): string {
  const { engine } = market
  return String((engine.bestBid(outcome) + engine.bestAsk(outcome)) / 20_000)
}

function spreadOf({ market, outcome }: Token): string {
  const { engine } = market
  return formatPrice((engine.bestAsk(outcome) - engine.bestBid(outcome)) as Ticks)
}

function lastTradeOf({ market }: Token): { readonly price: string; readonly side: string } {
  const { lastTrade } = market
  if (lastTrade === undefined) return { price: '0.5', side: '' }
  return { price: formatPrice(lastTrade.price), side: lastTrade.side === 'buy' ? 'BUY' : 'SELL' }
}

function byToken(tokens: readonly Asked[], read: (token: Token) => string): unknown {
  return Object.fromEntries(tokens.map((token) => [token.token, read(token)]))
}
