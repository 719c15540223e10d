import type { Market } from '../../src/core/market.ts'
import type { OutcomeSet } from '../../src/core/outcome-set.ts'
import { EngineObserver } from '../../src/server/engine-observer.ts'
import { Replica } from '../../src/server/replica.ts'
import {
  CrossOutcome,
  crossOutcomeDefaults,
} from '../../src/strategies/cross-outcome/cross-outcome.ts'
import { Scene } from '../engine/scene.ts'
import { run } from './digests.ts'

/** A real engine with a replica of it, as they stand in their two threads, without the threads. */
export class WatchedScene {
  readonly scene: Scene
  readonly replica: Replica = new Replica(run)
  readonly observer: EngineObserver
  readonly #markets: readonly Market[]
  readonly #sets: readonly OutcomeSet[]
  #told = 0

  constructor(markets: readonly Market[], sets: readonly OutcomeSet[] = []) {
    this.#markets = markets
    this.#sets = sets
    const strategies = [new CrossOutcome(crossOutcomeDefaults)]
    this.scene = new Scene({ strategies, markets, sets })
    this.observer = new EngineObserver({
      view: this.scene.engine.view,
      venues: ['polymarket'],
      feeds: () => [
        { venue: 'polymarket', mode: 'socket', open: 1, wanted: 1, markets: 1, reconnects: 0 },
      ],
      eventCount: () => 0,
      parametersOf: () => ({}),
      turnQuantileUs: () => undefined,
    })
    this.list()
  }

  /** Tells the replica what is listed. */
  list(): void {
    const { view } = this.scene.engine
    this.replica.learn({
      markets: this.#markets.flatMap((market) => {
        const entry = view.cache.byMarket(market.venue, market.id)
        return entry === undefined ? [] : [{ index: entry.index, market: entry.market }]
      }),
      sets: this.#sets,
      gone: [],
    })
  }

  /** Takes a digest, as the timer of the engine's thread does. */
  tell(): void {
    const { effects, now, nowMs } = this.scene
    for (const effect of effects.slice(this.#told)) this.observer.observe(effect)
    this.#told = effects.length
    // What travels between threads is a copy.
    this.replica.apply(structuredClone(this.observer.take(now, nowMs)))
  }

  /** A dollar for 95 cents, and time for the orders to arrive. */
  offer(market: string): void {
    this.scene.frame(
      `book ${market}-yes 0.40x100 / 0.45x20`,
      `book ${market}-no 0.48x100 / 0.50x30`,
    )
    this.scene.wait(20)
  }

  /** Nothing to be had any more. */
  settle(market: string): void {
    this.scene.frame(
      `book ${market}-yes 0.40x100 / 0.55x20`,
      `book ${market}-no 0.40x100 / 0.60x30`,
    )
    this.scene.wait(20)
  }
}
