import { formatUsd } from '../core/decimal.ts'
import type { MicroUsd } from '../core/units.ts'
import type { EquityPoint } from './schema/run-status.ts'

/** More points than a screen has columns say nothing more. */
const pointsMax = 4_096
const firstStepMs = 1_000

/**
 * Profit and loss over time, for a chart of the whole run.
 *
 * A point a second at first. When there are too many, every other one is dropped and the step
 * doubles: a day has points as evenly spread as a minute.
 */
export class EquityCurve {
  #points: EquityPoint[] = []
  #stepMs = firstStepMs

  note(atMs: number, realised: MicroUsd, unrealised: MicroUsd): void {
    const last = this.#points.at(-1)
    if (last !== undefined && atMs - last.atMs < this.#stepMs) return
    this.#points.push({
      atMs,
      realised: formatUsd(realised),
      unrealised: formatUsd(unrealised),
    })
    if (this.#points.length <= pointsMax) return
    this.#points = this.#points.filter((_, index) => index % 2 === 0)
    this.#stepMs *= 2
  }

  /** The oldest first. */
  points(): readonly EquityPoint[] {
    return this.#points
  }
}
