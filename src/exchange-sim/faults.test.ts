import { describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { thisMachine } from '../app/machine.ts'
import type { Exchange } from './exchange.ts'
import { startExchange } from './exchange.ts'
import type { FaultName } from './fault-names.ts'
import { bookHash } from './polymarket/book-text.ts'

const Market = z.object({ clobTokenIds: z.string(), negRisk: z.boolean() })
const Level = z.object({ price: z.string(), size: z.string() })
const Book = z.object({
  event_type: z.literal('book'),
  market: z.string(),
  asset_id: z.string(),
  timestamp: z.string(),
  hash: z.string(),
  bids: z.array(Level),
  asks: z.array(Level),
  tick_size: z.string(),
  last_trade_price: z.string(),
})
const Change = z.object({
  event_type: z.literal('price_change'),
  market: z.string(),
  timestamp: z.string(),
  price_changes: z.array(
    Level.extend({ asset_id: z.string(), hash: z.string(), side: z.string() }),
  ),
})

/** Everything a client was sent in a while. */
type Session = {
  readonly frames: readonly string[]
  readonly tokens: readonly string[]
  readonly negRisk: ReadonlyMap<string, boolean>
}

/** What a client hears that comes when the exchange has been open for a while. */
async function listen(faults: readonly FaultName[], forMs: number): Promise<Session> {
  const exchange = await startExchange({ seed: 61, faults }, thisMachine)
  await pause(800)
  try {
    return await listenTo(exchange, forMs)
  } finally {
    await exchange.stop()
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

async function listenTo({ urls }: Exchange, forMs: number): Promise<Session> {
  const reply = await fetch(`${urls.gamma}/markets?limit=100&active=true`)
  const negRisk = new Map<string, boolean>()
  for (const market of z.array(Market).parse(await reply.json())) {
    for (const token of z.array(z.string()).parse(JSON.parse(market.clobTokenIds))) {
      negRisk.set(token, market.negRisk)
    }
  }
  const tokens = [...negRisk.keys()]
  const frames: string[] = []
  const socket = new WebSocket(urls.marketSocket)
  socket.on('message', (data: Buffer) => frames.push(data.toString('utf8')))
  socket.on('open', () => socket.send(JSON.stringify({ assets_ids: tokens, type: 'market' })))
  // However busy the machine is: the time counts from the first frame on.
  for (let waited = 0; waited < 20_000 && frames.length === 0; waited += 20) await pause(20)
  await pause(forMs)
  socket.terminate()
  return { frames, tokens, negRisk }
}

function read(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function booksOf({ frames }: Session): readonly z.infer<typeof Book>[] {
  return frames.flatMap((text) => {
    const books = z.array(Book).safeParse(read(text))
    return books.success ? books.data : []
  })
}

/** How many books had another hash than a change said, and no trade on its way to explain it. */
function misfits({ frames, negRisk }: Session): number {
  const held = new Map<string, z.infer<typeof Book>>()
  const waiting = new Map<string, string>()
  const misfit = new Set<string>()
  for (const text of frames) {
    const frame = read(text)
    for (const book of z.array(Book).safeParse(frame).data ?? []) held.set(book.asset_id, book)
    const change = Change.safeParse(frame).data
    if (change === undefined) {
      // A trade or a finer grid changes what the hash is made of: such a market is left aside.
      const market = /^\{"market":"(0x[0-9a-f]+)"/.exec(text)?.[1]
      for (const book of held.values()) {
        if (book.market === market) waiting.delete(book.asset_id)
        if (book.market === market) held.delete(book.asset_id)
      }
      continue
    }
    const { timestamp, price_changes } = change
    for (const { asset_id, side, price, size, hash } of price_changes) {
      const book = held.get(asset_id)
      if (book === undefined) continue
      if ((waiting.get(asset_id) ?? timestamp) !== timestamp) misfit.add(asset_id)
      const key = side === 'BUY' ? 'bids' : 'asks'
      const levels = book[key].filter((level) => level.price !== price)
      if (size !== '0') levels.push({ price, size })
      const sign = side === 'BUY' ? 1 : -1
      levels.sort((a, b) => sign * (Number(a.price) - Number(b.price)))
      const next = { ...book, [key]: levels, timestamp }
      held.set(asset_id, next)
      const facts = { ...next, min_order_size: '5', neg_risk: negRisk.get(asset_id) ?? false }
      if (bookHash(facts) === hash) waiting.delete(asset_id)
      else waiting.set(asset_id, timestamp)
    }
  }
  return misfit.size
}

describe('a fault on demand', () => {
  test('none: every book comes, and each has the hash that is said', async () => {
    const session = await listen([], 1500)

    expect(booksOf(session)).toHaveLength(session.tokens.length)
    expect(misfits(session)).toBe(0)
  })

  test('dropped-snapshot: some books do not come', async () => {
    const session = await listen(['dropped-snapshot'], 300)

    expect(booksOf(session).length).toBeLessThan(session.tokens.length)
    expect(booksOf(session).length).toBeGreaterThan(session.tokens.length / 2)
  })

  test('stale-delta: changes come that are older than the book before them', async () => {
    const session = await listen(['stale-delta'], 300)
    const dumpedAt = Number(booksOf(session)[0]?.timestamp ?? 0)

    const changes = session.frames.flatMap((text) => Change.safeParse(read(text)).data ?? [])
    expect(changes.some(({ timestamp }) => Number(timestamp) < dumpedAt)).toBe(true)
  })

  test('corrupt-level: a change is lost, and the hash of that book does not fit', async () => {
    expect(misfits(await listen(['corrupt-level'], 2500))).toBeGreaterThan(0)
  })

  test('http-429 and slow-reply: some requests are refused, some wait', async () => {
    const faults: readonly FaultName[] = ['http-429', 'slow-reply']
    const exchange = await startExchange({ seed: 62, faults }, thisMachine)
    const answers = await Promise.all(
      Array.from({ length: 80 }, async () => {
        const startedAt = Date.now()
        const { status, headers } = await fetch(`${exchange.urls.clob}/ok`)
        return { status, retry: headers.get('retry-after'), ms: Date.now() - startedAt }
      }),
    )
    await exchange.stop()

    const refused = answers.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(0)
    expect(refused.every(({ retry }) => retry === '1')).toBe(true)
    expect(answers.some(({ ms }) => ms >= 200)).toBe(true)
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThan(40)
  })
})
