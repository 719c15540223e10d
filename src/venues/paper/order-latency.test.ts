import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from '../../core/random.ts'
import { drawLatency, drawQuantile } from './order-latency.ts'

const measured = { kind: 'quantiles', p50Ms: 60, p90Ms: 120, p99Ms: 400 } as const

describe('a latency', () => {
  test('that is fixed is always the same, times the factor of the band', () => {
    const random = new Random(1)

    const drawn = [1, 1, 2].map((factor) => drawLatency({ kind: 'fixed', ms: 25 }, factor, random))

    expect(drawn).toEqual([25_000_000, 25_000_000, 50_000_000])
  })

  test('that was measured is drawn as often as measured', () => {
    const random = new Random(1)
    const count = 50_000
    const drawn = Array.from({ length: count }, () => drawLatency(measured, 1, random) / 1e6)

    const below = (ms: number): number => drawn.filter((each) => each <= ms).length / count

    expect(below(60)).toBeCloseTo(0.5, 1.7)
    expect(below(120)).toBeCloseTo(0.9, 1.9)
    expect(below(400)).toBeCloseTo(0.99, 2.3)
  })

  test('goes through its quantiles, never falls, and has an end', () => {
    expect(drawQuantile(measured, 0)).toBeCloseTo(60)
    expect(drawQuantile(measured, 1.281552)).toBeCloseTo(120)
    expect(drawQuantile(measured, 2.326348)).toBeCloseTo(400)
    expect(drawQuantile(measured, 9)).toBe(drawQuantile(measured, 4))
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (deviate, step) => {
          const low = drawQuantile(measured, deviate)
          expect(low).toBeGreaterThan(0)
          expect(drawQuantile(measured, deviate + step)).toBeGreaterThanOrEqual(low)
        },
      ),
    )
  })

  test('is refused when its quantiles fall', () => {
    expect(() => drawQuantile({ p50Ms: 60, p90Ms: 50, p99Ms: 400 }, 0)).toThrow('quantiles rise')
  })
})
