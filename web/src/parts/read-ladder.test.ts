import { describe, expect, test } from 'vitest'
import type { Ladder } from '../../../src/server/schema/market.ts'
import { readLadder } from './read-ladder.ts'

const yes: Ladder = {
  outcome: 'yes',
  state: 'proven',
  torn: false,
  bids: [
    { price: '0.4', size: '10' },
    { price: '0.39', size: '20' },
  ],
  asks: [{ price: '0.4215', size: '5' }],
}
const books = { venue: 'polymarket', id: 'rain', atMs: 0, ladders: [yes] }

describe('a mirrored book', () => {
  test('reads from NO with prices complemented and sides swapped, best first', () => {
    expect(readLadder(books, 'no')).toEqual({
      ...yes,
      outcome: 'no',
      bids: [{ price: '0.5785', size: '5' }],
      asks: [
        { price: '0.6', size: '10' },
        { price: '0.61', size: '20' },
      ],
    })
  })

  test('reads from YES as it is', () => {
    expect(readLadder(books, 'yes')).toBe(yes)
  })
})

test('a market with two books has its own for each outcome', () => {
  const no: Ladder = { ...yes, outcome: 'no', bids: [], asks: [] }

  expect(readLadder({ ...books, ladders: [yes, no] }, 'no')).toBe(no)
})

test('a market without a book has none', () => {
  expect(readLadder({ ...books, ladders: [] }, 'no')).toBeUndefined()
})
