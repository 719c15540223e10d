import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import { MarketCache } from './market-cache.ts'
import { Turn } from './turn.ts'

function newTurn(): { turn: Turn; counted: string[] } {
  const counted: string[] = []
  const counter = (name: string) => (label: string) => ({
    add: () => void counted.push(`${name} ${label}`),
  })
  const listener = { proof() {}, needSnapshot() {}, lifecycle() {}, trade() {} }
  const counters = {
    event: counter('event'),
    refused: counter('refused'),
    proof: counter('proof'),
  }
  return { turn: new Turn('polymarket', listener, counters), counted }
}

describe('a turn', () => {
  test('lists a book once, however often it changes, and again in the next turn', () => {
    const cache = new MarketCache()
    const { turn } = newTurn()
    const rain = cache.add(marketOf('rain'))
    const snow = cache.add(marketOf('snow'))
    if (rain === undefined || snow === undefined) throw new Error('the markets are new')

    turn.begin(0)
    turn.changed(rain, rain.yes.book)
    turn.changed(snow, snow.no.book)
    turn.changed(rain, rain.yes.book)
    const first = [turn.changedCount, turn.bookAt(0), turn.bookAt(1), turn.entryAt(1)]
    turn.begin(0)
    turn.changed(rain, rain.yes.book)

    expect(first).toEqual([2, rain.yes.book, snow.no.book, snow])
    expect([turn.changedCount, turn.bookAt(0)]).toEqual([1, rain.yes.book])
  })

  test('lists books whose numbers are beyond what it has room for', () => {
    const cache = new MarketCache()
    const { turn } = newTurn()
    const entries = Array.from({ length: 3_000 }, (_, day) => cache.add(marketOf(`day-${day}`)))

    turn.begin(0)
    for (const entry of entries) if (entry !== undefined) turn.changed(entry, entry.no.book)

    expect(turn.changedCount).toBe(3_000)
    expect(turn.entryAt(2_999)).toBe(entries[2_999])
  })

  test('tells the kinds of the messages of its frame, and no others', () => {
    const { turn, counted } = newTurn()
    turn.begin(0)
    turn.event('book')
    turn.event('trade')
    turn.begin(0)
    turn.event('book')

    expect([turn.kindCount, turn.kindAt(0), turn.kindAt(1)]).toEqual([1, 'book', undefined])
    expect(counted).toEqual(['event book', 'event trade', 'event book'])
  })

  test('counts a frame that was refused in many parts once', () => {
    const { turn, counted } = newTurn()
    turn.begin(0)
    turn.refused('bad-price')
    turn.refused('bad-size')
    turn.begin(0)

    expect([turn.refusedCount, turn.refusal]).toEqual([1, undefined])
    expect(counted).toEqual(['refused bad-price', 'refused bad-size'])
  })
})
