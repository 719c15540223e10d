import type { MarketId } from '../../src/core/market.ts'
import type { MicroUsd, Nanos } from '../../src/core/units.ts'
import { engineDefaults } from '../../src/engine/engine-options.ts'
import { Random } from '../../src/core/random.ts'
import { riskDefaults } from '../../src/risk/risk-limits.ts'
import { FickleVenue } from './fickle-venue.ts'
import type { LiveSceneOptions } from './live-scene.ts'
import { LiveScene } from './live-scene.ts'
import { OrderWatch } from './order-watch.ts'
import { live, smallWorld } from './random-lines.ts'

export const exposureMax: MicroUsd = 150_000_000 as MicroUsd

export type Played = {
  scene: LiveScene
  venue: FickleVenue
  watch: OrderWatch
  exposureSeen: number
}

/** Markets of every kind, strategies that are eager, and an engine that is quick to ask. */
export function fickleWorld(): Pick<
  LiveSceneOptions,
  'limits' | 'markets' | 'sets' | 'strategies'
> {
  const { markets, sets = [], strategies } = smallWorld()
  const conversion = { id: 'winner', feeBips: 0 }
  return {
    strategies,
    markets: markets.map((market) =>
      market.set === undefined ? market : { ...market, negRisk: true },
    ),
    sets: sets.map((set) => ({ ...set, conversion })),
    limits: {
      risk: { ...riskDefaults, totalExposureMax: exposureMax },
      baskets: {
        ...engineDefaults.baskets,
        answerNanos: 300_000_000 as Nanos,
        lifeNanos: 2_000_000_000 as Nanos,
        pauseNanos: 100_000_000 as Nanos,
      },
    },
  }
}

/** A day with a fickle venue, and then time enough for everything to end. */
export function play(one: number, deeds = 600): Played {
  const world = fickleWorld()
  const venue = new FickleVenue({
    venue: 'polymarket',
    markets: world.markets,
    converting: ['ann', 'bob', 'cid'],
    seed: one,
    cashUsd: 1_000,
    yesValueOf: (name) =>
      scene.cache.byMarket('polymarket', name as MarketId)?.market.resolution?.yesValue,
  })
  const watch = new OrderWatch()
  const played = { exposureSeen: 0 }
  const scene: LiveScene = new LiveScene({
    ...world,
    counterpart: venue,
    observe: (effect) => watch.observe(effect),
  })
  const look = (): void => {
    played.exposureSeen = Math.max(played.exposureSeen, scene.engine.view.exposure)
  }
  scene.wait(1_000)
  scene.wait(1_000)
  const random = new Random(one)
  for (let deed = 0; deed < deeds; deed += 5) {
    live(scene, random.integer(0, 2 ** 31 - 1), 5)
    look()
  }
  venue.calm = true
  scene.command({ kind: 'pause' })
  for (let second = 0; second < 90; second++) {
    scene.wait(1_000)
    look()
  }
  return { scene, venue, watch, ...played }
}
