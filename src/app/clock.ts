import type { Clock, Timers } from '../ports/clock.ts'
import { epochMs, nanos } from '../core/units.ts'

/** The two clocks of this machine. */
export const systemClock: Clock = {
  epochMs: () => epochMs(Date.now()),
  // A double holds performance.now() to less than a microsecond for years; hrtime.bigint() would
  // cost an allocation on every frame.
  nanos: () => nanos(Math.round(performance.now() * 1e6)),
}

export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  every(intervalMs, run) {
    const timer = setInterval(run, intervalMs)
    return () => clearInterval(timer)
  },
}
