import { assert } from '../core/assert.ts'

/** One change as it is sent: made into bytes once, however many watch. */
export type LoggedChange = { readonly sequence: number; readonly bytes: Uint8Array }

/** The last changes of the stream, for watchers who lost their connection for a moment. */
export class ChangeLog {
  readonly #max: number
  #changes: LoggedChange[] = []
  #sequence = 0

  constructor(max: number) {
    assert(max > 0, `a log holds at least one change: ${max}`)
    this.#max = max
  }

  /** The number of the last change; zero before the first. */
  get sequence(): number {
    return this.#sequence
  }

  add(bytesOf: (sequence: number) => Uint8Array): LoggedChange {
    this.#sequence++
    const change = { sequence: this.#sequence, bytes: bytesOf(this.#sequence) }
    this.#changes.push(change)
    if (this.#changes.length > 2 * this.#max) this.#changes = this.#changes.slice(-this.#max)
    return change
  }

  /** The changes after `sequence`. Undefined when some of them are not kept any more. */
  since(sequence: number): readonly LoggedChange[] | undefined {
    if (sequence > this.#sequence) return undefined
    const missing = this.#sequence - sequence
    if (missing > Math.min(this.#changes.length, this.#max)) return undefined
    return missing === 0 ? [] : this.#changes.slice(-missing)
  }
}
