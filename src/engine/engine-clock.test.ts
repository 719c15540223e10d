import { describe, expect, test } from 'vitest'
import { epochMs, nanos } from '../core/units.ts'
import { EngineClock } from './engine-clock.ts'

describe('the clock of the engine', () => {
  test('tells the wall clock from the monotonic one, to the millisecond below', () => {
    const clock = new EngineClock()
    clock.anchor(nanos(5_000_000), epochMs(1_000))

    clock.advance(nanos(7_999_999))

    expect([clock.now, clock.nowMs]).toEqual([7_999_999, 1_002])
    expect(clock.msOf(nanos(4_000_000))).toBe(999)
  })

  test('never runs backwards', () => {
    const clock = new EngineClock()
    clock.anchor(nanos(0), epochMs(0))
    clock.advance(nanos(9))

    clock.advance(nanos(3))

    expect(clock.now).toBe(9)
  })
})
