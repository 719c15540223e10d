import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatMicros, formatMoney } from './format-number.ts'
import { fit, fitRight, textWidth } from './text-width.ts'
import { microUsd } from '../core/units.ts'

describe('textWidth', () => {
  test.each([
    ['plain', 5],
    ['µ…–', 3],
    ['世界', 4],
    ['\u{1f3c6}', 2],
    ['\u001b[31mred\u001b[0m', 3],
    ['e\u0301', 1],
  ])('%j takes %i columns', (text, columns) => expect(textWidth(text)).toBe(columns))
})

describe('fit', () => {
  test('fills up, cuts with an ellipsis, and keeps what fits', () => {
    expect(fit('abc', 5)).toBe('abc  ')
    expect(fit('abcdef', 5)).toBe('abcd…')
    expect(fit('世界世界', 5)).toBe('世界…')
    expect(fit('世界世界', 6)).toBe('世界… ')
    expect(fit('a\u001b[2Jb\n', 8)).toBe('a [2Jb  ')
    expect(fitRight('12', 5)).toBe('   12')
  })

  test('always takes exactly the columns it is given, whatever the text', () => {
    const texts = fc.string({ unit: 'grapheme', maxLength: 30 })
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        expect(textWidth(fit(text, columns))).toBe(columns)
      }),
    )
  })
})

describe('formatMoney', () => {
  test.each([
    [0, '+$0.00'],
    [1_234_567_890_000, '+$1,234,567.89'],
    [9_999, '+$0.00'],
    [-1, '-$0.01'],
  ])('%i micro-dollars are %s: a gain rounds down, a loss up', (money, text) => {
    expect(formatMoney(microUsd(money))).toBe(text)
  })
})

describe('formatMicros', () => {
  test.each([
    [undefined, '–'],
    [1.25, '1.3 µs'],
    [12.3, '12 µs'],
    [4_321, '4.3 ms'],
    [43_210, '43 ms'],
  ])('%d µs is %s', (micros, text) => expect(formatMicros(micros)).toBe(text))
})
