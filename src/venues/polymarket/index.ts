import { Random } from '../../core/random.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { FeedCodec } from '../../ports/feed-codec.ts'
import type { Log } from '../../ports/log.ts'
import type { Catalogue, MarketFeed } from '../../ports/market-feed.ts'
import { PolymarketCatalogue } from './catalogue.ts'
import { PolymarketCodec } from './codec.ts'
import type { PolymarketConfig } from './config.ts'
import { PolymarketMarketFeed } from './market-feed.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'
import type { ApiKeyText, KeyRequest, PolymarketTrading, TradingOptions } from './trading.ts'

export { polymarketConfig, polymarketDefaults } from './config.ts'
export type { PolymarketConfig, PolymarketOptions } from './config.ts'

/** Polymarket's market data: what it lists, its sockets, and how its frames become books. */
export type PolymarketVenue = {
  readonly id: 'polymarket'
  readonly catalogue: Catalogue
  readonly feed: MarketFeed
  readonly codec: FeedCodec
}

export type VenueParts = {
  readonly config: PolymarketConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Chance for the waits before a reconnect. Without it, seeded by the clock. */
  readonly random?: Random
}

/** Nothing is connected until the catalogue is loaded or the feed started. */
export function createPolymarketVenue(parts: VenueParts): PolymarketVenue {
  const { config, clock, timers, log } = parts
  const random = parts.random ?? new Random(clock.epochMs())
  const limit = new RateLimit({ clock, timers, percent: config.rest.limitPercent })
  const rest = new RestClient({ config: config.rest, limit, timers, random })
  return {
    id: 'polymarket',
    catalogue: new PolymarketCatalogue({ config, rest, log }),
    feed: new PolymarketMarketFeed({ config, rest, clock, timers, random, log }),
    codec: new PolymarketCodec(),
  }
}

/**
 * Polymarket's trading side: a gateway for orders and the settlement of tokens.
 *
 * Loaded when it is asked for, since it brings a library for contracts that market data never need.
 */
export async function createPolymarketTrading(options: TradingOptions): Promise<PolymarketTrading> {
  const { createTrading } = await import('./trading.ts')
  return createTrading(options)
}

/** The API key of a private key: created, or derived where there is one. */
export async function derivePolymarketKey(request: KeyRequest): Promise<ApiKeyText> {
  const { deriveKey } = await import('./trading.ts')
  return deriveKey(request)
}

/** The codec alone: what a replay needs. */
export function createPolymarketCodec(): FeedCodec {
  return new PolymarketCodec()
}

export { loadSigningKit } from './fast-signer.ts'
export type { SigningKit } from './fast-signer.ts'
export { orderAmounts } from './order-amounts.ts'
export { exchangeDomain } from './order-hash.ts'
export { tradingHostsDefault } from './trading-hosts.ts'
export type { TradingHosts } from './trading-hosts.ts'
export type { ApiKeyText, PolymarketTrading, TradingOptions } from './trading.ts'
export { OrderSigner } from './sign-order.ts'
export type { SignedOrder } from './sign-order.ts'
export { createSigner, parsePrivateKey } from './wallet.ts'
