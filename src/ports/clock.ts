import type { EpochMs, Nanos } from '../core/units.ts'

/** The two clocks of the machine. Only `app/` makes one; everyone else is handed it. */
export interface Clock {
  /** The wall clock: for what people and venues date. It may jump. */
  epochMs(): EpochMs
  /** The monotonic clock: for durations and order. */
  nanos(): Nanos
}

/** Work put off. What is returned stops it. */
export interface Timers {
  after(delayMs: number, run: () => void): () => void
  every(intervalMs: number, run: () => void): () => void
}
