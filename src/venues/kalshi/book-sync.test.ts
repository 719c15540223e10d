import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { OrderBook } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import { priceGrid } from '../../core/price-grid.ts'
import type { MarketId } from '../../core/market.ts'
import type { Ticks } from '../../core/units.ts'
import { MarketCache } from '../../engine/market-cache.ts'
import { KalshiCodec } from './codec.ts'
import { delta, line, snapshot, type LevelText } from './fixtures/frames.ts'
import { kalshiMarket } from './fixtures/kalshi-market.ts'
import { RecordingSink } from './fixtures/recording-sink.ts'

const yes: LevelText[] = [
  ['0.0800', '300.00'],
  ['0.2200', '333.00'],
]
const no: LevelText[] = [
  ['0.4600', '20.00'],
  ['0.4400', '146.00'],
]

function scene(noSidePrice: 'yes' | 'own' = 'yes') {
  const cache = new MarketCache()
  for (const ticker of ['A', 'B']) cache.add(kalshiMarket(ticker))
  const codec = new KalshiCodec({ noSidePrice })
  const sink = new RecordingSink()
  const send = (bytes: Uint8Array, connection = 1) => codec.onFrame(connection, bytes, cache, sink)
  const book = (ticker: string) => {
    const entry = cache.byMarket('kalshi', ticker as MarketId)
    if (entry === undefined) throw new Error(`no book of ${ticker}`)
    return entry.yes.book
  }
  return { cache, codec, sink, send, book }
}

/** Both books with a snapshot: numbers 1 and 2. */
function started() {
  const made = scene()
  made.send(snapshot({ seq: 1, ticker: 'A', yes, no }))
  made.send(snapshot({ seq: 2, ticker: 'B', yes, no }))
  return made
}

describe('a book of the order book channel', () => {
  test('is proven by its snapshot, and holds it', () => {
    const { send, book, sink } = scene()

    send(snapshot({ seq: 1, ticker: 'A', yes, no }))

    expect(book('A').state).toBe('proven')
    expect(book('A').levels(bidSide)).toEqual([
      { price: 2200, size: 333_000_000 },
      { price: 800, size: 300_000_000 },
    ])
    expect(book('A').levels(askSide)).toEqual([
      { price: 4400, size: 146_000_000 },
      { price: 4600, size: 20_000_000 },
    ])
    expect(sink.proofs).toEqual(['A snapshot'])
  })

  test('reads the NO side in NO prices where the subscription says so', () => {
    const { send, book } = scene('own')

    send(snapshot({ seq: 1, ticker: 'A', yes: [['0.2200', '5.00']], no: [['0.5600', '146.00']] }))
    send(delta({ seq: 2, ticker: 'A', price: '0.5700', delta: '2.00', side: 'no' }))

    expect(book('A').levels(askSide)).toEqual([
      { price: 4300, size: 2_000_000 },
      { price: 4400, size: 146_000_000 },
    ])
  })

  test('follows its deltas: sizes change by them, and vanish at zero', () => {
    const { send, book, sink } = started()

    send(delta({ seq: 3, ticker: 'A', price: '0.2200', delta: '-333.00', side: 'yes' }))
    send(delta({ seq: 4, ticker: 'A', price: '0.0800', delta: '0.50', side: 'yes' }))

    expect(book('A').top()).toEqual({
      bid: 800,
      bidSize: 300_500_000,
      ask: 4400,
      askSize: 146_000_000,
    })
    expect(sink.changes).toEqual(['A', 'B', 'A', 'A'])
    expect(book('A').state).toBe('proven')
  })

  test('is broken, with all of its subscription, when a number is missing', () => {
    const { send, book, sink } = started()

    send(delta({ seq: 4, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' }))

    expect([book('A').state, book('B').state]).toEqual(['broken', 'broken'])
    expect(sink.wanted).toEqual(expect.arrayContaining(['A', 'B']))
  })

  test('is proven again by a fresh snapshot, while the others wait for theirs', () => {
    const { send, book } = started()
    send(delta({ seq: 5, ticker: 'B', price: '0.2200', delta: '1.00', side: 'yes' }))

    send(snapshot({ seq: 6, ticker: 'A', yes, no }))
    send(delta({ seq: 7, ticker: 'B', price: '0.2200', delta: '1.00', side: 'yes' }))

    expect([book('A').state, book('B').state]).toEqual(['proven', 'broken'])
  })

  test('does not miss the numbers that control frames use up', () => {
    const { send, book } = started()

    send(line({ id: 9, sid: 1, seq: 3, type: 'ok', msg: { market_tickers: ['A', 'B'] } }))
    send(delta({ seq: 4, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' }))

    expect(book('A').state).toBe('proven')
    expect(book('A').bestBidSize).toBe(334_000_000)
  })

  test('breaks when a control frame jumps over a number', () => {
    const { send, book } = started()

    send(line({ id: 9, sid: 1, seq: 4, type: 'ok', msg: { market_tickers: ['A', 'B'] } }))

    expect(book('A').state).toBe('broken')
  })

  test('takes a repeated frame once', () => {
    const { send, book, sink } = started()
    const change = delta({ seq: 3, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' })

    send(change)
    send(change)

    expect(book('A').state).toBe('proven')
    expect(book('A').bestBidSize).toBe(334_000_000)
    expect(sink.proofs.at(-1)).toBe('A stale-change')
  })

  test('breaks when an old number comes with other content', () => {
    const { send, book } = started()
    send(delta({ seq: 3, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' }))

    send(delta({ seq: 3, ticker: 'A', price: '0.2200', delta: '7.00', side: 'yes' }))

    expect(book('A').state).toBe('broken')
  })

  test('breaks when a level would fall below zero', () => {
    const { send, book, sink } = started()

    send(delta({ seq: 3, ticker: 'A', price: '0.2200', delta: '-334.00', side: 'yes' }))

    expect([book('A').state, book('B').state]).toEqual(['broken', 'proven'])
    expect(sink.proofs.at(-1)).toBe('A negative-level')
  })

  test('is looked at by nobody while crossed, and breaks if it stays so', () => {
    const { send, book, sink, codec } = started()

    send(delta({ seq: 3, ticker: 'A', price: '0.4500', delta: '5.00', side: 'yes' }))

    expect(book('A').torn).toBe(true)
    expect(codec.prove(book('A'))).toBe(false)
    expect(sink.proofs.at(-1)).toBe('A crossed')

    for (let seq = 4; seq < 30; seq++) {
      send(delta({ seq, ticker: 'A', price: '0.0800', delta: '1.00', side: 'yes' }))
    }
    expect(book('A').state).toBe('broken')
  })

  test('is whole again when the other part of the match is told', () => {
    const { send, book, codec } = started()

    send(delta({ seq: 3, ticker: 'A', price: '0.4500', delta: '5.00', side: 'yes' }))
    send(delta({ seq: 4, ticker: 'A', price: '0.4400', delta: '-146.00', side: 'no' }))

    expect(book('A').torn).toBe(false)
    expect(codec.prove(book('A'))).toBe(true)
  })

  test('breaks on a crossed snapshot', () => {
    const { send, book, sink } = scene()

    send(snapshot({ seq: 1, ticker: 'A', yes: [['0.6000', '1.00']], no: [['0.5000', '1.00']] }))

    expect(book('A').state).toBe('broken')
    expect(sink.wanted).toEqual(['A'])
  })

  test('refuses a price between the steps of its band', () => {
    const { cache, send, sink } = scene()
    const band = (from: number, to: number, step: number) => ({
      from: from as Ticks,
      to: to as Ticks,
      step: step as Ticks,
    })
    const tapered = priceGrid([band(0, 1000, 10), band(1000, 9000, 100), band(9000, 10_000, 10)])
    const entry = cache.add(kalshiMarket('T', tapered))
    send(snapshot({ seq: 1, ticker: 'T', yes: [['0.0550', '1.00']], no: [['0.5000', '1.00']] }))
    expect(entry?.yes.book.state).toBe('proven')

    send(delta({ seq: 2, ticker: 'T', price: '0.1550', delta: '1.00', side: 'yes' }))

    expect(entry?.yes.book.state).toBe('broken')
    expect(sink.refusals).toEqual(['off-grid'])
  })

  test('is unproven when its connection is lost, and the books of another are not', () => {
    const { cache, codec, sink, send, book } = scene()
    send(snapshot({ seq: 1, ticker: 'A', yes, no }), 1)
    send(snapshot({ seq: 1, ticker: 'B', yes, no }), 2)

    codec.onConnectionLost(1, ['A' as MarketId, 'B' as MarketId], cache, sink)

    expect([book('A').state, book('B').state]).toEqual(['unproven', 'proven'])
  })

  test('is unproven when its subscription ends or no longer covers it', () => {
    const { send, book } = started()

    send(line({ id: 9, sid: 1, seq: 3, type: 'ok', msg: { market_tickers: ['A'] } }))
    expect([book('A').state, book('B').state]).toEqual(['proven', 'unproven'])

    send(line({ type: 'error', sid: 1, seq: 4, msg: { code: 25, msg: 'buffer overflow' } }))
    expect(book('A').state).toBe('unproven')
  })

  test('belongs to the newest subscription: what comes under an older sid is refused', () => {
    const { send, book, sink } = started()
    send(snapshot({ sid: 2, seq: 1, ticker: 'A', yes, no }))

    send(delta({ sid: 1, seq: 3, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' }))

    expect(book('A').bestBidSize).toBe(333_000_000)
    expect([book('A').state, book('B').state]).toEqual(['proven', 'unproven'])
    expect(sink.refusals).toEqual(['old-subscription'])
  })

  test('ignores the changes of a connection that did not bring its snapshot', () => {
    const { send, book, sink } = started()

    send(delta({ seq: 1, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' }), 2)

    expect(book('A').bestBidSize).toBe(333_000_000)
    expect(book('A').state).toBe('proven')
    expect(sink.wanted).toEqual([])
  })

  test.each([
    { name: 'an unknown field', put: '"side":"yes","inverted":true', reason: 'unknown-field' },
    {
      name: 'the fields of before March 2026',
      put: '"side":"yes","delta":1',
      reason: 'old-schema',
    },
    { name: 'a side that is none', put: '"side":"maybe"', reason: 'bad-field' },
  ])('is broken by $name, and the frame is refused', ({ put, reason }) => {
    const { send, book, sink } = started()
    const text = delta({ seq: 3, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' })

    send(Buffer.from(text.toString().replace('"side":"yes"', put)))

    expect(sink.refusals).toEqual([reason])
    expect([book('A').state, book('B').state]).toEqual(['broken', 'proven'])
  })

  test('asks again for a snapshot that does not come', () => {
    const { send, sink, codec, cache } = started()
    send(delta({ seq: 4, ticker: 'A', price: '0.2200', delta: '1.00', side: 'yes' }))
    const before = sink.wanted.length

    for (let round = 0; round < 16; round++) codec.audit(10, cache, sink)

    expect(sink.wanted.slice(before).sort()).toEqual(['A', 'B'])
  })
})

/** What the venue does between frames; each step but `poll` uses up one number. */
type Step =
  | {
      readonly kind: 'change'
      readonly ticker: 'A' | 'B'
      readonly price: number
      readonly by: number
    }
  | { readonly kind: 'snapshot'; readonly ticker: 'A' | 'B' }
  | { readonly kind: 'ok' }
  | { readonly kind: 'resubscribe' }

type Fate = 'deliver' | 'drop' | 'twice' | 'late' | 'garbled'

type Told = {
  readonly kind: Step['kind']
  readonly bytes: Buffer
  readonly sid: number
  readonly seq: number
  /** The venue's books when it sent this. */
  readonly truth: { readonly A: LevelText[]; readonly B: LevelText[] }
}

/** The venue's own books and numbers. */
class ModelVenue {
  readonly #sizes: Map<string, number> = new Map()
  #sid = 1
  #seq = 0

  step(step: Step): Told[] {
    if (step.kind === 'resubscribe') {
      this.#sid++
      this.#seq = 0
      const msg = { channel: 'orderbook_delta', sid: this.#sid }
      return [
        this.#told(step, line({ type: 'subscribed', id: 1, msg })),
        ...this.step({ kind: 'snapshot', ticker: 'A' }),
        ...this.step({ kind: 'snapshot', ticker: 'B' }),
      ]
    }
    this.#seq++
    const place = { sid: this.#sid, seq: this.#seq }
    switch (step.kind) {
      case 'ok':
        return [
          this.#told(step, line({ ...place, type: 'ok', msg: { market_tickers: ['A', 'B'] } })),
        ]
      case 'snapshot': {
        const { ticker } = step
        return [this.#told(step, snapshot({ ...place, ticker, yes: this.#levels(ticker) }))]
      }
      case 'change': {
        const by = this.#change(step)
        const price = (step.price / 100).toFixed(4)
        return [
          this.#told(
            step,
            delta({ ...place, ticker: step.ticker, price, delta: by.toFixed(2), side: 'yes' }),
          ),
        ]
      }
    }
  }

  #change({ ticker, price, by }: Step & { kind: 'change' }): number {
    const key = `${ticker} ${price}`
    const size = this.#sizes.get(key) ?? 0
    const change = Math.max(by, -size)
    this.#sizes.set(key, size + change)
    return change
  }

  #told({ kind }: Step, bytes: Buffer): Told {
    const truth = { A: this.#levels('A'), B: this.#levels('B') }
    return { kind, bytes, sid: this.#sid, seq: this.#seq, truth }
  }

  #levels(ticker: string): LevelText[] {
    return [...this.#sizes]
      .filter(([key, size]) => key.startsWith(`${ticker} `) && size > 0)
      .map(([key, size]) => levelText(Number(key.split(' ')[1]) / 100, size))
      .toSorted(byPrice)
  }
}

function levelText(price: number, size: number): LevelText {
  return [price.toFixed(4), size.toFixed(2)]
}

function levelsOf(book: OrderBook): LevelText[] {
  return book
    .levels(bidSide)
    .map(({ price, size }) => levelText(price / 10_000, size / 1_000_000))
    .toSorted(byPrice)
}

function byPrice(a: LevelText, b: LevelText): number {
  return Number(a[0]) - Number(b[0])
}

const oneTicker = fc.constantFrom('A' as const, 'B' as const)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('change' as const),
      ticker: oneTicker,
      price: fc.integer({ min: 1, max: 5 }),
      by: fc.integer({ min: -20, max: 20 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('snapshot' as const), ticker: oneTicker }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'ok' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'resubscribe' as const }) },
)
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 12, arbitrary: fc.constant('deliver' as const) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      'drop' as const,
      'twice' as const,
      'late' as const,
      'garbled' as const,
    ),
  },
)

describe('the sequence logic against a model', () => {
  test('no book is ever proven and wrong, whatever is lost, repeated, late or garbled', () => {
    let provenChecks = 0

    fc.assert(
      fc.property(fc.array(fc.tuple(step, fate), { minLength: 1, maxLength: 80 }), (script) => {
        const venue = new ModelVenue()
        const { send, book } = scene()
        const held: Told[] = []
        // What the venue's books were at the newest number that has come in.
        let newest: Told | undefined
        const deliver = (told: Told) => {
          send(told.bytes)
          // An answer does not say which channel it is of, so it opens no subscription.
          const opens = told.kind !== 'ok' && told.sid > (newest?.sid ?? 0)
          if (opens || (told.sid === newest?.sid && told.seq > newest.seq)) newest = told
        }

        const opening: [Step, Fate] = [{ kind: 'resubscribe' }, 'deliver']
        const frames = [opening, ...script].flatMap(([step, fate]) =>
          venue.step(step).map((told) => ({ told, fate })),
        )
        for (const { told, fate } of frames) {
          if (fate === 'drop') continue
          if (fate === 'late') {
            held.push(told)
            continue
          }
          if (fate === 'garbled') {
            send(Buffer.from(told.bytes.toString().replace(':', ';')))
            expect([book('A').state, book('B').state]).not.toContain('proven')
            continue
          }
          deliver(told)
          if (fate === 'twice') deliver(told)
          const late = held.length > 2 ? held.shift() : undefined
          if (late !== undefined) deliver(late)

          for (const ticker of ['A', 'B'] as const) {
            if (book(ticker).state !== 'proven') continue
            provenChecks++
            expect(levelsOf(book(ticker))).toEqual(newest?.truth[ticker])
          }
        }
      }),
      { numRuns: 1500 },
    )

    expect(provenChecks).toBeGreaterThan(10_000)
  })
})
