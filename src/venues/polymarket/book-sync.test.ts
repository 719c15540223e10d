import { describe, expect, test } from 'vitest'
import {
  burstChanges,
  burstFrame,
  burstMarket,
  burstSnapshot,
  preSweepBook,
  sweepFrames,
} from './fixtures/crossing-burst.ts'
import { numberedMarket, sketchMarket } from './fixtures/market.ts'
import type { CodecScene } from '../../../test/polymarket/codec-scene.ts'
import { codecScene } from '../../../test/polymarket/codec-scene.ts'
import type { TinyVenue } from './fixtures/tiny-venue.ts'
import { tinyVenue } from './fixtures/tiny-venue.ts'

/** Best bid and ask after each of the ten changes of the dossier. */
const tops = [
  ['0.301', '0.397'],
  ['0.311', '0.397'],
  ['0.311', '0.397'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.39'],
  ['0.311', '0.389'],
  ['0.311', '0.389'],
] as const

describe('the real burst of the dossier', () => {
  test('is proven by the hash of its first snapshot', () => {
    const { bookOf, sink, feed } = codecScene(sketchMarket(burstMarket))

    feed(burstSnapshot)

    expect(bookOf(0).state).toBe('proven')
    expect(sink.proofs).toEqual(['snapshot', 'hash-verified'])
    expect([bookOf(0).bestBid, bookOf(0).bestAsk]).toEqual([3000, 3970])
  })

  test('has the venue’s hash after each of ten changes', () => {
    const { bookOf, codec, feed } = codecScene(sketchMarket(burstMarket))
    feed(burstSnapshot)

    for (const [index, change] of burstChanges.entries()) {
      feed(burstFrame(change, tops[index] ?? ['', '']))

      expect(codec.prove(bookOf(0)), `change ${index + 1}`).toBe(true)
    }
  })

  test('is torn within its sweep, whole when that is over, and then has both hashes', () => {
    const { bookOf, codec, sink, feed, audit } = codecScene(sketchMarket(burstMarket))
    feed(burstSnapshot, preSweepBook)
    const torn: boolean[] = []

    for (const frame of sweepFrames) {
      feed(frame)
      torn.push(bookOf(0).torn)
    }
    audit()

    expect(torn).toEqual([true, true, false, false])
    expect(sink.proofs).toContain('sweep')
    expect([bookOf(0).bestBid, bookOf(0).bestAsk]).toEqual([2900, 3010])
    expect(bookOf(0).state).toBe('proven')
    expect(codec.prove(bookOf(0))).toBe(true)
  })
})

describe('a snapshot', () => {
  test('of either token is the same book', () => {
    const { scene, venue } = market()

    scene.feed(venue.snapshot('no'))

    expect(scene.bookOf(0).top()).toEqual({
      bid: 4200,
      bidSize: 100_000_000,
      ask: 4400,
      askSize: 250_500_000,
    })
    expect(scene.bookOf(0).state).toBe('proven')
  })

  test('is not followed by the changes it holds already', () => {
    const { scene, venue } = market()
    const older = venue.change({ side: 'bid', price: 4300, size: '7' })
    const gone = venue.change({ side: 'bid', price: 4300, size: '0' })
    const own = venue.change({ side: 'ask', price: 4500, size: '8' })

    scene.feed(venue.snapshot(), older, gone, own)

    expect(scene.sink.proofs.filter((event) => event === 'stale-change')).toHaveLength(3)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('is followed by a change of its own millisecond, when the hash says that it is new', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    venue.set({ side: 'bid', price: 4300, size: '7' })

    scene.feed(venue.tell({ side: 'bid', price: 4300, size: '7' }))

    expect(scene.bookOf(0).bestBid).toBe(4300)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('is not followed by a change of its own millisecond that its hash does not explain', () => {
    const { scene, venue } = market()
    venue.set({ side: 'bid', price: 4300, size: '7' })
    const before = venue.tell({ side: 'bid', price: 4300, size: '7' })
    venue.set({ side: 'bid', price: 4300, size: '0' })
    venue.set({ side: 'bid', price: 4050, size: '9' })
    scene.feed(venue.snapshot())

    scene.feed(before)

    expect(scene.bookOf(0).bestBid).toBe(4200)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('older than the book is left alone', () => {
    const { scene, venue } = market()
    const old = venue.rest()
    scene.feed(venue.snapshot(), venue.change({ side: 'bid', price: 4300, size: '7' }))

    scene.answer(old)

    expect(scene.bookOf(0).bestBid).toBe(4300)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('from REST tells whether the market is neg-risk, where the catalogue was wrong', () => {
    const scene = codecScene(numberedMarket(1, { negRisk: false }))
    const venue = tinyVenue(numberedMarket(1, { negRisk: true }))
    scene.feed(venue.snapshot())
    expect(scene.bookOf(0).state).toBe('unproven')

    scene.answer(venue.rest())

    expect(scene.bookOf(0).state).toBe('proven')
  })

  test('that does not fit its hash is not believed', () => {
    const { scene, venue } = market()

    scene.feed(venue.snapshot().replace('"250.5"', '"251.5"'))

    expect(scene.bookOf(0).state).toBe('unproven')
    expect(scene.sink.proofs).toEqual(['snapshot', 'hash-mismatch'])
  })

  test('of a book that is proven already is checked again when it tells something else', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    venue.now++

    scene.feed(venue.laterBook().replace('"250.5"', '"251.5"'))

    expect(scene.bookOf(0).state).toBe('unproven')
  })

  test('that is crossed breaks the book', () => {
    const { scene, venue } = market()
    venue.set({ side: 'bid', price: 4500, size: '1' })

    scene.feed(venue.snapshot())

    expect(scene.bookOf(0).state).toBe('broken')
    expect(scene.sink.wanted).toHaveLength(1)
  })
})

describe('a change', () => {
  test('before the first snapshot waits for it', () => {
    const { scene, venue } = market()
    const snapshot = venue.snapshot()
    const change = venue.change({ side: 'bid', price: 4300, size: '7' })

    scene.feed(change, snapshot)

    expect(scene.bookOf(0).bestBid).toBe(4300)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('told differently for the two tokens is refused, and the book broken', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())

    scene.feed(venue.change({ side: 'bid', price: 4300, size: '7' }).replace('"7"', '"8"'))

    expect(scene.sink.refusals).toEqual(['pair-disagrees'])
    expect(scene.bookOf(0).state).toBe('broken')
    expect(scene.bookOf(0).bestBid).toBe(4200)
  })

  test('off the grid breaks the book and asks for another', () => {
    const scene = codecScene(numberedMarket(1, { tick: 100 }))
    const venue = tinyVenue(numberedMarket(1, { tick: 100 }))
    scene.feed(venue.snapshot())

    scene.feed(venue.change({ side: 'bid', price: 4250, size: '7' }))

    expect(scene.bookOf(0).state).toBe('broken')
    expect(scene.sink.proofs.at(-1)).toBe('off-grid')
    expect(scene.sink.wanted).toEqual([numberedMarket(1).id])
  })

  test('of a token that no book has is counted and not refused', () => {
    const { scene } = market()
    const foreign = tinyVenue(numberedMarket(99))

    scene.feed(foreign.snapshot(), foreign.change({ side: 'bid', price: 4300, size: '7' }))

    expect(scene.sink.refusals).toEqual([])
    expect(scene.sink.events).toEqual(['book', 'price_change'])
    expect(scene.sink.changes).toEqual([])
  })

  test('of a market we know with a token we do not know is refused', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const change = venue.change({ side: 'bid', price: 4300, size: '7' })

    scene.feed(change.replace(venue.market.no.id, numberedMarket(99).no.id))

    expect(scene.sink.refusals).toEqual(['market-mismatch'])
    expect(scene.bookOf(0).state).toBe('broken')
  })

  test('of one market’s token under another market’s name is refused', () => {
    const scene = codecScene(numberedMarket(1), numberedMarket(2))
    const venue = tinyVenue(numberedMarket(1))
    scene.feed(venue.snapshot())
    const change = venue.change({ side: 'bid', price: 4300, size: '7' })

    scene.feed(change.replace(venue.market.id, numberedMarket(2).id))

    expect(scene.sink.refusals).toEqual(['market-mismatch'])
    expect(scene.bookOf(0).state).toBe('broken')
  })
})

describe('a sweep', () => {
  test('with a message missing breaks the book when time moves on', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const [first] = sweepOf(venue)
    scene.feed(first ?? '')
    expect([scene.bookOf(0).torn, scene.bookOf(0).state]).toEqual([true, 'proven'])

    scene.feed(venue.change({ side: 'bid', price: 4000, size: '55' }))

    expect(scene.bookOf(0).state).toBe('broken')
    expect(scene.sink.proofs.at(-1)).toBe('top-mismatch')
    expect(scene.sink.wanted).toHaveLength(1)
  })

  test('with its last message missing breaks a quiet book after some audits', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const [first] = sweepOf(venue)
    scene.feed(first ?? '')

    scene.audit(8)

    expect(scene.bookOf(0).state).toBe('broken')
  })

  test('is not proven before it is over', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const [first, second] = sweepOf(venue)

    scene.feed(first ?? '')
    expect(scene.codec.prove(scene.bookOf(0))).toBe(false)

    scene.feed(second ?? '')
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('that leaves the top as advertised but not the depth is not proven', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    venue.now++
    const gone = { side: 'ask', price: 4400, size: '0' } as const
    const reduced = { side: 'ask', price: 4500, size: '1' } as const
    venue.set(gone)
    venue.set(reduced)

    scene.feed(venue.tell(gone))
    expect(scene.bookOf(0).torn).toBe(false)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(false)

    scene.feed(venue.tell(reduced))
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })
})

describe('a broken book', () => {
  test('is made up from a REST snapshot and the changes that came meanwhile', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const [first] = sweepOf(venue)
    scene.feed(first ?? '', venue.change({ side: 'bid', price: 4000, size: '55' }))
    const body = venue.rest()
    const later = venue.change({ side: 'bid', price: 4050, size: '66' })
    scene.feed(later)

    scene.answer(body)

    expect(scene.bookOf(0).state).toBe('proven')
    expect(scene.bookOf(0).sizeAt(0, 4050 as never)).toBe(66_000_000)
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('asks again when the snapshot does not come', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    scene.feed(venue.change({ side: 'bid', price: 4300, size: '7' }).replace('"7"', '"8"'))

    scene.audit(250)

    expect(scene.sink.wanted).toHaveLength(2)
  })
})

describe('a change of the tick size', () => {
  test('moves the book to the new grid, empty, and asks for a snapshot', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())

    scene.feed(venue.tickSizeChange('0.0001', 'yes'), venue.tickSizeChange('0.0001', 'no'))

    const book = scene.bookOf(0)
    expect([book.resolution, book.state, book.bestBid]).toEqual([1, 'unproven', 0])
    expect(scene.sink.lifecycles).toHaveLength(1)
    expect(scene.sink.wanted).toHaveLength(1)
    scene.answer(venue.rest())
    expect(book.state).toBe('proven')
  })

  test('is learnt from a snapshot too', () => {
    const scene = codecScene(numberedMarket(1, { tick: 100 }))
    const venue = tinyVenue(numberedMarket(1, { tick: 10 }))

    scene.feed(venue.snapshot())

    expect(scene.bookOf(0).resolution).toBe(10)
    expect(scene.bookOf(0).state).toBe('proven')
  })
})

describe('a market that keeps YES and NO apart', () => {
  const sketch = numberedMarket(1, { bookKind: 'separate' })

  test('changes the book of the token that a message names, and no other', () => {
    const scene = codecScene(sketch)
    const venue = tinyVenue(sketch)
    const no = scene.entries[0]?.no.book

    scene.feed(venue.snapshot('yes'))
    scene.feed(alone(venue.change({ side: 'bid', price: 4300, size: '7' })))

    expect([scene.bookOf(0).state, scene.bookOf(0).bestBid]).toEqual(['proven', 4300])
    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
    expect([no?.state, no?.version]).toEqual(['unproven', 0])
  })

  test('takes a message for both tokens as two changes that need not agree', () => {
    const scene = codecScene(sketch)
    const venue = tinyVenue(sketch)
    scene.feed(venue.snapshot('yes'), venue.snapshot('no'))
    const change = venue.change({ side: 'bid', price: 4300, size: '7' })

    scene.feed(change.replace('"size":"7"', '"size":"8"'))

    expect(scene.sink.refusals).toEqual([])
    expect(scene.bookOf(0).bestBidSize).toBe(8_000_000)
    expect(scene.entries[0]?.no.book.bestAskSize).toBe(7_000_000)
  })

  test('asks for both books when a connection is lost, and has both proven again', () => {
    const scene = codecScene(sketch)
    const venue = tinyVenue(sketch)
    scene.feed(venue.snapshot('yes'), venue.snapshot('no'))

    scene.codec.onConnectionLost(0, [sketch.id], scene.books, scene.sink)
    expect([scene.bookOf(0).state, scene.entries[0]?.no.book.state]).toEqual([
      'unproven',
      'unproven',
    ])
    scene.feed(venue.snapshot('yes'), venue.snapshot('no'))

    expect([scene.bookOf(0).state, scene.entries[0]?.no.book.state]).toEqual(['proven', 'proven'])
  })
})

describe('a connection lost', () => {
  test('leaves its books unproven until their next snapshot', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())

    scene.codec.onConnectionLost(0, [venue.market.id], scene.books, scene.sink)

    const book = scene.bookOf(0)
    expect([book.state, scene.codec.prove(book)]).toEqual(['unproven', false])
    scene.audit(5)
    expect(book.state).toBe('unproven')
    scene.feed(venue.snapshot())
    expect(book.state).toBe('proven')
  })
})

/** One market, its venue, and a codec that has a book of it. */
function market(): { scene: CodecScene; venue: TinyVenue } {
  const sketch = numberedMarket(1)
  return { scene: codecScene(sketch), venue: tinyVenue(sketch) }
}

/** A taker buys both best asks whole: two messages with one time and one hash. */
function sweepOf(venue: TinyVenue): string[] {
  venue.now++
  const changes = [4400, 4500].map((price) => ({ side: 'ask', price, size: '0' }) as const)
  for (const change of changes) venue.set(change)
  return changes.map((change) => venue.tell(change, 'no'))
}

/** A message with its first entry only: what a venue with separate books tells. */
function alone(frame: string): string {
  return frame.replace(/\},\{.*?\}\]/, '}]')
}
