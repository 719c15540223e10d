import { assert } from '../core/assert.ts'

/** The last few of something, for people to look at. Older ones are forgotten. */
export class Recent<T> {
  readonly #limit: number
  #items: T[] = []
  #total = 0

  constructor(limit: number) {
    assert(limit > 0, `at least one is kept: ${limit}`)
    this.#limit = limit
  }

  /** How many there were in all. */
  get total(): number {
    return this.#total
  }

  add(item: T): void {
    this.#items.push(item)
    this.#total++
    // Cut in halves, so that adding stays cheap on average.
    if (this.#items.length >= 2 * this.#limit) this.#items = this.#items.slice(-this.#limit)
  }

  /** The latest first, at most `count`. */
  latest(count: number = this.#limit): readonly T[] {
    return this.#items.slice(-Math.min(count, this.#limit)).reverse()
  }
}
