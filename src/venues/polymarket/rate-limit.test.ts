import { describe, expect, test } from 'vitest'
import type { EpochMs, Nanos } from '../../core/units.ts'
import { RateLimit } from './rate-limit.ts'

/** A clock that only timers move: each wait is over at once, and the time it took has passed. */
function handClock() {
  const state = { ms: 0 }
  return {
    state,
    clock: { epochMs: () => state.ms as EpochMs, nanos: () => (state.ms * 1e6) as Nanos },
    timers: {
      after: (delayMs: number, run: () => void) => {
        state.ms += delayMs
        queueMicrotask(run)
        return () => undefined
      },
      every: () => () => undefined,
    },
  }
}

describe('the rate limit', () => {
  test('lets 90 % of the published calls through in any ten seconds', async () => {
    const { clock, timers, state } = handClock()
    const limit = new RateLimit({ clock, timers, percent: 90 })
    const times: number[] = []

    for (let call = 0; call < 1_500; call++) {
      await limit.take('gamma-events')
      times.push(state.ms)
      if (call % 100 === 0) state.ms += 37
    }

    // 500 calls in ten seconds are published: docs/venues/polymarket.md, 1.2.
    const most = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 10_000).length),
    )
    expect(most).toBe(450)
  })

  test('counts a call in every bucket that it belongs to', async () => {
    const { clock, timers, state } = handClock()
    const limit = new RateLimit({ clock, timers, percent: 90 })

    for (let call = 0; call < 450; call++) await limit.take('gamma-events')
    for (let call = 0; call < 270; call++) await limit.take('gamma-markets')
    expect(state.ms).toBe(0)

    await limit.take('gamma-markets')
    expect(state.ms).toBe(10_000)
  })

  test('stands still for as long as the venue has asked', async () => {
    const { clock, timers, state } = handClock()
    const limit = new RateLimit({ clock, timers, percent: 90 })

    limit.pause('clob-book', 3_000)
    await limit.take('gamma-events')
    expect(state.ms).toBe(0)

    await limit.take('clob-book')
    expect(state.ms).toBe(3_000)
  })
})
