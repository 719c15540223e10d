import { describe, expect, test } from 'vitest'
import { HandClock } from './fixtures/hand-clock.ts'
import { RateLimit } from './rate-limit.ts'

function scene() {
  const clock = new HandClock()
  const limit = new RateLimit({ clock, timers: clock, tier: 'basic', percent: 100 })
  const made: number[] = []
  /** Asks for so many reads, and notes when each may go. */
  const ask = (count: number) => {
    for (let index = 0; index < count; index++) {
      void limit.take('read').then(() => made.push(clock.epochMs()))
    }
  }
  return { clock, limit, made, ask }
}

describe('RateLimit', () => {
  test('lets three seconds of reads go at once, then twenty in a second', async () => {
    const { clock, made, ask } = scene()

    ask(80)
    await clock.pass(0)
    expect(made).toHaveLength(60)

    await clock.pass(1000)
    expect(made).toHaveLength(80)
    expect(made.at(-1)).toBe(1000)
  })

  test('serves who came first, first', async () => {
    const { clock, limit, ask } = scene()
    const order: string[] = []
    ask(60)

    void limit.take('read', 40).then(() => order.push('large'))
    void limit.take('read', 10).then(() => order.push('small'))
    await clock.pass(5000)

    expect(order).toEqual(['large', 'small'])
  })

  test('keeps reads and writes apart', async () => {
    const { clock, limit, ask } = scene()
    ask(60)
    const written: number[] = []

    void limit.take('write').then(() => written.push(clock.epochMs()))
    await clock.pass(0)

    expect(written).toEqual([0])
  })

  test('lets nobody go while the venue wants a pause', async () => {
    const { clock, limit, made, ask } = scene()

    limit.pause('read', 2000)
    ask(1)
    await clock.pass(2000)
    expect(made).toEqual([])

    await clock.pass(100)
    expect(made).toEqual([2050])
  })

  test('takes on the budget that the venue tells', async () => {
    const { clock, limit, made, ask } = scene()

    limit.adopt('read', { refillRate: 1000, capacity: 20 })
    ask(12)
    await clock.pass(0)
    expect(made).toHaveLength(2)

    await clock.pass(100)
    expect(made).toHaveLength(12)
  })

  test('who cannot wait pays nothing, and is told so', async () => {
    const { clock, limit } = scene()
    await limit.take('write', 100)

    const isHasty = await limit.takeWithin('write', 50, 400)
    const isPatient = limit.takeWithin('write', 50, 500)
    await clock.pass(500)

    expect(isHasty).toBe(false)
    expect(await isPatient).toBe(true)
    expect(limit.most('write')).toBe(100)
  })
})
