import { expect, test } from 'vitest'
import { Scheduler } from './scheduler.ts'

/** What happens and when, on a clock that is looked at so often. */
function history(everyMs: number): readonly string[] {
  const scheduler = new Scheduler()
  const seen: string[] = []
  const repeat = (name: string, ms: number): void => {
    scheduler.after(ms, () => {
      seen.push(`${name} ${scheduler.now}`)
      repeat(name, ms)
    })
  }
  repeat('a', 7)
  repeat('b', 5)
  for (let elapsed = 0; elapsed <= 100; elapsed += everyMs) scheduler.run(elapsed)
  return seen
}

test('the sequence does not depend on how often somebody looks', () => {
  expect(history(1)).toEqual(history(50))
  expect(history(1).slice(0, 5)).toEqual(['b 5', 'a 7', 'b 10', 'a 14', 'b 15'])
})

test('tasks of one time are done in the sequence they were set', () => {
  const scheduler = new Scheduler()
  const seen: number[] = []
  for (const at of [3, 1, 2, 1, 3]) scheduler.after(5, () => seen.push(at))

  scheduler.run(5)

  expect(seen).toEqual([3, 1, 2, 1, 3])
})

test('after a long stop it goes on from where it was, and does not catch up in a rush', () => {
  const scheduler = new Scheduler()
  let count = 0
  const repeat = (): void => {
    count += 1
    scheduler.after(1, repeat)
  }
  repeat()

  scheduler.run(60_000)
  const inOneCall = count
  for (let elapsed = 60_000; elapsed < 60_100; elapsed += 5) scheduler.run(elapsed)

  expect(inOneCall).toBeLessThanOrEqual(401)
  expect(count).toBeLessThan(1500)
})
