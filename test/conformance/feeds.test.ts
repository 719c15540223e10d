import { generateKeyPairSync } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { thisMachine } from '../../src/app/machine.ts'
import type { InstrumentId, MarketId } from '../../src/core/market.ts'
import { askSide, bidSide, type OrderBook } from '../../src/core/order-book.ts'
import { epochMs, type EpochMs } from '../../src/core/units.ts'
import { startExchange, type Exchange } from '../../src/exchange-sim/exchange.ts'
import { faultNames, type FaultName } from '../../src/exchange-sim/fault-names.ts'
import type { Log } from '../../src/ports/log.ts'
import { createKalshiVenue, kalshiConfig } from '../../src/venues/kalshi/index.ts'
import { createPolymarketVenue, polymarketConfig } from '../../src/venues/polymarket/index.ts'
import { VenueRun, type Venue } from './venue-run.ts'

/** The exchange runs for so long, and then stands still until all that was sent has come. */
type Pace = { readonly runMs: number; readonly stillMs: number }
const calm: Pace = { runMs: 2_000, stillMs: 1_500 }
/** Long enough for sockets to be cut, to fall silent and to be found out. */
const rough: Pace = { runMs: 6_000, stillMs: 4_000 }
const timeoutMs = 120_000

const { timers } = thisMachine
const keys = generateKeyPairSync('ed25519', {
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const quiet = (): void => undefined
const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

type Levels = ReadonlyMap<string, number>
type RealVenue = {
  readonly name: string
  make(exchange: Exchange): Venue
  /** The exchange's own book of an instrument, by REST. */
  realBook(exchange: Exchange, market: MarketId, instrument: InstrumentId): Promise<Levels>
}

const parts = { ...thisMachine, log }
const feed = { reconnectMsMin: 50, reconnectMsMax: 500 }

const polymarket: RealVenue = {
  name: 'polymarket',
  make: ({ urls }) =>
    createPolymarketVenue({
      ...parts,
      config: polymarketConfig({
        gammaUrl: urls.gamma,
        clobUrl: urls.clob,
        marketSocketUrl: urls.marketSocket,
        separateBooksTag: 'separate-books',
        feed: { ...feed, silenceMs: 1500, probeMs: 800, bookTimeoutMs: 1000 },
      }),
    }),
  async realBook({ urls }, _market, instrument) {
    const Row = z.object({ price: z.string(), size: z.string() })
    const Book = z.object({ bids: z.array(Row), asks: z.array(Row) })
    const { bids, asks } = await read(`${urls.clob}/book?token_id=${instrument}`, Book)
    const rows = (side: string, list: readonly z.infer<typeof Row>[]) =>
      list.map(({ price, size }) => level(side, Number(price), size))
    return new Map([...rows('bid', bids), ...rows('ask', asks)])
  },
}

const kalshi: RealVenue = {
  name: 'kalshi',
  make: ({ urls }) =>
    createKalshiVenue({
      ...parts,
      credentials: { keyId: 'a-key', privateKeyPem: keys.privateKey },
      config: kalshiConfig({
        restUrl: urls.kalshiRest,
        socketUrl: urls.kalshiSocket,
        feed: { ...feed, quietMs: 1500, commandTimeoutMs: 1000 },
      }),
    }),
  async realBook({ urls }, market) {
    const Rows = z.array(z.tuple([z.string(), z.string()]))
    const Book = z.object({ orderbook_fp: z.object({ yes_dollars: Rows, no_dollars: Rows }) })
    const url = `${urls.kalshiRest}/markets/${market}/orderbook`
    const { orderbook_fp: book } = await read(url, Book)
    return new Map([
      ...book.yes_dollars.map(([price, size]) => level('bid', Number(price), size)),
      ...book.no_dollars.map(([price, size]) => level('ask', 1 - Number(price), size)),
    ])
  },
}

describe.each([polymarket, kalshi])('the feed of $name on the simulated exchange', (venue) => {
  test(
    'has every book, and has it right',
    async () => {
      const { run, exchange } = await played(venue, [], calm)

      const { believed, wrong, all } = await judged(venue, run, exchange)

      expect(wrong).toEqual([])
      expect(believed).toBe(all)
      expect(run.changes.map(({ kind }) => kind)).not.toContain('lost')
    },
    timeoutMs,
  )

  test(
    'with every fault there is, believes no book that is wrong, and mends most',
    async () => {
      const { run, exchange } = await played(venue, faultNames, rough)

      await mostBelieved(run)
      const { wrong } = await judged(venue, run, exchange)

      expect(wrong).toEqual([])
      expect(new Set(run.proofs.map((proof) => proof.split(' ').at(-1))).size).toBeGreaterThan(3)
    },
    timeoutMs,
  )
})

/** Lets the exchange run with a venue connected to it, and then stand still. */
async function played(
  venue: RealVenue,
  faults: readonly FaultName[],
  { runMs, stillMs }: Pace,
): Promise<{ run: VenueRun; exchange: Exchange }> {
  // An exchange whose clock stands still does nothing more; its sockets go on.
  const clock = new StoppingClock()
  const accounts = [{ keyId: 'a-key', publicKeyPem: keys.publicKey, tier: 'premier' } as const]
  const options = { seed: 11, faults, kalshi: { accounts } }
  const exchange = await startExchange(options, { clock, timers })
  stops.push(() => exchange.stop())
  const run = new VenueRun(venue.make(exchange))
  await run.start(timers)
  stops.unshift(() => run.stop())

  await pause(runMs)
  clock.stop()
  await pause(stillMs)
  run.nudge()
  await pause(500)
  return { run, exchange }
}

class StoppingClock {
  #stoppedAt: number | undefined

  epochMs(): EpochMs {
    return epochMs(this.#stoppedAt ?? Date.now())
  }

  stop(): void {
    this.#stoppedAt = Date.now()
  }
}

/** Connections go on being cut and falling silent: there are moments when most books wait. */
async function mostBelieved(run: VenueRun): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    const entries = run.openEntries()
    const believed = entries.filter(({ yes }) => run.believes(yes.book)).length
    if (believed > entries.length / 2) return
    await pause(50)
  }
  throw new Error('most books were never mended')
}

async function judged(
  venue: RealVenue,
  run: VenueRun,
  exchange: Exchange,
): Promise<{ believed: number; all: number; wrong: readonly string[] }> {
  const wrong: string[] = []
  let believed = 0
  const entries = run.openEntries()
  for (const { market, yes } of entries) {
    if (!run.believes(yes.book)) continue
    believed++
    const real = await venue.realBook(exchange, market.id, market.yes.id)
    // It may have stopped to be believed while we asked.
    if (run.believes(yes.book) && !isSame(held(yes.book), real)) wrong.push(market.slug)
  }
  return { believed, wrong, all: entries.length }
}

function held(book: OrderBook): Levels {
  const side = (name: string, of: typeof bidSide) =>
    book.levels(of).map(({ price, size }) => level(name, price / 10_000, String(size / 1_000_000)))
  return new Map([...side('bid', bidSide), ...side('ask', askSide)])
}

function level(side: string, price: number, size: string): readonly [string, number] {
  return [`${side} ${Math.round(price * 10_000)}`, Math.round(Number(size) * 1_000_000)]
}

function isSame(one: Levels, other: Levels): boolean {
  return one.size === other.size && [...one].every(([key, size]) => other.get(key) === size)
}

/** Reads a body, however often the exchange is too busy to give it. */
async function read<T>(url: string, schema: z.ZodType<T>): Promise<T> {
  for (let tries = 0; tries < 30; tries++) {
    const response = await fetch(url)
    if (response.ok) return schema.parse(await response.json())
    await response.arrayBuffer()
    await pause(20)
  }
  throw new Error(`no answer from ${url}`)
}
