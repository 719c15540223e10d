import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Nanos } from '../core/units.ts'
import { OrderRate } from './order-rate.ts'

const second = 1_000_000_000

test('counts the orders of the last second and of the last minute, whatever their order', () => {
  const sending = fc.record({
    wait: fc.oneof(
      fc.integer({ min: 0, max: 20 * second }),
      fc.constantFrom(0, second, 60 * second),
    ),
    count: fc.integer({ min: 0, max: 5 }),
  })
  fc.assert(
    fc.property(fc.array(sending, { size: 'max', maxLength: 60 }), (sendings) => {
      const rate = new OrderRate()
      const all: number[] = []
      let now = 0
      for (const { wait, count } of sendings) {
        now += wait
        rate.sent(count, now as Nanos)
        for (let order = 0; order < count; order++) all.push(now)
        expect(rate.lastSecond(now as Nanos)).toBe(all.filter((at) => at > now - second).length)
        expect(rate.lastMinute(now as Nanos)).toBe(
          all.filter((at) => at > now - 60 * second).length,
        )
      }
    }),
  )
})
