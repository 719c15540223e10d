/**
 * What a number of a subscription tells when it comes.
 *
 * - `next`: it continues the sequence, or is the first we see of it.
 * - `gap`: numbers before it are missing.
 * - `seen`: this very frame has been applied. `late`: it fills a hole that was noticed before.
 * - `renumbered`: an old number on another frame. The numbering itself is not to be believed.
 */
export type SequenceVerdict = 'next' | 'gap' | 'seen' | 'late' | 'renumbered'

/** Frames remembered by their content, to tell a repeated frame from a reused number. */
const memoryLength = 64

/**
 * The numbering of one subscription: all its markets and its control frames share it.
 * docs/venues/kalshi.md, 5.6.
 *
 * This is what proves a Kalshi book: a snapshot under one number, and every number since.
 */
export class SubscriptionSequence {
  readonly connection: number
  readonly sid: number
  /** The numbers of the books whose last snapshot came on this subscription. */
  readonly books: Set<number> = new Set()
  #last = -1
  readonly #numbers: Float64Array = new Float64Array(memoryLength).fill(-1)
  readonly #contents: Float64Array = new Float64Array(3 * memoryLength)

  constructor(connection: number, sid: number) {
    this.connection = connection
    this.sid = sid
  }

  /** The number of the newest frame, or -1 before the first. */
  get last(): number {
    return this.#last
  }

  /** Takes note of a frame: its number, and three numbers that tell what is in it. */
  note(number: number, what: number, where: number, amount: number): SequenceVerdict {
    if (number === this.#last + 1 || this.#last < 0) {
      this.#remember(number, what, where, amount)
      return 'next'
    }
    if (number > this.#last) {
      this.#remember(number, what, where, amount)
      return 'gap'
    }
    return this.#verdictOnOld(number, what, where, amount)
  }

  /** Forgets the numbering: what comes next is a first frame. */
  restart(): void {
    this.#last = -1
    this.#numbers.fill(-1)
  }

  #verdictOnOld(number: number, what: number, where: number, amount: number): SequenceVerdict {
    const place = number % memoryLength
    const isRecent = number > this.#last - memoryLength
    if (isRecent && this.#numbers[place] !== number) {
      // A hole within what we remember: the books were broken when it opened.
      this.#write(number, what, where, amount)
      return 'late'
    }
    const base = 3 * place
    const isSame =
      isRecent &&
      this.#contents[base] === what &&
      this.#contents[base + 1] === where &&
      this.#contents[base + 2] === amount
    if (isSame) return 'seen'

    this.restart()
    this.#remember(number, what, where, amount)
    return 'renumbered'
  }

  #remember(number: number, what: number, where: number, amount: number): void {
    this.#last = number
    this.#write(number, what, where, amount)
  }

  #write(number: number, what: number, where: number, amount: number): void {
    const place = number % memoryLength
    this.#numbers[place] = number
    const base = 3 * place
    this.#contents[base] = what
    this.#contents[base + 1] = where
    this.#contents[base + 2] = amount
  }
}
