import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Recent } from './recent.ts'

test('keeps the last few, the latest first, and counts them all', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10 }), fc.array(fc.nat()), (limit, items) => {
      const recent = new Recent<number>(limit)
      for (const item of items) recent.add(item)
      expect(recent.latest()).toEqual(items.slice(-limit).toReversed())
      expect(recent.latest(2)).toEqual(items.slice(-Math.min(2, limit)).toReversed())
      expect(recent.total).toBe(items.length)
    }),
  )
})
