import type { ExchangeClock } from '../exchange-clock.ts'

/**
 * Whether the exchange trades. docs/venues/kalshi.md, 1.4.
 *
 * In a trading pause nothing is placed and cancels pass; in an exchange pause nothing passes.
 */
export type ExchangeMode = 'open' | 'trading-paused' | 'exchange-paused'

/**
 * How a write ends that goes wrong on purpose.
 *
 * - `lost`: it is done, and the connection breaks. - `failed`: it is done, and 500 is said of it.
 * - `unserved`: it is not done, and 503 says that nobody knows. - `limited`: not done, 429.
 */
export type Mishap = 'lost' | 'failed' | 'unserved' | 'limited'

/** What can be done to the exchange from outside, and what its calls look at. */
export class ExchangeState {
  mode: ExchangeMode = 'open'
  /** While the engine cannot be reached, nobody can say what becomes of a write. */
  isReachable = true
  /** Reads of one's own data trail what has happened by so long. docs/venues/kalshi.md, 1.4. */
  readLagMs = 0
  readonly #clock: ExchangeClock
  readonly #mishaps: Mishap[] = []

  constructor(clock: ExchangeClock) {
    this.#clock = clock
  }

  /** Of the next so many writes each ends so. */
  spoil(mishap: Mishap, count: number): void {
    for (let index = 0; index < count; index++) this.#mishaps.push(mishap)
  }

  /** How the write that has just come in ends, if not well. */
  nextMishap(): Mishap | undefined {
    return this.#mishaps.shift()
  }

  /** What happened after this instant, the reads do not know yet. */
  readsUntil(): number {
    return this.#clock.epochMs() - this.readLagMs
  }
}
