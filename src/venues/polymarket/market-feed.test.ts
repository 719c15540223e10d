import { afterEach, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import { Random } from '../../core/random.ts'
import type { ConnectionChange, FeedListener } from '../../ports/feed-codec.ts'
import type { Log } from '../../ports/log.ts'
import type { MarketFeed } from '../../ports/market-feed.ts'
import { VenueError } from '../venue-error.ts'
import type { PolymarketOptions } from './config.ts'
import { polymarketConfig } from './config.ts'
import { numberedMarket } from './fixtures/market.ts'
import { MarketServer } from './fixtures/market-server.ts'
import { codecScene } from '../../../test/polymarket/codec-scene.ts'
import type { CodecScene } from '../../../test/polymarket/codec-scene.ts'
import { createPolymarketVenue } from './index.ts'

const { clock, timers } = thisMachine

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** Everything faster than on the real venue, so that a test takes no longer than it must. */
const quick: NonNullable<PolymarketOptions['feed']> = {
  openIntervalMs: 10,
  openTimeoutMs: 1_000,
  pingIntervalMs: 50,
  silenceMs: 200,
  probeMs: 100,
  bookTimeoutMs: 80,
  reconnectMsMin: 10,
  reconnectMsMax: 100,
}

type Scene = {
  readonly server: MarketServer
  readonly feed: MarketFeed
  readonly codec: CodecScene
  readonly connections: ConnectionChange[]
  readonly frames: string[]
  start(): Promise<void>
}

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0)) await stop()
})

/** A server with so many markets, and a feed on it that fills books. */
async function scene(count: number, options: PolymarketOptions['feed'] = {}): Promise<Scene> {
  const markets = Array.from({ length: count }, (_, index) => numberedMarket(index + 1))
  const server = new MarketServer(markets, clock)
  const urls = await server.start()
  const codec = codecScene(...markets)
  const { feed } = createPolymarketVenue({
    config: polymarketConfig({ ...urls, feed: { ...quick, ...options } }),
    clock,
    timers,
    log: silent,
    random: new Random(1),
  })
  const connections: ConnectionChange[] = []
  const frames: string[] = []
  const listener: FeedListener = {
    onFrame: (connection, bytes) => {
      frames.push(Buffer.from(bytes).toString())
      codec.codec.onFrame(connection, bytes, codec.books, codec.sink)
    },
    onSnapshot: (_market, bytes) => codec.codec.onSnapshot(bytes, codec.books, codec.sink),
    onConnection: (change) => {
      connections.push(change)
      const { connection, markets: lost } = change
      if (change.kind === 'lost') {
        codec.codec.onConnectionLost(connection, lost, codec.books, codec.sink)
      }
    },
  }
  running.push(async () => {
    await feed.stop()
    await server.stop()
  })
  feed.subscribe(markets)
  return { server, feed, codec, connections, frames, start: () => feed.start(listener) }
}

const allProven = ({ codec }: Scene) =>
  codec.entries.every(({ yes }) => yes.book.state === 'proven')

async function until(isTrue: () => boolean, withinMs = 4_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('it did not happen in time')
    await new Promise((resolve) => {
      setTimeout(resolve, 5)
    })
  }
}

describe('the market feed', () => {
  test('subscribes once, as the venue wants it, and fills the books', async () => {
    const one = await scene(3)

    await one.start()
    await until(() => allProven(one))

    expect(one.server.received).toHaveLength(1)
    expect(JSON.parse(one.server.received[0]?.[0] ?? '')).toEqual({
      assets_ids: one.codec.entries.flatMap(({ market }) => [market.yes.id, market.no.id]),
      type: 'market',
      custom_feature_enabled: true,
      initial_dump: true,
      level: 2,
    })
    expect(one.feed.status()).toEqual({
      connectionsOpen: 1,
      connectionsWanted: 1,
      marketsSubscribed: 3,
      reconnects: 0,
      mode: 'socket',
    })
  })

  test('spreads its tokens over sockets that open one after another', async () => {
    const one = await scene(10, { tokensPerSocketMax: 4, openIntervalMs: 60 })
    const started = clock.nanos() / 1e6

    await one.start()
    await until(() => allProven(one))

    const sizes = one.server.received.map(([first]) => first?.match(/[0-9]{77}/g)?.length)
    expect(sizes).toEqual([4, 4, 4, 4, 4])
    // However late the machine is, the fifth opens four intervals after the first at the earliest.
    expect((one.server.openedAt.at(-1) ?? 0) - started).toBeGreaterThan(235)
  })

  test('subscribes and unsubscribes while it runs, by operations', async () => {
    const one = await scene(3)
    const [first, second, third] = one.codec.entries.map(({ market }) => market)
    one.feed.unsubscribe([second?.id, third?.id].filter((id) => id !== undefined))
    await one.start()
    await until(() => one.codec.bookOf(0).state === 'proven')

    one.feed.subscribe([second, third].filter((market) => market !== undefined))
    await until(() => allProven(one))
    one.feed.unsubscribe([first?.id].filter((id) => id !== undefined))
    await until(() => (one.server.received[0] ?? []).some((text) => text.includes('unsubscribe')))

    const operations = (one.server.received[0] ?? [])
      .filter((text) => text.includes('operation'))
      .map((text): unknown => JSON.parse(text))
    expect(operations).toEqual([
      {
        assets_ids: [second?.yes.id, second?.no.id, third?.yes.id, third?.no.id],
        operation: 'subscribe',
        custom_feature_enabled: true,
        initial_dump: true,
      },
      { assets_ids: [first?.yes.id, first?.no.id], operation: 'unsubscribe' },
    ])
  })

  test('pings, and keeps the answer to itself', async () => {
    const one = await scene(1)

    await one.start()
    await until(() => (one.server.received[0] ?? []).filter((text) => text === 'PING').length > 1)

    expect(one.frames).not.toContain('PONG')
  })

  test('connects again after a cut, and proves its books anew', async () => {
    const one = await scene(2)
    await one.start()
    await until(() => allProven(one))

    one.server.sockets[0]?.terminate()
    await until(() => one.connections.some(({ kind }) => kind === 'lost'))
    expect(one.codec.bookOf(0).state).toBe('unproven')
    await until(() => allProven(one))

    const changes = one.connections.map(({ kind, reason }) => [kind, reason])
    expect(changes).toEqual([
      ['open', ''],
      ['lost', 'closed'],
      ['open', ''],
    ])
    expect(one.connections[1]?.markets).toHaveLength(2)
    expect(one.feed.status().reconnects).toBe(1)
  })

  test('asks a silent socket for a sign of life, and leaves one that gives it alone', async () => {
    const one = await scene(1)

    await one.start()
    await until(() => (one.server.received[0] ?? []).some((text) => text.includes('unsubscribe')))
    await until(() => one.frames.length >= 4)

    expect(one.connections.map(({ kind }) => kind)).toEqual(['open'])
  })

  test('asks about a market that was answered before, not one without a book', async () => {
    const one = await scene(2)
    const { market } = one.codec.entries[0] ?? {}
    for (const id of [market?.yes.id, market?.no.id]) {
      one.server.mute.add(id ?? '')
      one.server.venues.delete(id ?? '')
    }
    await one.start()

    await until(() => one.frames.length >= 6)

    expect(one.connections.map(({ kind }) => kind)).toEqual(['open'])
  })

  test('drops a frozen socket although it still answers PING', async () => {
    const one = await scene(1)
    await one.start()
    await until(() => allProven(one))

    one.server.isFrozen = true
    await until(() => one.connections.some(({ kind }) => kind === 'lost'))
    one.server.isFrozen = false
    await until(() => allProven(one))

    expect(one.connections[1]).toMatchObject({ kind: 'lost', reason: 'silent' })
  })

  test('subscribes again when a book does not come, and then asks for it over REST', async () => {
    const one = await scene(2)
    const { market } = one.codec.entries[1] ?? {}
    for (const id of [market?.yes.id, market?.no.id]) one.server.mute.add(id ?? '')

    await one.start()
    await until(() => allProven(one))

    expect(one.server.bookRequests).toEqual([market?.yes.id])
    const operations = (one.server.received[0] ?? []).filter((text) => text.includes('operation'))
    expect(operations.slice(0, 2).map((text) => text.includes('unsubscribe'))).toEqual([
      true,
      false,
    ])
  })

  test('waits and tries again when the venue has too many of us', async () => {
    const one = await scene(1)
    one.server.refusals.push(429, 429)

    await one.start()
    await until(() => allProven(one))

    expect(one.server.refusals).toEqual([])
  })

  test('begins again when the venue does not understand it', async () => {
    const one = await scene(1)
    await one.start()
    await until(() => allProven(one))

    one.server.send('INVALID OPERATION')
    await until(() => one.connections.length === 3)

    expect(one.connections[1]).toMatchObject({ kind: 'lost', reason: 'refused' })
  })

  test('tolerates bare words', async () => {
    const one = await scene(1)
    await one.start()
    await until(() => allProven(one))

    one.server.send('NO NEW ASSETS')
    await until(() => one.frames.includes('NO NEW ASSETS'))

    expect(one.codec.sink.refusals).toEqual([])
    expect(allProven(one)).toBe(true)
  })

  test('fetches a snapshot once, however often asked, and tries again on failure', async () => {
    const one = await scene(1)
    await one.start()
    await until(() => allProven(one))
    const id = one.codec.entries[0]?.market.id
    one.server.failures.push(503)

    for (let time = 0; time < 3; time++) if (id !== undefined) one.feed.requestSnapshot(id)
    await until(() => one.server.bookRequests.length === 2)

    expect(new Set(one.server.bookRequests).size).toBe(1)
  })
})

describe('a start that cannot succeed', () => {
  test('fails at once when nobody listens, and names the host', async () => {
    const one = await scene(1)
    await one.server.stop()

    const error: unknown = await one.start().catch((cause: unknown) => cause)

    expect(error).toBeInstanceOf(VenueError)
    expect(error).toMatchObject({ venue: 'polymarket', code: 'UNREACHABLE', landed: 'no' })
    expect((error as VenueError).message).toMatch(/connect 127\.0\.0\.1:\d+: UNREACHABLE/)
  })

  test('fails when the time is over that one connection may take', async () => {
    const one = await scene(1, { openTimeoutMs: 300 })
    one.server.refusals.push(...Array.from({ length: 200 }, () => 429))

    const error: unknown = await one.start().catch((cause: unknown) => cause)

    expect(error).toMatchObject({ code: 'RATE_LIMITED' })
  })
})
