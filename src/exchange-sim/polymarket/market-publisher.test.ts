import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { EpochMs } from '../../core/units.ts'
import { MarketIds } from '../market-ids.ts'
import type { SimMarket } from '../sim-market.ts'
import { Simulation } from '../simulation.ts'
import { bookHash, BookWriter, lastTradePriceText } from './book-text.ts'
import { bookDumpText } from './market-messages.ts'
import type { Publication } from './market-publisher.ts'
import { MarketPublisher } from './market-publisher.ts'

const Level = z.object({ price: z.string(), size: z.string() })
const Book = z.object({
  market: z.string(),
  asset_id: z.string(),
  bids: z.array(Level),
  asks: z.array(Level),
  hash: z.string(),
  timestamp: z.string(),
})
const PriceChange = z.object({
  timestamp: z.string(),
  price_changes: z.array(
    Level.extend({
      asset_id: z.string(),
      side: z.enum(['BUY', 'SELL']),
      hash: z.string(),
      best_bid: z.string(),
      best_ask: z.string(),
    }),
  ),
})

/** A reader that believes what it is told, and works out the hash of what it then holds. */
class Reader {
  readonly #books = new Map<string, { bids: Map<string, string>; asks: Map<string, string> }>()

  hold(text: string): void {
    const { asset_id, bids, asks } = Book.parse(JSON.parse(text))
    const sizes = (levels: readonly z.infer<typeof Level>[]): Map<string, string> =>
      new Map(levels.map(({ price, size }) => [price, size]))
    this.#books.set(asset_id, { bids: sizes(bids), asks: sizes(asks) })
  }

  /** The hash each changed token should have now, and the one it has. */
  apply(text: string, market: SimMarket): { readonly said: string; readonly held: string }[] {
    const { price_changes, timestamp } = PriceChange.parse(JSON.parse(text))
    return price_changes.map(({ asset_id, side, price, size, hash }) => {
      const book = this.#books.get(asset_id)
      const levels = side === 'BUY' ? book?.bids : book?.asks
      if (size === '0') levels?.delete(price)
      else levels?.set(price, size)
      return { said: hash, held: this.#hash(asset_id, timestamp, market) }
    })
  }

  #hash(token: string, timestamp: string, market: SimMarket): string {
    const book = this.#books.get(token)
    const sorted = (levels: Map<string, string> | undefined, sign: 1 | -1) =>
      [...(levels ?? [])]
        .map(([price, size]) => ({ price, size }))
        .toSorted((a, b) => sign * (Number(a.price) - Number(b.price)))
    return bookHash({
      market: market.listing.conditionId,
      asset_id: token,
      timestamp,
      bids: sorted(book?.bids, 1),
      asks: sorted(book?.asks, -1),
      min_order_size: '5',
      tick_size: String(market.tick / 10_000),
      neg_risk: market.set.negRiskId !== undefined,
      last_trade_price: lastTradePriceText(
        market,
        token === market.listing.tokens.yes ? 'yes' : 'no',
      ),
    })
  }
}

/** A simulation whose messages are read as they are made. */
function watched(seed: number, onEach: (publications: readonly Publication[]) => void) {
  let now = 1_800_000_000_000
  const simulation = new Simulation({ seed }, { epochMs: () => now as EpochMs })
  const writer = new BookWriter()
  const publisher = new MarketPublisher(writer, new MarketIds(seed))
  simulation.world.listen((event) => onEach(publisher.publish(event)))
  const run = (ms: number): void => {
    for (let elapsed = 0; elapsed < ms; elapsed += 5) {
      now += 5
      simulation.run(elapsed)
    }
  }
  return { simulation, writer, run }
}

test('whoever applies every change holds the book whose hash the last one carries', () => {
  const reader = new Reader()
  let checkedCount = 0
  let sweepCount = 0
  const { simulation, writer, run } = watched(3, (publications) => {
    const changes = publications.filter(({ kind }) => kind === 'price_change')
    const seen = changes.flatMap(({ text, market }) => reader.apply(text, market))
    const tokens = seen.length / Math.max(1, changes.length)
    for (const { said, held } of seen.slice(-tokens)) expect(held).toBe(said)
    checkedCount += tokens
    if (changes.length > 1) sweepCount += 1
    expect(new Set(seen.map(({ said }) => said)).size).toBeLessThanOrEqual(2)
  })
  for (const market of simulation.world.markets) {
    for (const outcome of ['yes', 'no'] as const) {
      reader.hold(bookDumpText(market, outcome, 0 as EpochMs, writer.write(market, outcome, '0')))
    }
  }

  run(4000)

  expect(checkedCount).toBeGreaterThan(1000)
  expect(sweepCount).toBeGreaterThan(3)
})

test('the book that follows a trade has the levels and the hash of the changes before it', () => {
  let tradeCount = 0
  const { run } = watched(5, (publications) => {
    const books = publications.filter(({ kind }) => kind === 'book')
    if (books.length === 0) return
    tradeCount += 1
    const changes = publications.filter(({ kind }) => kind === 'price_change')
    const entries = changes.flatMap(({ text }) => PriceChange.parse(JSON.parse(text)).price_changes)
    for (const { text } of books) {
      const { asset_id, hash } = Book.parse(JSON.parse(text))
      const said = entries.filter((entry) => entry.asset_id === asset_id).map((one) => one.hash)
      expect(new Set(said)).toEqual(new Set([hash]))
    }
    const kinds = publications.filter(({ custom }) => !custom).map(({ kind }) => kind)
    expect(kinds.at(-1)).toBe('last_trade_price')
    expect(kinds.slice(-1 - books.length, -1)).toEqual(books.map(() => 'book'))
  })

  run(4000)

  expect(tradeCount).toBeGreaterThan(20)
})

test('of a market with two books, a change tells only the token it is in', () => {
  const counts = new Map<string, Set<number>>()
  const { run } = watched(6, (publications) => {
    for (const { kind, text, market } of publications) {
      if (kind !== 'price_change') continue
      const count = PriceChange.parse(JSON.parse(text)).price_changes.length
      const known = counts.get(market.engine.kind) ?? new Set()
      counts.set(market.engine.kind, known.add(count))
    }
  })

  run(2000)

  expect(counts).toEqual(
    new Map([
      ['mirrored', new Set([2])],
      ['separate', new Set([1])],
    ]),
  )
})

/** The members of an object and the punctuation between them, as they stand in the text. */
function shapeOf(frame: string): string {
  return frame.replaceAll(/:"[^"]*"/g, ':""').replaceAll(/\[(\{.*?\})[,\] ].*\]/g, '[$1]')
}

const captures = process.env['CAPTURES_DIR']

test.skipIf(captures === undefined || !existsSync(captures))(
  'messages have the members, the sequence and the spaces of captured ones',
  () => {
    const file = 'polymarket/ws/market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl'
    const lines = readFileSync(path.join(captures ?? '', file), 'utf8')
      .trim()
      .split('\n')
    const frames = lines.map((line) => z.object({ text: z.string() }).parse(JSON.parse(line)).text)
    const captured = frames.filter((text) => text.includes('price_change')).map(shapeOf)
    const made = new Set<string>()
    const { simulation, writer, run } = watched(8, (publications) => {
      for (const { kind, text, market } of publications) {
        if (kind === 'price_change' && market.engine.kind === 'mirrored') made.add(shapeOf(text))
      }
    })

    run(500)

    expect(made).toEqual(new Set(captured))
    const market = simulation.world.markets[0]
    if (market === undefined) throw new Error('there is a market')
    const dump = bookDumpText(market, 'yes', 0 as EpochMs, writer.write(market, 'yes', '0'))
    const real = frames.find((text) => text.startsWith('[')) ?? ''
    const Keys = z.record(z.string(), z.unknown())
    const [first] = z.array(Keys).parse(JSON.parse(real))
    expect(Object.keys(Keys.parse(JSON.parse(dump)))).toEqual(Object.keys(first ?? {}))
  },
)
