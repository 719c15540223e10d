import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import { MarketCache } from '../engine/market-cache.ts'
import { topColumns } from './digest.ts'
import { TopScan } from './top-scan.ts'

function cacheOf(count: number): MarketCache {
  const cache = new MarketCache()
  for (let each = 0; each < count; each++) {
    cache.add({ ...marketOf(`m${each}`), bookKind: 'mirrored' })
  }
  return cache
}

function touch(cache: MarketCache, index: number): void {
  const book = cache.at(index)?.yes.book
  book?.set(bidSide, 4_000 as Ticks, 1_000_000 as MicroShares)
  book?.set(askSide, 4_500 as Ticks, 2_000_000 as MicroShares)
}

describe('the scan of best prices', () => {
  test('tells a book once, and again when it has changed', () => {
    const cache = cacheOf(2)
    const scan = new TopScan(cache, 10)
    expect(scan.take().count).toBe(2)

    touch(cache, 1)

    const { rows, count } = scan.take()
    expect(count).toBe(1)
    expect([...rows]).toEqual([1, 0, 0, 4_000, 1_000_000, 4_500, 2_000_000, 0])
    expect(scan.take().count).toBe(0)
  })

  test('tells a book whose state alone has changed', () => {
    const cache = cacheOf(1)
    const scan = new TopScan(cache, 10)
    scan.take()

    cache.at(0)?.yes.book.mark('proven')

    expect(scan.take().rows[2]).toBe(1)
  })

  test('tells a market that has closed', () => {
    const cache = cacheOf(1)
    const scan = new TopScan(cache, 10)
    scan.take()

    cache.change({ ...marketOf('m0'), bookKind: 'mirrored', status: 'closed' })

    expect(scan.take().rows[7]).toBe(2)
  })

  test('looks at no more than its budget, and comes to all in turn', () => {
    const scan = new TopScan(cacheOf(5_000), 2_000)

    const takes = [scan.take(), scan.take(), scan.take()].map(({ count }) => count)

    expect(takes).toEqual([2_000, 2_000, 1_000])
  })

  test('sends no room that is not filled', () => {
    const cache = cacheOf(3)
    const scan = new TopScan(cache, 10)
    scan.take()
    touch(cache, 2)

    expect(scan.take().rows).toHaveLength(topColumns)
  })
})
