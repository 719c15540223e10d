import { Worker } from 'node:worker_threads'

import type { Clock } from '../ports/clock.ts'
import type { LookGuard } from './user-strategy.ts'

export type LookWatchOptions = {
  readonly clock: Clock
  /** One look may take so long. */
  readonly budgetMs: number
  /** A look that has not ended after so long never will. */
  readonly stallAfterMs: number
  /** Called in the turn of the look, so it must not touch the engine before that is over. */
  readonly onSlow: (strategy: string, reason: string) => void
  /** Called while the strategy still loops: the process must be ended by it. */
  readonly onStalled: (reason: string) => void
}

/** Looks over the budget that a strategy may have: the first ones meet a compiler, or a pause. */
const overrunsMax = 3
/** What the thread beside us calls, by a name that nobody else has. */
const alarm: symbol = Symbol.for('prediction-engine.stalled')

/**
 * Measures how long strategies of the user's own take for a look.
 *
 * A look that is slow is noticed when it ends. One that never ends is noticed by a thread beside
 * this one, which interrupts it where it loops and lets {@link LookWatchOptions.onStalled} end the
 * process: there is no way back into a turn that was torn.
 */
export class LookWatch implements LookGuard {
  readonly #options: LookWatchOptions
  readonly #overruns: Map<string, number> = new Map()
  /** The number of the look that is under way, or zero; the other thread reads it. */
  readonly #shared: Int32Array<SharedArrayBuffer> = new Int32Array(new SharedArrayBuffer(4))
  #worker: Worker | undefined
  #looks = 0
  #strategy = ''
  #enteredAt = 0

  constructor(options: LookWatchOptions) {
    this.#options = options
  }

  /** Starts the thread beside us. What it gives back stops it. */
  start(): () => void {
    const { stallAfterMs, onStalled } = this.#options
    Reflect.set(globalThis, alarm, () => {
      onStalled(`${this.#strategy} has not answered for ${stallAfterMs} ms, and never will`)
    })
    const file = import.meta.url.endsWith('.ts') ? './stall-worker.ts' : './stall-worker.js'
    const worker = new Worker(new URL(file, import.meta.url), {
      workerData: { shared: this.#shared, stallAfterMs },
    })
    worker.unref()
    this.#worker = worker
    return () => {
      Reflect.deleteProperty(globalThis, alarm)
      void this.#worker?.terminate()
      this.#worker = undefined
    }
  }

  enter(strategy: string): void {
    this.#strategy = strategy
    // Within an Int32, and never zero while a look is under way.
    this.#looks = (this.#looks % 1_000_000_000) + 1
    Atomics.store(this.#shared, 0, this.#looks)
    this.#enteredAt = this.#options.clock.nanos()
  }

  leave(): void {
    Atomics.store(this.#shared, 0, 0)
    const tookMs = (this.#options.clock.nanos() - this.#enteredAt) / 1e6
    if (tookMs <= this.#options.budgetMs) return
    const strategy = this.#strategy
    const count = (this.#overruns.get(strategy) ?? 0) + 1
    this.#overruns.set(strategy, count)
    if (count !== overrunsMax) return
    const { budgetMs } = this.#options
    const took = `took ${Math.round(tookMs)} ms for a look`
    this.#options.onSlow(strategy, `${took}: ${overrunsMax} were over ${budgetMs} ms`)
  }

  /** New code is measured anew. */
  forgive(strategy: string): void {
    this.#overruns.delete(strategy)
  }
}
