import { assert } from '../core/assert.ts'

/** Rows by their id, in the order in which they came, with a limit: the oldest make room. */
export class Shelf<Row extends { readonly id: string }> {
  readonly #max: number
  readonly #rows: Map<string, Row> = new Map()
  readonly #changed: Set<string> = new Set()
  /** Those that whoever follows the changes has. */
  readonly #told: Set<string> = new Set()
  #gone: string[] = []

  constructor(max: number) {
    assert(max > 0, `a shelf holds at least one row: ${max}`)
    this.#max = max
  }

  get(id: string): Row | undefined {
    return this.#rows.get(id)
  }

  /** Adds a row, or replaces the one of its id where that stands. */
  set(row: Row): void {
    this.#rows.set(row.id, row)
    this.#changed.add(row.id)
    if (this.#rows.size <= this.#max) return
    const [oldest] = this.#rows.keys()
    if (oldest === undefined) return
    this.#rows.delete(oldest)
    this.#changed.delete(oldest)
    // One that was never told need not be taken back.
    if (this.#told.delete(oldest)) this.#gone.push(oldest)
  }

  /** The latest first. */
  latest(count: number = this.#max): readonly Row[] {
    return [...this.#rows.values()].reverse().slice(0, count)
  }

  /** What has changed since this was last asked. */
  takeChanges(): { readonly rows: readonly Row[]; readonly gone: readonly string[] } {
    const rows = [...this.#changed].flatMap((id) => this.#rows.get(id) ?? [])
    const gone = this.#gone
    for (const { id } of rows) this.#told.add(id)
    this.#changed.clear()
    this.#gone = []
    return { rows, gone }
  }
}
