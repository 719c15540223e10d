import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import type { AsyncBuffer, FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

import type { Market } from '../core/market.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import type { ImportedItem, ImportSource, KnownMarkets, Lack } from './import-source.ts'
import { ImportError, marketKey } from './import-source.ts'
import { makeBook, makeTickSize, makeTrade } from './made-frames.ts'
import type { PmxtRow } from './pmxt-row.ts'
import { pmxtColumns, readPmxtRow } from './pmxt-row.ts'
import { sketchPolymarket, stepOf, withGridFor } from './sketch-market.ts'

const lacks: readonly Lack[] = [
  {
    what: 'the hashes of books',
    makesImpossible: 'to prove a book: none is, and strategies that ask for proof pass',
  },
  {
    what: 'the venue’s frames: their bytes, their borders, which changes came in one',
    makesImpossible:
      'to tell a half-applied sweep from a crossed book: changes of one token and one instant ' +
      'are taken as one step',
  },
  {
    what: 'receive times finer than a millisecond',
    makesImpossible: 'to order what came within one, and to measure latency below it',
  },
  {
    what: 'the facts of markets: question, outcomes, fee, close, resolution',
    makesImpossible: 'to trade in them in a backtest; --markets names a file that has them',
  },
]

/** Opens an hour of pmxt's archive of Polymarket. Only the markets of `only`, if it has any. */
export async function openPmxt(
  file: string,
  known: KnownMarkets,
  only: ReadonlySet<string>,
): Promise<ImportSource> {
  const source = await asyncBufferFromFile(file)
  const metadata = await parquetMetadataAsync(source)
  const columns = pmxtColumns(metadata.schema.map(({ name }) => name))
  if (columns === undefined) throw new ImportError(`${file}: not the columns of pmxt's archive`)
  const rows = { source, metadata, columns: [...columns] }
  const markets = await surveyMarkets(rows, known, only)
  const skipped = new Map<string, number>()
  return {
    format: 'pmxt',
    frames: 'made',
    lacks: known.size === 0 ? lacks : lacks.slice(0, -1),
    markets: [...markets.values()],
    kalshiNoSide: 'yes',
    skipped,
    items: () => itemsOf(rows, markets, skipped),
  }
}

type Rows = {
  readonly source: AsyncBuffer
  readonly metadata: FileMetaData
  readonly columns: string[]
}

/** Row group by row group: one is in memory. */
async function* readRows({ source, metadata, columns }: Rows): AsyncGenerator<PmxtRow | undefined> {
  let rowStart = 0
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows)
    const options = { file: source, metadata, columns, rowStart, rowEnd, compressors }
    for (const row of await parquetReadObjects(options)) yield readPmxtRow(row)
    rowStart = rowEnd
  }
}

async function surveyMarkets(
  rows: Rows,
  known: KnownMarkets,
  only: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Market>> {
  const seen = new Map<string, { tokens: string[]; prices: Set<Ticks> }>()
  for await (const row of readRows(rows)) {
    if (row === undefined || (only.size > 0 && !only.has(row.market))) continue
    const market = seen.get(row.market) ?? { tokens: [], prices: new Set() }
    seen.set(row.market, market)
    if (!market.tokens.includes(row.token)) {
      if (row.outcome === 'yes') market.tokens.unshift(row.token)
      else market.tokens.push(row.token)
    }
    const { what } = row
    if (what.kind === 'change' || what.kind === 'trade') market.prices.add(what.price)
    if (what.kind === 'book') {
      for (const { price } of [...what.bids, ...what.asks]) market.prices.add(price)
    }
  }
  return new Map(
    [...seen].map(([id, { tokens, prices }]) => {
      const sketch = sketchPolymarket(id, tokens, stepOf(prices))
      return [id, withGridFor(known.get(marketKey('polymarket', id)) ?? sketch, prices)]
    }),
  )
}

async function* itemsOf(
  rows: Rows,
  markets: ReadonlyMap<string, Market>,
  skipped: Map<string, number>,
): AsyncGenerator<ImportedItem> {
  const builder = new BookBuilder(markets, skipped)
  for await (const row of readRows(rows)) yield* builder.take(row)
  yield* builder.end()
}

type Levels = Map<Ticks, MicroShares>
type BuiltBook = { readonly market: Market; readonly bid: Levels; readonly ask: Levels }

/** Applies changes to books, and gives each book whole when its step is over. */
class BookBuilder {
  readonly #markets: ReadonlyMap<string, Market>
  readonly #skipped: Map<string, number>
  readonly #books: Map<string, BuiltBook> = new Map()
  /** The row that last changed a book which has not been given yet. */
  #pending: PmxtRow | undefined

  constructor(markets: ReadonlyMap<string, Market>, skipped: Map<string, number>) {
    this.#markets = markets
    this.#skipped = skipped
  }

  *take(row: PmxtRow | undefined): Generator<ImportedItem> {
    const market = row === undefined ? undefined : this.#markets.get(row.market)
    if (row === undefined) this.#skip('unreadable')
    if (row === undefined || market === undefined) return
    // What is told of NO is told of YES as well, mirrored: docs/venues/polymarket.md, 4.5.
    if (row.what.kind !== 'trade' && row.token !== market.yes.id) return
    if (this.#pending !== undefined && !isOneStep(this.#pending, row)) yield* this.end()
    yield* this.#apply(row, market)
  }

  *end(): Generator<ImportedItem> {
    const row = this.#pending
    this.#pending = undefined
    const book = row === undefined ? undefined : this.#books.get(row.market)
    if (row === undefined || book === undefined) return
    yield makeBook({
      market: book.market,
      outcome: 'yes',
      bids: [...book.bid].map(([price, size]) => ({ price, size })),
      asks: [...book.ask].map(([price, size]) => ({ price, size })),
      venueMs: row.venueMs,
      atMicros: row.atMicros,
    })
  }

  *#apply(row: PmxtRow, market: Market): Generator<ImportedItem> {
    const { what, venueMs, atMicros } = row
    switch (what.kind) {
      case 'book':
        this.#books.set(row.market, {
          market,
          bid: new Map(what.bids.map(({ price, size }) => [price, size])),
          ask: new Map(what.asks.map(({ price, size }) => [price, size])),
        })
        this.#pending = row
        return
      case 'change': {
        const levels = this.#books.get(row.market)?.[what.side]
        if (levels === undefined) {
          this.#skip('before-first-book')
          return
        }
        if (what.size === 0) levels.delete(what.price)
        else levels.set(what.price, what.size)
        this.#pending = row
        return
      }
      case 'trade': {
        const outcome = row.token === market.no.id ? 'no' : 'yes'
        const { side, price, size } = what
        yield makeTrade({ market, outcome, side, price, size, venueMs, atMicros })
        return
      }
      case 'tick':
        yield* this.end()
        yield makeTickSize(market, { tick: what.tick, venueMs, atMicros })
        // The venue empties nothing, but a book on a new grid has to be told anew.
        if (this.#books.has(row.market)) this.#pending = row
    }
  }

  #skip(reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1)
  }
}

function isOneStep(a: PmxtRow, b: PmxtRow): boolean {
  return a.market === b.market && a.venueMs === b.venueMs && a.atMicros === b.atMicros
}
