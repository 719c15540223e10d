import { epochMs, nanos } from '../core/units.ts'
import type { Clock, Timers } from '../ports/clock.ts'

/** What a run needs of the machine it runs on. */
export type Machine = {
  readonly clock: Clock
  readonly timers: Timers
  readonly environment: Readonly<Record<string, string | undefined>>
  /** Where files without a full path are looked for. */
  readonly folder: string
}

const clock: Clock = {
  epochMs: () => epochMs(Date.now()),
  // A double holds performance.now() to less than a microsecond for years; hrtime.bigint() would
  // cost an allocation on every frame.
  nanos: () => nanos(Math.round(performance.now() * 1e6)),
}

const timers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs)
    return () => clearTimeout(timer)
  },
  every(intervalMs, run) {
    const timer = setInterval(run, intervalMs)
    return () => clearInterval(timer)
  },
}

/** The machine that this process runs on. */
export const thisMachine: Machine = {
  clock,
  timers,
  environment: process.env,
  folder: process.cwd(),
}
