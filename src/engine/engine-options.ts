import type { GroupRegistry } from '../arbitrage/group-registry.ts'
import type { VenueId } from '../core/market.ts'
import type { MicroUsd, Nanos, Ticks } from '../core/units.ts'
import type { BasketLimits } from '../execution/plan-basket.ts'
import type { FeedCodec } from '../ports/feed-codec.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { OrderGateway } from '../ports/order-gateway.ts'
import type { Strategy } from '../ports/strategy.ts'
import type { StrategyParameters } from '../ports/strategy-parameters.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'
import { riskDefaults } from '../risk/risk-limits.ts'
import type { Effect } from './event.ts'
import type { FreshnessLimits } from './feed-health.ts'
import type { MarketCache } from './market-cache.ts'

/** What an engine is made of. Everything it may touch is here. */
export type EngineOptions = {
  /** Empty at first. The gateway reads the same one. */
  readonly cache: MarketCache
  readonly codecs: readonly FeedCodec[]
  /** Called in this order. */
  readonly strategies: readonly Strategy[]
  readonly gateway: OrderGateway
  readonly metrics: Metrics
  /** What is known to hold between markets: against it the proofs of signals are checked. */
  readonly groups: GroupRegistry
  /** Money at each venue at the start. */
  readonly capital: ReadonlyMap<VenueId, MicroUsd>
  readonly limits: EngineLimits
  /** What an operator may change of the strategies. Left out: nothing. */
  readonly parameters?: StrategyParameters | undefined
  /** Does what the engine asks of the world, in the order in which it asks. */
  readonly obey: (effect: Effect) => void
}

export type EngineLimits = {
  readonly risk: RiskLimits
  readonly freshness: FreshnessLimits
  readonly baskets: BasketLimits
  /** Books that are proven anew in idle time, at most so many at each timer. */
  readonly auditBudget: number
  /** The last so many signals, fills and ends of episodes are kept to be shown. */
  readonly recentMax: number
}

export const engineDefaults: EngineLimits = {
  risk: riskDefaults,
  freshness: {
    silenceMsMax: 15_000,
    silenceMsMin: 250,
    silenceGaps: 50,
  },
  baskets: {
    lossPerShareMax: 1_000 as Ticks,
    roundsMax: 5,
    quotesMax: 20,
    pauseNanos: 500_000_000 as Nanos,
    answerNanos: 10_000_000_000 as Nanos,
    lifeNanos: 30_000_000_000 as Nanos,
  },
  // A proof costs some ten microseconds: half a millisecond of each timer at the most.
  auditBudget: 50,
  recentMax: 200,
}
