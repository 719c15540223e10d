import { describe, expect, test } from 'vitest'
import { pass } from './signal.ts'

describe('a pass', () => {
  test('is the same object for the same reason', () => {
    expect(pass('thin-edge')).toBe(pass('thin-edge'))
    expect(pass('thin-edge')).not.toBe(pass('no-depth'))
  })
})
