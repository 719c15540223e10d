import { describe, expect, test } from 'vitest'
import type { JudgedSignal } from './judge.ts'
import { judgeSignals } from './judge.ts'
import type { Plant, RealMispricing, Truth } from './truth.ts'

const basket: RealMispricing = {
  kind: 'outcome-basket-no',
  markets: ['a', 'b', 'c'],
  group: ['a', 'b', 'c'],
  fromMs: 1000,
  untilMs: 2000,
  edgeTicks: 400,
}
const pair: RealMispricing = {
  kind: 'ladder',
  markets: ['k1', 'k2'],
  group: ['k1', 'k2', 'k3', 'k4'],
  fromMs: 1000,
  untilMs: 2000,
  edgeTicks: 200,
}

function plantOf(real: RealMispricing, more: Partial<Plant> = {}): Plant {
  const { kind, markets, fromMs, untilMs, edgeTicks } = real
  const plant = { kind, markets, fromMs, untilMs, edgeTicks, payoutUsd: 1, sizeShares: 50 }
  return { id: 'plant-1', ...plant, ...more }
}

const truth: Truth = { planted: [plantOf(basket)], real: [basket, pair], decoys: [], pairs: [] }

function seen(strategy: string, markets: readonly string[], atMs: number): JudgedSignal {
  return { strategy, markets, atMs }
}

describe('judgeSignals', () => {
  test('a signal while the plant lives finds it, once however often it comes', () => {
    const signals = [1100, 1200, 1300].map((at) => seen('outcome-basket', ['a', 'b', 'c'], at))

    const verdict = judgeSignals(truth, signals, 100)

    expect([verdict.planted, verdict.plantedFound, verdict.falseSignals]).toEqual([1, 1, 0])
    expect(verdict.foundByKind).toEqual({ 'outcome-basket-no': 1 })
  })

  test.each([
    { name: 'before it began', atMs: 899, isFalse: 1 },
    { name: 'just before, within the tolerance', atMs: 900, isFalse: 0 },
    { name: 'just after, within the tolerance', atMs: 2100, isFalse: 0 },
    { name: 'after it ended', atMs: 2101, isFalse: 1 },
  ])('a signal $name: $isFalse false', ({ atMs, isFalse }) => {
    const { falseSignals, unfounded } = judgeSignals(
      truth,
      [seen('outcome-basket', ['a', 'b', 'c'], atMs)],
      100,
    )

    expect([falseSignals, unfounded.length]).toEqual([isFalse, isFalse])
  })

  test('a basket may leave members out, but not take in a stranger', () => {
    const some = seen('outcome-basket', ['a', 'c'], 1500)
    const more = seen('outcome-basket', ['a', 'c', 'x'], 1500)

    expect(judgeSignals(truth, [some], 0).falseSignals).toBe(0)
    expect(judgeSignals(truth, [more], 0).falseSignals).toBe(1)
  })

  test('a signal of another kind of mispricing is false, and finds nothing', () => {
    const verdict = judgeSignals(truth, [seen('cross-outcome', ['a'], 1500)], 0)

    expect([verdict.plantedFound, verdict.falseSignals]).toEqual([0, 1])
    expect(verdict.missed).toEqual(truth.planted)
  })

  test('a conversion is found by either strategy that sees its basket', () => {
    const planted = [plantOf(basket, { kind: 'conversion' })]
    for (const strategy of ['conversion', 'outcome-basket']) {
      const signals = [seen(strategy, ['a', 'b', 'c'], 1500)]

      const verdict = judgeSignals({ ...truth, planted }, signals, 0)

      expect([verdict.plantedFound, verdict.falseSignals]).toEqual([1, 0])
    }
  })

  test('a strategy that solves a whole group may join its mispricings in one portfolio', () => {
    const markets = ['k1', 'k2', 'k3', 'k4']

    expect(judgeSignals(truth, [seen('combinatorial', markets, 1500)], 0).falseSignals).toBe(0)
    expect(judgeSignals(truth, [seen('ladder', markets, 1500)], 0).falseSignals).toBe(1)
  })
})
