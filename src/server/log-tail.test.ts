import { describe, expect, test } from 'vitest'
import { LogTail } from './log-tail.ts'

describe('the tail of the log', () => {
  test('has the latest line first, with its fields apart', () => {
    const tail = new LogTail()

    tail.add(
      '{"level":"warn","time":"2026-11-25T04:00:00.123Z","room":"app","msg":"one","venue":"x"}',
    )
    tail.add('{"level":"error","time":"2026-11-25T04:00:01.000Z","room":"polymarket","msg":"two"}')

    expect(tail.latest()).toEqual([
      {
        number: 2,
        atMs: 1_795_579_201_000,
        level: 'error',
        room: 'polymarket',
        message: 'two',
        fields: '',
      },
      {
        number: 1,
        atMs: 1_795_579_200_123,
        level: 'warn',
        room: 'app',
        message: 'one',
        fields: '{"venue":"x"}',
      },
    ])
  })

  test('shows a line that is not ours as it came', () => {
    const tail = new LogTail()

    tail.add('out of memory')

    expect(tail.latest()).toMatchObject([{ message: 'out of memory', room: '' }])
  })

  test('keeps the last five hundred', () => {
    const tail = new LogTail()

    for (let line = 1; line <= 2_000; line++) tail.add(`{"msg":"${line}"}`)

    expect(tail.latest()).toHaveLength(500)
    expect(tail.latest()[0]?.message).toBe('2000')
  })
})
