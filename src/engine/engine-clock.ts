import type { EpochMs, Nanos } from '../core/units.ts'

const nanosPerMs = 1_000_000

/**
 * The time of the event at hand. The engine asks nobody else: a replay has the same times.
 *
 * It never runs backwards: of two events the later one is not earlier than the first.
 */
export class EngineClock {
  // In an array, because a number that is a field of its own may be allocated at each store.
  readonly #instants: Float64Array = new Float64Array(3)

  /** Ties the monotonic clock to the wall clock. */
  anchor(at: Nanos, atMs: EpochMs): void {
    this.#instants[1] = at
    this.#instants[2] = atMs
    this.advance(at)
  }

  advance(at: Nanos): void {
    if (at > (this.#instants[0] ?? 0)) this.#instants[0] = at
  }

  get now(): Nanos {
    return this.#instants[0] as Nanos
  }

  get nowMs(): EpochMs {
    return this.msOf(this.now)
  }

  msOf(at: Nanos): EpochMs {
    const [, anchor = 0, anchorMs = 0] = this.#instants
    return (anchorMs + Math.floor((at - anchor) / nanosPerMs)) as EpochMs
  }
}
