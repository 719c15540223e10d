import type { VenueId } from '../core/market.ts'
import { Random } from '../core/random.ts'
import { buildWorld } from './build-world.ts'
import { crossPairs } from './cross-pairs.ts'
import { Deceiver } from './deceiver.ts'
import type { ExchangeClock } from './exchange-clock.ts'
import { Lifecycle } from './lifecycle.ts'
import { MispricingWatch } from './mispricing-watch.ts'
import { OrderLayer } from './order-layer.ts'
import type { PlantableKind } from './plant-kinds.ts'
import { plantableKinds } from './plant-kinds.ts'
import { Planter, planterDefaults } from './planter.ts'
import { Population } from './population.ts'
import { Scheduler } from './scheduler.ts'
import { Traders } from './traders.ts'
import type { Truth } from './truth.ts'
import type { World } from './world.ts'

export type SimulationOptions = {
  readonly seed: number
  readonly markets?: number
  readonly plants?: readonly PlantableKind[]
  readonly venues?: readonly VenueId[]
}

/**
 * The exchange without its wires: the world, its traders, what is laid into it, and the watch.
 *
 * Nothing here knows a socket or a timer. Whoever has a clock calls `run`; a test moves its own.
 */
export class Simulation {
  readonly world: World
  readonly #scheduler = new Scheduler()
  readonly #watch: MispricingWatch
  readonly #planter: Planter
  readonly #deceiver: Deceiver

  constructor(options: SimulationOptions, clock: ExchangeClock) {
    const { seed, markets = 0, plants = plantableKinds, venues = ['polymarket'] } = options
    // Each part draws from a stream of its own: one of them doing more does not change the others.
    const stream = (part: number): Random => new Random(seed * 64 + part)
    const { world, lister } = buildWorld({ seed, marketsMin: markets, venues }, clock)
    const scheduler = this.#scheduler
    this.world = world
    this.#watch = new MispricingWatch(world)
    this.#watch.start()

    const population = new Population(world, scheduler, stream(1))
    population.settle(world.sets)
    new Traders(world, population, scheduler, stream(2)).start()
    new Lifecycle({ world, population, scheduler, lister, random: stream(6) }).start()
    const layer = new OrderLayer(world, population, scheduler, stream(3))
    const ground = { world, population, layer, scheduler }
    const kinds = { ...planterDefaults, kinds: plants }
    this.#planter = new Planter({ ...ground, random: stream(4) }, kinds)
    this.#planter.start()
    this.#deceiver = new Deceiver({ ...ground, random: stream(5) })
    this.#deceiver.start()
  }

  /** Lets everything happen that is due when `elapsedMs` have passed since the start. */
  run(elapsedMs: number): void {
    this.#scheduler.run(elapsedMs)
  }

  truth(): Truth {
    return {
      planted: this.#planter.plants,
      real: this.#watch.intervals(),
      decoys: this.#deceiver.decoys,
      pairs: crossPairs(this.world.sets),
    }
  }
}
