import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'

import { parquetWriteFile } from 'hyparquet-writer'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { tableNames } from '../archive/table.ts'
import type { Level, OrderBook } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { EngineView } from '../engine/engine-view.ts'
import { booksOf } from '../engine/market-cache.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { runBacktest } from './backtest.ts'
import { exportRecording } from './data-export.ts'
import type { ImportRequest, Imported } from './data-import.ts'
import { importArchive } from './data-import.ts'
import type { Machine } from './machine.ts'
import { thisMachine } from './machine.ts'
import { verifyRecording } from './record-verify.ts'
import { replayDirectory } from './replay.ts'

const captures = process.env['CAPTURES_DIR'] ?? ''
const haveCaptures = captures !== '' && existsSync(captures)
if (!haveCaptures) console.log('skipped: CAPTURES_DIR does not name a folder with captures')

const golden = path.resolve(import.meta.dirname, '../../test/golden/calm')
const place = mkdtempSync(path.join(tmpdir(), 'import-'))
const machine: Machine = { ...thisMachine, environment: {}, folder: place }
const silent = { debug() {}, info() {}, warn() {}, error() {} }

afterAll(() => rmSync(place, { recursive: true, force: true }))

function fileNamed(name: string): string {
  return path.join(place, name)
}

async function importFile(file: string, more: Partial<ImportRequest> = {}): Promise<Imported> {
  return importArchive({
    machine,
    file,
    format: undefined,
    into: mkdtempSync(fileNamed('into-')),
    markets: undefined,
    only: [],
    configFile: undefined,
    log: silent,
    ...more,
  })
}

async function framesOf(directory: string): Promise<string[]> {
  const frames: string[] = []
  for await (const item of readJournal(directory)) {
    if (item.kind === 'record' && item.record.type === 'frame') {
      frames.push(Buffer.from(item.record.payload).toString('utf8'))
    }
  }
  return frames
}

type SeenBook = { readonly state: string; readonly bids: readonly Level[]; asks: readonly Level[] }

function booksIn({ cache }: EngineView): Map<string, SeenBook> {
  const books = new Map<string, SeenBook>()
  for (let index = 0; index < cache.size; index++) {
    const entry = cache.at(index)
    if (entry === undefined) continue
    for (const book of booksOf(entry)) {
      const outcome = book === entry.yes.book ? 'yes' : 'no'
      books.set(`${entry.market.id} ${outcome}`, seen(book))
    }
  }
  return books
}

function seen(book: OrderBook): SeenBook {
  return { state: book.state, bids: book.levels(bidSide), asks: book.levels(askSide) }
}

async function replayed(directory: string) {
  const { kernel, divergence, header } = await replayDirectory({
    directory,
    machine,
    speed: 'full',
  })
  return { books: booksIn(kernel.engine.view), divergence, header }
}

describe('an archive of raw lines', { timeout: 60_000 }, () => {
  test('as tardis writes them gives the same frames and the same proven books', async () => {
    const { books: before } = await replayed(golden)
    const sent = await framesOf(golden)
    const lines = sent.map((frame, index) => {
      const at = new Date(1_780_000_000_000 + index).toISOString().replace('Z', '0000Z')
      return `${at} ${frame.trimEnd()}\n`
    })
    const file = fileNamed('2026-06-01.jsonl.gz')
    writeFileSync(file, gzipSync(lines.join('')))

    const imported = await importFile(file, { markets: golden })
    const { books, divergence } = await replayed(imported.part)

    expect(imported).toMatchObject({ frames: 'as-sent', frameCount: sent.length, skipped: {} })
    expect(imported.lacks.map(({ what }) => what)).toEqual([
      'resolutions, unless a frame tells one',
    ])
    expect(await framesOf(imported.part)).toEqual(sent.map((frame) => frame.trimEnd()))
    expect(divergence).toBeNull()
    let compared = 0
    for (const [key, book] of books) {
      if (book.state !== 'proven' || before.get(key)?.state !== 'proven') continue
      expect(book, key).toEqual(before.get(key))
      compared++
    }
    expect(compared).toBeGreaterThan(10)
  })

  test('an empty line is a lost connection, and a line that does not read is counted', async () => {
    const [frame = ''] = await framesOf(golden)
    const at = '2026-06-01T00:00:00.0000000Z'
    const later = '2026-06-01T00:00:07.1234567Z'
    const file = fileNamed('lost.jsonl')
    writeFileSync(file, `${at} ${frame.trimEnd()}\n\n{"broken\n${later} ${frame.trimEnd()}\n`)

    const imported = await importFile(file, { markets: golden })
    const { gaps } = await verifyRecording(imported.into)

    expect(imported).toMatchObject({ disconnects: 1, skipped: { unreadable: 1 } })
    expect(gaps[0]).toMatchObject({ kind: 'connection', reason: 'closed' })
    expect(gaps[0]?.untilMs).toBe(Date.parse('2026-06-01T00:00:07.123Z'))
  })

  test('without a word of a venue is refused', async () => {
    const file = fileNamed('other.jsonl')
    writeFileSync(file, '{"hello":"world"}\n')

    await expect(importFile(file)).rejects.toThrow('no message of a venue')
  })
})

describe.skipIf(!haveCaptures)('captures', { timeout: 60_000 }, () => {
  const tap = z.object({ dir: z.string(), text: z.string() })
  const received = z.object({ raw: z.string() })

  test.each([
    {
      file: 'polymarket/ws/market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl',
      framesIn: (line: string) => {
        const { dir, text } = tap.parse(JSON.parse(line))
        return dir === 'in' ? [text] : []
      },
      books: 1,
      dialect: 'yes',
    },
    {
      file: 'kalshi/ws/orderbook_btc_hourly_20260418_shreyas.jsonl',
      framesIn: (line: string) => [received.parse(JSON.parse(line)).raw],
      books: 8,
      dialect: 'own',
    },
  ])('$file comes out as it went in, and proves its books', async (stream) => {
    const file = path.join(captures, stream.file)
    const lines = readFileSync(file, 'utf8').trim().split('\n')

    const imported = await importFile(file)
    const { books, divergence, header } = await replayed(imported.part)
    const report = await verifyRecording(imported.into)

    expect(await framesOf(imported.part)).toEqual(lines.flatMap(stream.framesIn))
    expect(divergence).toBeNull()
    expect(header.dialect).toEqual({ kalshiNoSide: stream.dialect })
    expect(report.parts[0]?.venues[0]?.framesRefused).toBe(0)
    expect([...books.values()].map(({ state }) => state)).toEqual(
      Array.from({ length: stream.books }, () => 'proven'),
    )
  })

  test('through tables and back have the same levels', async () => {
    const file = path.join(captures, 'polymarket/ws/market_3tokens_20260630_polyarb.json')
    const raw = await importFile(file)
    const tables = mkdtempSync(fileNamed('tables-'))
    await exportRecording({
      directory: raw.into,
      into: tables,
      format: 'csv',
      tables: tableNames,
      depth: 10_000,
    })

    const again = await importFile(path.join(tables, 'books.csv'), {
      markets: path.join(tables, 'markets.csv'),
    })

    const [before, after] = [await replayed(raw.part), await replayed(again.part)]
    expect(raw.frames).toBe('reserialised')
    expect(levels(after.books)).toEqual(levels(before.books))
  })
})

describe('an export that is imported again', { timeout: 60_000 }, () => {
  test.each(['csv', 'parquet'] as const)('has the same levels, facts from %s', async (format) => {
    const tables = mkdtempSync(fileNamed('tables-'))
    const common = { directory: golden, into: tables, depth: 10_000 }
    await exportRecording({ ...common, format: 'csv', tables: ['books'] })
    await exportRecording({ ...common, format, tables: ['markets'] })

    const imported = await importFile(path.join(tables, 'books.csv'), {
      markets: path.join(tables, `markets.${format}`),
    })
    const [before, after] = [await replayed(golden), await replayed(imported.part)]

    expect(imported.frames).toBe('made')
    expect(imported.lacks.some(({ what }) => what.includes('facts of markets'))).toBe(false)
    expect(after.divergence).toBeNull()
    // Markets that had left the venue by then are in the tables and no longer in the engine.
    const made = [...levels(after.books)].filter(([key]) => before.books.has(key))
    expect(made.length).toBeGreaterThan(10)
    for (const [key, book] of made) expect(book, key).toEqual(levels(before.books).get(key))
    // Nothing vouches for what was made.
    expect([...after.books.values()].some(({ state }) => state === 'proven')).toBe(false)
  })
})

/** Books that hold something, without what is believed of them. */
function levels(books: ReadonlyMap<string, SeenBook>): Map<string, unknown> {
  return new Map(
    [...books]
      .filter(([, { bids, asks }]) => bids.length + asks.length > 0)
      .map(([key, { bids, asks }]) => [key, { bids, asks }]),
  )
}

describe('pmxt', () => {
  const market = `0x${'a'.repeat(64)}`
  const [yes, no] = ['71', '72'].map((start) => start.padEnd(77, '0'))
  const at = new Date('2026-05-01T00:00:00.100Z')
  const later = new Date('2026-05-01T00:00:01.200Z')

  test('of its second form becomes whole books that nobody proves', async () => {
    const file = fileNamed('polymarket_orderbook_2026-05-01T00.parquet')
    const book = {
      event_type: 'book',
      bids: '[["0.01","5"],["0.4","10.5"]]',
      asks: '[["0.99","7"],["0.45","20"]]',
    }
    const change = { event_type: 'price_change', side: 'BUY' }
    writeRows(file, [
      { ...change, asset_id: yes, timestamp: at, price: 0.2, size: 1 },
      { ...book, asset_id: yes, timestamp: at },
      { ...change, asset_id: yes, timestamp: later, price: 0.41, size: 553.08 },
      { ...change, asset_id: no, timestamp: later, price: 0.59, size: 553.08, side: 'SELL' },
      { ...change, asset_id: yes, timestamp: later, price: 0.4, size: 0 },
      { event_type: 'last_trade_price', asset_id: yes, timestamp: later, price: 0.45, size: 2 },
    ])

    const imported = await importFile(file)
    const { books, divergence } = await replayed(imported.part)
    const frames = await framesOf(imported.part)

    expect(imported).toMatchObject({
      format: 'pmxt',
      frames: 'made',
      markets: 1,
      skipped: { 'before-first-book': 1, unreadable: 1 },
    })
    expect(imported.lacks.map(({ what }) => what)).toContain('the hashes of books')
    expect(divergence).toBeNull()
    expect(frames).toHaveLength(2)
    expect([...books.values()]).toEqual([
      {
        state: 'unproven',
        bids: [
          { price: 4_100, size: 553_080_000 },
          { price: 100, size: 5_000_000 },
        ],
        asks: [
          { price: 4_500, size: 20_000_000 },
          { price: 9_900, size: 7_000_000 },
        ],
      },
    ])
  })

  test('of its first form knows which token is YES', async () => {
    const file = fileNamed('polymarket_orderbook_2026-03-01T00.parquet')
    const data = [
      { token_id: no, side: 'NO', timestamp: at.getTime() / 1e3, bids: [], asks: [['0.9', '3']] },
      { token_id: yes, side: 'YES', timestamp: at.getTime() / 1e3, bids: [['0.1', '3']], asks: [] },
    ]
    parquetWriteFile({
      filename: file,
      columnData: [
        { name: 'timestamp_received', data: [at, at], type: 'TIMESTAMP' },
        { name: 'timestamp_created_at', data: [at, at], type: 'TIMESTAMP' },
        { name: 'market_id', data: [market, market], type: 'STRING' },
        { name: 'update_type', data: ['book_snapshot', 'book_snapshot'], type: 'STRING' },
        { name: 'data', data: data.map((each) => JSON.stringify(each)), type: 'STRING' },
      ],
    })

    const imported = await importFile(file)
    const { books } = await replayed(imported.part)

    expect([...books.entries()]).toEqual([
      [`${market} yes`, { state: 'unproven', bids: [{ price: 1_000, size: 3_000_000 }], asks: [] }],
    ])
  })

  function writeRows(file: string, rows: readonly Record<string, unknown>[]): void {
    const column = (name: string): unknown[] => rows.map((row) => row[name] ?? null)
    const received = rows.map(({ timestamp }) => timestamp)
    const names = ['event_type', 'asset_id', 'bids', 'asks', 'side', 'transaction_hash'] as const
    const numbers = ['price', 'size', 'best_bid', 'best_ask', 'old_tick_size', 'new_tick_size']
    parquetWriteFile({
      filename: file,
      columnData: [
        { name: 'timestamp_received', data: received, type: 'TIMESTAMP' },
        { name: 'timestamp', data: column('timestamp'), type: 'TIMESTAMP' },
        { name: 'market', data: rows.map(() => market), type: 'STRING' },
        ...names.map((name) => ({ name, data: column(name), type: 'STRING' as const })),
        ...numbers.map((name) => ({ name, data: column(name), type: 'DOUBLE' as const })),
        { name: 'fee_rate_bps', data: rows.map(() => 0), type: 'INT32' },
      ],
    })
  }
})

describe('CSV of others', () => {
  test('quotes become books of one level, and say that depth is missing', async () => {
    const file = fileNamed('quotes.csv')
    writeFileSync(
      file,
      'time,ticker,bid,bid_size,ask,ask_size\n' +
        '1780000000,KXTEST-1,0.40,10,0.45,20\n' +
        '1780000001.5,KXTEST-1,0.41,10,,\n' +
        '1780000002,KXTEST-1,nonsense,1,,\n',
    )

    const imported = await importFile(file)
    const { books, divergence } = await replayed(imported.part)

    expect(imported.skipped).toEqual({ unreadable: 1 })
    expect(imported.lacks[0]?.what).toBe('depth: only the best prices are told')
    expect(divergence).toBeNull()
    expect([...books.entries()]).toEqual([
      ['KXTEST-1 yes', { state: 'unproven', bids: [{ price: 4_100, size: 10_000_000 }], asks: [] }],
    ])
  })

  test('trades become the tape, and a backtest reads them beside other parts', async () => {
    const into = mkdtempSync(fileNamed('both-'))
    const trades = fileNamed('trades.csv')
    writeFileSync(trades, 'time,market,price,size,side\n1780000000000,KXTEST-1,0.4,3,buy\n')
    const quotes = fileNamed('later.csv')
    const header = 'time,market,bid,bid_size,ask,ask_size'
    writeFileSync(quotes, `${header}\n1780000005000,KXTEST-1,0.4,3,0.5,1\n`)

    await importFile(trades, { into })
    await importFile(quotes, { into })
    const result = await runBacktest({ directory: into, changes: [], proofs: 'recorded' })

    expect(readdirSync(into)).toHaveLength(2)
    expect(result.recording).toMatchObject({ parts: 2, frames: 1, faults: [] })
    await expect(importFile(quotes, { into })).rejects.toThrow('is there already')
  })

  test('with other columns is refused, with those that are expected', async () => {
    const file = fileNamed('other.csv')
    writeFileSync(file, 'a,b\n1,2\n')

    await expect(importFile(file)).rejects.toThrow('expected the columns of books')
  })
})
