import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Nanos } from '../../core/units.ts'
import { DueQueue } from './due-queue.ts'

test('what is due comes out by time, and at one instant as it was put', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat({ max: 9 }), { maxLength: 50 }),
      fc.nat({ max: 9 }),
      (dues, now) => {
        const queue = new DueQueue<number>(50)
        dues.forEach((due, index) => queue.put(due as Nanos, index))

        const taken: number[] = []
        for (
          let next = queue.take(now as Nanos);
          next !== undefined;
          next = queue.take(now as Nanos)
        ) {
          taken.push(next.item)
        }

        const byTime = dues.map((due, index) => ({ due, index })).toSorted((a, b) => a.due - b.due)
        expect(taken).toEqual(byTime.filter(({ due }) => due <= now).map(({ index }) => index))
        expect(queue.nextDue()).toBe(byTime.find(({ due }) => due > now)?.due)
      },
    ),
  )
})

test('more than it holds is a bug', () => {
  const queue = new DueQueue<number>(1)
  queue.put(1 as Nanos, 1)

  expect(() => queue.put(2 as Nanos, 2)).toThrow('too many things under way')
})
