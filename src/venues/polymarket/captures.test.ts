import { hash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { parseDecimal, parsePrice } from '../../core/decimal.ts'
import { takerFee } from '../../core/fee.ts'
import type { MicroShares } from '../../core/units.ts'
import { feeSchedule } from './fees.ts'
import { sketchMarket } from './fixtures/market.ts'
import type { CodecScene } from '../../../test/polymarket/codec-scene.ts'
import { codecScene } from '../../../test/polymarket/codec-scene.ts'
import { gammaEvent, gammaMarket } from './gamma.ts'
import { toMarket } from './gamma-market.ts'

/**
 * Real frames and bodies of the venue. What they prove is told in their index; none is kept here.
 *
 * They are read from the folder that CAPTURES_DIR names.
 */
const folder = path.join(process.env['CAPTURES_DIR'] ?? '', 'polymarket')
const isHere = process.env['CAPTURES_DIR'] !== undefined && existsSync(folder)
if (!isHere) console.log('skipped: CAPTURES_DIR does not name a folder with captures')

const messages = z.array(
  z.object({
    market: z.string(),
    asset_id: z.string().optional(),
    price_changes: z.array(z.object({ asset_id: z.string() })).optional(),
  }),
)

/** A codec with books for all markets that these frames are about. */
function sceneFor(frames: readonly string[], negRisk: boolean): CodecScene {
  const tokens = new Map<string, Set<string>>()
  for (const frame of frames) {
    for (const message of messages.parse([JSON.parse(frame) as unknown].flat())) {
      const ids = tokens.get(message.market) ?? new Set()
      tokens.set(message.market, ids)
      if (message.asset_id !== undefined) ids.add(message.asset_id)
      for (const { asset_id } of message.price_changes ?? []) ids.add(asset_id)
    }
  }
  const markets = [...tokens].map(([id, ids]) => {
    const [yes = '', no = '9'.repeat(77)] = ids
    return sketchMarket({ id, yes, no, negRisk })
  })
  return codecScene(...markets)
}

/**
 * Streams of the market channel: one frame a line, or an array of frames.
 *
 * `stale`: messages that are older than the snapshot before them. In the last stream one of them is
 * the NO book of the first dump, a millisecond older than the YES book beside it.
 */
const streams = [
  { file: 'market_3tokens_20260630_polyarb.json', books: 2, stale: 1 },
  { file: 'market_btc_updown_20260626_cepiokta.json', books: 1, stale: 2 },
  { file: 'market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl', books: 1, stale: 5 },
]

function framesOf(file: string): string[] {
  const text = read(`ws/${file}`)
  if (!file.endsWith('.jsonl')) {
    return z
      .array(z.unknown())
      .parse(JSON.parse(text))
      .map((frame) => JSON.stringify(frame))
  }
  const taps = text
    .trim()
    .split('\n')
    .map((line) => z.object({ dir: z.string(), text: z.string() }).parse(JSON.parse(line)))
  return taps.filter(({ dir }) => dir === 'in').map((tap) => tap.text)
}

describe.skipIf(!isHere)('captured streams', () => {
  test.each(streams)('$file: every snapshot and every change has the venue’s hash', (stream) => {
    const frames = framesOf(stream.file)
    const scene = sceneFor(frames, false)

    for (const [index, frame] of frames.entries()) {
      scene.feed(frame)
      for (const { yes } of scene.entries) {
        if (yes.book.version === 0) continue
        expect(scene.codec.prove(yes.book), `frame ${index}`).toBe(true)
      }
    }

    expect(scene.sink.refusals).toEqual([])
    expect(scene.entries).toHaveLength(stream.books)
    const count = (event: string): number => scene.sink.proofs.filter((one) => one === event).length
    expect(count('stale-change')).toBe(stream.stale)
    expect(count('hash-mismatch')).toBe(0)
  })

  test('the venue’s own text is read by the template, from the first book on', () => {
    const frames = framesOf('market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl')
    const scene = sceneFor(frames, false)

    scene.feed(...frames)

    expect(scene.codec.layers()).toEqual({ template: frames.length, scanner: 0, schema: 0 })
  })

  test.each([
    { file: 'best_bid_ask_20260612_glmbotpoly.json', event: 'best_bid_ask' },
    { file: 'market_resolved_20260612_glmbotpoly.json', event: 'market_resolved' },
    { file: 'new_market_20260612_glmbotpoly.json', event: 'new_market' },
  ])('$file decodes', ({ file, event }) => {
    const frame = read(`ws/single/${file}`)
    const scene = sceneFor(framesOf('market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl'), false)

    scene.feed(frame)

    expect(scene.sink.events).toEqual([event])
    expect(scene.sink.refusals).toEqual([])
  })

  test('the resolution names its winner', () => {
    const scene = sceneFor(framesOf('market_btc5m_raw_20260612_glmbotpoly_excerpt.jsonl'), false)

    scene.feed(read('ws/single/market_resolved_20260612_glmbotpoly.json'))

    const [entry] = scene.entries
    expect(scene.sink.lifecycles).toEqual([
      { kind: 'resolved', market: entry?.market.id, resolution: { yesValue: 0 } },
    ])
  })

  test.each([
    { file: 'ws_market_best_bid_ask_msg', refused: [] },
    { file: 'ws_market_book_msg', refused: [] },
    { file: 'ws_market_last_trade_msg', refused: [] },
    { file: 'ws_market_new_market_msg', refused: [] },
    // Its hash is "0xhash001", which no hash of the venue ever was.
    { file: 'ws_market_price_change_msg', refused: ['schema-price_change'] },
    { file: 'ws_market_resolved_msg', refused: [] },
    { file: 'ws_market_tick_size_msg', refused: [] },
  ])('the documentation’s $file decodes or is refused for its reason', ({ file, refused }) => {
    const scene = codecScene()

    scene.feed(read(`doc_examples/${file}_nautilus.json`))

    expect(scene.sink.refusals).toEqual(refused)
    expect(scene.sink.events).toHaveLength(1 - refused.length)
  })
})

describe.skipIf(!isHere)('captured REST books', () => {
  test.each(['clob_book_binary_polyarb.json', 'clob_book_negrisk_outcome_polyarb.json'])(
    '%s is proven by its hash',
    (file) => {
      const body = read(`rest/${file}`)
      // The catalogue is wrong about neg-risk here, so that the body's word is what counts.
      const scene = sceneFor([body], !body.includes('"neg_risk": true'))

      scene.answer(body)

      expect(scene.sink.refusals).toEqual([])
      expect(scene.bookOf(0).state).toBe('proven')
    },
  )
})

/** Markets in a captured body, however it is wrapped. */
function* marketsIn(json: unknown): Generator {
  if (Array.isArray(json)) for (const item of json) yield* marketsIn(item)
  else if (typeof json === 'object' && json !== null) {
    if ('conditionId' in json) yield json
    else for (const value of Object.values(json)) yield* marketsIn(value)
  }
}

const gammaFiles: readonly string[] = isHere ? readdirSync(path.join(folder, 'gamma')) : []

/** Of these files some markets are not ours to trade; the reasons are all there are. */
const refusedIn: Readonly<Record<string, readonly string[]>> = {
  'gamma_market_closed_nonbinary_legacy_nautilus.json': ['no-order-book'],
  'gamma_market_closed_zero_zero_legacy_nautilus.json': ['no-order-book'],
}

describe.skipIf(!isHere)('captured Gamma bodies', () => {
  test.each(gammaFiles)('%s: every market is taken, or refused for its reason', (file) => {
    const bodies = file.endsWith('.gz')
      ? gunzipSync(readFileSync(path.join(folder, 'gamma', file)))
          .toString()
          .trim()
          .split('\n')
      : [read(`gamma/${file}`)]

    const taken = bodies
      .flatMap((body) => [...marketsIn(JSON.parse(body))])
      .map((json) => {
        const market = gammaMarket.parse(json)
        return toMarket(market, { set: undefined, bookKind: 'mirrored', tags: [] })
      })

    const refusals = taken.filter((market) => typeof market === 'string')
    expect(refusals).toEqual(refusedIn[file] ?? [])
    expect(taken.length).toBeGreaterThan(file.includes('tags') ? -1 : 0)
  })

  test('the World Cup event decodes with its tags and its neg-risk market', () => {
    const event = gammaEvent.parse(
      JSON.parse(read('gamma/event_negrisk_worldcup_winner_polyarb.json')),
    )

    expect(event.markets).toHaveLength(60)
    expect(event.negRiskAugmented).toBe(true)
    expect(event.tags?.map(({ slug }) => slug)).toContain('soccer')
  })
})

describe.skipIf(!isHere)('captured hashes and fees', () => {
  test('the official hashes are the SHA-1 of their text', () => {
    const vectors = z
      .array(z.object({ preimage: z.string(), sha1: z.string() }))
      .parse(JSON.parse(read('orderbook_hash/official_vectors.json')))

    for (const { preimage, sha1 } of vectors) expect(hash('sha1', preimage)).toBe(sha1)
    expect(vectors).toHaveLength(4)
  })

  test('twenty-one fees charged on chain are recomputed to the micro-dollar', () => {
    const fills = z
      .array(
        z.object({
          side: z.string(),
          maker_amount_filled: z.string(),
          taker_amount_filled: z.string(),
          fee: z.string(),
          price: z.string(),
          fee_rate: z.string(),
        }),
      )
      .parse(JSON.parse(read('fees/v2_onchain_taker_fees_21_202609_nautilus.json')))

    const fees = fills.map((fill) => {
      const shares = fill.side === 'BUY' ? fill.taker_amount_filled : fill.maker_amount_filled
      const schedule = feeSchedule({
        feesEnabled: true,
        feeSchedule: { rate: Number(fill.fee_rate), exponent: 1, takerOnly: true },
      })
      const price = parsePrice(fill.price)
      return price && takerFee(schedule, price, parseDecimal(shares, 0) as MicroShares)
    })

    expect(fees).toEqual(fills.map(({ fee }) => Number(fee)))
    expect(fees).toHaveLength(21)
  })
})

function read(file: string): string {
  return readFileSync(path.join(folder, file), 'utf8')
}
