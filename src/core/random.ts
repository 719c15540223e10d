import { assert } from './assert.ts'

/** A seeded stream of chance: the same seed gives the same numbers, on every machine. */
export class Random {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    // The generator is sfc32; its state is spread from the seed by splitmix32.
    let state = seed >>> 0
    const spread = (): number => {
      state = (state + 0x9e3779b9) >>> 0
      let mixed = state ^ (state >>> 16)
      mixed = Math.imul(mixed, 0x21f0aaad)
      mixed ^= mixed >>> 15
      mixed = Math.imul(mixed, 0x735a2d97)
      return (mixed ^ (mixed >>> 15)) >>> 0
    }
    this.#a = spread()
    this.#b = spread()
    this.#c = spread()
    this.#d = 1
    for (let round = 0; round < 12; round++) this.next()
  }

  /** From 0 up to, and not including, 1. */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    this.#c |= 0
    return (sum >>> 0) / 4_294_967_296
  }

  /** A whole number from `low` to `high`, both included. */
  integer(low: number, high: number): number {
    assert(high >= low, `a range is not empty: ${low} to ${high}`)
    return low + Math.floor(this.next() * (high - low + 1))
  }

  /** True with the given probability. */
  chance(probability: number): boolean {
    return this.next() < probability
  }

  pick<T>(items: readonly T[]): T {
    const item = items[Math.floor(this.next() * items.length)]
    assert(item !== undefined, 'one picks from a list that is not empty')
    return item
  }

  /** The wait until the next event of a process with so many a second, in milliseconds. */
  exponentialMs(perSecond: number): number {
    return (-Math.log(1 - this.next()) / perSecond) * 1000
  }

  /** A normal deviate, mean 0 and deviation 1. */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()))
    return radius * Math.cos(2 * Math.PI * this.next())
  }
}
