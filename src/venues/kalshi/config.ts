import { z } from 'zod'
import type { EpochMs, MicroUsd } from '../../core/units.ts'
import type { Tier } from './rate-limit.ts'
import { tierNames } from './rate-limit.ts'

/** What the market-data side of Kalshi can be told. Every field has the real venue's default. */
export type KalshiConfig = {
  /** With its path: `/trade-api/v2` is part of what is signed. */
  readonly restUrl: string
  readonly socketUrl: string
  readonly filter: MarketFilter
  /**
   * Tickers of events of which a person has confirmed that one outcome must win.
   *
   * Such a set is `assumed` exhaustive, when the state of its markets allows it.
   */
  readonly exhaustiveEvents: readonly string[]
  readonly feed: FeedConfig
  readonly rest: RestConfig
}

/** Which markets the catalogue holds. An event is taken or left as a whole. */
export type MarketFilter = {
  readonly volume24hMin: MicroUsd
  /** Only these series. Empty: all. */
  readonly series: readonly string[]
  /** Only series of these categories, as the venue writes them. Empty: all. */
  readonly categories: readonly string[]
  /** Only these events. Empty: all. */
  readonly events: readonly string[]
  readonly closesBefore?: EpochMs | undefined
  readonly marketsMax: number
}

export type FeedConfig = {
  readonly openTimeoutMs: number
  /** The venue pings every 10 s; so long without a byte, and the connection is dead. */
  readonly silenceMs: number
  /** Pings prove nothing of the books: no data for so long, and we ask for a book. */
  readonly quietMs: number
  /** How long the venue may take to answer a command. */
  readonly commandTimeoutMs: number
  /** Markets in one command. */
  readonly marketsPerCommandMax: number
  /** Snapshots wanted within so long are asked for together. */
  readonly snapshotGatherMs: number
  readonly reconnectMsMin: number
  readonly reconnectMsMax: number
  /** Between two rounds of polling, where the venue gives no socket without a key. */
  readonly pollIntervalMs: number
  /** Every field of `ticker` is in the book already, so it is off unless asked for. */
  readonly ticker: boolean
}

export type RestConfig = {
  readonly timeoutMs: number
  readonly tier: Tier
  /** Share of the venue's limits that we use, in percent. */
  readonly limitPercent: number
  /** A change of fees, or a pause, that begins within so long is counted as begun. */
  readonly horizonMs: number
}

const filterDefaults: MarketFilter = {
  volume24hMin: 0 as MicroUsd,
  series: [],
  categories: [],
  events: [],
  marketsMax: 2_000,
}

const feedDefaults: FeedConfig = {
  openTimeoutMs: 5_000,
  silenceMs: 25_000,
  quietMs: 8_000,
  commandTimeoutMs: 10_000,
  marketsPerCommandMax: 500,
  snapshotGatherMs: 20,
  reconnectMsMin: 250,
  reconnectMsMax: 30_000,
  pollIntervalMs: 1_000,
  ticker: false,
}

const restDefaults: RestConfig = {
  timeoutMs: 5_000,
  tier: 'basic',
  limitPercent: 90,
  horizonMs: 600_000,
}

/** The real venue: docs/venues/kalshi.md, 1.1. */
export const kalshiDefaults: KalshiConfig = {
  restUrl: 'https://external-api.kalshi.com/trade-api/v2',
  socketUrl: 'wss://external-api-ws.kalshi.com/trade-api/ws/v2',
  filter: filterDefaults,
  exhaustiveEvents: [],
  feed: feedDefaults,
  rest: restDefaults,
}

/** What may be given; what is not given is the default. */
export type KalshiOptions = Partial<Omit<KalshiConfig, 'filter' | 'feed' | 'rest'>> & {
  readonly filter?: Partial<MarketFilter>
  readonly feed?: Partial<FeedConfig>
  readonly rest?: Partial<RestConfig>
}

const ms = z.int().min(1).max(3_600_000)
const texts = z.array(z.string().min(1))

const configSchema = z.strictObject({
  restUrl: z.string().regex(/^https?:\/\/[^\s/]/),
  socketUrl: z.string().regex(/^wss?:\/\/[^\s/]/),
  filter: z.strictObject({
    volume24hMin: z.int().min(0),
    series: texts,
    categories: texts,
    events: texts,
    closesBefore: z.int().optional(),
    marketsMax: z.int().min(1),
  }),
  exhaustiveEvents: texts,
  feed: z.strictObject({
    openTimeoutMs: ms,
    silenceMs: ms,
    quietMs: ms,
    commandTimeoutMs: ms,
    marketsPerCommandMax: z.int().min(1).max(10_000),
    snapshotGatherMs: ms,
    reconnectMsMin: ms,
    reconnectMsMax: ms,
    pollIntervalMs: ms,
    ticker: z.boolean(),
  }),
  rest: z.strictObject({
    timeoutMs: ms,
    tier: z.enum(tierNames),
    limitPercent: z.int().min(1).max(100),
    horizonMs: z.int().min(0).max(86_400_000),
  }),
})

/** The options over the defaults. Throws a `ZodError` that names what cannot be. */
export function kalshiConfig(options: KalshiOptions = {}): KalshiConfig {
  const config: KalshiConfig = {
    ...kalshiDefaults,
    ...options,
    filter: { ...filterDefaults, ...options.filter },
    feed: { ...feedDefaults, ...options.feed },
    rest: { ...restDefaults, ...options.rest },
  }
  configSchema.parse(config)
  return config
}
