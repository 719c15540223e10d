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

/** The codec alone: what a replay needs. */
export function createPolymarketCodec(): FeedCodec {
  return new PolymarketCodec()
}

export { loadSigningKit } from './fast-signer.ts'
export { orderAmounts } from './order-amounts.ts'
export { exchangeDomain } from './order-hash.ts'
export { OrderSigner } from './sign-order.ts'
export type { SignedOrder } from './sign-order.ts'
export { createSigner, parsePrivateKey } from './wallet.ts'
