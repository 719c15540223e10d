import { describe, expect, test } from 'vitest'
import { BookSlab } from './book-slab.ts'

describe('a slab', () => {
  test('gives blocks that do not touch', () => {
    const slab = new BookSlab()
    const blocks = Array.from({ length: 2_000 }, () => slab.take(202))

    blocks.forEach(({ page, base }, index) => page.fill(index + 1, base, base + 202))

    for (const [index, { page, base }] of blocks.entries()) {
      expect([page[base], page[base + 201]]).toEqual([index + 1, index + 1])
    }
  })

  test('gives a returned block again, empty', () => {
    const slab = new BookSlab()
    const block = slab.take(202)
    block.page[block.base] = 5
    const before = slab.bytes

    slab.give(block, 202)
    const again = slab.take(202)

    expect(again).toBe(block)
    expect(again.page[again.base]).toBe(0)
    expect(slab.bytes).toBe(before)
  })

  test('says what its pages take', () => {
    const slab = new BookSlab()
    expect(slab.bytes).toBe(0)

    slab.take(4)

    expect(slab.bytes).toBe(1_048_576)
  })

  test('gives no block that is empty or larger than a page', () => {
    const slab = new BookSlab()

    expect(() => slab.take(0)).toThrow('fits a page')
    expect(() => slab.take(131_073)).toThrow('fits a page')
  })
})
