import { describe, expect, test } from 'vitest'
import type { InstrumentId, MarketId } from '../core/market.ts'
import { bidSide } from '../core/order-book.ts'
import { uniformGrid } from '../core/price-grid.ts'
import { microShares, ticks } from '../core/units.ts'
import { marketOf } from '../../test/engine/market-of.ts'
import { booksOf, MarketCache } from './market-cache.ts'

const id = (name: string): MarketId => name as MarketId
const token = (name: string): InstrumentId => name as InstrumentId

describe('a market cache', () => {
  test('keeps one book for a mirrored market and two for a separate one', () => {
    const cache = new MarketCache()

    const mirrored = cache.add(marketOf('sun', { bookKind: 'mirrored' }))
    const separate = cache.add(marketOf('rain'))

    expect(mirrored?.no.book).toBe(mirrored?.yes.book)
    expect([mirrored?.yes.mirrored, mirrored?.no.mirrored]).toEqual([false, true])
    expect(separate?.no.book).not.toBe(separate?.yes.book)
    expect(separate?.no.mirrored).toBe(false)
    expect(cache.bookCount).toBe(3)
  })

  test('finds a market by its name, by its number and by each of its tokens', () => {
    const cache = new MarketCache()
    const entry = cache.add(marketOf('rain', { bookKind: 'mirrored' }))

    expect(cache.byMarket('polymarket', id('rain'))).toBe(entry)
    expect(cache.at(0)).toBe(entry)
    expect(cache.byInstrument('polymarket', token('rain-no'))).toEqual({
      entry,
      outcome: 'no',
      book: entry?.yes.book,
      mirrored: true,
    })
    expect(cache.get({ venue: 'polymarket', instrument: token('rain-no') })).toBe(entry?.no)
    expect(cache.get({ venue: 'kalshi', instrument: token('rain-no') })).toBeUndefined()
  })

  test('refuses a market whose token is another market’s', () => {
    const cache = new MarketCache()
    const rain = marketOf('rain')
    cache.add(rain)

    expect(cache.add(marketOf('snow', { no: rain.yes }))).toBeUndefined()
    expect(cache.add(marketOf('hail', { no: marketOf('hail').yes }))).toBeUndefined()
    expect(cache.live).toBe(1)
  })

  test('replaces the facts of a market and keeps its books', () => {
    const cache = new MarketCache()
    const entry = cache.add(marketOf('rain'))
    entry?.yes.book.set(bidSide, ticks(4_000), microShares(1))

    const outcome = cache.change(
      marketOf('rain', { question: 'Will it pour?', bookKind: 'mirrored' }),
    )

    expect(outcome).toBe('kept')
    expect(entry?.market.question).toBe('Will it pour?')
    expect(entry?.market.bookKind).toBe('separate')
    expect(entry?.yes.bestBid).toBe(4_000)
  })

  test('empties the books of a market that moves to another grid', () => {
    const cache = new MarketCache()
    const entry = cache.add(marketOf('rain'))
    entry?.yes.book.set(bidSide, ticks(4_000), microShares(1))
    entry?.yes.book.mark('proven')

    const outcome = cache.change(marketOf('rain', { grid: uniformGrid(ticks(10)) }))

    expect(outcome).toBe('regridded')
    expect([entry?.yes.bestBid, entry?.yes.state]).toEqual([0, 'unproven'])
    expect(entry?.no.book.resolution).toBe(10)
  })

  test('does not follow a market that changes its tokens', () => {
    const cache = new MarketCache()
    cache.add(marketOf('rain'))

    expect(cache.change(marketOf('rain', { yes: marketOf('snow').yes }))).toBe('refused')
    expect(cache.byMarket('polymarket', id('rain'))?.market.yes.id).toBe('rain-yes')
  })

  test('forgets a market, and what a decoder still holds of it can do no harm', () => {
    const cache = new MarketCache()
    const entry = cache.add(marketOf('rain'))
    const [book] = entry === undefined ? [] : booksOf(entry)

    cache.remove('polymarket', id('rain'))

    expect(cache.byMarket('polymarket', id('rain'))).toBeUndefined()
    expect(cache.byInstrument('polymarket', token('rain-yes'))).toBeUndefined()
    expect([cache.at(0), cache.live, [...cache.entries()]]).toEqual([undefined, 0, []])
    expect(book?.state).toBe('broken')
    expect(book?.holds(4_000)).toBe(false)
  })

  test('never gives a number twice, and uses the memory of forgotten books again', () => {
    const cache = new MarketCache()
    cache.add(marketOf('first'))
    const bytes = cache.levelBytes

    for (let day = 0; day < 2_000; day++) {
      cache.add(marketOf(`rain-${day}`))
      cache.remove('polymarket', id(`rain-${day}`))
    }

    expect(cache.size).toBe(2_001)
    expect(cache.at(0)?.market.id).toBe('first')
    expect(cache.levelBytes).toBe(bytes)
  })
})
