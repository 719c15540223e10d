import { describe, expect, test } from 'vitest'
import type { Timers } from '../ports/clock.ts'
import { VenueError } from '../venues/venue-error.ts'
import { withinDeadline } from './start-deadline.ts'
import { UnreachableError } from './unreachable-error.ts'

/** Timers that only go off by hand. */
function handTimers(): {
  readonly timers: Timers
  readonly pass: () => void
  readonly set: () => number
} {
  const due = new Set<() => void>()
  const add = (run: () => void): (() => void) => {
    due.add(run)
    return () => due.delete(run)
  }
  const timers: Timers = { after: (_, run) => add(run), every: (_, run) => add(run) }
  return { timers, pass: () => due.forEach((run) => run()), set: () => due.size }
}

const hosts = ['gamma.example', 'ws.example:443']
const never = new Promise<void>(() => {})

describe('withinDeadline', () => {
  test('gives what the work gives, and takes its timer back', async () => {
    const { timers, set } = handTimers()

    expect(await withinDeadline(Promise.resolve(7), { timers, hosts })).toBe(7)
    await Promise.resolve()

    expect(set()).toBe(0)
  })

  test('gives up a host that never answers', async () => {
    const { timers, pass } = handTimers()

    const work = withinDeadline(never, { timers, hosts })
    pass()

    await expect(work).rejects.toThrow('cannot reach gamma.example (no answer in 15 s)')
  })

  test('names the host of the call that failed, and the reason of the system', async () => {
    const { timers } = handTimers()
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' })
    const error = new VenueError({
      venue: 'polymarket',
      call: 'connect ws.example:443/ws/market',
      code: 'UNREACHABLE',
      landed: 'no',
      cause: new Error('fetch failed', { cause: refused }),
    })

    const work = withinDeadline(Promise.reject(error), { timers, hosts })

    await expect(work).rejects.toThrow(UnreachableError)
    await expect(work).rejects.toThrow('cannot reach ws.example:443 (ECONNREFUSED); check')
  })

  test('a bug stays a bug', async () => {
    const { timers } = handTimers()

    const work = withinDeadline(Promise.reject(new TypeError('x is not a function')), {
      timers,
      hosts,
    })

    await expect(work).rejects.toThrow(TypeError)
  })
})
