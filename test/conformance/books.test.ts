import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Market } from '../../src/core/market.ts'
import type { BookSide, OrderBook } from '../../src/core/order-book.ts'
import { askSide, bidSide } from '../../src/core/order-book.ts'
import { MarketCache } from '../../src/engine/market-cache.ts'
import { kalshi } from './kalshi-model.ts'
import { polymarket } from './polymarket-model.ts'
import { SuiteSink } from './suite-sink.ts'
import type { ModelChange, ModelLevel, ModelSide, Told, VenueUnderTest } from './venue-model.ts'

const bid = (ticks: number, hundredths: number): ModelChange => ({ side: 'bid', ticks, hundredths })
const ask = (ticks: number, hundredths: number): ModelChange => ({ side: 'ask', ticks, hundredths })

/** A codec with two empty markets at one venue, and the venue's side of it. */
function scene(venue: VenueUnderTest) {
  const cache = new MarketCache()
  const codec = venue.makeCodec()
  const model = venue.makeModel()
  const sink = new SuiteSink()
  const markets = [venue.market(1), venue.market(2)] as const
  const books = markets.map((market) => {
    const entry = cache.add(market)
    if (entry === undefined) throw new Error('the market is new')
    return entry
  })
  const [entry, other] = books
  if (entry === undefined || other === undefined) throw new Error('there are two')
  const tell = ({ way, bytes }: Told): void => {
    if (way === 'frame') codec.onFrame(0, bytes, cache, sink)
    else codec.onSnapshot(bytes, cache, sink)
  }
  return {
    cache,
    codec,
    model,
    sink,
    market: markets[0],
    otherMarket: markets[1],
    entry,
    other,
    tell,
  }
}

/** The same, with a book of four levels in the first market. */
function started(venue: VenueUnderTest) {
  const made = scene(venue)
  const { model, market, otherMarket, tell } = made
  for (const change of [bid(4500, 10_000), bid(4400, 2500), ask(5500, 10_000), ask(5700, 50)]) {
    model.change(market, change)
    model.change(otherMarket, change)
  }
  tell(model.snapshot(market))
  tell(model.snapshot(otherMarket))
  return made
}

type Scene = ReturnType<typeof scene>

function held(book: OrderBook, side: BookSide): ModelLevel[] {
  return book.levels(side).map(({ price, size }) => [price, size / 10_000])
}

function expectTheBook({ model, market, entry }: Scene): void {
  const { book } = entry.yes
  expect(held(book, bidSide)).toEqual(model.levels(market, 'bid'))
  expect(held(book, askSide)).toEqual(model.levels(market, 'ask'))
}

/** Whether a strategy may act on the book now. */
function isBelieved({ codec, entry }: Scene): boolean {
  const { book } = entry.yes
  return book.state === 'proven' && !book.torn && codec.prove(book)
}

const resting: fc.Arbitrary<ModelChange> = fc
  .record({
    side: fc.constantFrom<ModelSide>('bid', 'ask'),
    distance: fc.integer({ min: 0, max: 20 }),
    hundredths: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1_000_000 })),
  })
  .map(({ side, distance, hundredths }) => ({
    side,
    ticks: side === 'bid' ? 4900 - 100 * distance : 5100 + 100 * distance,
    hundredths,
  }))

describe.each([polymarket, kalshi])('the books of $name', (venue) => {
  /** A test of the contract; one that the venue cannot pass says why not. */
  function contract(name: string, run: () => void): void {
    const reason = venue.skips[name]
    if (reason === undefined) test(name, run)
    else test.skip(`${name} (skipped: ${reason})`)
  }

  contract('a snapshot is the book, and proves it', () => {
    const it = started(venue)

    expectTheBook(it)
    expect(isBelieved(it)).toBe(true)
    expect(it.sink.refusals).toEqual([])
  })

  contract('an empty snapshot is a book as proven as a full one', () => {
    const it = scene(venue)

    it.tell(it.model.snapshot(it.market))

    expectTheBook(it)
    expect(isBelieved(it)).toBe(true)
  })

  contract('changes give the book, proven after each', () => {
    fc.assert(
      fc.property(fc.array(resting, { minLength: 1, maxLength: 30 }), (changes) => {
        const it = started(venue)

        for (const change of changes) {
          it.tell(it.model.change(it.market, change))

          expectTheBook(it)
          expect(isBelieved(it)).toBe(true)
        }
      }),
      { numRuns: 100 },
    )
  })

  contract('NO is the mirror of the one book', () => {
    const { entry } = started(venue)

    expect([entry.no.bestBid, entry.no.bestAsk]).toEqual([4500, 5500])
    expect(entry.no.bestBidSize).toBe(entry.yes.bestAskSize)
    expect(entry.no.book).toBe(entry.yes.book)
  })

  contract('a change told from the other outcome is the same change', () => {
    const it = started(venue)

    it.tell(it.model.changeFromNo(it.market, ask(5400, 700)))

    expectTheBook(it)
    expect(isBelieved(it)).toBe(true)
  })

  contract('a change before any snapshot makes nothing to believe', () => {
    const it = scene(venue)

    it.tell(it.model.change(it.market, bid(4500, 100)))

    expect(it.entry.yes.book.state).not.toBe('proven')
    expect(isBelieved(it)).toBe(false)
  })

  contract('a change that is lost is noticed, and a snapshot asked for', () => {
    const it = started(venue)
    it.model.change(it.market, bid(4700, 100))

    it.tell(it.model.change(it.market, bid(4600, 300)))
    expect(isBelieved(it)).toBe(false)
    it.tell(it.model.change(it.market, bid(4600, 400)))
    noticeInIdleTime(it)

    expect(it.entry.yes.book.state).toBe('broken')
    expect(it.sink.wanted).toContain(it.market.id)
  })

  contract('a broken book is proven again by the snapshot that was asked for', () => {
    const it = started(venue)
    it.model.change(it.market, bid(4700, 100))
    it.tell(it.model.change(it.market, bid(4600, 300)))
    noticeInIdleTime(it)

    it.tell(it.model.repair(it.market))
    it.tell(it.model.change(it.market, ask(5300, 900)))

    expectTheBook(it)
    expect(isBelieved(it)).toBe(true)
  })

  contract('a frame that comes twice counts once', () => {
    const it = started(venue)
    const change = it.model.change(it.market, bid(4600, 300))

    it.tell(change)
    it.tell(change)

    expectTheBook(it)
    expect(isBelieved(it)).toBe(true)
  })

  contract('when the connection is lost no book is believed until a new snapshot', () => {
    const it = started(venue)

    it.codec.onConnectionLost(0, [it.market.id, it.otherMarket.id], it.cache, it.sink)
    expect(isBelieved(it)).toBe(false)
    it.tell(it.model.change(it.market, bid(4600, 300)))
    expect(isBelieved(it)).toBe(false)

    it.tell(it.model.snapshot(it.market))
    expectTheBook(it)
    expect(isBelieved(it)).toBe(true)
  })

  contract('a crossed book is never whole', () => {
    const it = started(venue)

    it.tell(it.model.change(it.market, bid(5600, 100)))

    expect(isBelieved(it)).toBe(false)
    expect(it.entry.yes.book.torn || it.entry.yes.book.state !== 'proven').toBe(true)
  })

  contract('a crossed snapshot is never believed', () => {
    const it = scene(venue)
    it.model.change(it.market, bid(5600, 100))
    it.model.change(it.market, ask(5500, 100))

    it.tell(it.model.snapshot(it.market))

    expect(isBelieved(it)).toBe(false)
  })

  contract('a price that the market cannot have is kept out of the book, and breaks it', () => {
    const it = started(venue)

    it.tell(it.model.change(it.market, bid(4550, 100)))

    expect(it.sink.proofs.at(-1)).toBe(`${it.market.id} off-grid`)
    expect(isBelieved(it)).toBe(false)
    expect(held(it.entry.yes.book, bidSide).map(([ticks]) => ticks)).not.toContain(4550)
  })

  contract('a change of one market leaves the other as it was', () => {
    const it = started(venue)
    const before = it.other.yes.book.version

    it.tell(it.model.change(it.market, bid(4600, 300)))

    expect(it.other.yes.book.version).toBe(before)
    expect(it.sink.changes.at(-1)).toBe(it.market.id)
  })

  contract('a market that nobody follows changes no book', () => {
    const it = started(venue)
    const stranger: Market = venue.market(99)
    const before = it.sink.changes.length

    it.tell(it.model.snapshot(stranger))
    it.tell(it.model.change(stranger, bid(4600, 300)))

    expect(it.sink.changes).toHaveLength(before)
    expect(isBelieved(it)).toBe(true)
  })

  contract('garbage is refused and counted, and never thrown back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 80 }), (bytes) => {
        const it = started(venue)
        const before = it.sink.events.length

        it.tell({ way: 'frame', bytes })
        it.tell({ way: 'body', bytes })

        expect(it.sink.refusals.length + it.sink.events.length - before).toBeGreaterThan(0)
      }),
      { numRuns: 200 },
    )
  })

  contract('a frame cut short is refused, and the book it may have changed not believed', () => {
    const it = started(venue)
    const { bytes } = it.model.change(it.market, bid(4600, 300))

    it.tell({ way: 'frame', bytes: bytes.subarray(0, bytes.length - 20) })

    expect(it.sink.refusals.length).toBeGreaterThan(0)
    expect(isBelieved(it)).toBe(false)
  })

  contract('a change that was altered on the way is not believed', () => {
    const it = started(venue)
    const text = Buffer.from(it.model.change(it.market, bid(4600, 300)).bytes).toString()

    it.tell({ way: 'frame', bytes: Buffer.from(text.replace('"size":"3"', '"size":"4"')) })

    expect(isBelieved(it)).toBe(false)
  })

  contract('a trade is told on the tape', () => {
    const it = started(venue)

    it.tell(it.model.trade(it.market, [4500, 1234]))

    expect(
      it.sink.trades.map(({ outcome, side, price, size }) => [outcome, side, price, size]),
    ).toEqual([['yes', 'buy', 4500, 12_340_000]])
  })

  contract('what the venue says of who won is told', () => {
    const it = started(venue)

    it.tell(it.model.resolved(it.market, 'yes'))
    it.tell(it.model.resolved(it.otherMarket, 'no'))

    expect(it.sink.lifecycles).toEqual([
      { kind: 'resolved', market: it.market.id, resolution: { yesValue: 1_000_000 } },
      { kind: 'resolved', market: it.otherMarket.id, resolution: { yesValue: 0 } },
    ])
  })

  contract('every frame is counted in the layer that has read it', () => {
    const it = started(venue)
    for (let size = 1; size <= 20; size++) it.tell(it.model.change(it.market, bid(4600, size)))

    const { template, scanner, schema } = it.codec.layers()

    // The first frame of a market, and at the most its first change, are read by a slower layer.
    expect(template + scanner + schema).toBe(22)
    expect(template).toBeGreaterThanOrEqual(19)
  })

  contract('the same frames do the same', () => {
    const run = (): string => {
      const it = started(venue)
      it.model.change(it.market, bid(4700, 100))
      it.tell(it.model.change(it.market, bid(4600, 300)))
      it.tell(it.model.repair(it.market))
      noticeInIdleTime(it)
      return JSON.stringify(it.sink)
    }

    expect(run()).toBe(run())
  })
})

/** What a venue does not show at once, an audit finds in idle time. */
function noticeInIdleTime({ codec, cache, sink }: Scene): void {
  for (let round = 0; round < 4; round++) codec.audit(10, cache, sink)
}
