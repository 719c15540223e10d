import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { buildWorld } from '../build-world.ts'
import type { BookFacts } from './book-text.ts'
import { bookHash, lastTradePriceText } from './book-text.ts'

const captures = process.env['CAPTURES_DIR']
const hasCaptures = captures !== undefined && existsSync(captures)
if (!hasCaptures) console.log('skipped: CAPTURES_DIR names no folder of captures')

function read(file: string): unknown {
  return JSON.parse(readFileSync(path.join(captures ?? '', 'polymarket', file), 'utf8')) as unknown
}

const Level = z.object({ price: z.string(), size: z.string() })
const Book = z.object({
  market: z.string(),
  asset_id: z.string(),
  timestamp: z.string(),
  hash: z.string(),
  bids: z.array(Level),
  asks: z.array(Level),
  tick_size: z.string(),
  last_trade_price: z.string(),
  min_order_size: z.string().optional(),
  neg_risk: z.boolean().optional(),
})

function factsOf(book: z.infer<typeof Book>): BookFacts {
  return { ...book, min_order_size: book.min_order_size ?? '5', neg_risk: book.neg_risk ?? false }
}

/** Every book with all that its hash is made of, wherever it stands in a captured body. */
function booksIn(value: unknown): readonly z.infer<typeof Book>[] {
  if (Array.isArray(value)) return value.flatMap(booksIn)
  if (value === null || typeof value !== 'object') return []
  const book = Book.safeParse(value)
  return book.success ? [book.data] : Object.values(value).flatMap(booksIn)
}

test('a book of two levels a side has the hash that can be worked out by hand', () => {
  const levels = (...prices: string[]) => prices.map((price) => ({ price, size: '100' }))

  const hash = bookHash({
    market: '0xaabbcc',
    asset_id: '100',
    timestamp: '123456789',
    bids: levels('0.3', '0.4'),
    asks: levels('0.6', '0.7'),
    min_order_size: '100',
    tick_size: '0.01',
    neg_risk: false,
    last_trade_price: '0.5',
  })

  expect(hash).toBe('0458ea5755c9f73d64a14636fa5c36ed460ec394')
})

test.each([
  { price: 5_400, text: '0.540' },
  { price: 600, text: '0.060' },
  { price: 20, text: '0.002' },
  { price: 5_405, text: '0.5405' },
])('a last trade at $price ticks is written $text', ({ price, text }) => {
  const { world } = buildWorld({ seed: 1, marketsMin: 0 }, { epochMs: () => 0 as EpochMs })
  const market = world.markets[0]
  if (market === undefined) throw new Error('there is a market')
  const order = { owner: 'm', outcome: 'yes', price: price as Ticks, postOnly: false } as const
  const amount = { kind: 'shares', shares: 5_000_000 as MicroShares } as const

  expect(lastTradePriceText(market, 'yes')).toBe('')
  world.submit(market, { id: '1', side: 'sell', amount, timeInForce: 'gtc', ...order })
  world.submit(market, { id: '2', side: 'buy', amount, timeInForce: 'ioc', ...order })

  expect(lastTradePriceText(market, 'yes')).toBe(text)
})

describe.skipIf(!hasCaptures)('hashes of the real venue', () => {
  test('the official vector with all members recomputes', () => {
    const Vector = z.object({ preimage: z.string(), sha1: z.string() })
    const vectors = z.array(Vector).parse(read('orderbook_hash/official_vectors.json'))

    // Two vectors leave members out and one has them in the sequence of an older version.
    const current = vectors.flatMap(({ preimage, sha1 }) => {
      const body = Book.safeParse(JSON.parse(preimage))
      const isCurrent = preimage.indexOf('"hash"') < preimage.indexOf('"bids"')
      return body.success && isCurrent ? [{ facts: factsOf(body.data), sha1 }] : []
    })

    expect(current).toHaveLength(1)
    for (const { facts, sha1 } of current) expect(bookHash(facts)).toBe(sha1)
  })

  test.each([
    { file: 'rest/clob_book_binary_polyarb.json', count: 1 },
    { file: 'rest/clob_book_negrisk_outcome_polyarb.json', count: 1 },
    { file: 'ws/market_3tokens_20260630_polyarb.json', count: 3 },
    { file: 'ws/market_btc_updown_20260626_cepiokta.json', count: 2 },
  ])('every whole book of $file recomputes', ({ file, count }) => {
    const books = booksIn(read(file))

    expect(books).toHaveLength(count)
    for (const book of books) expect(bookHash(factsOf(book))).toBe(book.hash)
  })

  test('the books of a raw first dump recompute', () => {
    const file = 'ws/market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl'
    const lines = readFileSync(path.join(captures ?? '', 'polymarket', file), 'utf8').trim()
    const Line = z.object({ text: z.string() })
    const frames = lines.split('\n').map((line) => Line.parse(JSON.parse(line)).text)
    const dump = frames.find((text) => text.startsWith('[')) ?? '[]'

    const books = booksIn(JSON.parse(dump))

    expect(dump.endsWith('\n')).toBe(true)
    expect(books).toHaveLength(2)
    for (const book of books) expect(bookHash(factsOf(book))).toBe(book.hash)
  })
})
