import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { assignSets, bestAssignment } from './assign.ts'
import { CandidateIndex } from './candidates.ts'
import { readListing } from './extract.ts'
import { readLabelledPairs } from './fixtures/labelled-pairs.ts'

/** The greatest sum by trying every assignment. */
function bestSum(
  gains: readonly (readonly number[])[],
  row = 0,
  used: readonly number[] = [],
): number {
  const line = gains[row]
  if (line === undefined) return 0
  const without = bestSum(gains, row + 1, used)
  return line.reduce((best, gain, column) => {
    if (used.includes(column)) return best
    return Math.max(best, gain + bestSum(gains, row + 1, [...used, column]))
  }, without)
}

const table = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, columns]) =>
    fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), {
      minLength: rows,
      maxLength: rows,
    }),
  )

describe('bestAssignment', () => {
  test('gains as much as the best of all assignments, and uses no column twice', () => {
    fc.assert(
      fc.property(table, (gains) => {
        const columns = bestAssignment(gains)

        const used = columns.filter((column) => column !== undefined)
        expect(new Set(used).size).toBe(used.length)
        const sum = columns.reduce<number>(
          (so, column, row) => so + (column === undefined ? 0 : (gains[row]?.[column] ?? 0)),
          0,
        )
        expect(sum).toBe(bestSum(gains))
      }),
      { numRuns: 500 },
    )
  })

  test('prefers the best whole to the best single pair', () => {
    expect(
      bestAssignment([
        [10, 9],
        [9, 0],
      ]),
    ).toEqual([1, 0])
  })
})

describe('assignSets', () => {
  test('gives each outcome of a set its own partner, and says how much of it is covered', () => {
    const { polymarket, kalshi } = readLabelledPairs()
    const of = (slugs: readonly string[], all: typeof kalshi) =>
      all.filter(({ slug }) => slugs.includes(slug)).map(readListing)
    const seconds = of(['KXPRESNOMD-28-AOC', 'KXPRESNOMD-28-PB'], kalshi)
    const firsts = of(
      [
        'will-aoc-win-the-2028-democratic-presidential-nomination',
        'will-pete-buttigieg-win-the-2028-democratic-presidential-nomination',
      ],
      polymarket,
    )
    const index = new CandidateIndex(seconds)

    const [match] = assignSets(firsts.flatMap((first) => index.find(first, 5)))

    expect(match?.coverage).toBe(1)
    expect(
      match?.pairs.map(({ first, second }) => [first.listing.label, second.listing.label]),
    ).toEqual([
      ['Alexandria Ocasio-Cortez', 'Alexandria Ocasio-Cortez'],
      ['Pete Buttigieg', 'Pete Buttigieg'],
    ])
  })
})
