import type { Clock, Timers } from '../../ports/clock.ts'

/**
 * Opens sockets one after another, never many at once: the venue answers a crowd with 429.
 *
 * docs/venues/polymarket.md, 1.5.
 */
export class OpenGate {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #intervalMs: number
  #nextMs = 0

  constructor({ clock, timers, intervalMs }: OpenGateParts) {
    this.#clock = clock
    this.#timers = timers
    this.#intervalMs = intervalMs
  }

  /** Runs `open` at the next free moment, in `delayMs` or later. What is returned cancels it. */
  enter(delayMs: number, open: () => void): () => void {
    const now = this.#clock.nanos() / 1e6
    const at = Math.max(now + delayMs, this.#nextMs)
    // A retry far in the future does not hold up those who could open now.
    if (delayMs <= this.#intervalMs) this.#nextMs = at + this.#intervalMs
    return this.#timers.after(Math.max(0, Math.ceil(at - now)), open)
  }

  /** Nobody opens for so long: the venue has asked for it. */
  pause(forMs: number): void {
    this.#nextMs = Math.max(this.#nextMs, this.#clock.nanos() / 1e6 + forMs)
  }
}

type OpenGateParts = {
  readonly clock: Clock
  readonly timers: Timers
  readonly intervalMs: number
}
