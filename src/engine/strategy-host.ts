import { assert } from '../core/assert.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { Decision, Pass, TradeSignal } from '../core/signal.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { Counter } from '../ports/metrics.ts'
import type { CatalogueView, Strategy } from '../ports/strategy.ts'
import { decisionFault } from './decision-fault.ts'
import type { StrategyMetrics } from './engine-metrics.ts'
import type { Episodes } from './episodes.ts'
import type { Evaluation } from './evaluation.ts'
import type { MarketCache } from './market-cache.ts'
import { Phantoms } from './phantoms.ts'

/** One bit a strategy: so many fit the mask of a market. */
const strategiesMax = 31

/** A strategy at work, with what is counted of it. */
export type HostedStrategy = {
  readonly strategy: Strategy
  readonly metrics: StrategyMetrics
  readonly phantoms: Phantoms
  readonly episodes: Episodes
  /** Why it does not run; undefined while it does. */
  stopped: string | undefined
  evaluations: number
  lastPass: Pass | undefined
  lastPassCounter: Counter | undefined
}

export type HostOptions = {
  readonly strategies: readonly Strategy[]
  readonly cache: MarketCache
  readonly evaluation: Evaluation
  readonly metricsOf: (strategy: string) => StrategyMetrics
  readonly episodesOf: (strategy: string) => Episodes
  readonly onSignal: (signal: TradeSignal) => void
  readonly onStopped: (strategy: string, reason: string) => void
}

/**
 * Calls the strategies, in a fixed order, about each changed book that may be believed.
 *
 * A strategy that throws, or answers what is no decision, is stopped, alone and with the reason:
 * its bug must not silence the others.
 */
export class StrategyHost {
  readonly #hosted: readonly HostedStrategy[]
  readonly #cache: MarketCache
  readonly #evaluation: Evaluation
  readonly #onSignal: (signal: TradeSignal) => void
  readonly #onStopped: (strategy: string, reason: string) => void
  /** By the number of a market: a bit for each strategy that watches it. */
  #watchers: Int32Array = new Int32Array(1024)

  constructor(options: HostOptions) {
    const { strategies, metricsOf, episodesOf } = options
    assert(strategies.length <= strategiesMax, `at most ${strategiesMax} strategies`)
    const names = new Set(strategies.map(({ name }) => name))
    assert(names.size === strategies.length, 'each strategy has a name of its own')

    this.#cache = options.cache
    this.#evaluation = options.evaluation
    this.#onSignal = options.onSignal
    this.#onStopped = options.onStopped
    this.#hosted = strategies.map((strategy) => {
      const metrics = metricsOf(strategy.name)
      return {
        strategy,
        metrics,
        phantoms: new Phantoms((cause) => metrics.phantoms(cause).add()),
        episodes: episodesOf(strategy.name),
        stopped: undefined,
        evaluations: 0,
        lastPass: undefined,
        lastPassCounter: undefined,
      }
    })
  }

  get hosted(): readonly HostedStrategy[] {
    return this.#hosted
  }

  /** Tells every strategy what there is, and notes which markets it watches. */
  onCatalogue(catalogue: CatalogueView): void {
    this.#watchers = new Int32Array(Math.max(this.#cache.size, this.#watchers.length))
    for (const [bit, hosted] of this.#hosted.entries()) {
      if (hosted.stopped === undefined)
        this.#guard(hosted, () => this.#inform(hosted, bit, catalogue))
    }
  }

  /** The market is not to be looked at any more. */
  forget(entry: BookEntry): void {
    if (entry.index < this.#watchers.length) this.#watchers[entry.index] = 0
  }

  enable(name: string, catalogue: CatalogueView): void {
    const hosted = this.#find(name)
    if (hosted?.stopped === undefined) return
    hosted.stopped = undefined
    this.onCatalogue(catalogue)
  }

  stop(name: string, reason: string): void {
    const hosted = this.#find(name)
    if (hosted === undefined || hosted.stopped !== undefined) return
    hosted.stopped = reason
    hosted.episodes.endAll('strategy-stopped', this.#evaluation.now)
    this.#onStopped(name, reason)
  }

  /**
   * Lets a strategy go on as another version of its file, from its next look on.
   *
   * One that was stopped runs again: new code is what it waited for. What it had in sight is over.
   */
  reload(name: string, version: string, catalogue: CatalogueView): void {
    const hosted = this.#find(name)
    if (hosted === undefined) return
    hosted.episodes.endAll('strategy-reloaded', this.#evaluation.now)
    hosted.stopped = undefined
    let became = false
    this.#guard(hosted, () => {
      became = hosted.strategy.become?.(version) ?? false
    })
    if (became) this.onCatalogue(catalogue)
    else this.stop(name, `there is no version ${version}`)
  }

  /** Asks the strategies that watch this market. The book must be whole and not broken. */
  evaluate(entry: BookEntry, book: OrderBook): void {
    const mask = entry.index < this.#watchers.length ? (this.#watchers[entry.index] ?? 0) : 0
    if (mask === 0) return
    this.#evaluation.point(entry, book)
    const hosted = this.#hosted
    for (let bit = 0; bit < hosted.length; bit++) {
      const one = hosted[bit]
      if (one !== undefined && (mask & (1 << bit)) !== 0 && one.stopped === undefined) {
        this.#ask(one, entry)
      }
    }
  }

  #ask(hosted: HostedStrategy, entry: BookEntry): void {
    let decision: Decision
    try {
      decision = hosted.strategy.evaluate(this.#evaluation)
    } catch (error) {
      this.stop(hosted.strategy.name, reasonOf(error))
      return
    }
    hosted.evaluations++
    const phantom = this.#evaluation.takePhantom()
    if (phantom === undefined) hosted.phantoms.clear(entry.index)
    else hosted.phantoms.sight(entry.index, phantom)

    // The pass of a moment ago has been looked at already.
    const isKnown = decision !== undefined && decision === hosted.lastPass
    const fault = isKnown ? undefined : decisionFault(decision, hosted.strategy.name)
    if (fault !== undefined) {
      this.stop(hosted.strategy.name, fault)
      return
    }
    if (decision.kind === 'signal') {
      this.#onSignal(decision)
      return
    }
    countPass(hosted, decision)
    if (hosted.episodes.touches(entry.index)) {
      hosted.episodes.passed(entry.index, decision.reason, this.#evaluation.now)
    }
  }

  #inform(hosted: HostedStrategy, bit: number, catalogue: CatalogueView): void {
    const { strategy } = hosted
    strategy.onCatalogue(catalogue, this.#cache)
    for (const entry of this.#cache.entries()) {
      if (entry.market.status !== 'open') continue
      if (strategy.watches?.(entry.market, catalogue) ?? true) {
        this.#watchers[entry.index] = (this.#watchers[entry.index] ?? 0) | (1 << bit)
      }
    }
  }

  #guard(hosted: HostedStrategy, run: () => void): void {
    try {
      run()
    } catch (error) {
      this.stop(hosted.strategy.name, reasonOf(error))
    }
  }

  #find(name: string): HostedStrategy | undefined {
    return this.#hosted.find(({ strategy }) => strategy.name === name)
  }
}

/** Most passes repeat the one before: its counter is at hand. */
function countPass(hosted: HostedStrategy, decision: Pass): void {
  if (hosted.lastPass !== decision) {
    hosted.lastPass = decision
    hosted.lastPassCounter = hosted.metrics.passes(decision.reason)
  }
  hosted.lastPassCounter?.add()
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error)
}
