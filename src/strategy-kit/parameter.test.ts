import { describe, expect, test } from 'vitest'
import type { ParameterKind } from './parameter.ts'
import { price, readParameter, shares, writeParameter } from './parameter.ts'

describe('a parameter', () => {
  const values: readonly { kind: ParameterKind; given: unknown; want: unknown }[] = [
    { kind: 'shares', given: '10', want: 10_000_000 },
    { kind: 'shares', given: 0.5, want: 500_000 },
    { kind: 'shares', given: '0.0000001', want: undefined },
    { kind: 'usd', given: '-1', want: undefined },
    { kind: 'usd', given: '25.000001', want: 25_000_001 },
    { kind: 'price', given: '0.4501', want: 4_501 },
    { kind: 'price', given: '1.01', want: undefined },
    { kind: 'price', given: '0.45001', want: undefined },
    { kind: 'fraction', given: '0.8', want: 800_000 },
    { kind: 'count', given: '3', want: 3 },
    { kind: 'count', given: '3.5', want: undefined },
    { kind: 'milliseconds', given: 250, want: 250 },
    { kind: 'flag', given: 'true', want: true },
    { kind: 'flag', given: false, want: false },
    { kind: 'flag', given: 'yes', want: undefined },
    { kind: 'texts', given: 'a, b,', want: ['a', 'b'] },
    { kind: 'texts', given: ['a'], want: ['a'] },
    { kind: 'texts', given: [1], want: undefined },
    { kind: 'shares', given: true, want: undefined },
  ]
  test.each(values)('of $kind reads $given as $want', ({ kind, given, want }) => {
    expect(readParameter(kind, given)).toEqual(want)
  })

  test('reads back what it writes', () => {
    for (const { kind, want } of values) {
      if (want === undefined) continue
      const value = want as number
      expect(readParameter(kind, writeParameter(kind, value))).toEqual(value)
    }
  })

  test('whose own default does not fit is a mistake that shows at once', () => {
    expect(() => price('45', 'Cents.')).toThrow('expected a price from 0 to 1')
    expect(() => shares('ten', 'Shares.')).toThrow('it was "ten"')
  })
})
