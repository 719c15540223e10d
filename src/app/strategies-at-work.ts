import { resolve } from 'node:path'

import type { Command } from '../engine/event.ts'
import type { Log } from '../ports/log.ts'
import type { Strategy } from '../ports/strategy.ts'
import type { LoadedConfig } from './load-config.ts'
import { LookWatch } from './look-watch.ts'
import type { Machine } from './machine.ts'
import { keepSource } from './recorded-strategies.ts'
import { watchStrategies } from './strategy-reload.ts'
import type { StrategySource } from './strategy-source.ts'
import type { OwnStrategy, RecordedStrategy } from './user-strategies.ts'
import { loadUserStrategies, recordedOf } from './user-strategies.ts'

export type AtWorkOptions = {
  readonly machine: Machine
  readonly loaded: LoadedConfig
  /** The directory of the journal, when there is one. */
  readonly journal: string | undefined
  readonly log: Log
  readonly tell: (text: string) => void
  /** A strategy never answers: ends the process. */
  readonly onStalled: (reason: string) => void
}

/** The strategies of the user's own in a run: guarded, and reloaded when their files change. */
export class StrategiesAtWork {
  readonly #options: AtWorkOptions
  readonly #own: readonly OwnStrategy[]
  readonly #watch: LookWatch
  #command: (command: Command) => void = () => {}

  private constructor(options: AtWorkOptions, own: readonly OwnStrategy[], watch: LookWatch) {
    this.#options = options
    this.#own = own
    this.#watch = watch
  }

  /** Throws a `ConfigError` where a file or a setting is wrong. */
  static async load(options: AtWorkOptions): Promise<StrategiesAtWork> {
    const { loaded, machine, onStalled } = options
    const { files, own, lookBudgetMs, stallAfterMs } = loaded.config.strategies
    const watch: LookWatch = new LookWatch({
      clock: machine.clock,
      budgetMs: lookBudgetMs,
      stallAfterMs,
      onSlow: (strategy, reason) => atWork.#afterTurn(strategy, reason),
      onStalled,
    })
    const strategies = await loadUserStrategies({
      files,
      folder: machine.folder,
      own,
      origins: loaded.origins,
      guard: watch,
    })
    const atWork: StrategiesAtWork = new StrategiesAtWork(options, strategies, watch)
    return atWork
  }

  get plugins(): readonly Strategy[] {
    return this.#own.map(({ strategy }) => strategy)
  }

  get recorded(): readonly RecordedStrategy[] {
    return this.#own.map(recordedOf)
  }

  /** Begins to watch, once there is an engine to command. What it gives back ends that. */
  start(command: (command: Command) => void): () => void {
    this.#command = command
    if (this.#own.length === 0) return () => {}
    for (const { source } of this.#own) this.#keep(source)
    const { loaded, log, machine, tell } = this.#options
    const stopWatch = this.#watch.start()
    const { stop } = watchStrategies(this.#own, {
      timers: machine.timers,
      origins: loaded.origins,
      command: (one) => {
        if (one.kind === 'reload-strategy') this.#watch.forgive(one.strategy)
        command(one)
      },
      keep: (source) => this.#keep(source),
      tell: (text) => {
        log.warn(text)
        tell(text)
      },
    })
    return () => {
      stop()
      stopWatch()
    }
  }

  #keep(source: StrategySource): void {
    const { journal, machine } = this.#options
    if (journal !== undefined) keepSource(resolve(machine.folder, journal), source)
  }

  /** The look that was slow is still within a turn of the engine. */
  #afterTurn(strategy: string, reason: string): void {
    this.#options.machine.timers.after(0, () =>
      this.#command({ kind: 'disable-strategy', strategy, reason }),
    )
  }
}
