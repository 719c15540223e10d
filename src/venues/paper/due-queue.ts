import { assert } from '../../core/assert.ts'
import type { Nanos } from '../../core/units.ts'

/** Things that happen at their time: earlier ones first, those of one instant as they were put. */
export class DueQueue<Item> {
  readonly #entries: { readonly due: Nanos; readonly item: Item }[] = []
  readonly #max: number

  /** Callers keep far below `max`: reaching it is a bug. */
  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    return this.#entries.length
  }

  put(due: Nanos, item: Item): void {
    assert(this.#entries.length < this.#max, `too many things under way: ${this.#max}`)
    let at = this.#entries.length
    while (at > 0 && (this.#entries[at - 1]?.due ?? 0) > due) at--
    this.#entries.splice(at, 0, { due, item })
  }

  nextDue(): Nanos | undefined {
    return this.#entries[0]?.due
  }

  /** Takes out what will not happen any more. */
  drop(isOff: (item: Item) => boolean): void {
    const index = this.#entries.findIndex(({ item }) => isOff(item))
    if (index >= 0) this.#entries.splice(index, 1)
  }

  /** The next thing that is due by `now`. */
  take(now: Nanos): { readonly due: Nanos; readonly item: Item } | undefined {
    const first = this.#entries[0]
    return first === undefined || first.due > now ? undefined : this.#entries.shift()
  }
}
