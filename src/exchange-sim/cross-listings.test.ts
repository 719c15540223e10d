import { describe, expect, test } from 'vitest'
import { epochMs } from '../core/units.ts'
import { judgeSignals, lookAlikesAmong } from './judge.ts'
import { Simulation } from './simulation.ts'
import type { Truth } from './truth.ts'

const startedAt = 1_795_183_441_000

/** A world with both venues after so many milliseconds. */
function ran(seed: number, forMs: number): Truth {
  let now = startedAt
  const clock = { epochMs: () => epochMs(now) }
  const options = { seed, venues: ['polymarket', 'kalshi'], plants: ['cross-venue'] } as const
  const simulation = new Simulation(options, clock)
  for (; now < startedAt + forMs; now += 10) simulation.run(now - startedAt)
  return simulation.truth()
}

describe('questions on two venues', () => {
  test('are pairs that are the same, or only sound so and differ in one thing', () => {
    const { pairs } = ran(1, 0)

    const count = (relation: string) => pairs.filter((pair) => pair.relation === relation).length
    expect([count('same'), count('different')]).toEqual([8, 4])
    for (const { relation, difference, polymarket, kalshi } of pairs) {
      expect(polymarket).toMatch(/^0x[0-9a-f]{64}$/)
      expect(kalshi).toMatch(/^KX[A-Z0-9]+-\d\d[A-Z]{3}\d\d/)
      expect(difference !== '').toBe(relation === 'different')
    }
  })

  test('have mispricings between them only where they are the same', () => {
    const { planted, real, pairs } = ran(3, 40_000)
    const same = pairs.filter(({ relation }) => relation === 'same')
    const isSame = (markets: readonly string[]) =>
      same.some(
        ({ polymarket, kalshi }) => markets.includes(polymarket) && markets.includes(kalshi),
      )

    const across = real.filter(({ kind }) => kind === 'cross-venue')

    expect(planted.length).toBeGreaterThan(10)
    expect(planted.every(({ markets }) => isSame(markets))).toBe(true)
    expect(across.length).toBeGreaterThanOrEqual(planted.length)
    expect(across.every(({ markets }) => isSame(markets))).toBe(true)
  })

  test('show every plant in the books themselves, for as long as it was laid', () => {
    const truth = ran(5, 40_000)
    const signals = truth.planted.map(({ markets, fromMs, untilMs }) => ({
      strategy: 'cross-venue',
      markets,
      atMs: (fromMs + untilMs) / 2,
    }))

    const verdict = judgeSignals(truth, signals, 0)

    expect(verdict.plantedFound).toBe(truth.planted.length)
    expect(verdict.falseSignals).toBe(0)
    expect(lookAlikesAmong(truth, signals)).toBe(0)
  })

  test('catch whoever trades two that only sound alike', () => {
    const truth = ran(5, 10_000)
    const signals = truth.pairs.map(({ polymarket, kalshi }) => ({
      strategy: 'cross-venue',
      markets: [kalshi, polymarket],
      atMs: startedAt + 5_000,
    }))

    expect(lookAlikesAmong(truth, signals)).toBe(4)
    expect(judgeSignals(truth, signals, 0).falseSignals).toBeGreaterThanOrEqual(4)
  })
})
