import { z } from 'zod'
import type { EpochMs, MicroUsd } from '../../core/units.ts'

/** What the market-data side of Polymarket can be told. The defaults are the real venue's. */
export type PolymarketConfig = {
  readonly gammaUrl: string
  readonly clobUrl: string
  readonly marketSocketUrl: string
  readonly filter: MarketFilter
  /**
   * Slugs of outcome sets of which a person has confirmed that one outcome must win.
   *
   * Such a set is `assumed` exhaustive, when the contract and the state of its markets allow it.
   */
  readonly exhaustiveSets: readonly string[]
  /** Markets whose event has this tag keep separate YES and NO books. Never on the real venue. */
  readonly separateBooksTag?: string | undefined
  readonly feed: FeedConfig
  readonly rest: RestConfig
}

/** Which markets the catalogue holds. An event is taken or left as a whole. */
export type MarketFilter = {
  readonly volume24hMin: MicroUsd
  readonly liquidityMin: MicroUsd
  /** Only events with one of these tag slugs. Empty: all. */
  readonly tags: readonly string[]
  /** Only these events. Empty: all. */
  readonly slugs: readonly string[]
  readonly closesBefore?: EpochMs | undefined
  readonly marketsMax: number
}

export type FeedConfig = {
  /** Above 500 the venue stops answering without a word. docs/venues/polymarket.md, 1.5. */
  readonly tokensPerSocketMax: number
  /** Between the openings of two sockets: many at once are answered with 429. */
  readonly openIntervalMs: number
  readonly openTimeoutMs: number
  readonly pingIntervalMs: number
  /** No data for so long, and the socket is asked for a sign of life. PONG is none. */
  readonly silenceMs: number
  /** How long that sign may take. */
  readonly probeMs: number
  /** No book of a market for so long after it was subscribed, and it is subscribed again. */
  readonly bookTimeoutMs: number
  readonly reconnectMsMin: number
  readonly reconnectMsMax: number
}

export type RestConfig = {
  readonly timeoutMs: number
  /** Share of the venue's published limits that we use, in percent. */
  readonly limitPercent: number
}

const feedDefaults: FeedConfig = {
  tokensPerSocketMax: 200,
  openIntervalMs: 250,
  openTimeoutMs: 5_000,
  pingIntervalMs: 10_000,
  silenceMs: 20_000,
  probeMs: 5_000,
  bookTimeoutMs: 8_000,
  reconnectMsMin: 250,
  reconnectMsMax: 30_000,
}

const restDefaults: RestConfig = { timeoutMs: 5_000, limitPercent: 90 }

const filterDefaults: MarketFilter = {
  volume24hMin: 0 as MicroUsd,
  liquidityMin: 0 as MicroUsd,
  tags: [],
  slugs: [],
  marketsMax: 2_000,
}

/** The real venue: docs/venues/polymarket.md, 1.1. */
export const polymarketDefaults: PolymarketConfig = {
  gammaUrl: 'https://gamma-api.polymarket.com',
  clobUrl: 'https://clob.polymarket.com',
  marketSocketUrl: 'wss://ws-subscriptions-clob.polymarket.com/ws/market',
  filter: filterDefaults,
  exhaustiveSets: [],
  feed: feedDefaults,
  rest: restDefaults,
}

const ms = z.int().min(1).max(3_600_000)

/** What may be given; what is not given is the default. */
export type PolymarketOptions = Partial<Omit<PolymarketConfig, 'filter' | 'feed' | 'rest'>> & {
  readonly filter?: Partial<MarketFilter>
  readonly feed?: Partial<FeedConfig>
  readonly rest?: Partial<RestConfig>
}

const configSchema = z.strictObject({
  gammaUrl: z.string().regex(/^https?:\/\/[^\s/]/),
  clobUrl: z.string().regex(/^https?:\/\/[^\s/]/),
  marketSocketUrl: z.string().regex(/^wss?:\/\/[^\s/]/),
  filter: z.strictObject({
    volume24hMin: z.int().min(0),
    liquidityMin: z.int().min(0),
    tags: z.array(z.string().min(1)),
    slugs: z.array(z.string().min(1)),
    closesBefore: z.int().optional(),
    marketsMax: z.int().min(1),
  }),
  exhaustiveSets: z.array(z.string().min(1)),
  separateBooksTag: z.string().min(1).optional(),
  feed: z.strictObject({
    tokensPerSocketMax: z.int().min(2).max(500),
    openIntervalMs: ms,
    openTimeoutMs: ms,
    pingIntervalMs: ms,
    silenceMs: ms,
    probeMs: ms,
    bookTimeoutMs: ms,
    reconnectMsMin: ms,
    reconnectMsMax: ms,
  }),
  rest: z.strictObject({ timeoutMs: ms, limitPercent: z.int().min(1).max(100) }),
})

/** The options over the defaults. Throws a `ZodError` that names what cannot be. */
export function polymarketConfig(options: PolymarketOptions = {}): PolymarketConfig {
  const config: PolymarketConfig = {
    ...polymarketDefaults,
    ...options,
    filter: { ...filterDefaults, ...options.filter },
    feed: { ...feedDefaults, ...options.feed },
    rest: { ...restDefaults, ...options.rest },
  }
  configSchema.parse(config)
  return config
}
