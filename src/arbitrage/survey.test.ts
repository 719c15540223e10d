import { beforeAll, describe, expect, test } from 'vitest'
import { loadSolver } from '../app/highs-solver.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { RelationEntry } from './relation-entry.ts'
import { buildGroups } from './build-groups.ts'
import { explain } from './explain.ts'
import { optionsOf, smallBooks, smallFee, smallMarket, smallSet } from './fixtures/small-market.ts'
import { opportunityJson } from './opportunity-json.ts'
import type { Solver } from './solver.ts'
import { survey, type Survey } from './survey.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})

const names = ['France', 'Spain', 'Brazil', 'final', 'title']
const markets = names.map((name) => smallMarket(name, { fee: smallFee(40_000) }))
const set = smallSet(markets.slice(0, 3))
const implied: RelationEntry = {
  kind: 'implies',
  premise: { venue: 'polymarket', name: 'title' },
  conclusion: { venue: 'polymarket', name: 'final' },
  because: 'nobody wins the title without reaching the final',
  line: 1,
}

function surveyed(): Survey {
  const books = smallBooks(markets, [
    {
      asks: [
        [40, 60],
        [43, 50],
      ],
    },
    { asks: [[35, 100]] },
    { asks: [[22, 100]] },
    { bids: [[30, 10]], asks: [[33, 20]] },
    { bids: [[40, 20]], asks: [[45, 10]] },
  ])
  const { byId } = buildGroups({ markets, sets: [set], entries: [implied] })
  return survey(byId.values(), {
    ...optionsOf(books),
    solver,
    levels: ({ market }, outcome, side) => {
      const known = markets.find(({ id }) => id === market)
      const book = known === undefined ? undefined : books(known)?.[outcome]
      return book?.levels(side === 'ask' ? askSide : bidSide) ?? []
    },
  })
}

describe('a survey', () => {
  test('finds what is there, best first, each checked', () => {
    const { found, groups, refused } = surveyed()

    expect(found.map(({ kind, edge }) => [kind, edge])).toEqual([
      ['implication', 1_031_100],
      ['yes-basket', 266_130],
    ])
    // 20 × (1 − 0.33 − 0.60), minus 0.04 × (0.33 × 0.67 + 0.60 × 0.40) × 20, minus two roundings.
    expect([groups, refused]).toEqual([2, []])
  })
})

describe('an explanation', () => {
  test('is the certificate as a table, with what it rests on and what would break it', () => {
    const basket = surveyed().found.find(({ kind }) => kind === 'yes-basket')

    expect(basket && explain(basket)).toEqual([
      expect.stringMatching(/^yes-basket-[0-9a-z]+: Who wins\?$/),
      'earns $0.26613 at the least on $59.73387, 0.44 % of what it pays, ' +
        'cash at settlement, after 2026-10-21, 5.24 % a year',
      '',
      'buy                    shares    at  costs  fee at most',
      'polymarket France YES      60   0.4     24      0.57601',
      'polymarket Spain YES       60  0.35     21      0.54601',
      'polymarket Brazil YES      60  0.22   13.2      0.41185',
      'together                              58.2      1.53387',
      '',
      'if           it pays  costs  fee at most   leaves',
      'Brazil wins       60   58.2      1.53387  0.26613',
      'Spain wins        60   58.2      1.53387  0.26613',
      'France wins       60   58.2      1.53387  0.26613',
      '',
      'This holds as long as:',
      '  at most one wins (proven: the rules say so)',
      '  at least one wins (proven: the rules say so)',
      'What would break it, and what is left then:',
      '  not true: at least one wins (proven: the rules say so): -59.73387',
      '  France resolves half and half: -29.73387',
      '  Spain resolves half and half: -29.73387',
      '  Brazil resolves half and half: -29.73387',
    ])
  })

  test('in JSON has money as decimal text', () => {
    const basket = surveyed().found.find(({ kind }) => kind === 'yes-basket')
    const json = basket && opportunityJson(basket)

    expect(json).toMatchObject({
      kind: 'yes-basket',
      sizeShares: '60',
      edgeUsd: '0.26613',
      annualisedReturn: '0.052457',
      realisation: { by: 'settlement', lockedDays: 31 },
      capitalUsd: { polymarket: '59.73387' },
    })
    expect(json?.certificate.states[0]).toEqual({
      name: 'Brazil wins',
      payoff: '60',
      cost: '58.2',
      fee: '1.53387',
      profit: '0.26613',
    })
  })
})
