import { readFileSync } from 'node:fs'
import path from 'node:path'
import { Random } from '../src/core/random.ts'
import { MarketCache } from '../src/engine/market-cache.ts'
import { FrameDecoder } from '../src/venues/kalshi/decode.ts'
import { kalshiMarket } from '../src/venues/kalshi/fixtures/kalshi-market.ts'
import { delta, snapshot, type LevelText } from '../src/venues/kalshi/fixtures/frames.ts'
import { FrameDecoder as PolymarketDecoder } from '../src/venues/polymarket/decode.ts'
import { TokenTable } from '../src/venues/polymarket/token-table.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave } from './bench-case.ts'
import { makeCorpus } from './polymarket-corpus.ts'

/** Once through this many frames is one slice. */
const framesPerSlice = 2_000
const marketCount = 500

const baseline = 'JSON.parse(buffer.toString()), a Map of tickers, parseFloat'

/** Decoding Kalshi's frames. Against Polymarket's a message must not cost half as much again. */
export const kalshiCases: readonly BenchCase[] = [
  { name: 'decode kalshi delta', group: 'decode', baseline, run: () => contest(deltas(7)) },
  { name: 'decode kalshi snapshot', group: 'decode', baseline, run: () => contest(snapshots(7)) },
  {
    name: 'decode kalshi delta, by message',
    group: 'decode',
    baseline: 'a price_change of Polymarket',
    run: againstPolymarket,
  },
  ...capturedCases(),
]

type Corpus = { readonly tickers: readonly string[]; readonly frames: readonly Buffer[] }

function capturedCases(): BenchCase[] {
  const folder = process.env['CAPTURES_DIR']
  if (folder === undefined) return []
  const name = 'decode captured kalshi delta'
  return [{ name, group: 'decode', baseline, run: () => contest(captured(folder)) }]
}

function contest(corpus: Corpus): BenchResult {
  const { frames } = corpus
  const { decoder, decodeAll } = decoderOf(corpus)
  const numbers = new Map(corpus.tickers.map((ticker, index) => [ticker, index]))
  const sum = { of: 0 }

  const result = interleave({
    opsPerSlice: frames.length,
    candidate: decodeAll,
    baseline: () => {
      for (const frame of frames) sum.of += decodeTheObviousWay(frame, numbers)
    },
  })
  const bytes = frames.reduce((total, { length }) => total + length, 0)
  const { templateCount, scannerCount, schemaCount } = decoder
  const templated = templateCount / (templateCount + scannerCount + schemaCount)
  return { ...result, more: { bytesPerFrame: bytes / frames.length, templated } }
}

function againstPolymarket(): BenchResult {
  const { decodeAll } = decoderOf(deltas(7))
  const only = { bookPercent: 0, tradePercent: 0 }
  const { markets, frames } = makeCorpus({
    seed: 7,
    marketCount,
    frameCount: framesPerSlice,
    ...only,
  })
  const books = new MarketCache()
  for (const market of markets) books.add(market)
  const tokens = new TokenTable()
  tokens.useBooks(books)
  for (const { yes } of markets) tokens.byId(yes.id)
  const decoder = new PolymarketDecoder(tokens)
  return interleave({
    opsPerSlice: framesPerSlice,
    candidate: decodeAll,
    baseline: () => {
      for (const frame of frames) decoder.decode(frame)
    },
  })
}

function decoderOf({ tickers, frames }: Corpus): { decoder: FrameDecoder; decodeAll: () => void } {
  const books = new MarketCache()
  for (const ticker of tickers) books.add(kalshiMarket(ticker))
  const decoder = new FrameDecoder()
  const decodeAll = (): void => {
    for (const frame of frames) decoder.decode(frame, books)
  }
  return { decoder, decodeAll }
}

type Level = readonly [string, string]
type Message = {
  readonly sid: number
  readonly seq: number
  readonly msg: {
    readonly market_ticker: string
    readonly price_dollars?: string
    readonly delta_fp?: string
    readonly yes_dollars_fp?: readonly Level[]
    readonly no_dollars_fp?: readonly Level[]
  }
}

/** What a bot commonly does: the same facts out of a frame, with strings and floats. */
function decodeTheObviousWay(frame: Buffer, tickers: ReadonlyMap<string, number>): number {
  const json: unknown = JSON.parse(frame.toString())
  const { sid, seq, msg } = json as Message
  let sum = sid + seq + (tickers.get(msg.market_ticker) ?? 0)
  if (msg.price_dollars !== undefined) {
    sum += parseFloat(msg.price_dollars) + parseFloat(msg.delta_fp ?? '')
  }
  for (const [price, size] of msg.yes_dollars_fp ?? []) sum += parseFloat(price) + parseFloat(size)
  for (const [price, size] of msg.no_dollars_fp ?? []) sum += parseFloat(price) + parseFloat(size)
  return sum
}

function deltas(seed: number): Corpus {
  const random = new Random(seed)
  const tickers = madeTickers()
  const frames = Array.from({ length: framesPerSlice }, (_, index) =>
    delta({
      seq: 100_000 + index,
      ticker: random.pick(tickers),
      price: cents(random.integer(1, 99)),
      delta: `${random.chance(0.5) ? '-' : ''}${count(random)}`,
      side: random.chance(0.5) ? 'yes' : 'no',
    }),
  )
  return { tickers, frames: inOnePiece(frames) }
}

function snapshots(seed: number): Corpus {
  const random = new Random(seed)
  const tickers = madeTickers()
  const side = (from: number): LevelText[] =>
    Array.from({ length: 25 }, (_, index) => [cents(from + index), count(random)])
  const frames = Array.from({ length: framesPerSlice / 10 }, (_, index) =>
    snapshot({ seq: 100_000 + index, ticker: random.pick(tickers), yes: side(20), no: side(50) }),
  )
  return { tickers, frames: inOnePiece(frames) }
}

/** Real frames, repeated: the raw text of a session. */
function captured(folder: string): Corpus {
  const file = 'kalshi/ws/orderbook_btc_hourly_20260418_shreyas.jsonl'
  const texts = readFileSync(path.join(folder, file), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
    .flatMap((tap) => (isTap(tap) && tap.raw.includes('orderbook_delta"') ? [tap.raw] : []))
    .filter((text) => text.includes('delta_fp'))
  const tickers = new Set(texts.map((text) => /"market_ticker":"([^"]+)"/.exec(text)?.[1] ?? ''))
  const frames = Array.from({ length: framesPerSlice }, (_, index) =>
    Buffer.from(texts[index % texts.length] ?? ''),
  )
  return { tickers: [...tickers], frames: inOnePiece(frames) }
}

function isTap(tap: unknown): tap is { readonly raw: string } {
  return typeof tap === 'object' && tap !== null && 'raw' in tap && typeof tap.raw === 'string'
}

function madeTickers(): string[] {
  return Array.from(
    { length: marketCount },
    (_, index) => `KXBTC-26APR1817-B${70_000 + 25 * index}`,
  )
}

function cents(value: number): string {
  return (value / 100).toFixed(4)
}

function count(random: Random): string {
  return (random.chance(0.5) ? random.integer(1, 500) : random.integer(1, 200_000) / 100).toFixed(2)
}

/** As a socket leaves them: one after the other in the same memory. */
function inOnePiece(frames: readonly Buffer[]): Buffer[] {
  const all = Buffer.concat(frames)
  let at = 0
  return frames.map(({ length }) => {
    at += length
    return all.subarray(at - length, at)
  })
}
