import { GroupRegistry } from '../src/arbitrage/group-registry.ts'
import type { FeeCurve } from '../src/core/fee.ts'
import { freeCurve } from '../src/core/fee.ts'
import type { Market, OutcomeSetId } from '../src/core/market.ts'
import type { OutcomeSet } from '../src/core/outcome-set.ts'
import type { EpochMs, MicroUsd, Nanos, Ppm } from '../src/core/units.ts'
import type { Effect } from '../src/engine/event.ts'
import { engineDefaults } from '../src/engine/engine-options.ts'
import { Engine } from '../src/engine/engine.ts'
import { MarketCache } from '../src/engine/market-cache.ts'
import {
  CrossOutcome,
  crossOutcomeDefaults,
} from '../src/strategies/cross-outcome/cross-outcome.ts'
import {
  OutcomeBasket,
  outcomeBasketDefaults,
} from '../src/strategies/outcome-basket/outcome-basket.ts'
import { metricCatalog } from '../src/telemetry/metric-catalog.ts'
import { MetricRegistry } from '../src/telemetry/metric-registry.ts'
import { PaperGateway } from '../src/venues/paper/index.ts'
import { createPolymarketCodec } from '../src/venues/polymarket/index.ts'

/** As on markets of politics. */
const taker: FeeCurve = { rate: 40_000 as Ppm, exponent: 1 }
/** Outcomes of each set that the markets of a bench are put into. */
const membersPerSet = 4

/** The markets of a corpus, four to a set of which one must win. */
export function inSets(markets: readonly Market[]): {
  markets: readonly Market[]
  sets: readonly OutcomeSet[]
} {
  const proven = { holds: 'proven', evidence: 'made so' } as const
  const fee = { kind: 'known', taker, maker: freeCurve, rounding: 'down-to-5-decimals' } as const
  const placed = markets.map((market, index): Market => {
    return { ...market, fee, set: `set-${Math.floor(index / membersPerSet)}` as OutcomeSetId }
  })
  const ids = [...new Set(placed.map(({ set }) => set))].filter((set) => set !== undefined)
  const sets = ids.map((id): OutcomeSet => {
    const members = placed.filter(({ set }) => set === id)
    return {
      venue: 'polymarket',
      id,
      slug: id,
      title: id,
      members: members.map((market) => ({ market: market.id, role: 'named', tradable: true })),
      exclusive: proven,
      exhaustive: proven,
      conversion: undefined,
    }
  })
  return { markets: placed, sets }
}

const nanosPerFrame = 1_000

/** Below the defaults: after fees the plants of a corpus earn a fraction of a cent. */
const basket = { ...outcomeBasketDefaults, edgeMin: 200 as Ppm }

/** The whole kernel as `run` builds it, with the real metrics, over the markets of a corpus. */
export class PipelineScene {
  readonly engine: Engine
  readonly metrics: MetricRegistry = new MetricRegistry(metricCatalog)
  readonly effects: Effect['kind'][] = []
  #now = 0

  constructor(markets: readonly Market[]) {
    const cache = new MarketCache()
    this.engine = new Engine({
      cache,
      codecs: [createPolymarketCodec()],
      strategies: [new CrossOutcome(crossOutcomeDefaults), new OutcomeBasket(basket)],
      groups: new GroupRegistry([]),
      gateway: new PaperGateway({
        books: cache,
        latency: () => ({ kind: 'fixed', ms: 25 }),
        seed: 1,
      }),
      metrics: this.metrics,
      capital: new Map([['polymarket', 1_000_000_000_000 as MicroUsd]]),
      limits: engineDefaults,
      obey: (effect) => this.effects.push(effect.kind),
    })
    const at = 0 as Nanos
    this.engine.process({ kind: 'start', at, atMs: 1_790_000_000_000 as EpochMs })
    const change = { venue: 'polymarket', ...inSets(markets), gone: [] } as const
    this.engine.process({ kind: 'catalogue', change, at })
  }

  /**
   * Frames a microsecond apart. The times stay small integers, because any other number would be
   * allocated anew by this very loop at each call, and that is not what is measured.
   */
  feed(frames: readonly Buffer[]): void {
    for (let index = 0; index < frames.length; index++) {
      const frame = frames[index]
      if (frame === undefined) return
      this.#now += nanosPerFrame
      this.engine.onFrame('polymarket', 0, frame, this.#now as Nanos)
    }
  }
}
