import { hashWords } from './event-batch.ts'

/** How many recent prices are kept of each token: guesses for the last trade price. */
const recentCount = 4

/**
 * What was last said of each token's book: when, and with which hash.
 *
 * Flat arrays by token number, so that a change costs a few stores and no object.
 */
export class TokenMarks {
  /** The venue's time of the last message; 0 when none vouches. */
  at: Float64Array = new Float64Array(0)
  #hash: Float64Array = new Float64Array(0)
  #touched: Int32Array = new Int32Array(0)
  #touchedNext: Uint8Array = new Uint8Array(0)
  #traded: Int32Array = new Int32Array(0)
  #tradedNext: Uint8Array = new Uint8Array(0)

  /** Makes room for so many tokens. */
  ensure(count: number): void {
    if (count <= this.at.length) return

    const capacity = Math.max(256, 2 * count)
    this.at = grownTo(new Float64Array(capacity), this.at)
    this.#hash = grownTo(new Float64Array(capacity * hashWords), this.#hash)
    this.#touched = grownTo(new Int32Array(capacity * recentCount), this.#touched)
    this.#touchedNext = grownTo(new Uint8Array(capacity), this.#touchedNext)
    this.#traded = grownTo(new Int32Array(capacity * recentCount), this.#traded)
    this.#tradedNext = grownTo(new Uint8Array(capacity), this.#tradedNext)
  }

  /** Notes a message: its time is `times[event]`, its hash the five words of `hashes` at `row`. */
  note(token: number, times: Float64Array, event: number, hashes: Float64Array, row: number): void {
    const to = token * hashWords
    const from = row * hashWords
    const hash = this.#hash
    this.at[token] = times[event] as number
    hash[to] = hashes[from] as number
    hash[to + 1] = hashes[from + 1] as number
    hash[to + 2] = hashes[from + 2] as number
    hash[to + 3] = hashes[from + 3] as number
    hash[to + 4] = hashes[from + 4] as number
  }

  forget(token: number): void {
    this.at[token] = 0
    this.#hash[token * hashWords] = 0
  }

  /** Makes the number as good as new, for another token. */
  reset(token: number): void {
    if (token >= this.at.length) return
    this.forget(token)
    this.#touched.fill(0, token * recentCount, (token + 1) * recentCount)
    this.#traded.fill(0, token * recentCount, (token + 1) * recentCount)
  }

  /** Whether the last message had this time and this hash: the two are parts of one step. */
  isSame(
    token: number,
    times: Float64Array,
    event: number,
    hashes: Float64Array,
    row: number,
  ): boolean {
    const mine = token * hashWords
    const theirs = row * hashWords
    const hash = this.#hash
    return (
      this.at[token] === times[event] &&
      hash[mine] === hashes[theirs] &&
      hash[mine + 1] === hashes[theirs + 1] &&
      hash[mine + 2] === hashes[theirs + 2] &&
      hash[mine + 3] === hashes[theirs + 3] &&
      hash[mine + 4] === hashes[theirs + 4]
    )
  }

  hasHash(token: number): boolean {
    return this.#hash[token * hashWords] !== 0
  }

  /** The hash as the venue wrote it. */
  hashText(token: number): string {
    return hashText(this.#hash, token)
  }

  /** Notes a price whose level changed: where a trade may have been. */
  touch(token: number, price: number): void {
    const next = this.#touchedNext[token] as number
    this.#touched[token * recentCount + next] = price
    this.#touchedNext[token] = (next + 1) % recentCount
  }

  noteTrade(token: number, price: number): void {
    const next = this.#tradedNext[token] as number
    this.#traded[token * recentCount + next] = price
    this.#tradedNext[token] = (next + 1) % recentCount
  }

  /** Prices at which the market may have traded last, in the token's own terms, likeliest first. */
  recentPrices(token: number): number[] {
    const prices: number[] = []
    for (const [ring, nextOf] of [
      [this.#traded, this.#tradedNext],
      [this.#touched, this.#touchedNext],
    ] as const) {
      const next = nextOf[token] as number
      for (let back = 1; back <= recentCount; back++) {
        const index = (next + recentCount - back) % recentCount
        const price = ring[token * recentCount + index] as number
        if (price !== 0 && !prices.includes(price)) prices.push(price)
      }
    }
    return prices
  }
}

/** The forty characters that lie in the five words at `index`. */
export function hashText(words: Float64Array, index: number): string {
  const bytes = hashWords * 8
  return Buffer.from(words.buffer, words.byteOffset + index * bytes, bytes).toString('latin1')
}

function grownTo<T extends Float64Array | Int32Array | Uint8Array>(into: T, from: T): T {
  into.set(from)
  return into
}
