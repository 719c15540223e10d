import { describe, expect, test } from 'vitest'
import { ChangeLog } from './change-log.ts'

function logOf(count: number, max: number): ChangeLog {
  const log = new ChangeLog(max)
  for (let each = 0; each < count; each++) log.add((sequence) => Uint8Array.of(sequence))
  return log
}

describe('the log of changes', () => {
  test.each([
    { name: 'what was missed', since: 3, want: [4, 5] },
    { name: 'nothing to whoever has all', since: 5, want: [] },
    { name: 'no more than it keeps', since: 1, want: [2, 3, 4, 5] },
    { name: 'nothing when something was dropped', since: 0, want: undefined },
    { name: 'nothing to whoever has more than there is', since: 6, want: undefined },
  ])('gives $name', ({ since, want }) => {
    const changes = logOf(5, 4).since(since)

    expect(changes?.map(({ sequence }) => sequence)).toEqual(want)
  })

  test('keeps no more than it may, however long it runs', () => {
    const log = logOf(1_000, 4)

    expect(log.since(996)?.map(({ bytes }) => bytes.length)).toEqual([1, 1, 1, 1])
    expect(log.since(995)).toBeUndefined()
  })
})
