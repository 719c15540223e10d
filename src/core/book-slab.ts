import { assert } from './assert.ts'

/**
 * Where a block of a slab lies. A page is shared by many blocks, so no block is an object to trace.
 */
export type SlabBlock = { readonly page: Float64Array; readonly base: number }

const pageLength = 1 << 17

/**
 * Hands out blocks of numbers from large pages, and takes them back.
 *
 * A book of its own arrays costs the garbage collector a visit each; fifty thousand books in pages
 * cost it a few dozen. Pages are never moved, so a block stays where it is for its life.
 */
export class BookSlab {
  readonly #pages: Float64Array[] = []
  readonly #free: Map<number, SlabBlock[]> = new Map()
  #used: number = pageLength

  take(length: number): SlabBlock {
    assert(length > 0 && length <= pageLength, `a block fits a page: ${length}`)

    const reused = this.#free.get(length)?.pop()
    if (reused !== undefined) return reused

    if (this.#used + length > pageLength) {
      this.#pages.push(new Float64Array(pageLength))
      this.#used = 0
    }
    const page = this.#pages.at(-1)
    assert(page !== undefined, 'a page was just added')
    const block = { page, base: this.#used }
    this.#used += length
    return block
  }

  give(block: SlabBlock, length: number): void {
    block.page.fill(0, block.base, block.base + length)
    const list = this.#free.get(length)
    if (list === undefined) this.#free.set(length, [block])
    else list.push(block)
  }

  /** What the pages take, in bytes. */
  get bytes(): number {
    return this.#pages.length * pageLength * Float64Array.BYTES_PER_ELEMENT
  }
}
