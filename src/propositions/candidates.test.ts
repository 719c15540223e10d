import { describe, expect, test } from 'vitest'
import { CandidateIndex } from './candidates.ts'
import { readListing } from './extract.ts'
import { readLabelledPairs } from './fixtures/labelled-pairs.ts'
import { measureCandidates } from './fixtures/measure.ts'
import { scoreWeights } from './score.ts'
import { TextIndex } from './text-index.ts'

const set = readLabelledPairs()

describe('candidates', () => {
  test.each(['dev', 'test'] as const)(
    'hold a true partner among the first five, for every listing of %s that has one',
    (split) => {
      const figures = measureCandidates(
        set,
        set.pairs.filter((pair) => pair.split === split),
      )

      expect(figures.recallAt5).toBe(1)
      expect(figures.recallAt1).toBeGreaterThan(0.9)
    },
  )

  test('come in the same order each time, with all that their scores are made of', () => {
    const [listing] = set.polymarket
    const seconds = set.kalshi.map(readListing)
    expect(listing).toBeDefined()
    if (listing === undefined) return

    const find = () => new CandidateIndex(seconds).find(readListing(listing), 5)

    expect(find()).toEqual(find())
    const [best] = find()
    expect(Object.keys(best?.score.parts ?? {}).toSorted()).toEqual(
      Object.keys(scoreWeights).toSorted(),
    )
  })
})

describe('a text index', () => {
  const index = new TextIndex(
    [
      ['the', 'red', 'fox'],
      ['the', 'blue', 'fox'],
      ['the', 'hare'],
    ].map((words) => new Set(words)),
  )

  test('weighs a rare word more than a common one', () => {
    expect(index.weightOf('hare')).toBeGreaterThan(index.weightOf('fox'))
    expect(index.weightOf('fox')).toBeGreaterThan(index.weightOf('the'))
  })

  test('finds the documents of the rarest words first, and none without a shared word', () => {
    expect(index.search(['red', 'fox'], 9).map(({ document }) => document)).toEqual([0, 1])
    expect(index.search(['wolf'], 9)).toEqual([])
  })
})
