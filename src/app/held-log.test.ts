import { describe, expect, test } from 'vitest'
import { HeldLog } from './held-log.ts'

describe('HeldLog', () => {
  test('holds what is logged until the start has succeeded, in its order', () => {
    const written: string[] = []
    const log = new HeldLog((line) => void written.push(line))

    log.write('a')
    log.write('b')
    expect(written).toEqual([])

    log.release()
    log.write('c')
    expect(written).toEqual(['a', 'b', 'c'])
  })

  test('does not grow without end while it waits', () => {
    const written: string[] = []
    const log = new HeldLog((line) => void written.push(line))

    for (let line = 0; line < 10_000; line++) log.write(String(line))
    log.release()

    expect(written).toHaveLength(200)
  })
})
