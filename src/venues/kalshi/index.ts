import { Random } from '../../core/random.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { FeedCodec } from '../../ports/feed-codec.ts'
import type { Log } from '../../ports/log.ts'
import type { Catalogue, MarketFeed } from '../../ports/market-feed.ts'
import type { KalshiCredentials } from './auth.ts'
import { RequestSigner } from './auth.ts'
import { KalshiCatalogue } from './catalogue.ts'
import { KalshiCodec } from './codec.ts'
import type { KalshiConfig } from './config.ts'
import { KalshiMarketFeed } from './market-feed.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'

export { CredentialsError } from './auth.ts'
export type { KalshiCredentials } from './auth.ts'
export { kalshiConfig, kalshiDefaults } from './config.ts'
export type { KalshiConfig, KalshiOptions } from './config.ts'
export { createKalshiTrading } from './trading.ts'
export type { KalshiTrading, KalshiTradingParts } from './trading.ts'

/** Kalshi's market data: what it lists, its socket, and how its frames become books. */
export type KalshiVenue = {
  readonly id: 'kalshi'
  readonly catalogue: Catalogue
  readonly feed: MarketFeed
  readonly codec: FeedCodec
}

export type VenueParts = {
  readonly config: KalshiConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Without them order books are polled: the venue gives no socket without a key. */
  readonly credentials?: KalshiCredentials | undefined
  /** Chance for the waits before a reconnect. Without it, seeded by the clock. */
  readonly random?: Random
}

/**
 * Nothing is connected until the catalogue is loaded or the feed started.
 *
 * Throws a `CredentialsError` when there are credentials, and they cannot be used.
 */
export function createKalshiVenue(parts: VenueParts): KalshiVenue {
  const { config, clock, timers, log, credentials } = parts
  const random = parts.random ?? new Random(clock.epochMs())
  const { tier, limitPercent: percent } = config.rest
  const limit = new RateLimit({ clock, timers, tier, percent })
  const signer = credentials === undefined ? undefined : new RequestSigner(credentials, clock)
  const rest = new RestClient({
    baseUrl: config.restUrl,
    config: config.rest,
    limit,
    signer,
    timers,
    random,
  })
  return {
    id: 'kalshi',
    catalogue: new KalshiCatalogue({ config, rest, clock, log }),
    feed: new KalshiMarketFeed({ config, rest, signer, clock, timers, random, log }),
    codec: createKalshiCodec(),
  }
}

/**
 * The codec alone: what a replay needs.
 *
 * The feed always asks for YES prices on both sides; frames that others have recorded may tell the
 * NO side in its `own` price.
 */
export function createKalshiCodec(noSidePrice: 'yes' | 'own' = 'yes'): FeedCodec {
  return new KalshiCodec({ noSidePrice })
}
