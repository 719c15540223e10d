import type { Clock, Timers } from '../../ports/clock.ts'

/** So many calls in any window of so many milliseconds. */
type Limit = { readonly name: string; readonly calls: number; readonly windowMs: number }

/** The buckets we read from. docs/venues/polymarket.md, 1.2. */
const limits = {
  gamma: { name: 'gamma', calls: 4_000, windowMs: 10_000 },
  gammaEvents: { name: 'gamma-events', calls: 500, windowMs: 10_000 },
  gammaMarkets: { name: 'gamma-markets', calls: 300, windowMs: 10_000 },
  gammaListings: { name: 'gamma-listings', calls: 900, windowMs: 10_000 },
  clob: { name: 'clob', calls: 9_000, windowMs: 10_000 },
  book: { name: 'clob-book', calls: 1_500, windowMs: 10_000 },
} as const satisfies Record<string, Limit>

export type LimitedCall = 'gamma-events' | 'gamma-markets' | 'clob-book' | 'clob'

/** Every bucket a call counts in. */
const bucketsOf: { readonly [Call in LimitedCall]: readonly Limit[] } = {
  'gamma-events': [limits.gamma, limits.gammaListings, limits.gammaEvents],
  'gamma-markets': [limits.gamma, limits.gammaListings, limits.gammaMarkets],
  'clob-book': [limits.clob, limits.book],
  clob: [limits.clob],
}

/**
 * Keeps our calls under the venue's limits.
 *
 * The venue counts a sliding window, so we keep the time of each call in it: a bucket that refills
 * would let twice the limit through in one window.
 */
export class RateLimit {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #windows: Map<Limit, Window>

  constructor({ clock, timers, percent }: { clock: Clock; timers: Timers; percent: number }) {
    this.#clock = clock
    this.#timers = timers
    this.#windows = new Map(
      Object.values(limits).map((limit) => [
        limit,
        new Window(Math.max(1, Math.floor((limit.calls * percent) / 100)), limit.windowMs),
      ]),
    )
  }

  /** Resolves when the call may be made; the call counts from then. */
  async take(call: LimitedCall): Promise<void> {
    for (;;) {
      const now = this.#nowMs()
      const windows = bucketsOf[call].map((limit) => this.#windows.get(limit))
      const waitMs = Math.max(...windows.map((window) => window?.waitMs(now) ?? 0))
      if (waitMs <= 0) {
        for (const window of windows) window?.note(now)
        return
      }
      await new Promise<void>((resolve) => {
        this.#timers.after(Math.ceil(waitMs), resolve)
      })
    }
  }

  /** The venue has said to wait: nobody of these buckets calls before. */
  pause(call: LimitedCall, waitMs: number): void {
    const until = this.#nowMs() + waitMs
    const narrowest = bucketsOf[call].at(-1)
    if (narrowest !== undefined) this.#windows.get(narrowest)?.pauseUntil(until)
  }

  #nowMs(): number {
    return this.#clock.nanos() / 1e6
  }
}

/** The times of the last calls, as many as the window allows. */
class Window {
  readonly #times: Float64Array
  readonly #windowMs: number
  #next = 0
  #pausedUntil = 0

  constructor(calls: number, windowMs: number) {
    this.#times = new Float64Array(calls).fill(Number.NEGATIVE_INFINITY)
    this.#windowMs = windowMs
  }

  waitMs(now: number): number {
    const oldest = this.#times[this.#next] as number
    return Math.max(oldest + this.#windowMs - now, this.#pausedUntil - now)
  }

  note(now: number): void {
    this.#times[this.#next] = now
    this.#next = (this.#next + 1) % this.#times.length
  }

  pauseUntil(instant: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, instant)
  }
}
