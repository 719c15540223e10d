import type { EpochMs } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'

const minuteMs = 60_000

/** Lets at most so many through in any minute. */
export class RateGate {
  readonly #perMinuteMax: number
  readonly #passed: EpochMs[] = []

  constructor(perMinuteMax: number) {
    this.#perMinuteMax = perMinuteMax
  }

  /** When the next one may pass: `now`, or later. */
  opensAt(now: EpochMs): EpochMs {
    while (this.#passed[0] !== undefined && this.#passed[0] + minuteMs <= now) this.#passed.shift()
    const [first] = this.#passed
    if (first === undefined || this.#passed.length < this.#perMinuteMax) return now
    return epochMs(first + minuteMs)
  }

  pass(now: EpochMs): void {
    this.#passed.push(now)
  }
}
