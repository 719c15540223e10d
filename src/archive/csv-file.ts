import { z } from 'zod'

import { parsePrice, parseSize } from '../core/decimal.ts'
import type { Market, Outcome, VenueId } from '../core/market.ts'
import type { Level } from '../core/order-book.ts'
import type { Side } from '../core/order.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import type { ImportedItem, ImportSource, KnownMarkets, Lack } from './import-source.ts'
import { ImportError, marketKey } from './import-source.ts'
import { makeBook, makeTrade } from './made-frames.ts'
import { microsOf } from './raw-line.ts'
import type { CsvRow } from './read-csv.ts'
import { readCsv } from './read-csv.ts'
import { sketchKalshi, sketchPolymarket, stepOf, withGridFor } from './sketch-market.ts'

/** What the rows of a file are, by the columns that they have. */
type CsvKind = 'books' | 'quotes' | 'trades'

type CsvEvent = {
  readonly venue: VenueId
  readonly market: string
  readonly outcome: Outcome
  readonly atMicros: number
  readonly what:
    | { readonly kind: 'book'; readonly bids: readonly Level[]; readonly asks: readonly Level[] }
    | {
        readonly kind: 'trade'
        readonly side: Side
        readonly price: Ticks
        readonly size: MicroShares
      }
}

const commonLacks: readonly Lack[] = [
  {
    what: 'the venue’s frames, and the hashes and numbers in them',
    makesImpossible: 'to prove a book: none is, and strategies that ask for proof pass',
  },
]
const factsLack: Lack = {
  what: 'the facts of markets: question, outcomes, fee, close, resolution',
  makesImpossible: 'to trade in them in a backtest; --markets names a file that has them',
}
const lacksOf: Readonly<Record<CsvKind, readonly Lack[]>> = {
  books: [
    {
      what: 'what lies deeper than the levels that the table shows',
      makesImpossible: 'to price orders larger than those levels',
    },
  ],
  quotes: [
    {
      what: 'depth: only the best prices are told',
      makesImpossible: 'to price an order larger than what stands at the best price',
    },
    {
      what: 'what happened between two quotes, where the source was throttled',
      makesImpossible: 'to find what lasted shorter than the time between two rows',
    },
  ],
  trades: [
    {
      what: 'books: only trades are told',
      makesImpossible: 'to fill an order, and so to trade at all; strategies see the tape',
    },
  ],
}

/**
 * Opens a file of comma-separated values: the tables `books` and `trades` of our own export, or
 * quotes and trades of others. docs/recordings.md, "CSV", names the columns.
 */
export async function openCsv(file: string, known: KnownMarkets): Promise<ImportSource> {
  let kind: CsvKind | undefined
  const prices = new Map<string, { readonly event: CsvEvent; readonly prices: Set<Ticks> }>()
  for await (const row of readCsv(file)) {
    kind ??= kindOf(row)
    if (kind === undefined) throw new ImportError(`${file}: ${expected}`)
    const event = eventOf(kind, row)
    if (event === undefined) continue
    const key = marketKey(event.venue, event.market)
    const seen = prices.get(key) ?? { event, prices: new Set() }
    prices.set(key, seen)
    for (const price of pricesOf(event)) seen.prices.add(price)
  }
  if (kind === undefined || prices.size === 0) throw new ImportError(`${file}: no rows in it`)

  const markets = new Map<string, Market>()
  for (const [key, { event, prices: seen }] of prices) {
    markets.set(key, withGridFor(known.get(key) ?? sketch(event, stepOf(seen)), seen))
  }
  const found = kind
  const skipped = new Map<string, number>()
  const facts = [...markets.keys()].every((key) => known.has(key)) ? [] : [factsLack]
  return {
    format: `csv: ${found}`,
    frames: 'made',
    lacks: [...lacksOf[found], ...commonLacks, ...facts],
    markets: [...markets.values()],
    kalshiNoSide: 'yes',
    skipped,
    items: () => itemsOf(file, found, markets, skipped),
  }
}

async function* itemsOf(
  file: string,
  kind: CsvKind,
  markets: ReadonlyMap<string, Market>,
  skipped: Map<string, number>,
): AsyncGenerator<ImportedItem> {
  for await (const row of readCsv(file)) {
    const event = eventOf(kind, row)
    const market = event && markets.get(marketKey(event.venue, event.market))
    if (event === undefined || market === undefined) {
      skipped.set('unreadable', (skipped.get('unreadable') ?? 0) + 1)
      continue
    }
    const { outcome, atMicros, what } = event
    const venueMs = Math.floor(atMicros / 1_000)
    yield what.kind === 'book'
      ? makeBook({ market, outcome, ...what, venueMs, atMicros })
      : makeTrade({ market, outcome, ...what, venueMs, atMicros })
  }
}

const expected =
  'expected the columns of books (venue, market, at, bids, asks), of quotes (market, time, bid, ' +
  'bid_size, ask, ask_size) or of trades (market, time, price, size, side)'

function kindOf(row: CsvRow): CsvKind | undefined {
  const has = (...names: readonly string[]): boolean => names.every((name) => row.has(name))
  if (marketOf(row) === undefined || timeOf(row) === undefined) return undefined
  if (has('bids', 'asks')) return 'books'
  if (has('bid', 'bid_size', 'ask', 'ask_size')) return 'quotes'
  return has('price', 'size', 'side') ? 'trades' : undefined
}

function eventOf(kind: CsvKind, row: CsvRow): CsvEvent | undefined {
  const market = marketOf(row)
  const atMicros = readTime(timeOf(row) ?? '')
  if (market === undefined || market === '' || atMicros === undefined) return undefined
  const what = kind === 'trades' ? tradeOf(row) : bookOf(kind, row)
  if (what === undefined) return undefined
  const outcome = row.get('outcome')?.toLowerCase() === 'no' ? 'no' : 'yes'
  return { venue: venueOf(row, market), market, outcome, atMicros, what }
}

function bookOf(kind: CsvKind, row: CsvRow): CsvEvent['what'] | undefined {
  const [bids, asks] =
    kind === 'books'
      ? [levelsOf(row.get('bids')), levelsOf(row.get('asks'))]
      : [bestOf(row.get('bid'), row.get('bid_size')), bestOf(row.get('ask'), row.get('ask_size'))]
  return bids === undefined || asks === undefined ? undefined : { kind: 'book', bids, asks }
}

function tradeOf(row: CsvRow): CsvEvent['what'] | undefined {
  const level = levelOf(row.get('price') ?? '', row.get('size') ?? '')
  const side = row.get('side')?.toLowerCase()
  if (level === undefined || (side !== 'buy' && side !== 'sell')) return undefined
  return { kind: 'trade', side, ...level }
}

const levelPairs = z.array(z.tuple([z.string(), z.string()]))

function levelsOf(text: string | undefined): readonly Level[] | undefined {
  const pairs = levelPairs.safeParse(parseJson(text ?? ''))
  if (!pairs.success) return undefined
  const levels = pairs.data.map(([price, size]) => levelOf(price, size))
  return levels.includes(undefined) ? undefined : levels.flatMap((level) => level ?? [])
}

/** No price means an empty side; a price without a size does not read. */
function bestOf(price: string | undefined, size: string | undefined): Level[] | undefined {
  if (price === undefined || price === '') return []
  const level = levelOf(price, size ?? '')
  return level === undefined ? undefined : [level]
}

function levelOf(priceText: string, sizeText: string): Level | undefined {
  const price = parsePrice(priceText)
  const size = parseSize(sizeText)
  return price === undefined || size === undefined ? undefined : { price, size }
}

function pricesOf({ what }: CsvEvent): readonly Ticks[] {
  if (what.kind === 'trade') return [what.price]
  return [...what.bids, ...what.asks].map(({ price }) => price)
}

function marketOf(row: CsvRow): string | undefined {
  return row.get('market') ?? row.get('ticker') ?? row.get('symbol')
}

function timeOf(row: CsvRow): string | undefined {
  return row.get('at') ?? row.get('time') ?? row.get('timestamp')
}

function venueOf(row: CsvRow, market: string): VenueId {
  const venue = row.get('venue')
  if (venue === 'polymarket' || venue === 'kalshi') return venue
  return /^0x[0-9a-f]{62,64}$/.test(market) ? 'polymarket' : 'kalshi'
}

/** ISO 8601, or a number since 1970 whose length tells its unit: s, ms, µs or ns. */
function readTime(text: string): number | undefined {
  if (!/^\d+(\.\d+)?$/.test(text)) return microsOf(text)
  const value = Number(text)
  const [whole = ''] = text.split('.')
  if (whole.length <= 11) return Math.round(value * 1e6)
  if (whole.length <= 14) return Math.round(value * 1e3)
  return whole.length <= 17 ? Math.round(value) : Math.floor(value / 1e3)
}

function sketch({ venue, market }: CsvEvent, step: Ticks): Market {
  return venue === 'polymarket' ? sketchPolymarket(market, [], step) : sketchKalshi(market, step)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // A cell that does not read makes a row that is counted as passed by.
    return undefined
  }
}
