import { expect, test } from 'vitest'
import { askSide, bidSide } from '../core/order-book.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import type { RestingOrder } from './limit-book.ts'
import { LimitBook } from './limit-book.ts'

function order(id: string, price: number, size: number): RestingOrder {
  return {
    id,
    owner: 'somebody',
    outcome: 'yes',
    side: 'sell',
    price: price as Ticks,
    original: size as MicroShares,
    remaining: size as MicroShares,
  }
}

test('the best level stands last on both sides', () => {
  const book = new LimitBook()
  for (const price of [30, 10, 20]) book.rest(bidSide, price as Ticks, order(`b${price}`, price, 5))
  for (const price of [50, 70, 60]) book.rest(askSide, price as Ticks, order(`a${price}`, price, 5))

  expect(book.levels(bidSide).map(({ price }) => price)).toEqual([10, 20, 30])
  expect(book.levels(askSide).map(({ price }) => price)).toEqual([70, 60, 50])
})

test('the oldest order of a price trades first', () => {
  const book = new LimitBook()
  book.rest(askSide, 50 as Ticks, order('old', 50, 5))
  book.rest(askSide, 50 as Ticks, order('new', 50, 5))

  const { maker, size } = book.take(bidSide, 9 as MicroShares)

  expect([maker.id, size]).toEqual(['old', 5])
  expect(book.sizeAt(askSide, 50 as Ticks)).toBe(5)
})

test('a level goes with its last order', () => {
  const book = new LimitBook()
  book.rest(askSide, 50 as Ticks, order('one', 50, 5))

  book.remove('one')

  expect(book.levels(askSide)).toEqual([])
  expect(book.remove('one')).toBeUndefined()
})

test('an order that would cross is not put to rest', () => {
  const book = new LimitBook()
  book.rest(askSide, 50 as Ticks, order('one', 50, 5))

  expect(() => book.rest(bidSide, 50 as Ticks, order('two', 50, 5))).toThrow('does not cross')
})
