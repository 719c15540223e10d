import type { EpochMs } from '../core/units.ts'

/** The wall clock the exchange dates its messages by. Handed in, so that a test can move it. */
export type ExchangeClock = { epochMs(): EpochMs }

/** Work put off. What is returned stops it. */
export type ExchangeTimers = {
  after(delayMs: number, run: () => void): () => void
  every(intervalMs: number, run: () => void): () => void
}
