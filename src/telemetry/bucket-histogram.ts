import { assert } from '../core/assert.ts'
import type { Histogram } from '../ports/metrics.ts'

/** Counts by bucket, as Prometheus means it: a value belongs to the first bound it is not above. */
export class BucketHistogram implements Histogram {
  readonly bounds: Float64Array
  /** By bucket, one more than there are bounds: the last is for what is above all of them. */
  readonly counts: Float64Array
  #sum = 0
  #count = 0

  constructor(bounds: readonly number[]) {
    assert(bounds.length > 0, 'a histogram has bounds')
    assert(
      bounds.every((bound, index) => index === 0 || bound > Number(bounds[index - 1])),
      `bounds ascend: ${bounds.join(', ')}`,
    )
    this.bounds = Float64Array.from(bounds)
    this.counts = new Float64Array(bounds.length + 1)
  }

  get sum(): number {
    return this.#sum
  }

  get count(): number {
    return this.#count
  }

  record(value: number): void {
    let low = 0
    let high = this.bounds.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.bounds[middle] as number) < value) low = middle + 1
      else high = middle
    }
    ;(this.counts[low] as number)++
    this.#sum += value
    this.#count++
  }

  /**
   * The value below which a share of `quantile` lies, on a straight line within its bucket.
   *
   * Undefined when nothing was recorded. What is above all bounds reads as the highest bound.
   */
  quantile(quantile: number): number | undefined {
    return quantileOf(this.bounds, this.counts, quantile)
  }
}

/** See {@link BucketHistogram.quantile}; over counts that may be a sum, or a difference in time. */
export function quantileOf(
  bounds: Float64Array,
  counts: Float64Array,
  quantile: number,
): number | undefined {
  assert(quantile >= 0 && quantile <= 1, `a quantile lies between 0 and 1: ${quantile}`)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return undefined

  const rank = quantile * total
  let below = 0
  for (const [index, bound] of bounds.entries()) {
    const here = counts[index] ?? 0
    if (here > 0 && below + here >= rank) {
      const from = index === 0 ? 0 : (bounds[index - 1] ?? 0)
      return from + ((bound - from) * (rank - below)) / here
    }
    below += here
  }
  return bounds[bounds.length - 1]
}
