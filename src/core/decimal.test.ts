import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatDecimal, formatPrice, parseDecimal, parsePrice, parseSize } from './decimal.ts'
import { ticks } from './units.ts'

describe('parseDecimal', () => {
  test.each([
    ['0.31', 4, 3_100],
    ['.31', 4, 3_100],
    ['0.', 4, 0],
    ['1', 4, 10_000],
    ['0.310000', 4, 3_100],
    ['-0.5', 4, -5_000],
    ['-0', 4, 0],
    ['00012.5', 6, 12_500_000],
  ])('reads %s with %i places as %i', (text, places, value) => {
    expect(parseDecimal(text, places)).toBe(value)
  })

  test.each([
    '',
    '.',
    '-',
    '1e3',
    '+1',
    ' 1',
    '1 ',
    '0x1',
    '1,5',
    'NaN',
    'Infinity',
    '1.2.3',
    '--1',
  ])('refuses "%s"', (text) => {
    expect(parseDecimal(text, 6)).toBeUndefined()
  })

  test('refuses a digit that would be rounded away', () => {
    expect(parseDecimal('0.31001', 4)).toBeUndefined()
  })

  test('refuses what leaves the safe integers', () => {
    expect(parseDecimal('9007199254.740991', 6)).toBe(Number.MAX_SAFE_INTEGER)
    expect(parseDecimal('9007199254.740992', 6)).toBeUndefined()
    expect(parseDecimal('9'.repeat(15), 6)).toBeUndefined()
  })

  test('reads back whatever it has written', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 8 }), (value, places) => {
        expect(parseDecimal(formatDecimal(value, places), places)).toBe(value === 0 ? 0 : value)
      }),
    )
  })

  test('agrees with exact arithmetic on any digits', () => {
    const digits = fc.stringMatching(/^\d{1,9}$/)
    fc.assert(
      fc.property(digits, digits, fc.integer({ min: 0, max: 6 }), (whole, fraction, places) => {
        const exact = BigInt(whole + fraction.padEnd(9, '0'))
        const unit = 10n ** BigInt(9 - places)
        const want = exact % unit === 0n ? Number(exact / unit) : undefined
        expect(parseDecimal(`${whole}.${fraction}`, places)).toBe(want)
      }),
    )
  })
})

describe('prices and sizes', () => {
  test('a price lies between $0 and $1 and is no finer than a tick', () => {
    expect(parsePrice('1')).toBe(10_000)
    expect(parsePrice('0')).toBe(0)
    expect(parsePrice('1.0001')).toBeUndefined()
    expect(parsePrice('-0.01')).toBeUndefined()
    expect(parsePrice('0.00005')).toBeUndefined()
  })

  test('a size is not negative and no finer than a millionth', () => {
    expect(parseSize('45.83')).toBe(45_830_000)
    expect(parseSize('-1')).toBeUndefined()
    expect(parseSize('0.0000001')).toBeUndefined()
  })

  test('a price is written without trailing zeros', () => {
    expect(formatPrice(ticks(3_100))).toBe('0.31')
    expect(formatPrice(ticks(10_000))).toBe('1')
    expect(formatPrice(ticks(0))).toBe('0')
  })
})
