import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { numberedMarket } from './fixtures/market.ts'
import type { CodecScene } from '../../../test/polymarket/codec-scene.ts'
import { codecScene } from '../../../test/polymarket/codec-scene.ts'
import type { TinyChange, TinyVenue } from './fixtures/tiny-venue.ts'
import { tinyVenue } from './fixtures/tiny-venue.ts'

function market(): { scene: CodecScene; venue: TinyVenue } {
  const sketch = numberedMarket(1)
  return { scene: codecScene(sketch), venue: tinyVenue(sketch) }
}

describe('the audit', () => {
  test('computes as many hashes as its budget allows, and comes round to every book', () => {
    const sketches = [1, 2, 3, 4, 5].map((number) => numberedMarket(number))
    const scene = codecScene(...sketches)
    for (const sketch of sketches) {
      const venue = tinyVenue(sketch)
      scene.feed(venue.snapshot(), venue.change({ side: 'bid', price: 4300, size: '7' }))
    }

    const checked = [1, 2, 3].map(() => scene.codec.audit(2, scene.books, scene.sink))

    expect(checked).toEqual([2, 2, 1])
    expect(scene.codec.proofs()).toEqual({ verified: 10, mismatched: 0 })
  })

  test('waits for a trade that the hash knows, and breaks the book when none explains it', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    venue.lastTrade = '0.123'
    scene.feed(venue.change({ side: 'bid', price: 4300, size: '7' }))

    scene.audit()
    expect(scene.bookOf(0).state).toBe('unproven')
    scene.feed(venue.trade('0.123'))
    scene.audit()
    expect(scene.bookOf(0).state).toBe('proven')

    venue.lastTrade = '0.321'
    scene.feed(venue.change({ side: 'bid', price: 4300, size: '8' }))
    scene.audit(25)
    expect(scene.bookOf(0).state).toBe('broken')
    expect(scene.sink.proofs.slice(-2)).toEqual(['hash-mismatch', 'hash-mismatch'])
    expect(scene.sink.wanted).toHaveLength(1)
  })

  test.each([
    { name: 'the price of the level it took', price: '0.440', token: 'yes' },
    { name: 'that price seen from the other token', price: '0.560', token: 'no' },
  ] as const)('finds $name as the last trade by itself', ({ price }) => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    venue.lastTrade = price

    scene.feed(venue.change({ side: 'ask', price: 4400, size: '100' }))

    expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
  })

  test('finds a wrong size that no other check can see', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const honest = venue.change({ side: 'bid', price: 4100, size: '77' })

    scene.feed(honest.replaceAll('"77"', '"78"'))
    scene.audit(25)

    expect(scene.bookOf(0).state).toBe('broken')
  })

  test('breaks a book that does not show an advertised top for some time', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    venue.change({ side: 'bid', price: 4300, size: '7' })

    scene.feed(venue.bestBidAsk())
    expect(scene.codec.prove(scene.bookOf(0))).toBe(false)
    scene.audit(8)

    expect(scene.bookOf(0).state).toBe('broken')
    expect(scene.sink.proofs.at(-1)).toBe('top-mismatch')
  })

  test('forgets the doubt when the change comes after its advertisement', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const change = venue.change({ side: 'bid', price: 4300, size: '7' })

    scene.feed(venue.bestBidAsk(), change)
    scene.audit(8)

    expect(scene.bookOf(0).state).toBe('proven')
  })
})

describe('a market that leaves the books', () => {
  test('is counted as unknown, and has a new book when it comes back', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    scene.books.remove('polymarket', venue.market.id)
    scene.feed(venue.change({ side: 'bid', price: 4300, size: '7' }))
    scene.feed(venue.change({ side: 'bid', price: 4300, size: '8' }))
    expect(scene.sink.wanted).toEqual([])

    const entry = scene.books.add(venue.market)
    scene.feed(venue.snapshot(), venue.change({ side: 'bid', price: 4350, size: '9' }))

    expect(entry?.yes.book.bestBid).toBe(4350)
    expect(entry !== undefined && scene.codec.prove(entry.yes.book)).toBe(true)
  })

  test('leaves no trace after as many audits as there are markets', () => {
    const sketches = Array.from({ length: 300 }, (_, index) => numberedMarket(index + 1))
    const scene = codecScene(...sketches)
    for (const sketch of sketches) scene.feed(tinyVenue(sketch).snapshot())
    for (const { id } of sketches.slice(0, 200)) scene.books.remove('polymarket', id)
    scene.audit(400)

    const [kept] = sketches.slice(200)
    const venue = tinyVenue(kept ?? numberedMarket(0))
    scene.feed(venue.snapshot(), venue.change({ side: 'bid', price: 4300, size: '7' }))
    for (let number = 1000; number < 1200; number++) {
      scene.books.add(numberedMarket(number))
      scene.feed(tinyVenue(numberedMarket(number)).snapshot())
    }

    expect(scene.codec.prove(scene.bookOf(200))).toBe(true)
    const again = scene.books.byMarket('polymarket', numberedMarket(1199).id)
    expect(again?.yes.book.state).toBe('proven')
  })
})

describe('a frame that cannot be read', () => {
  test('breaks the books whose ids it holds', () => {
    const scene = codecScene(numberedMarket(1), numberedMarket(2))
    const [one, two] = [1, 2].map((number) => tinyVenue(numberedMarket(number)))
    scene.feed(one?.snapshot() ?? '', two?.snapshot() ?? '')

    scene.feed((one?.change({ side: 'bid', price: 4300, size: '7' }) ?? '').slice(0, -20))

    expect(scene.sink.refusals).toEqual(['not-json'])
    expect([scene.bookOf(0).state, scene.bookOf(1).state]).toEqual(['broken', 'proven'])
  })

  test('that holds no id puts every book of its connection in doubt', () => {
    const scene = codecScene(numberedMarket(1), numberedMarket(2))
    scene.feed(tinyVenue(numberedMarket(1)).snapshot())
    const other = Buffer.from(tinyVenue(numberedMarket(2)).snapshot())
    scene.codec.onFrame(1, other, scene.books, scene.sink)

    scene.feed('{"market":"0x00000000000')

    expect([scene.bookOf(0).state, scene.bookOf(1).state]).toEqual(['broken', 'proven'])
  })

  test.each([
    { name: 'a notice', frame: 'NO NEW ASSETS', refusals: [] },
    { name: 'words we do not know', frame: 'WELCOME', refusals: ['not-json'] },
    { name: 'an event of a new kind', frame: '{"event_type":"fireworks"}', refusals: [] },
    { name: 'an error', frame: '{"error":"busy"}', refusals: ['not-an-event'] },
    {
      name: 'a trade at a price finer than a tick',
      frame: tinyVenue(numberedMarket(1)).trade('0.43215'),
      refusals: ['schema-last_trade_price'],
    },
  ])('harms no book when it is $name', ({ frame, refusals }) => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())

    scene.feed(frame)

    expect(scene.sink.refusals).toEqual(refusals)
    expect(scene.bookOf(0).state).toBe('proven')
  })
})

describe('whatever comes', () => {
  test('no bytes at all throw, as a frame or as a snapshot', () => {
    const { scene, venue } = market()
    scene.feed(venue.snapshot())
    const frames = [venue.snapshot(), venue.laterBook(), venue.rest(), venue.trade('0.5')]
    const mutated = fc
      .record({
        frame: fc.constantFrom(...frames),
        at: fc.nat(),
        cut: fc.nat(40),
        put: fc.uint8Array(),
      })
      .map(({ frame, at, cut, put }) => {
        const bytes = Buffer.from(frame)
        const start = at % bytes.length
        return Buffer.concat([bytes.subarray(0, start), put, bytes.subarray(start + cut)])
      })

    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), mutated), (bytes) => {
        scene.codec.onFrame(0, bytes, scene.books, scene.sink)
        scene.codec.onSnapshot(bytes, scene.books, scene.sink)
        scene.audit()
      }),
      { numRuns: 2000 },
    )
  })

  test('a book is proven only when it is the venue’s', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { scene, venue } = market()
        scene.feed(venue.snapshot())
        for (const one of steps) take(one, scene, venue)

        // Whatever was lost or spoilt, the venue speaks once more, and this its hash must explain.
        scene.feed(venue.change({ side: 'bid', price: 3900, size: '1' }))
        if (scene.codec.prove(scene.bookOf(0))) expect(levelsOf(scene)).toEqual(levelsAt(venue))
      }),
      { numRuns: 400 },
    )
  })

  test('a book comes back to proven when its snapshots are answered', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { scene, venue } = market()
        scene.feed(venue.snapshot())
        for (const one of steps) take(one, scene, venue)

        scene.feed(venue.change({ side: 'bid', price: 3900, size: '1' }))
        for (let round = 0; round < 60; round++) {
          scene.audit()
          if (scene.sink.wanted.length > 0) scene.answer(venue.rest())
        }

        expect(levelsOf(scene)).toEqual(levelsAt(venue))
        expect(scene.bookOf(0).state).toBe('proven')
        expect(scene.codec.prove(scene.bookOf(0))).toBe(true)
      }),
      { numRuns: 200 },
    )
  })
})

type Step =
  | {
      readonly kind: 'change' | 'lose' | 'spoil' | 'repeat'
      readonly change: TinyChange
      at: number
    }
  | { readonly kind: 'sweep' | 'book' | 'trade' | 'best' | 'audit' | 'answer'; readonly at: number }

const change: fc.Arbitrary<TinyChange> = fc
  .record({ isBid: fc.boolean(), steps: fc.integer({ min: 1, max: 60 }), size: fc.nat(500) })
  .map(({ isBid, steps, size }) => ({
    side: isBid ? 'bid' : 'ask',
    // Bids stay below 0.43 and asks above, so that the venue's book is never crossed.
    price: isBid ? 4300 - steps * 10 : 4300 + steps * 10,
    size: String(size),
  }))

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('change' as const), change, at: fc.nat() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('lose' as const, 'spoil' as const, 'repeat' as const),
      change,
      at: fc.nat(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        ...(['sweep', 'book', 'trade', 'best', 'audit', 'answer'] as const).values(),
      ),
      at: fc.nat(),
    }),
  },
)

function take(one: Step, scene: CodecScene, venue: TinyVenue): void {
  switch (one.kind) {
    case 'change':
      return scene.feed(venue.change(one.change))
    case 'lose':
      venue.change(one.change)
      return
    case 'repeat': {
      const frame = venue.change(one.change)
      return scene.feed(frame, frame)
    }
    case 'spoil': {
      const bytes = Buffer.from(venue.change(one.change))
      bytes[one.at % bytes.length] = one.at % 256
      return scene.codec.onFrame(0, bytes, scene.books, scene.sink)
    }
    case 'sweep':
      return scene.feed(...sweepOf(venue, one.at))
    case 'book':
      return scene.feed(one.at % 2 === 0 ? venue.laterBook() : venue.snapshot('no'))
    case 'trade':
      venue.lastTrade = ['0.430', '0.429', '0.100'][one.at % 3] ?? ''
      return
    case 'best':
      return scene.feed(venue.bestBidAsk())
    case 'audit':
      return scene.audit()
    case 'answer':
      return scene.answer(venue.rest())
  }
}

/** The best levels of a side go, one message each; the book of the trade may follow. */
function sweepOf(venue: TinyVenue, at: number): string[] {
  const side = at % 2 === 0 ? 'bid' : 'ask'
  const prices = [...(side === 'bid' ? venue.bids : venue.asks).keys()].sort((a, b) =>
    side === 'bid' ? b - a : a - b,
  )
  const changes = prices
    .slice(0, 1 + (at % 3))
    .map((price) => ({ side, price, size: '0' }) as const)
  venue.now++
  for (const one of changes) venue.set(one)
  const last = changes.at(-1)
  if (last !== undefined) venue.lastTrade = (last.price / 10_000).toFixed(3)
  const told = changes.map((one) => venue.tell(one))
  return at % 5 === 0 ? [...told, venue.laterBook()] : told
}

function levelsOf(scene: CodecScene): unknown {
  const book = scene.bookOf(0)
  const side = (of: 0 | 1) => book.levels(of).map(({ price, size }) => [price, size / 1e6])
  return { bids: side(0), asks: side(1) }
}

function levelsAt(venue: TinyVenue): unknown {
  const side = (of: ReadonlyMap<number, string>, direction: number) =>
    [...of]
      .map(([price, size]) => [price, Number(size)] as const)
      .sort(([a], [b]) => direction * (a - b))
  return { bids: side(venue.bids, -1), asks: side(venue.asks, 1) }
}
