import type { VenueId } from '../core/market.ts'
import type { MicroUsd } from '../core/units.ts'
import { Engine } from '../engine/engine.ts'
import { engineDefaults } from '../engine/engine-options.ts'
import type { Effect } from '../engine/event.ts'
import { MarketCache } from '../engine/market-cache.ts'
import type { Strategy } from '../ports/strategy.ts'
import { CrossOutcome } from '../strategies/cross-outcome/cross-outcome.ts'
import { OutcomeBasket } from '../strategies/outcome-basket/outcome-basket.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import { PaperGateway } from '../venues/paper/index.ts'
import type { Config } from './config.ts'
import type { Venue } from './venue.ts'

/** Chance in the paper fills. Fixed, so that a replay draws the same. */
const paperSeed = 1

export type KernelOptions = {
  readonly config: Config
  readonly venues: readonly Venue[]
  readonly metrics: MetricRegistry
  readonly obey: (effect: Effect) => void
}

/** The deterministic part: events in, effects out. The gateway fills on paper, inside it. */
export type Kernel = { readonly engine: Engine; readonly gateway: PaperGateway }

export function createKernel({ config, venues, metrics, obey }: KernelOptions): Kernel {
  const cache = new MarketCache()
  const { capital, latencyMs } = config.paper
  const gateway = new PaperGateway({
    books: cache,
    latency: () => ({ kind: 'fixed', ms: latencyMs }),
    seed: paperSeed,
  })
  const { staleAfterMs, ...risk } = config.risk
  const strategies = makeStrategies(config)
  for (const { name } of strategies) {
    // There from the first scrape, or a rate over the first signal would miss it.
    for (const { id } of venues)
      metrics.counter('strategy_signals_total', { strategy: name, venue: id })
  }
  const engine = new Engine({
    cache,
    codecs: venues.map((venue) => venue.codec),
    strategies,
    relations: [],
    gateway,
    metrics,
    capital: new Map<VenueId, MicroUsd>(venues.map((venue) => [venue.id, capital])),
    limits: {
      ...engineDefaults,
      risk: { ...engineDefaults.risk, ...risk },
      freshness: { ...engineDefaults.freshness, silenceMsMax: staleAfterMs },
    },
    obey,
  })
  return { engine, gateway }
}

function makeStrategies({ strategies }: Config): readonly Strategy[] {
  const { crossOutcome, outcomeBasket } = strategies
  return [
    ...(crossOutcome.enabled ? [new CrossOutcome(crossOutcome)] : []),
    ...(outcomeBasket.enabled ? [new OutcomeBasket(outcomeBasket)] : []),
  ]
}
