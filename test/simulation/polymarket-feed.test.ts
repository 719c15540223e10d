import { afterEach, expect, test } from 'vitest'
import { thisMachine } from '../../src/app/machine.ts'
import { Random } from '../../src/core/random.ts'
import { MarketCache } from '../../src/engine/market-cache.ts'
import { startExchange } from '../../src/exchange-sim/exchange.ts'
import type { FaultName } from '../../src/exchange-sim/fault-names.ts'
import { faultNames } from '../../src/exchange-sim/fault-names.ts'
import type { FeedListener, ProofEvent } from '../../src/ports/feed-codec.ts'
import type { Log } from '../../src/ports/log.ts'
import { RecordingSink } from '../../src/venues/polymarket/fixtures/recording-sink.ts'
import { createPolymarketVenue, polymarketConfig } from '../../src/venues/polymarket/index.ts'

/** The adapter and the simulated exchange share no decoder, so each checks the other. */

const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

const running: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop()
})

async function scene(seed: number, faults: readonly FaultName[]) {
  const exchange = await startExchange({ seed, faults }, thisMachine)
  running.push(() => exchange.stop())
  const { clock, timers } = thisMachine
  const venue = createPolymarketVenue({
    config: polymarketConfig({
      gammaUrl: exchange.urls.gamma,
      clobUrl: exchange.urls.clob,
      marketSocketUrl: exchange.urls.marketSocket,
      separateBooksTag: 'separate-books',
      feed: { silenceMs: 1_500, probeMs: 500, bookTimeoutMs: 1_000, reconnectMsMax: 500 },
    }),
    clock,
    timers,
    log: quiet,
    random: new Random(seed),
  })
  const { catalogue, feed, codec } = venue
  const loaded = await catalogue.load()
  const books = new MarketCache()
  for (const market of loaded.markets) books.add(market)
  const sink = new RecordingSink()
  const listener: FeedListener = {
    onFrame: (connection, bytes) => codec.onFrame(connection, bytes, books, sink),
    onSnapshot: (_market, bytes) => codec.onSnapshot(bytes, books, sink),
    onConnection: ({ kind, connection, markets }) => {
      if (kind === 'lost') codec.onConnectionLost(connection, markets, books, sink)
    },
  }
  feed.subscribe(loaded.markets)
  await feed.start(listener)
  running.push(() => feed.stop())

  let answered = 0
  running.push(
    stopper(
      timers.every(20, () => {
        codec.audit(500, books, sink)
        const wanted = sink.wanted.slice(answered)
        answered = sink.wanted.length
        for (const id of wanted) {
          const market = loaded.markets.find((one) => one.id === id)
          if (market !== undefined) feed.requestSnapshot(market.id)
        }
      }),
    ),
  )
  const open = loaded.markets.filter(({ status }) => status === 'open')
  const states = () =>
    open.flatMap(({ id }) => {
      const entry = books.byMarket('polymarket', id)
      if (entry === undefined) return []
      return [...new Set([entry.yes.book, entry.no.book])].map(({ state }) => state)
    })
  const count = (event: ProofEvent) => sink.proofs.filter((one) => one === event).length
  return { loaded, codec, sink, states, count, feed }
}

test('every book of the exchange is proven, and stays so while it trades', async () => {
  const { loaded, codec, sink, states, count } = await scene(11, [])

  await pause(4_000)

  expect(loaded.markets.length).toBeGreaterThan(20)
  expect(new Set(states())).toEqual(new Set(['proven']))
  expect(sink.refusals).toEqual([])
  expect(
    ['off-grid', 'crossed', 'top-mismatch'].map((event) => count(event as ProofEvent)),
  ).toEqual([0, 0, 0])
  expect(count('hash-verified')).toBeGreaterThan(100)
  const { template, scanner, schema } = codec.layers()
  expect(template / (template + scanner + schema)).toBeGreaterThan(0.8)
  expect(sink.trades.length).toBeGreaterThan(0)
})

test('outcome sets are proven exhaustive where the exchange lists a catch-all', async () => {
  const { loaded } = await scene(12, [])

  const claims = new Set(loaded.sets.map(({ exhaustive }) => exhaustive.holds))

  expect(claims).toEqual(new Set(['proven', 'unknown']))
})

test('with every fault there is, books break and are proven again', async () => {
  const { sink, states, count, feed } = await scene(13, faultNames)

  await pause(9_000)
  const seen = new Set(sink.proofs)

  expect(sink.refusals.length).toBeGreaterThan(0)
  expect(seen).toContain('snapshot')
  expect(count('connection-lost') + sink.wanted.length).toBeGreaterThan(0)
  expect(feed.status().connectionsOpen).toBeGreaterThan(0)
  const proven = states().filter((state) => state === 'proven').length
  expect(proven / states().length).toBeGreaterThan(0.5)
})

function stopper(stop: () => void): () => Promise<void> {
  return async () => stop()
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
