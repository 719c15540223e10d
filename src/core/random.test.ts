import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Random } from './random.ts'

describe('seeded chance', () => {
  test('is the same for the same seed', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const one = new Random(seed)
        const other = new Random(seed)
        for (let draw = 0; draw < 20; draw++) expect(one.next()).toBe(other.next())
      }),
    )
  })

  test('is the same on every machine and in every version', () => {
    const random = new Random(7)

    expect([random.integer(0, 999), random.integer(0, 999), random.integer(0, 999)]).toEqual(
      firstOfSeven,
    )
  })

  test('differs for neighbouring seeds', () => {
    const firsts = new Set(Array.from({ length: 1_000 }, (_, seed) => new Random(seed).next()))

    expect(firsts.size).toBe(1_000)
  })

  test('draws whole numbers within the bounds, and both of them', () => {
    const random = new Random(1)
    const drawn = new Set(Array.from({ length: 1_000 }, () => random.integer(3, 6)))

    expect(drawn).toEqual(new Set([3, 4, 5, 6]))
  })

  test('has the mean wait and the deviation that are asked for', () => {
    const random = new Random(2)
    const waits = Array.from({ length: 20_000 }, () => random.exponentialMs(10))
    const normals = Array.from({ length: 20_000 }, () => random.normal())
    const mean = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0) / list.length

    expect(mean(waits)).toBeGreaterThan(97)
    expect(mean(waits)).toBeLessThan(103)
    expect(Math.abs(mean(normals))).toBeLessThan(0.03)
    expect(mean(normals.map((x) => x * x))).toBeCloseTo(1, 1)
  })
})

/** Written down once: a change of the generator would change every demo and every simulation. */
const firstOfSeven = [454, 63, 416]
