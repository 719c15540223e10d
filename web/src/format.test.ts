import { describe, expect, test } from 'vitest'
import {
  cents,
  exactMoney,
  micros,
  millis,
  percent,
  signedMoney,
  sumOfCents,
  title,
  yearlyPercent,
} from './format.ts'

describe('money', () => {
  test.each([
    ['1234.5', '+$1,234.50'],
    ['-0.01', '\u2212$0.01'],
    ['0', '$0.00'],
    ['-0.001', '$0.00'],
  ])('%s with its sign is %s', (text, want) => {
    expect(signedMoney(text)).toBe(want)
  })

  test.each([
    ['1.494246', '$1.494246'],
    ['-1234.5', '\u2212$1,234.50'],
    ['42', '$42.00'],
  ])('%s to its last digit is %s', (text, want) => {
    expect(exactMoney(text)).toBe(want)
  })
})

describe('prices', () => {
  test.each([
    ['0.82', '82\u00a2'],
    ['0.334', '33.4\u00a2'],
    ['0.0005', '0.05\u00a2'],
    ['0', '0\u00a2'],
  ])('%s is %s', (text, want) => {
    expect(cents(text)).toBe(want)
  })

  test('a sum of them keeps its tenth', () => {
    expect(sumOfCents('1.012')).toBe('101.2\u00a2')
  })
})

describe('durations', () => {
  test.each([
    [null, '\u2013'],
    [0, '0 \u00b5s'],
    [3.94, '3.9 \u00b5s'],
    [250, '250 \u00b5s'],
    [1_500, '1.5 ms'],
    [25_000, '25 ms'],
    [2_500_000, '2.5 s'],
  ])('%s microseconds are %s', (us, want) => {
    expect(micros(us)).toBe(want)
  })

  test.each([
    [350, '350 ms'],
    [4_900, '4.9 s'],
    [125_000, '2 min 5 s'],
    [3_600_000, '1 h 0 min'],
    [260_000_000, '3 d 0 h'],
  ])('%i milliseconds are %s', (ms, want) => {
    expect(millis(ms)).toBe(want)
  })
})

describe('rates and names', () => {
  test('parts per million are per cent', () => {
    expect(percent(21_500)).toBe('2.15%')
    expect(percent(-5_000)).toBe('\u22120.50%')
    expect(yearlyPercent(2_246_000)).toBe('225%')
  })

  test('a name of ours is words', () => {
    expect(title('cross-outcome')).toBe('Cross outcome')
  })
})
