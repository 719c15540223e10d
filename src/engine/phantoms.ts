/**
 * Sightings that were an error of the feed or of ours, each counted once for as long as it lasts.
 *
 * A book that is crossed for a hundred messages is one sighting, not a hundred: the count must not
 * grow with the speed of the feed.
 */
export class Phantoms {
  readonly #count: (cause: string) => void
  readonly #causes: string[] = []
  /** By the number of a market: the cause that was counted last, plus one; 0 for none. */
  #standing: Uint8Array = new Uint8Array(1024)
  #total = 0

  constructor(count: (cause: string) => void) {
    this.#count = count
  }

  get total(): number {
    return this.#total
  }

  sight(market: number, cause: string): void {
    if (market >= this.#standing.length) this.#grow(market)
    const code = this.#codeOf(cause)
    if (this.#standing[market] === code) return
    this.#standing[market] = code
    this.#total++
    this.#count(cause)
  }

  /** The sighting is over: the next one counts again. */
  clear(market: number): void {
    if (market < this.#standing.length) this.#standing[market] = 0
  }

  #codeOf(cause: string): number {
    const known = this.#causes.indexOf(cause)
    if (known >= 0) return known + 1
    return this.#causes.push(cause)
  }

  #grow(market: number): void {
    const grown = new Uint8Array(2 * Math.max(market, this.#standing.length))
    grown.set(this.#standing)
    this.#standing = grown
  }
}
