import type { Ticks } from '../core/units.ts'

export type Quoted = { readonly atMs: number; readonly bid: Ticks; readonly ask: Ticks }

const pointsMax = 600
const stepMs = 1_000
/** Markets beyond this have no history: memory must not grow with the catalogue. */
const marketsMax = 5_000

/** The best prices of each market over the last minutes, a point a second where they moved. */
export class PriceHistory {
  readonly #byMarket: Map<number, Quoted[]> = new Map()

  note(market: number, point: Quoted): void {
    let points = this.#byMarket.get(market)
    if (points === undefined) {
      if (this.#byMarket.size >= marketsMax) return
      points = []
      this.#byMarket.set(market, points)
    }
    const last = points.at(-1)
    if (last !== undefined && point.atMs - last.atMs < stepMs) {
      // Within a second the latest stands.
      points[points.length - 1] = { ...point, atMs: last.atMs }
      return
    }
    points.push(point)
    if (points.length > 2 * pointsMax) this.#byMarket.set(market, points.slice(-pointsMax))
  }

  /** The oldest first. */
  of(market: number): readonly Quoted[] {
    return this.#byMarket.get(market)?.slice(-pointsMax) ?? []
  }

  forget(market: number): void {
    this.#byMarket.delete(market)
  }
}
