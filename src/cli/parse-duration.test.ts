import { describe, expect, test } from 'vitest'
import { formatClock, parseDuration } from './parse-duration.ts'

describe('parseDuration', () => {
  test.each([
    ['30s', 30_000],
    ['2m', 120_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['24h', 86_400_000],
  ])('%s is %i ms', (text, durationMs) => expect(parseDuration(text)).toBe(durationMs))

  test.each(['', '30', 's', '1.5s', '-1s', '0s', '30 s', '1d', '600h', '1e3s'])(
    'refuses "%s"',
    (text) => expect(parseDuration(text)).toBeUndefined(),
  )
})

describe('formatClock', () => {
  test.each([
    [0, '00:00'],
    [95_999, '01:35'],
    [3_695_000, '1:01:35'],
  ])('%i ms is %s', (durationMs, text) => expect(formatClock(durationMs)).toBe(text))
})
