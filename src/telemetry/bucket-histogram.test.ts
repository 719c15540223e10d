import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BucketHistogram } from './bucket-histogram.ts'

describe('BucketHistogram', () => {
  test('a value on a bound belongs to that bound, as Prometheus counts', () => {
    const histogram = new BucketHistogram([1, 2, 5])

    for (const value of [0, 1, 1.5, 2, 5, 6]) histogram.record(value)

    expect([...histogram.counts]).toEqual([2, 2, 1, 1])
    expect(histogram.count).toBe(6)
    expect(histogram.sum).toBe(15.5)
  })

  test('every value is counted once, in the first bucket that holds it', () => {
    // One zero: the two of them are the same bound.
    const bound = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((value) => value + 0)
    const bounds = fc.uniqueArray(bound, { minLength: 1, maxLength: 20 })
    const values = fc.array(fc.double({ min: -2e6, max: 2e6, noNaN: true }))
    fc.assert(
      fc.property(bounds, values, (unsorted, recorded) => {
        const sorted = unsorted.toSorted((a, b) => a - b)
        const histogram = new BucketHistogram(sorted)

        for (const value of recorded) histogram.record(value)

        const naive = sorted.map((bound, index) => {
          const below = index === 0 ? Number.NEGATIVE_INFINITY : Number(sorted[index - 1])
          return recorded.filter((value) => value <= bound && value > below).length
        })
        expect([...histogram.counts].slice(0, -1)).toEqual(naive)
        expect(histogram.count).toBe(recorded.length)
      }),
    )
  })

  test('a quantile lies within the bucket that holds its rank', () => {
    const histogram = new BucketHistogram([10, 20, 40])

    for (let value = 1; value <= 100; value++) histogram.record(value / 4)

    expect(histogram.quantile(0.5)).toBeGreaterThan(10)
    expect(histogram.quantile(0.5)).toBeLessThanOrEqual(20)
    expect(histogram.quantile(0.99)).toBeGreaterThan(20)
  })

  test('an empty histogram has no quantile', () => {
    expect(new BucketHistogram([1]).quantile(0.5)).toBeUndefined()
  })

  test('what is above all bounds reads as the highest', () => {
    const histogram = new BucketHistogram([1, 2])

    histogram.record(1_000)

    expect(histogram.quantile(0.5)).toBe(2)
  })

  test('bounds that do not ascend are refused', () => {
    expect(() => new BucketHistogram([1, 1])).toThrow('bounds ascend')
    expect(() => new BucketHistogram([])).toThrow('has bounds')
  })
})
