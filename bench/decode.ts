import { readFileSync } from 'node:fs'
import path from 'node:path'
import { MarketCache } from '../src/engine/market-cache.ts'
import { FrameDecoder } from '../src/venues/polymarket/decode.ts'
import { sketchMarket } from '../src/venues/polymarket/fixtures/market.ts'
import { TokenTable } from '../src/venues/polymarket/token-table.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave } from './bench-case.ts'
import type { Corpus } from './polymarket-corpus.ts'
import { makeCorpus } from './polymarket-corpus.ts'

/** Once through this many frames is one slice. */
const framesPerSlice = 2_000

const baseline = 'JSON.parse(buffer.toString()), a Map of tokens, parseFloat'

/** Decoding alone: bytes to numbers. Targets T1 to T3 of the performance notes. */
export const decodeCases: readonly BenchCase[] = [
  decodeCase('decode price_change', { bookPercent: 0, tradePercent: 0 }),
  decodeCase('decode mixed feed', { bookPercent: 3, tradePercent: 5 }),
  decodeCase('decode book', { bookPercent: 100, tradePercent: 0 }),
  ...capturedCases(),
]

function decodeCase(
  name: string,
  mix: { readonly bookPercent: number; readonly tradePercent: number },
): BenchCase {
  return {
    name,
    group: 'decode',
    baseline,
    run: () => {
      const frameCount = framesPerSlice
      return contest(makeCorpus({ seed: 7, marketCount: 500, frameCount, ...mix }))
    },
  }
}

/** The same on frames of the real venue, repeated, where CAPTURES_DIR says they are. */
function capturedCases(): BenchCase[] {
  const folder = process.env['CAPTURES_DIR']
  if (folder === undefined) return []
  return [
    {
      name: 'decode captured price_change',
      group: 'decode',
      baseline,
      run: () => contest(capturedCorpus(folder)),
    },
  ]
}

function contest({ markets, frames }: Corpus): BenchResult {
  const books = new MarketCache()
  const tokenNumbers = new Map<string, number>()
  for (const market of markets) {
    books.add(market)
    for (const { id } of [market.yes, market.no]) tokenNumbers.set(id, tokenNumbers.size)
  }
  const tokens = new TokenTable()
  tokens.useBooks(books)
  for (const { yes } of markets) tokens.byId(yes.id)
  const decoder = new FrameDecoder(tokens)
  const sum = { of: 0 }

  const result = interleave({
    opsPerSlice: frames.length,
    candidate: () => {
      for (const frame of frames) {
        decoder.decode(frame)
        sum.of += decoder.batch.rowCount
      }
    },
    baseline: () => {
      for (const frame of frames) sum.of += decodeTheObviousWay(frame, tokenNumbers).length
    },
  })
  const bytes = frames.reduce((total, { length }) => total + length, 0)
  const { templateCount, scannerCount, schemaCount } = decoder
  const templated = templateCount / (templateCount + scannerCount + schemaCount)
  return { ...result, more: { bytesPerFrame: bytes / frames.length, templated } }
}

type Row = { readonly price: string; readonly size: string }
type Message = {
  readonly asset_id?: string
  readonly timestamp: string
  readonly price?: string
  readonly size?: string
  readonly bids?: readonly Row[]
  readonly asks?: readonly Row[]
  readonly price_changes?: readonly (Row & {
    readonly asset_id: string
    readonly side: string
    readonly best_bid: string
    readonly best_ask: string
  })[]
}

type Told = {
  readonly token: number | undefined
  readonly side: 'buy' | 'sell'
  readonly price: number
  readonly size: number
  readonly bid: number
  readonly ask: number
  readonly time: number
}

/** What a bot commonly does: the same facts out of a frame, as objects with floats. */
function decodeTheObviousWay(frame: Buffer, tokens: ReadonlyMap<string, number>): Told[] {
  const json: unknown = JSON.parse(frame.toString())
  const messages = (Array.isArray(json) ? json : [json]) as readonly Message[]
  const told: Told[] = []
  for (const message of messages) {
    const time = parseFloat(message.timestamp)
    for (const change of message.price_changes ?? []) {
      told.push({
        token: tokens.get(change.asset_id),
        side: change.side === 'BUY' ? 'buy' : 'sell',
        price: parseFloat(change.price),
        size: parseFloat(change.size),
        bid: parseFloat(change.best_bid),
        ask: parseFloat(change.best_ask),
        time,
      })
    }
    if (message.asset_id === undefined) continue
    const token = tokens.get(message.asset_id)
    const level = (side: 'buy' | 'sell', { price, size }: Row): void => {
      told.push({
        token,
        side,
        price: parseFloat(price),
        size: parseFloat(size),
        bid: Number.NaN,
        ask: Number.NaN,
        time,
      })
    }
    for (const row of message.bids ?? []) level('buy', row)
    for (const row of message.asks ?? []) level('sell', row)
    const { price, size } = message
    if (price !== undefined && size !== undefined) level('buy', { price, size })
  }
  return told
}

/** Real frames with the venue's own spacing: the raw text of a session's tap. */
function capturedCorpus(folder: string): Corpus {
  const file = 'polymarket/ws/market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl'
  const lines = readFileSync(path.join(folder, file), 'utf8').trim().split('\n')
  const texts = lines
    .map((line) => JSON.parse(line) as unknown)
    .flatMap((tap) => (isIncoming(tap) ? [tap.text] : []))
    .filter((text) => text.includes('price_change'))
  const [id = ''] = /0x[0-9a-f]{64}/.exec(texts[0] ?? '') ?? []
  const found = new Set((texts[0] ?? '').match(/\d{70,78}/g))
  const [yes = '', no = ''] = found
  const memory = Buffer.from(
    texts.join('').repeat(Math.ceil(framesPerSlice / texts.length)) + ' '.repeat(256),
  )
  let at = 0
  const frames = Array.from({ length: framesPerSlice }, (_, index) => {
    const length = (texts[index % texts.length] ?? '').length
    at += length
    return memory.subarray(at - length, at)
  })
  return { markets: [sketchMarket({ id, yes, no, tick: 100 })], snapshots: [], frames }
}

function isIncoming(tap: unknown): tap is { readonly text: string } {
  if (typeof tap !== 'object' || tap === null || !('dir' in tap) || !('text' in tap)) return false
  return tap.dir === 'in' && typeof tap.text === 'string'
}
