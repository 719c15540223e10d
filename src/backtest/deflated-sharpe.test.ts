import { describe, expect, test } from 'vitest'
import { Random } from '../core/random.ts'
import { deflatedSharpe, normalBelow, sharpeOf } from './deflated-sharpe.ts'

function returnsOf(random: Random, mean: number): readonly number[] {
  return Array.from({ length: 100 }, () => mean + random.normal())
}

function bestOf(mean: number, trials: number): number {
  const random = new Random(11)
  const all = Array.from({ length: trials }, () => returnsOf(random, mean))
  const sharpes = all.map((returns) => sharpeOf(returns) ?? 0)
  const best = all[sharpes.indexOf(Math.max(...sharpes))] ?? []
  return deflatedSharpe({ returns: best, sharpes }) ?? Number.NaN
}

describe('a deflated Sharpe ratio', () => {
  test('does not believe the best of many tries without merit', () => {
    expect(bestOf(0, 200)).toBeLessThan(0.9)
  })

  test('believes what all tries show', () => {
    expect(bestOf(0.6, 200)).toBeGreaterThan(0.95)
  })

  test('says nothing where nothing varies, or too little was seen', () => {
    expect(deflatedSharpe({ returns: Array(50).fill(0), sharpes: [0] })).toBeUndefined()
    expect(deflatedSharpe({ returns: [1, 2, 3], sharpes: [1] })).toBeUndefined()
  })

  test.each([
    [0, 0.5],
    [1.959_964, 0.975],
    [-1.644_854, 0.05],
  ])('holds the normal distribution below %d as %d', (value, probability) => {
    expect(normalBelow(value)).toBeCloseTo(probability, 6)
  })
})
