import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MarketCache } from '../../engine/market-cache.ts'
import { BookFrame } from './book-frame.ts'
import { fillFrame } from './decode.ts'
import { kalshiMarket } from './fixtures/kalshi-market.ts'
import { delta, line, snapshot } from './fixtures/frames.ts'
import { FrameScanner } from './scan.ts'
import { parseFrame, readDelta, readSnapshot } from './wire.ts'

const tickers = ['KXBTC-26APR1817-B76125', 'KXBTC-26APR1817-B76375', 'FED-23DEC-T3.00', 'A']

function books(): MarketCache {
  const cache = new MarketCache()
  for (const ticker of tickers) cache.add(kalshiMarket(ticker))
  return cache
}

/** The frame by JSON and the schema: the slow path, and the truth. */
function bySchema(bytes: Uint8Array, cache: MarketCache): string | undefined {
  const parsed = parseFrame(bytes)
  if (parsed.kind !== 'message') return undefined
  const { message } = parsed
  const read =
    message.type === 'orderbook_delta'
      ? readDelta(message)
      : message.type === 'orderbook_snapshot'
        ? readSnapshot(message)
        : undefined
  if (read === undefined || read.kind === 'refused') return undefined
  const frame = new BookFrame()
  fillFrame(frame, read, cache)
  return describeFrame(frame)
}

function describeFrame(frame: BookFrame): string {
  const { kind, sid, seq, entry, side, price, change, yesCount, noCount } = frame
  const of = { kind, sid, seq, ticker: entry?.market.id }
  if (kind === 'delta') return JSON.stringify({ ...of, side, price, change })
  const levels = [...frame.levels.subarray(0, 2 * (yesCount + noCount))]
  return JSON.stringify({ ...of, yesCount, noCount, levels })
}

/** A scanner that has seen a delta of each market, so that its template knows them. */
function warmScanner(cache: MarketCache): FrameScanner {
  const scanner = new FrameScanner()
  for (const ticker of tickers) {
    scanner.readGeneric(
      delta({ seq: 1, ticker, price: '0.5000', delta: '1.00', side: 'yes' }),
      cache,
    )
  }
  return scanner
}

const priceText = fc.integer({ min: 0, max: 10_000 }).map((ticks) => (ticks / 10_000).toFixed(4))
const sizeText = fc
  .integer({ min: 0, max: 99_999_999 })
  .map((hundredths) => (hundredths / 100).toFixed(2))
const changeText = fc.tuple(fc.boolean(), sizeText).map(([down, text]) => (down ? '-' : '') + text)
const tickerText = fc.constantFrom(...tickers, 'KXUNKNOWN-1')

const deltaFrame = fc
  .record({
    sid: fc.nat(),
    seq: fc.nat(),
    ticker: tickerText,
    price: priceText,
    delta: changeText,
    side: fc.constantFrom('yes' as const, 'no' as const),
  })
  .map(delta)

const sideLevels = fc.option(fc.array(fc.tuple(priceText, sizeText), { maxLength: 8 }), {
  nil: undefined,
})
const snapshotFrame = fc
  .record({ sid: fc.nat(), seq: fc.nat(), ticker: tickerText, yes: sideLevels, no: sideLevels })
  .map(({ yes, no, ...rest }) =>
    snapshot({
      ...rest,
      ...(yes === undefined ? {} : { yes }),
      ...(no === undefined ? {} : { no }),
    }),
  )

const bookFrame = fc.oneof(deltaFrame, snapshotFrame)

describe('FrameScanner', () => {
  test('the template reads a delta of a market it has seen', () => {
    const cache = books()
    const scanner = warmScanner(cache)
    const bytes = delta({
      seq: 7,
      ticker: tickers[0] ?? '',
      price: '0.9600',
      delta: '-54.00',
      side: 'no',
    })

    const read = scanner.readTemplate(bytes, cache)

    expect(read).toBe(true)
    expect(describeFrame(scanner.frame)).toBe(bySchema(bytes, cache))
  })

  test.each([
    { name: 'without times', cut: /,"ts":"[^"]*","ts_ms":\d+/, put: '' },
    { name: 'with the time as text only', cut: /,"ts_ms":\d+/, put: '' },
    { name: 'with the time it was sent', cut: /}}\n$/, put: '},"sending_ts_ms":1795183441999}\n' },
    { name: 'without a newline', cut: /\n$/, put: '' },
  ])('the template reads a delta $name', ({ cut, put }) => {
    const cache = books()
    const scanner = warmScanner(cache)
    const whole = delta({
      seq: 7,
      ticker: tickers[1] ?? '',
      price: '0.0100',
      delta: '0.50',
      side: 'yes',
    })
    const bytes = Buffer.from(whole.toString().replace(cut, put))

    const read = scanner.readTemplate(bytes, cache)

    expect(read).toBe(true)
    expect(describeFrame(scanner.frame)).toBe(bySchema(bytes, cache))
  })

  test('every well-formed book frame is read without JSON, and as JSON reads it', () => {
    const cache = books()
    const scanner = warmScanner(cache)

    fc.assert(
      fc.property(bookFrame, (bytes) => {
        const read = scanner.readTemplate(bytes, cache) || scanner.readGeneric(bytes, cache)

        expect(read).toBe(true)
        expect(describeFrame(scanner.frame)).toBe(bySchema(bytes, cache))
      }),
      { numRuns: 2000 },
    )
  })

  test('whatever bytes are changed, a layer reads what JSON reads or declines', () => {
    const cache = books()
    const scanner = warmScanner(cache)
    const mutation = fc.record({
      at: fc.nat(),
      kind: fc.constantFrom('replace', 'insert', 'delete', 'repeat'),
      byte: fc.oneof(
        fc.constantFrom(...Buffer.from('"\\{}[]:,.-0189eE+ \n\ttfn')),
        fc.integer({ min: 0, max: 255 }),
      ),
      length: fc.integer({ min: 1, max: 40 }),
    })

    fc.assert(
      fc.property(
        bookFrame,
        fc.array(mutation, { minLength: 1, maxLength: 3 }),
        (whole, changes) => {
          // A buffer of its own: a read beyond the frame's end would throw.
          const bytes = Uint8Array.from(changes.reduce(mutated, whole))
          const truth = bySchema(bytes, cache)

          const readings = [
            scanner.readTemplate(bytes, cache) ? describeFrame(scanner.frame) : undefined,
            scanner.readGeneric(bytes, cache) ? describeFrame(scanner.frame) : undefined,
          ]

          for (const reading of readings) if (reading !== undefined) expect(reading).toBe(truth)
        },
      ),
      { numRuns: 20_000 },
    )
  })

  test('any single byte of a delta may be any other, and no layer misreads it', () => {
    const cache = books()
    const scanner = warmScanner(cache)
    const ticker = tickers[0] ?? ''
    const whole = delta({ seq: 7, ticker, price: '0.9600', delta: '-54.00', side: 'no' })

    const misread: string[] = []
    for (let at = 0; at < whole.length; at++) {
      const bytes = Uint8Array.from(whole)
      for (let byte = 0; byte < 256; byte++) {
        bytes[at] = byte
        if (!scanner.readTemplate(bytes, cache)) continue
        if (describeFrame(scanner.frame) !== bySchema(bytes, cache)) misread.push(`${at}: ${byte}`)
      }
    }

    expect(misread).toEqual([])
  })

  test('a field twice, in another order or unknown is never misread', () => {
    const cache = books()
    const scanner = warmScanner(cache)
    const text = delta({
      seq: 7,
      ticker: 'A',
      price: '0.5000',
      delta: '1.00',
      side: 'yes',
    }).toString()
    const levels = snapshot({
      seq: 8,
      ticker: 'A',
      yes: [
        ['0.0100', '5000.00'],
        ['0.0200', '205.00'],
      ],
    }).toString()
    const variants = [
      levels.replace('"205.00"]', '"205.00"],'),
      levels.replace(',["0.0200","205.00"]', ','),
      levels.replace('"5000.00"],', '"5000.00"]'),
      levels.replace('"5000.00"', '"05000.0"'),
      text.replace('"seq":7', '"seq":7,"seq":8'),
      text.replace('"side":"yes"', '"side":"yes","side":"no"'),
      text.replace('"market_id"', '"market_ticker":"FED-23DEC-T3.00","market_id"'),
      text.replace('"side":"yes"', '"side":"yes","inverted":true'),
      text.replace('"seq":7', '"seq":7e0'),
      text.replace('"seq":7', '"seq":07'),
      text.replace('"price_dollars":"0.5000"', '"price_dollars":"0.50001"'),
      text.replace('"A"', '"\\u0041"'),
      line({
        seq: 3,
        msg: { side: 'no', delta_fp: '2', price_dollars: '.5', market_ticker: 'A' },
        sid: 1,
        type: 'orderbook_delta',
      }).toString(),
    ]

    for (const variant of variants) {
      const bytes = Buffer.from(variant)
      const truth = bySchema(bytes, cache)
      if (scanner.readTemplate(bytes, cache)) expect(describeFrame(scanner.frame)).toBe(truth)
      if (scanner.readGeneric(bytes, cache)) expect(describeFrame(scanner.frame)).toBe(truth)
    }
  })
})

function mutated(
  bytes: Buffer,
  change: { at: number; kind: string; byte: number; length: number },
): Buffer {
  const at = change.at % (bytes.length + 1)
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)]
  const byte = Buffer.of(change.byte)
  switch (change.kind) {
    case 'replace':
      return Buffer.concat([head, byte, tail.subarray(1)])
    case 'insert':
      return Buffer.concat([head, byte, tail])
    case 'delete':
      return Buffer.concat([head, tail.subarray(change.length)])
    default:
      return Buffer.concat([head, tail.subarray(0, change.length), tail])
  }
}
