import { z } from 'zod'
import { microUsd, zeroUsd } from '../core/units.ts'
import { riskDefaults } from '../risk/risk-limits.ts'
import { combinatorialDefaults } from '../strategies/combinatorial/combinatorial.ts'
import { conversionDefaults } from '../strategies/conversion/conversion.ts'
import { crossOutcomeDefaults } from '../strategies/cross-outcome/cross-outcome.ts'
import { crossVenueDefaults } from '../strategies/cross-venue/cross-venue.ts'
import { ladderDefaults } from '../strategies/ladder/ladder.ts'
import { outcomeBasketDefaults } from '../strategies/outcome-basket/outcome-basket.ts'
import { parseLogFilter } from '../telemetry/log-filter.ts'
import { alertSettingsSchema } from './alert-settings.ts'
import { walletKinds } from './live-settings.ts'
import {
  cents,
  fraction,
  httpUrl,
  limit,
  maybeUsd,
  section,
  shares,
  socketUrl,
  usd,
  words,
} from './config-fields.ts'
import type { Config, LatencySettings } from './config.ts'

const edgeMinMeans = 'Least edge by dollar of payout, fees in: 0.01 is 1 %.'
const spendMaxMeans = 'Most that one basket may cost.'
const hurdleMeans = 'What money that is locked up must earn by the year: 0.1 is 10 %.'
const sizeMinMeans = 'Fewer shares than this are not worth a basket.'

/**
 * Everything that can be set, with its default and its meaning.
 *
 * The published JSON schema, the errors and the documentation are made from this. In the file the
 * keys are written in snake case, `edge_min`; here as in the code, `edgeMin`.
 */
export const configSchema: z.ZodType<Config> = z.strictObject({
  mode: z
    .enum(['paper', 'live'])
    .default('paper')
    .describe('How orders are carried out. "live" does nothing without run --live and limits.'),
  server: section({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe('Address to serve on. Anything but a loopback address is reachable from outside.'),
    port: z
      .int()
      .min(0)
      .max(65_535)
      .default(9000)
      .describe('Port of the dashboard, its API and /metrics. 0 takes any free port.'),
    allowedHosts: words(
      'Names under which the server may be reached when it serves beyond this machine.',
    ),
  }),
  data: section({
    folder: z
      .string()
      .min(1)
      .default('data')
      .describe('Where what must be kept lies: the tokens of the API first of all.'),
  }),
  log: section({
    level: z
      .string()
      .refine((text) => parseLogFilter(text) !== undefined, {
        error: 'expected trace, debug, info, warn, error or off, or "warn,polymarket=debug"',
      })
      .default('warn')
      .describe('Which lines are logged, to standard error. LOG_LEVEL and RUST_LOG override it.'),
  }),
  engine: section({
    timerMs: z
      .int()
      .min(5)
      .max(1_000)
      .default(50)
      .describe(
        'How often the engine is told the time when nothing else happens, in milliseconds.',
      ),
    catalogueRefreshS: z
      .int()
      .min(5)
      .max(86_400)
      .default(60)
      .describe('How often the list of markets is refreshed, in seconds.'),
  }),
  venues: section({
    polymarket: section({
      enabled: z.boolean().default(true).describe('Whether to connect to Polymarket.'),
      gammaUrl: httpUrl(
        'https://gamma-api.polymarket.com',
        'Where the list of markets comes from.',
      ),
      clobUrl: httpUrl('https://clob.polymarket.com', 'Where snapshots of order books come from.'),
      marketSocketUrl: socketUrl(
        'wss://ws-subscriptions-clob.polymarket.com/ws/market',
        'Where changes of order books come from.',
      ),
      volume24hMin: usd(zeroUsd, 'Markets with less volume in the last 24 hours are left out.'),
      liquidityMin: usd(zeroUsd, 'Markets with less liquidity are left out.'),
      tags: words('Only markets with one of these tags. Empty: all.'),
      slugs: words('Only markets of these events. Empty: all.'),
      closesWithinDays: z
        .number()
        .positive()
        .max(3_650)
        .optional()
        .describe('Only markets that close within so many days. Not set: all.'),
      marketsMax: z
        .int()
        .min(1)
        .max(100_000)
        .default(2_000)
        .describe('At most so many markets, those with the most volume first.'),
      exhaustiveSets: words(
        'Slugs of events of which you have made sure that one of their outcomes must win.',
      ),
      separateBooksTag: z
        .string()
        .optional()
        .describe(
          'Markets with this tag keep separate YES and NO books. For the simulator: leave unset.',
        ),
    }),
    kalshi: section({
      enabled: z.boolean().default(true).describe('Whether to connect to Kalshi.'),
      restUrl: httpUrl(
        'https://api.elections.kalshi.com/trade-api/v2',
        'Where the list of markets and snapshots of order books come from.',
      ),
      socketUrl: socketUrl(
        'wss://api.elections.kalshi.com/trade-api/ws/v2',
        'Where changes of order books come from, for those who have a key.',
      ),
      keyId: z
        .string()
        .min(1)
        .optional()
        .describe('Id of your API key. Without a key books are polled, and none is proven.'),
      privateKeyFile: z
        .string()
        .min(1)
        .optional()
        .describe('File with the private key of that id, as PEM: RSA or Ed25519.'),
      volume24hMin: usd(zeroUsd, 'Events with less volume in the last 24 hours are left out.'),
      series: words('Only markets of these series. Empty: all.'),
      categories: words('Only series of these categories, as Kalshi writes them. Empty: all.'),
      events: words('Only markets of these events. Empty: all.'),
      closesWithinDays: z
        .number()
        .positive()
        .max(3_650)
        .optional()
        .describe('Only markets that close within so many days. Not set: all.'),
      marketsMax: z
        .int()
        .min(1)
        .max(100_000)
        .default(2_000)
        .describe('At most so many markets, those with the most volume first.'),
      exhaustiveEvents: words(
        'Tickers of events of which you have made sure that one of their outcomes must win.',
      ),
    }),
  }),
  propositions: section({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('YAML register of the pairs of markets that you have confirmed. Not set: none.'),
  }),
  relations: section({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('YAML file in which you say how markets hang together. Not set: none.'),
  }),
  strategies: section({
    files: words('Files of strategies of your own. Their settings stand in [strategies.NAME].'),
    own: z
      .record(z.string(), z.record(z.string(), ownSetting()))
      .default({})
      .describe('Settings of a strategy of your own.'),
    lookBudgetMs: z
      .int()
      .min(1)
      .max(10_000)
      .default(100)
      .describe(
        'A look of a strategy of your own may take so long. The third that is longer ends it.',
      ),
    stallAfterMs: z
      .int()
      .min(500)
      .max(600_000)
      .default(5_000)
      .describe(
        'A look that has not ended after so long never will: the run is ended with exit 70.',
      ),
    crossOutcome: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys, or sells, YES and NO of one market where both misprice a dollar.'),
      edgeMin: fraction(crossOutcomeDefaults.edgeMin, edgeMinMeans),
      sizeMin: shares(crossOutcomeDefaults.sizeMin, sizeMinMeans),
      sizeMax: shares(crossOutcomeDefaults.sizeMax, 'At most so many shares of each leg.'),
    }),
    outcomeBasket: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys every outcome of a set of which one must win, for less than a dollar.'),
      edgeMin: fraction(outcomeBasketDefaults.edgeMin, edgeMinMeans),
      sizeMin: shares(outcomeBasketDefaults.sizeMin, sizeMinMeans),
      spendMax: usd(outcomeBasketDefaults.spendMax, spendMaxMeans),
    }),
    conversion: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys NO of a neg-risk set for less than the cash that it converts to at once.'),
      edgeMin: fraction(conversionDefaults.edgeMin, edgeMinMeans),
      sizeMin: shares(conversionDefaults.sizeMin, sizeMinMeans),
      spendMax: usd(conversionDefaults.spendMax, spendMaxMeans),
    }),
    ladder: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys what is implied against what implies it, where that is cheaper.'),
      edgeMin: fraction(ladderDefaults.edgeMin, edgeMinMeans),
      hurdlePerYear: fraction(ladderDefaults.hurdlePerYear, hurdleMeans),
      sizeMin: shares(ladderDefaults.sizeMin, sizeMinMeans),
      spendMax: usd(ladderDefaults.spendMax, spendMaxMeans),
    }),
    combinatorial: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys any basket that relations between markets make safe, by a programme.'),
      edgeMin: fraction(combinatorialDefaults.edgeMin, edgeMinMeans),
      hurdlePerYear: fraction(combinatorialDefaults.hurdlePerYear, hurdleMeans),
      sizeMin: shares(combinatorialDefaults.sizeMin, sizeMinMeans),
      spendMax: usd(combinatorialDefaults.spendMax, spendMaxMeans),
      statesMax: z
        .int()
        .min(2)
        .max(2_000)
        .default(combinatorialDefaults.statesMax)
        .describe('Groups that can end in more ways than this are left to the scan.'),
    }),
    crossVenue: section({
      enabled: z
        .boolean()
        .default(true)
        .describe('Buys both sides of one question on two venues; only pairs you have confirmed.'),
      edgeMin: fraction(crossVenueDefaults.edgeMin, edgeMinMeans),
      hurdlePerYear: fraction(crossVenueDefaults.hurdlePerYear, hurdleMeans),
      sizeMin: shares(crossVenueDefaults.sizeMin, sizeMinMeans),
      spendMax: usd(crossVenueDefaults.spendMax, 'Most that one basket may cost at each venue.'),
    }),
  }),
  risk: section({
    orderNotionalMax: usd(riskDefaults.orderNotionalMax, 'Most that one order may cost.'),
    marketExposureMax: usd(
      riskDefaults.marketExposureMax,
      'Most that may be held and reserved in one market.',
    ),
    totalExposureMax: usd(
      riskDefaults.totalExposureMax,
      'Most that may be held and reserved in all.',
    ),
    setExposureMax: usd(
      riskDefaults.setExposureMax,
      'Most that may be held and reserved in all markets of one outcome set.',
    ),
    venueExposureMax: usd(
      riskDefaults.venueExposureMax,
      'Most that may be held and reserved at one venue.',
    ),
    strategyExposureMax: usd(
      riskDefaults.strategyExposureMax,
      'Most that may be held and reserved for one strategy.',
    ),
    unresolvedExposureMax: usd(
      riskDefaults.unresolvedExposureMax,
      'No new basket while so much is in baskets with unequal legs or unknown orders.',
    ),
    dailyLossMax: usd(
      riskDefaults.dailyLossMax,
      'No new basket once so much was lost since midnight UTC.',
    ),
    collarMax: cents(
      riskDefaults.collarMax,
      'How far the limit of an order may lie beyond the best price, in dollars.',
    ),
    openBasketsMax: limit(riskDefaults.openBasketsMax, 'Baskets at work at once.'),
    ordersPerSecondMax: limit(riskDefaults.ordersPerSecondMax, 'Orders sent in one second.'),
    ordersPerMinuteMax: limit(riskDefaults.ordersPerMinuteMax, 'Orders sent in one minute.'),
    closingMarginMs: z
      .int()
      .min(0)
      .max(86_400_000)
      .default(riskDefaults.closingMarginMs)
      .describe('No order this close to the close of its market, in milliseconds.'),
    staleAfterMs: z
      .int()
      .min(100)
      .max(600_000)
      .default(15_000)
      .describe('A connection that was silent for so long is not traded on, in milliseconds.'),
  }),
  paper: section({
    capital: usd(microUsd(10_000_000_000), 'Cash to begin with on each venue, in dollars.'),
    band: z
      .enum(['pessimistic', 'realistic', 'optimistic'])
      .default('realistic')
      .describe('How much luck fills on paper have. docs/paper-trading.md has the table.'),
    rivals: z
      .boolean()
      .default(true)
      .describe('Whether others may be there before an order, as often as the band says.'),
    amounts: z
      .enum(['any', 'as-the-venue'])
      .default('as-the-venue')
      .describe('Whether an order is refused that the decimals of its venue cannot say.'),
    latencyMs: z
      .number()
      .min(0)
      .max(60_000)
      .default(25)
      .describe('From a decision to the arrival of the order at the venue, in milliseconds.'),
    cancelLatencyMs: z
      .number()
      .min(0)
      .max(60_000)
      .optional()
      .describe('The same for a cancel. Not set: as for an order.'),
    operationMs: z
      .number()
      .min(0)
      .max(3_600_000)
      .default(2_000)
      .describe('Until a split, a merge or a conversion is final at Polymarket, in milliseconds.'),
    latency: section({ polymarket: latencyOf('Polymarket'), kalshi: latencyOf('Kalshi') }),
  }),
  live: section({
    spendingCap: maybeUsd(
      'Most that live trading may have at stake at any time. It does not start without it.',
    ),
    polymarket: section({
      enabled: z.boolean().default(false).describe('Whether orders are sent to Polymarket.'),
      keystore: z
        .string()
        .min(1)
        .optional()
        .describe(
          'File with the encrypted key, opened with KEYSTORE_PASSWORD. Not set: PRIVATE_KEY.',
        ),
      wallet: z
        .enum(walletKinds)
        .default('eoa')
        .describe(
          'How the funds are held: by the key itself, a proxy, a Safe or a deposit wallet.',
        ),
      funder: z
        .string()
        .regex(/^0x[0-9a-fA-F]{40}$/, { error: 'expected an address: 0x and 40 digits' })
        .optional()
        .describe('Who holds the funds. Needed for every wallet but "eoa".'),
      userSocketUrl: socketUrl(
        'wss://ws-subscriptions-clob.polymarket.com/ws/user',
        'Where the fate of our orders comes from.',
      ),
      dataUrl: httpUrl('https://data-api.polymarket.com', 'Where positions are read.'),
      relayerUrl: httpUrl(
        'https://relayer-v2.polymarket.com',
        'What carries operations of wallets that pay no gas.',
      ),
      rpcUrl: httpUrl('https://polygon-rpc.com', 'A node of Polygon.'),
    }),
    kalshi: section({
      enabled: z
        .boolean()
        .default(false)
        .describe('Whether orders are sent to Kalshi, with the key of [venues.kalshi].'),
    }),
  }),
  alerts: alertSettingsSchema,
})

/** Three quantiles, as `doctor` measures them; all of them or none. */
function latencyOf(venue: string): z.ZodType<LatencySettings, LatencySettings | undefined> {
  const below = (share: string): z.ZodOptional<z.ZodNumber> =>
    z
      .number()
      .positive()
      .max(60_000)
      .optional()
      .describe(`Milliseconds that ${share} orders to ${venue} take at the most.`)
  return section({
    p50Ms: below('half of the').describe(
      `Milliseconds that half of the orders to ${venue} take at the most. Not set: latency_ms.`,
    ),
    p90Ms: below('nine in ten'),
    p99Ms: below('99 in 100'),
  }).refine(riseOrAreAbsent, { error: 'expected all of p_50_ms, p_90_ms and p_99_ms, rising' })
}

function riseOrAreAbsent({ p50Ms, p90Ms, p99Ms }: LatencySettings): boolean {
  const given = [p50Ms, p90Ms, p99Ms].filter((each) => each !== undefined)
  if (given.length === 0) return true
  const [half = 0, most = 0, nearlyAll = 0] = given
  return given.length === 3 && half <= most && most <= nearlyAll
}

function ownSetting(): z.ZodType<string | number | boolean | readonly string[]> {
  return z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])
}
