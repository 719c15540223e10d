import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import type { AsyncBuffer } from 'hyparquet'
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { afterAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import type { TableName } from '../archive/table.ts'
import { tableNames, tables } from '../archive/table.ts'
import { formatPrice, formatSize } from '../core/decimal.ts'
import type { Level } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import { booksOf } from '../engine/market-cache.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { exportRecording } from './data-export.ts'
import { thisMachine } from './machine.ts'
import { replayDirectory } from './replay.ts'

const golden = path.resolve(import.meta.dirname, '../../test/golden/faulty')
const place = mkdtempSync(path.join(tmpdir(), 'export-'))

afterAll(() => rmSync(place, { recursive: true, force: true }))

const where = z.object({ venue: z.string(), market: z.string(), outcome: z.string() })
const bookRow = where.extend({
  at: z.date(),
  state: z.string(),
  bid_ticks: z.number().nullable(),
  bid_size_micro: z.bigint().nullable(),
  ask_ticks: z.number().nullable(),
  ask_size_micro: z.bigint().nullable(),
  bids: z.string(),
  asks: z.string(),
})
const changeRow = where.extend({
  side: z.enum(['bid', 'ask']),
  price_ticks: z.number(),
  size_micro: z.bigint(),
  before_micro: z.bigint(),
})

const leg = z.object({ fills: z.array(z.unknown()) })
const recordedEffect = z.object({
  kind: z.string(),
  report: z.object({ legs: z.array(leg) }).optional(),
})

async function read<Row>(folder: string, table: TableName, row: z.ZodType<Row>): Promise<Row[]> {
  const file: AsyncBuffer = await asyncBufferFromFile(path.join(folder, `${table}.parquet`))
  return z.array(row).parse(await parquetReadObjects({ file }))
}

describe('an export', { timeout: 60_000 }, () => {
  test('in Parquet holds every book as the engine has it', async () => {
    const into = path.join(place, 'parquet')
    const { kernel, events } = await replayDirectory({
      directory: golden,
      machine: thisMachine,
      speed: 'full',
    })

    const exported = await exportRecording({
      directory: golden,
      into,
      format: 'parquet',
      tables: tableNames,
      depth: 1_000,
    })
    const books = await read(into, 'books', bookRow)
    const changes = await read(into, 'changes', changeRow)

    expect(exported.faults).toEqual([])
    expect(exported.events).toBeLessThanOrEqual(events)
    const rowCounts = new Map(exported.tables.map(({ table, rows }) => [table, rows]))
    expect(rowCounts.get('books')).toBe(books.length)
    for (const name of tableNames) expect(rowCounts.get(name), name).toBeGreaterThan(0)

    const last = new Map(books.map((row) => [`${row.market} ${row.outcome}`, row]))
    const folded = fold(changes)
    let compared = 0
    const { cache } = kernel.engine.view
    for (let index = 0; index < cache.size; index++) {
      const entry = cache.at(index)
      if (entry === undefined) continue
      for (const book of booksOf(entry)) {
        const key = `${entry.market.id} ${book === entry.yes.book ? 'yes' : 'no'}`
        const row = last.get(key)
        if (row === undefined) continue
        compared++
        const [bid, ask] = [book.levels(bidSide), book.levels(askSide)]
        expect(row.state, key).toBe(book.state)
        expect(row.bid_ticks, key).toBe(bid[0]?.price ?? null)
        expect(row.ask_ticks, key).toBe(ask[0]?.price ?? null)
        expect(row.bid_size_micro ?? 0n, key).toBe(BigInt(bid[0]?.size ?? 0))
        expect(row.bids, key).toBe(asJson(bid))
        expect(row.asks, key).toBe(asJson(ask))
        expect(folded.get(`${key} bid`) ?? new Map(), key).toEqual(asMap(bid))
        expect(folded.get(`${key} ask`) ?? new Map(), key).toEqual(asMap(ask))
      }
    }
    expect(compared).toBeGreaterThan(10)
  })

  test('opportunities and fills are those that the recorded run had', async () => {
    const into = path.join(place, 'decisions')
    const effects: z.infer<typeof recordedEffect>[] = []
    for await (const item of readJournal(golden)) {
      if (item.kind === 'fault' || item.record.type !== 'effect') continue
      const text = Buffer.from(item.record.payload).toString()
      effects.push(recordedEffect.parse(JSON.parse(text)))
    }

    const { tables: written } = await exportRecording({
      directory: golden,
      into,
      format: 'csv',
      tables: ['opportunities', 'fills'],
      depth: 1,
    })

    const rowsOf = (name: string) => written.find(({ table }) => table === name)?.rows
    const signals = effects.filter(({ kind }) => kind === 'note-signal')
    const fills = effects.flatMap(({ report }) => report?.legs.flatMap((leg) => leg.fills) ?? [])
    expect(signals.length).toBeGreaterThan(0)
    expect(fills.length).toBeGreaterThan(0)
    expect(rowsOf('opportunities')).toBe(signals.length)
    expect(rowsOf('fills')).toBe(fills.length)
  })

  test('as CSV has a line for each row, under the names of the columns', async () => {
    const into = path.join(place, 'csv')

    const { tables: written } = await exportRecording({
      directory: golden,
      into,
      format: 'csv',
      tables: ['trades', 'books'],
      depth: 2,
    })

    for (const { table, file, rows } of written) {
      const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
      expect(lines[0]).toBe(tables[table].map(({ name }) => name).join(','))
      expect(lines).toHaveLength(rows + 1)
    }
  })

  test('says in the file what its columns are', async () => {
    const into = path.join(place, 'schema')
    await exportRecording({
      directory: golden,
      into,
      format: 'parquet',
      tables: ['trades'],
      depth: 1,
    })

    const file = await asyncBufferFromFile(path.join(into, 'trades.parquet'))
    const { schema } = await parquetMetadataAsync(file)

    const price = schema.find(({ name }) => name === 'price')
    expect(price).toMatchObject({ converted_type: 'DECIMAL', scale: 4 })
    expect(schema.find(({ name }) => name === 'at')).toMatchObject({
      converted_type: 'TIMESTAMP_MICROS',
    })
  })
})

/** The levels that changes lead to, checking that each begins where the one before it ended. */
function fold(changes: readonly z.infer<typeof changeRow>[]): Map<string, Map<number, bigint>> {
  const books = new Map<string, Map<number, bigint>>()
  for (const { market, outcome, side, price_ticks, size_micro, before_micro } of changes) {
    const key = `${market} ${outcome} ${side}`
    const levels = books.get(key) ?? new Map<number, bigint>()
    books.set(key, levels)
    expect(levels.get(price_ticks) ?? 0n).toBe(before_micro)
    if (size_micro === 0n) levels.delete(price_ticks)
    else levels.set(price_ticks, size_micro)
  }
  return books
}

function asMap(levels: readonly Level[]): Map<number, bigint> {
  return new Map(levels.map(({ price, size }) => [price, BigInt(size)]))
}

function asJson(levels: readonly Level[]): string {
  return JSON.stringify(levels.map(({ price, size }) => [formatPrice(price), formatSize(size)]))
}
