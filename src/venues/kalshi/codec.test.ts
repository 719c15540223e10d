import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { MarketId } from '../../core/market.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import type { Ticks } from '../../core/units.ts'
import { MarketCache } from '../../engine/market-cache.ts'
import { KalshiCodec } from './codec.ts'
import { delta, line, snapshot } from './fixtures/frames.ts'
import { kalshiMarket } from './fixtures/kalshi-market.ts'
import { RecordingSink } from './fixtures/recording-sink.ts'

const captures = process.env['CAPTURES_DIR'] ?? ''
const haveCaptures = existsSync(path.join(captures, 'kalshi'))
if (!haveCaptures) console.log('skipped: CAPTURES_DIR names no folder with Kalshi captures')

function scene(tickers: readonly string[], noSidePrice: 'yes' | 'own' = 'yes') {
  const cache = new MarketCache()
  for (const ticker of tickers) cache.add(kalshiMarket(ticker))
  const codec = new KalshiCodec({ noSidePrice })
  const sink = new RecordingSink()
  const send = (bytes: Uint8Array) => codec.onFrame(1, bytes, cache, sink)
  const book = (ticker: string) => cache.byMarket('kalshi', ticker as MarketId)?.yes.book
  return { cache, codec, sink, send, book }
}

describe('KalshiCodec', () => {
  test.each([
    { name: 'no JSON', bytes: Buffer.from('heartbeat'), reason: 'not-json' },
    { name: 'no bytes', bytes: Buffer.alloc(0), reason: 'not-json' },
    { name: 'null', bytes: Buffer.from('null'), reason: 'not-json' },
    { name: 'no type', bytes: Buffer.from('{"sid":1}'), reason: 'no-type' },
    {
      name: 'a type nobody knows',
      bytes: line({ type: 'orderbook_delta_v3' }),
      reason: 'unknown-type',
    },
    {
      name: 'a book of before March 2026',
      bytes: Buffer.from('{"orderbook":{"yes":[[1,2]],"no":null}}'),
      reason: 'old-schema',
    },
    {
      name: 'a market we keep no book of',
      bytes: delta({ seq: 1, ticker: 'Z', price: '0.5000', delta: '1.00', side: 'yes' }),
      reason: 'unknown-market',
    },
    {
      name: 'a trade without its taker',
      bytes: line({ type: 'trade', msg: {} }),
      reason: 'bad-field',
    },
  ])('refuses $name, with the reason', ({ bytes, reason }) => {
    const { send, sink } = scene(['A'])

    send(bytes)

    expect(sink.refusals).toEqual([reason])
    expect(sink.changes).toEqual([])
  })

  test('a type nobody knows on the subscription breaks its books: it may have changed them', () => {
    const { send, book } = scene(['A'])
    send(snapshot({ seq: 1, ticker: 'A', yes: [['0.4000', '1.00']] }))

    send(line({ type: 'orderbook_delta_v3', sid: 1, seq: 2, msg: {} }))

    expect(book('A')?.state).toBe('broken')
  })

  test('tells a trade as the taker saw it', () => {
    const { send, sink } = scene(['A'])

    send(
      line({
        type: 'trade',
        sid: 11,
        seq: 2,
        msg: {
          trade_id: 'd91bc706-ee49-470d-82d8-11418bda6fed',
          market_ticker: 'A',
          yes_price_dollars: '0.3600',
          no_price_dollars: '0.6400',
          count_fp: '136.00',
          taker_outcome_side: 'no',
          taker_book_side: 'ask',
          is_block_trade: false,
          ts: 1_669_149_841,
          ts_ms: 1_669_149_841_000,
        },
      }),
    )

    expect(sink.trades).toEqual([
      {
        venue: 'kalshi',
        market: 'A',
        outcome: 'no',
        side: 'buy',
        price: 6400,
        size: 136_000_000,
        venueTime: 1_669_149_841_000,
      },
    ])
  })

  test.each([
    { msg: { event_type: 'created' }, want: { kind: 'listed', market: 'A' } },
    { msg: { event_type: 'deactivated' }, want: { kind: 'paused', market: 'A' } },
    { msg: { event_type: 'activated' }, want: { kind: 'reopened', market: 'A' } },
    {
      msg: { event_type: 'determined', result: 'yes', settlement_value: '1.0000' },
      want: { kind: 'resolved', market: 'A', resolution: { yesValue: 1_000_000 } },
    },
    {
      msg: { event_type: 'determined', result: 'scalar', settlement_value: '0.5000' },
      want: { kind: 'resolved', market: 'A', resolution: { yesValue: 500_000 } },
    },
    {
      msg: {
        event_type: 'price_level_structure_updated',
        price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0010' }],
      },
      want: {
        kind: 'grid-changed',
        market: 'A',
        grid: { bands: [{ from: 0, to: 10_000, step: 10 }], resolution: 10 },
      },
    },
  ])('tells of a market that was $msg.event_type', ({ msg, want }) => {
    const { send, sink } = scene(['A'])

    send(
      line({ type: 'market_lifecycle_v2', sid: 13, seq: 3, msg: { market_ticker: 'A', ...msg } }),
    )

    expect(sink.lifecycles).toEqual([want])
  })

  test('takes a polled book as it was, and believes it no further', () => {
    const { cache, codec, sink, book } = scene(['A'])
    const body = JSON.stringify({
      orderbooks: [
        {
          ticker: 'A',
          orderbook_fp: { yes_dollars: [['0.4200', '13.00']], no_dollars: [['0.5600', '17.00']] },
        },
      ],
    })

    codec.onFrame(1, Buffer.from(body), cache, sink)

    expect(book('A')?.top()).toEqual({ bid: 4200, bidSize: 13e6, ask: 4400, askSize: 17e6 })
    expect(book('A')?.state).toBe('unproven')
    expect(sink.changes).toEqual(['A'])
  })

  test('counts which layer has read a frame', () => {
    const { codec, send } = scene(['A'])

    send(snapshot({ seq: 1, ticker: 'A' }))
    send(delta({ seq: 2, ticker: 'A', price: '0.4200', delta: '1.00', side: 'yes' }))
    send(delta({ seq: 3, ticker: 'A', price: '0.4200', delta: '1.00', side: 'yes' }))
    send(Buffer.from('?'))

    expect(codec.layers()).toEqual({ template: 1, scanner: 2, schema: 1 })
  })
})

describe.runIf(haveCaptures)('captured frames of the socket', () => {
  const Captured = z.object({ raw: z.string() })
  const file = path.join(captures, 'kalshi/ws/orderbook_btc_hourly_20260418_shreyas.jsonl')
  const frames = haveCaptures
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter((text) => text !== '')
        .map((text) => Buffer.from(Captured.parse(JSON.parse(text)).raw))
    : []
  const tickers = [
    ...new Set(frames.map((bytes) => /KXBTC-[\w-]+/.exec(bytes.toString())?.[0] ?? '')),
  ].filter((ticker) => ticker !== '')

  test('all decode, none is refused, and every book ends proven', () => {
    const { send, sink, book, codec } = scene(tickers, 'own')

    for (const bytes of frames) send(bytes)

    expect(tickers).toHaveLength(8)
    expect(sink.refusals).toEqual([])
    expect(tickers.map((ticker) => book(ticker)?.state)).toEqual(tickers.map(() => 'proven'))
    expect(sink.proofs).toEqual(tickers.map((ticker) => `${ticker} snapshot`))
    expect(codec.layers().schema).toBe(5) // two `subscribed` and three errors
    expect(codec.layers().template).toBeGreaterThan(50)
  })

  test('the books are those that plain arithmetic on the JSON gives', () => {
    const { send, book } = scene(tickers, 'own')

    for (const bytes of frames) send(bytes)

    for (const [ticker, levels] of plainBooks(frames)) {
      const kept = [
        ...(book(ticker)?.levels(bidSide) ?? []).map(({ price, size }) => ['yes', price, size]),
        ...(book(ticker)?.levels(askSide) ?? []).map(({ price, size }) => [
          'no',
          1e4 - price,
          size,
        ]),
      ]
      expect(new Map(kept.map(([side, price, size]) => [`${side} ${price}`, size]))).toEqual(levels)
    }
  })

  test('read in the wrong price for NO, the books are crossed and none is believed', () => {
    const { send, book } = scene(tickers, 'yes')

    for (const bytes of frames) send(bytes)

    expect(tickers.map((ticker) => book(ticker)?.state)).toEqual(tickers.map(() => 'broken'))
  })
})

describe.runIf(haveCaptures)('captured bodies of polled books', () => {
  test('combo books are taken on their own grid, empty sides and all', () => {
    const file = path.join(captures, 'kalshi/rest/combo_orderbooks_cockpit.json')
    const Books = z.array(z.looseObject({ ticker: z.string() }))
    const orderbooks = haveCaptures ? Books.parse(JSON.parse(readFileSync(file, 'utf8'))) : []
    const cache = new MarketCache()
    for (const { ticker } of orderbooks) cache.add(kalshiMarket(ticker, uniformGrid(1 as Ticks)))
    const sink = new RecordingSink()

    const body = Buffer.from(JSON.stringify({ orderbooks }))
    new KalshiCodec({ noSidePrice: 'own' }).onFrame(1, body, cache, sink)

    expect(sink.refusals).toEqual([])
    expect(sink.changes).toHaveLength(20)
  })
})

describe.runIf(haveCaptures)("the examples of the venue's own documentation", () => {
  test('are understood, but for the feeds we do not ask for', () => {
    const file = path.join(captures, 'kalshi/doc_examples/ws_asyncapi_examples_20260822.json')
    const Example = z.object({ name: z.string(), payload: z.unknown() })
    const Examples = z.object({ messages: z.record(z.string(), z.array(Example)) })
    const { messages } = haveCaptures
      ? Examples.parse(JSON.parse(readFileSync(file, 'utf8')))
      : { messages: {} }
    const fromUs = /Command$|^(incoming|outgoing)(Ping|Pong)$/
    const refused: string[] = []
    for (const [group, examples] of Object.entries(messages)) {
      if (fromUs.test(group)) continue
      for (const { payload } of examples) {
        const { send, sink } = scene(['FED-23DEC-T3.00'], 'own')
        send(line(payload))
        refused.push(...sink.refusals.map((reason) => `${group}: ${reason}`))
      }
    }

    expect(refused).toEqual([
      'cfbenchmarksValue: unknown-type',
      'cfbenchmarksIndexList: unknown-type',
      'pythValue: unknown-type',
      'pythUnderlyingList: unknown-type',
      'rfqCreated: unknown-type',
      'rfqDeleted: unknown-type',
      'quoteCreated: unknown-type',
      'quoteAccepted: unknown-type',
      'quoteExecuted: unknown-type',
    ])
  })
})

/** Ticker to its levels, by `JSON.parse` and floating point. */
function plainBooks(frames: readonly Buffer[]): Map<string, Map<string, number>> {
  const Level = z.array(z.tuple([z.string(), z.string()])).optional()
  const Message = z.object({
    type: z.string(),
    msg: z.object({
      market_ticker: z.string(),
      side: z.string().optional(),
      price_dollars: z.string().optional(),
      delta_fp: z.string().optional(),
      yes_dollars_fp: Level,
      no_dollars_fp: Level,
    }),
  })
  const books = new Map<string, Map<string, number>>()
  for (const bytes of frames) {
    const { data } = Message.safeParse(JSON.parse(bytes.toString()))
    if (data === undefined) continue
    const { msg } = data
    const levels = books.get(msg.market_ticker) ?? new Map<string, number>()
    books.set(msg.market_ticker, levels)
    const add = (side: string, price: string, size: string) => {
      const key = `${side} ${Math.round(Number(price) * 1e4)}`
      const total = (levels.get(key) ?? 0) + Math.round(Number(size) * 1e6)
      if (total === 0) levels.delete(key)
      else levels.set(key, total)
    }
    for (const [price, size] of msg.yes_dollars_fp ?? []) add('yes', price, size)
    for (const [price, size] of msg.no_dollars_fp ?? []) add('no', price, size)
    if (msg.side !== undefined) add(msg.side, msg.price_dollars ?? '', msg.delta_fp ?? '')
  }
  return books
}
