import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PriceBand } from './price-grid.ts'
import { ceilToGrid, floorToGrid, isOnGrid, priceGrid, stepAt, uniformGrid } from './price-grid.ts'
import type { Ticks } from './units.ts'
import { ticks } from './units.ts'

/** Cents in the middle and tenths of a cent at both ends, as Kalshi tapers them. */
const tapered = priceGrid([
  { from: ticks(0), to: ticks(1_000), step: ticks(10) },
  { from: ticks(1_000), to: ticks(9_000), step: ticks(100) },
  { from: ticks(9_000), to: ticks(10_000), step: ticks(10) },
])

const price = fc.integer({ min: 0, max: 10_000 }).map(ticks)
const steps = [1, 10, 25, 50, 100, 1_000]

/** Bands between random multiples of a thousand ticks, each with a step of its own. */
const grid = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
    fc.array(fc.constantFrom(...steps), { minLength: 5, maxLength: 5 }),
  )
  .map(([cuts, chosen]) => {
    const edges = [0, ...cuts.toSorted((a, b) => a - b), 10].map((edge) => ticks(edge * 1_000))
    return priceGrid(
      edges.slice(0, -1).map((from, index): PriceBand => {
        return { from, to: edges[index + 1] ?? ticks(10_000), step: ticks(chosen[index] ?? 100) }
      }),
    )
  })

describe('a price grid', () => {
  test('has the step of the band a price lies in', () => {
    expect([0, 990, 1_000, 8_900, 9_000, 10_000].map((at) => stepAt(tapered, ticks(at)))).toEqual([
      10, 10, 100, 100, 10, 10,
    ])
    expect(tapered.resolution).toBe(10)
  })

  test('takes a price on a step, and none at $0 or $1', () => {
    const on = [10, 990, 1_000, 1_100, 9_010, 9_990]
    const off = [0, 5, 995, 1_010, 1_050, 9_005, 10_000]

    expect(on.every((at) => isOnGrid(tapered, ticks(at)))).toBe(true)
    expect(off.some((at) => isOnGrid(tapered, ticks(at)))).toBe(false)
  })

  test('every price of it is a multiple of its resolution', () => {
    fc.assert(
      fc.property(grid, price, (g, p) => {
        if (isOnGrid(g, p)) expect(p % g.resolution).toBe(0)
      }),
    )
  })

  test('the floor and the ceiling hold a price between them, with nothing of the grid inside', () => {
    fc.assert(
      fc.property(grid, price, (g, p) => {
        const low = floorToGrid(g, p)
        const high = ceilToGrid(g, p)
        expect(low <= p && p <= high).toBe(true)
        for (let at = low + 1; at < high; at++) expect(isOnGrid(g, at as Ticks)).toBe(false)
        if (isOnGrid(g, p)) expect([low, high]).toEqual([p, p])
        if (low > 0 && low < 10_000) expect(isOnGrid(g, low)).toBe(true)
        if (high > 0 && high < 10_000) expect(isOnGrid(g, high)).toBe(true)
      }),
    )
  })

  test.each([
    {
      name: 'with a gap',
      bands: [
        [0, 500, 100],
        [600, 10_000, 100],
      ],
    },
    { name: 'that ends early', bands: [[0, 9_000, 100]] },
    { name: 'with half a step', bands: [[0, 10_000, 300]] },
    { name: 'with no step', bands: [[0, 10_000, 0]] },
    { name: 'without a band', bands: [] },
  ])('is refused $name', ({ bands }) => {
    const made = bands.map(([from = 0, to = 0, step = 0]) => {
      return { from: from as Ticks, to: to as Ticks, step: step as Ticks }
    })

    expect(() => priceGrid(made)).toThrow(/band/)
  })

  test('of one step is the same everywhere', () => {
    expect(uniformGrid(ticks(100))).toEqual({
      bands: [{ from: 0, to: 10_000, step: 100 }],
      resolution: 100,
    })
  })
})
