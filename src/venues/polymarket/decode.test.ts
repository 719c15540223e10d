import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MarketCache } from '../../engine/market-cache.ts'
import { FrameDecoder } from './decode.ts'
import { EventBatch, eventKind, eventNames } from './event-batch.ts'
import type { Members } from '../../../test/polymarket/arbitrary-frames.ts'
import {
  anyMessage,
  frameOf,
  templatedMessage,
  write,
} from '../../../test/polymarket/arbitrary-frames.ts'
import { numberedMarket } from './fixtures/market.ts'
import { tinyVenue } from './fixtures/tiny-venue.ts'
import { readJson } from './read-json.ts'
import { FrameScanner } from './scan.ts'
import { FrameTemplates } from './template.ts'
import { hashText } from './token-marks.ts'
import { TokenTable } from './token-table.ts'

const market = numberedMarket(7)

/** The three layers, each with a batch of its own, over the same tokens. */
function layers() {
  const books = new MarketCache()
  books.add(market)
  books.add(numberedMarket(8))
  const tokens = new TokenTable()
  tokens.useBooks(books)
  for (const { id } of [market.yes, market.no]) tokens.byId(id)
  const template = new EventBatch(64)
  const scanner = new EventBatch(64)
  const schema = new EventBatch(64)
  const templates = new FrameTemplates(template, tokens)
  const scan = new FrameScanner(scanner, tokens)
  // Bytes before and after, as in the buffer of a socket.
  const memory = Buffer.alloc(256 * 1024, '"}]0')
  const view = new DataView(memory.buffer, memory.byteOffset, memory.byteLength)
  return {
    read(frame: Buffer) {
      frame.copy(memory, 5)
      const end = 5 + frame.length
      for (const batch of [template, scanner, schema]) batch.clear()
      return {
        template: templates.read(view, 5, end) ? told(template) : undefined,
        scanner: scan.read(view, memory, 5, end) ? told(scanner) : undefined,
        schema: readJson(frame.toString(), schema, tokens) === undefined ? told(schema) : undefined,
      }
    },
  }
}

/** What a batch means: of each message, the fields that its kind has. */
function told(batch: EventBatch): readonly unknown[] {
  return Array.from({ length: batch.eventCount }, (_, event) => {
    const kind = batch.kind[event] as number
    const start = batch.rowStart[event] as number
    const rows = Array.from({ length: (batch.rowEnd[event] as number) - start }, (_, offset) =>
      rowOf(batch, start + offset, kind),
    )
    const isBook = kind === eventKind.book
    return {
      name: eventNames[kind],
      token: batch.token[event],
      timestamp: batch.timestamp[event],
      rows,
      bidCount: isBook ? (batch.bidsEnd[event] as number) - start : 0,
      tick: isBook || kind === eventKind.tickSize ? batch.tick[event] : 0,
      lastTrade: isBook ? batch.lastTrade[event] : 0,
      hash: isBook && batch.bookHash[event * 5] !== 0 ? hashText(batch.bookHash, event) : '',
    }
  })
}

function rowOf(batch: EventBatch, row: number, kind: number): unknown {
  const level = [batch.rowSide[row], batch.rowPrice[row], batch.rowSize[row]]
  if (kind === eventKind.book) return level
  if (kind === eventKind.trade) return [batch.rowToken[row], ...level]
  const top = [batch.rowBestBid[row], batch.rowBestAsk[row]]
  if (kind === eventKind.bestBidAsk) return [batch.rowToken[row], ...top]
  return [batch.rowToken[row], ...level, ...top, hashText(batch.rowHash, row)]
}

const { read } = layers()

/** A fast layer says what the schema says, or nothing. */
function expectAgreement(frame: Buffer): void {
  const { template, scanner, schema } = read(frame)
  if (template !== undefined) expect(template).toEqual(schema)
  if (scanner !== undefined) expect(scanner).toEqual(schema)
}

describe('the layers of the decoder', () => {
  test('all read what the venue writes, and agree', () => {
    fc.assert(
      fc.property(frameOf(templatedMessage(market)), (text) => {
        const { template, scanner, schema } = read(Buffer.from(text))

        expect(schema).toBeDefined()
        expect(template).toEqual(schema)
        expect(scanner).toEqual(schema)
      }),
      { numRuns: 1000 },
    )
  })

  test('agree on every kind of message, and the scanner leaves none of them', () => {
    fc.assert(
      fc.property(frameOf(anyMessage(market)), (text) => {
        const { scanner, schema } = read(Buffer.from(text))

        expect(scanner).toEqual(schema)
      }),
      { numRuns: 500 },
    )
  })

  test('agree when keys are shuffled, missing, repeated, unknown or of another type', () => {
    fc.assert(
      fc.property(anyMessage(market).chain(disturbed), (text) => {
        expectAgreement(Buffer.from(text))
      }),
      { numRuns: 3000 },
    )
  })

  test('agree when bytes are changed, cut out, doubled or put in', () => {
    fc.assert(fc.property(frameOf(anyMessage(market)).chain(mutated), expectAgreement), {
      numRuns: 10_000,
    })
  })

  test('agree on a price, a size and a hash with any one byte changed', () => {
    const frame = Buffer.from(write(sample, ', '))
    const scene = layers()

    for (let at = 0; at < frame.length; at++) {
      const original = frame[at] as number
      for (let byte = 0; byte < 256; byte++) {
        frame[at] = byte
        const { template, scanner, schema } = scene.read(frame)
        if (template !== undefined && JSON.stringify(template) !== JSON.stringify(schema)) {
          expect(template, frame.toString('latin1')).toEqual(schema)
        }
        if (scanner !== undefined && JSON.stringify(scanner) !== JSON.stringify(schema)) {
          expect(scanner, frame.toString('latin1')).toEqual(schema)
        }
      }
      frame[at] = original
    }
  })
})

describe('the decoder', () => {
  test('counts which layer has read a frame', () => {
    const { decoder } = decoderScene()
    const spaced = write(sample, ', ')

    const readings = [spaced, spaced, ` ${spaced}`, '{"event_type":"new_thing"}', 'PONG', '{'].map(
      (text) => decoder.decode(Buffer.from(text)),
    )

    expect(readings).toEqual(['schema', 'template', 'scanner', 'schema', 'text', 'refused'])
    expect(decoder.reason).toBe('not-json')
    expect([decoder.templateCount, decoder.scannerCount, decoder.schemaCount]).toEqual([1, 1, 2])
  })

  test('reads the first book of a market by the template when the market is known', () => {
    const { decoder } = decoderScene()

    const readings = [numberedMarket(8), numberedMarket(9)].map((one) =>
      decoder.decode(Buffer.from(tinyVenue(one).snapshot())),
    )

    expect(readings).toEqual(['template', 'schema'])
  })

  test('reads frames in any memory: of their own, shared, at its end, too large to copy', () => {
    const { decoder } = decoderScene()
    const frame = Buffer.from(write(sample, ','))
    decoder.decode(frame)
    const shared = Buffer.alloc(4 * frame.length)
    const large = Buffer.concat([Buffer.from('['), repeated(frame, 200), Buffer.from(']')])
    const places = [0, frame.length, 2 * frame.length, 3 * frame.length].map((at) => {
      frame.copy(shared, at)
      return shared.subarray(at, at + frame.length)
    })

    for (const bytes of [frame, ...places, Uint8Array.from(frame), large]) {
      expect(decoder.decode(bytes)).toBe('template')
      expect(told(decoder.batch)[0]).toEqual(read(frame).schema?.[0])
    }
    expect(decoder.batch.eventCount).toBe(200)
  })

  test('is not led astray by what lies behind a frame, up to the end of memory', () => {
    const { decoder } = decoderScene()
    decoder.decode(Buffer.from(write(sample, ',')))
    const levels = Array.from({ length: 300 }, () => '{"price":"0.5","size":"1"}').join(',')
    const book =
      `{"market":"${market.id}","asset_id":"${market.yes.id}","timestamp":"1790658674035",` +
      `"hash":"${'a'.repeat(40)}","bids":[${levels}`
    const memory = Buffer.alloc(book.length)
    memory.write(book)
    const half = memory.subarray(0, book.length / 2)

    // The second and third time, the memory is known and read in place.
    const readings = [half, half, half].map((frame) => decoder.decode(frame))

    expect(readings).toEqual(['refused', 'refused', 'refused'])
  })

  test.each([
    { name: 'the legacy shape', frame: legacy(), reason: 'legacy-shape' },
    { name: 'a fifth decimal', frame: changed('0.301', '0.30101'), reason: 'schema-price_change' },
    { name: 'a negative size', frame: changed('"1000"', '"-1"'), reason: 'schema-price_change' },
    {
      name: 'a number for a string',
      frame: changed('"1000"', '1000'),
      reason: 'schema-price_change',
    },
    { name: 'an unknown side', frame: changed('BUY', 'BID'), reason: 'schema-price_change' },
    { name: 'a short hash', frame: changed('aaaa', 'aaa'), reason: 'schema-price_change' },
    { name: 'another market’s token', frame: foreign(), reason: 'market-mismatch' },
    { name: 'no event', frame: '{"error":"down"}', reason: 'not-an-event' },
    { name: 'a bare value', frame: '[1]', reason: 'not-an-event' },
    { name: 'half a frame', frame: write(sample, ',').slice(0, 200), reason: 'not-json' },
    { name: 'nothing', frame: '', reason: 'not-json' },
  ])('refuses $name', ({ frame, reason }) => {
    const { decoder } = decoderScene()

    expect(decoder.decode(Buffer.from(frame))).toBe('refused')
    expect(decoder.reason).toBe(reason)
    expect(decoder.batch.eventCount).toBe(0)
  })
})

function decoderScene() {
  const books = new MarketCache()
  books.add(market)
  books.add(numberedMarket(8))
  const tokens = new TokenTable()
  tokens.useBooks(books)
  return { decoder: new FrameDecoder(tokens) }
}

const sample: Members = [
  ['market', market.id],
  [
    'price_changes',
    [
      [
        ['asset_id', market.yes.id],
        ['price', '0.301'],
        ['size', '1000'],
        ['side', 'BUY'],
        ['hash', 'aaaa6417b3ae46dbe5d608a65474c9cec84ef900'],
        ['best_bid', '0.301'],
        ['best_ask', ''],
      ],
      [
        ['asset_id', market.no.id],
        ['price', '0.699'],
        ['size', '1000.25'],
        ['side', 'SELL'],
        ['hash', 'c0978ce48e525b35579b9fb4556a08538ebf265a'],
        ['best_bid', '0'],
        ['best_ask', '0.6991'],
      ],
    ],
  ],
  ['timestamp', '1790658674035'],
  ['event_type', 'price_change'],
]

function changed(from: string, to: string): string {
  return write(sample, ', ').replace(from, to)
}

function foreign(): string {
  return changed(market.yes.id, numberedMarket(8).yes.id)
}

function legacy(): string {
  return JSON.stringify({
    event_type: 'price_change',
    market: market.id,
    asset_id: market.yes.id,
    changes: [{ price: '0.4', side: 'SELL', size: '3300' }],
    hash: 'aaaa6417b3ae46dbe5d608a65474c9cec84ef900',
    timestamp: '1729084877448',
  })
}

function repeated(frame: Buffer, count: number): Buffer {
  return Buffer.from(Array.from({ length: count }, () => frame.toString()).join(','))
}

const strange = fc.constantFrom<unknown>(
  null,
  true,
  5,
  -0.5,
  '',
  '0',
  '1',
  '.5',
  '0.',
  '00.5',
  '1e3',
  'null',
  '0.12345',
  ' 0.5',
  '１',
  'a"b',
  'tab\t',
  '\u007f',
  [],
  ['x'],
)

const keyNames = [
  'market',
  'asset_id',
  'price',
  'size',
  'side',
  'hash',
  'bids',
  'asks',
  'changes',
  'tick_size',
  'new_tick_size',
  'last_trade_price',
  'best_bid',
  'price_changes',
  'event_type',
  'timestamp',
  '__proto__',
  'anything',
]

/** A message with a few members moved, taken away, put in or replaced; written as JSON. */
function disturbed(message: Members): fc.Arbitrary<string> {
  const step = fc.record({
    what: fc.constantFrom('swap', 'drop', 'repeat', 'add', 'replace', 'entry'),
    at: fc.nat(20),
    to: fc.nat(20),
    key: fc.constantFrom(...keyNames),
    value: strange,
  })
  const spacing = fc.constantFrom(',' as const, ', ' as const)
  return fc.tuple(fc.array(step, { maxLength: 3 }), spacing).map(([steps, comma]) => {
    let members = [...message]
    for (const { what, at, to, key, value } of steps) {
      const index = members.length === 0 ? 0 : at % members.length
      const one = members[index]
      if (one === undefined) break
      if (what === 'drop') members = members.toSpliced(index, 1)
      else if (what === 'repeat') members.push(one)
      else if (what === 'add') members.splice(to % (members.length + 1), 0, [key, value])
      else if (what === 'replace') members[index] = [one[0], value]
      else if (what === 'swap') {
        members.splice(index, 1)
        members.splice(to % (members.length + 1), 0, one)
      } else members[index] = [one[0], disturbedEntry(one[1], key, value)]
    }
    return members.length === 0 ? '{}' : write(members, comma)
  })
}

/** The same within the first level or entry of a list. */
function disturbedEntry(list: unknown, key: string, value: unknown): unknown {
  if (!Array.isArray(list) || list.length === 0) return list
  const [first, ...rest] = list as unknown[]
  return Array.isArray(first) ? [[...(first as unknown[]), [key, value]], ...rest] : list
}

function mutated(text: string): fc.Arbitrary<Buffer> {
  const alphabet = '"\\{}[],:.0123456789 \n\tabcdefnultrs-+eE\u0000é'
  const byte = fc.oneof(fc.constantFrom(...Buffer.from(alphabet)), fc.integer({ min: 0, max: 255 }))
  const step = fc.record({
    what: fc.constantFrom('change', 'cut', 'double', 'insert'),
    at: fc.nat(),
    length: fc.integer({ min: 1, max: 30 }),
    byte,
  })
  return fc.array(step, { minLength: 1, maxLength: 3 }).map((steps) => {
    let bytes = Buffer.from(text)
    for (const { what, at, length, byte } of steps) {
      const index = at % (bytes.length + 1)
      const head = bytes.subarray(0, index)
      const tail = bytes.subarray(index)
      if (what === 'cut') bytes = Buffer.concat([head, tail.subarray(length)])
      else if (what === 'double') bytes = Buffer.concat([head, tail.subarray(0, length), tail])
      else if (what === 'insert') bytes = Buffer.concat([head, Buffer.from([byte]), tail])
      else if (tail.length > 0) {
        bytes = Buffer.from(bytes)
        bytes[index] = byte
      }
    }
    return bytes
  })
}
