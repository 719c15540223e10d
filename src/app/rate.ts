import type { Nanos } from '../core/units.ts'

/** How fast a count grows: by second, over the last few seconds. */
export class Rate {
  readonly #windowNanos: number
  readonly #samples: { readonly at: Nanos; readonly count: number }[] = []

  constructor(windowMs: number) {
    this.#windowNanos = windowMs * 1e6
  }

  /** Notes the count as it stands, and gives the rate. Zero until there is something to compare. */
  sample(at: Nanos, count: number): number {
    this.#samples.push({ at, count })
    while (this.#samples.length > 2 && at - (this.#samples[1]?.at ?? at) >= this.#windowNanos) {
      this.#samples.shift()
    }
    const [first] = this.#samples
    if (first === undefined || at <= first.at) return 0
    return ((count - first.count) * 1e9) / (at - first.at)
  }
}
