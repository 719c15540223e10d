import type { KeyObject } from 'node:crypto'
import { generateKeyPairSync } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { MarketId } from '../../core/market.ts'
import { Random } from '../../core/random.ts'
import type { ConnectionChange, FeedListener } from '../../ports/feed-codec.ts'
import { thisMachine } from '../../app/machine.ts'
import { VenueError } from '../venue-error.ts'
import type { FeedConfig } from './config.ts'
import { kalshiConfig } from './config.ts'
import { kalshiMarket } from './fixtures/kalshi-market.ts'
import { quietLog } from './fixtures/quiet-log.ts'
import { startRestServer } from './fixtures/rest-server.ts'
import type { Answer, Request } from './fixtures/rest-server.ts'
import type { Command } from './fixtures/socket-server.ts'
import { SocketServer } from './fixtures/socket-server.ts'
import { createKalshiVenue } from './index.ts'

const ed25519 = generateKeyPairSync('ed25519')
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const quick: Partial<FeedConfig> = {
  openTimeoutMs: 10_000,
  silenceMs: 10_000,
  quietMs: 60_000,
  commandTimeoutMs: 10_000,
  marketsPerCommandMax: 2,
  snapshotGatherMs: 10,
  reconnectMsMin: 5,
  reconnectMsMax: 20,
  pollIntervalMs: 20,
}

class Listener implements FeedListener {
  readonly frames: { connection: number; text: string }[] = []
  readonly changes: ConnectionChange[] = []

  onFrame(connection: number, bytes: Uint8Array): void {
    this.frames.push({ connection, text: Buffer.from(bytes).toString() })
  }

  onSnapshot(): void {
    throw new Error('snapshots of Kalshi come as frames')
  }

  onConnection(change: ConnectionChange): void {
    this.changes.push(change)
  }

  get story(): string[] {
    return this.changes.map(({ kind, reason }) => `${kind} ${reason}`.trim())
  }
}

type Options = {
  readonly key?: KeyObject | undefined
  readonly feed?: Partial<FeedConfig>
  readonly restUrl?: string
  readonly socketUrl?: string
}

function feedOf({ key, feed, restUrl, socketUrl }: Options) {
  const log = quietLog()
  const privateKeyPem = key?.export({ type: 'pkcs8', format: 'pem' }).toString()
  const credentials = privateKeyPem === undefined ? undefined : { keyId: 'id', privateKeyPem }
  const venue = createKalshiVenue({
    config: kalshiConfig({
      ...(restUrl === undefined ? {} : { restUrl }),
      ...(socketUrl === undefined ? {} : { socketUrl }),
      feed: { ...quick, ...feed },
    }),
    clock: thisMachine.clock,
    timers: thisMachine.timers,
    log,
    credentials,
    random: new Random(1),
  })
  stops.push(() => venue.feed.stop())
  return { feed: venue.feed, log, listener: new Listener() }
}

async function scene(
  answer?: (command: Command, peer: { send(message: unknown): void }, index: number) => boolean,
  feed: Partial<FeedConfig> = {},
) {
  const server = await new SocketServer(ed25519.publicKey, answer).start()
  stops.push(() => server.stop())
  return { server, ...feedOf({ key: ed25519.privateKey, socketUrl: server.url, feed }) }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (isSo()) return
    await sleep(5)
  }
  throw new Error('it never came to be')
}

const markets = ['A', 'B', 'C'].map((ticker) => kalshiMarket(ticker))

describe('the signed socket', () => {
  test.each([
    { name: 'Ed25519', keys: ed25519 },
    { name: 'RSA', keys: rsa },
  ])('is opened by a handshake that $name has signed', async ({ keys }) => {
    const server = await new SocketServer(keys.publicKey).start()
    stops.push(() => server.stop())
    const { feed, listener } = feedOf({ key: keys.privateKey, socketUrl: server.url })

    await feed.start(listener)

    expect(listener.story).toEqual(['open'])
    expect(feed.status()).toEqual({
      connectionsOpen: 1,
      connectionsWanted: 1,
      marketsSubscribed: 0,
      reconnects: 0,
      mode: 'socket',
    })
  })

  test('is refused to another key, and says so at once', async () => {
    const server = await new SocketServer(rsa.publicKey).start()
    stops.push(() => server.stop())
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const { feed, listener } = feedOf({ key: other.privateKey, socketUrl: server.url })

    const starting = feed.start(listener)

    await expect(starting).rejects.toThrow(VenueError)
    expect(server.refusals).toBe(1)
  })

  test('asks for books in YES prices, for trades and for the life of markets', async () => {
    const { server, feed, listener } = await scene()
    feed.subscribe(markets)

    await feed.start(listener)
    await until(() => listener.frames.filter(({ text }) => text.includes('snapshot')).length === 3)

    const subscribed = server.peers[0]?.commands.filter(({ cmd }) => cmd === 'subscribe')
    expect(subscribed?.map(({ params }) => params)).toEqual([
      { channels: ['market_lifecycle_v2'] },
      { channels: ['orderbook_delta'], market_tickers: ['A', 'B'], use_yes_price: true },
      { channels: ['trade'], market_tickers: ['A', 'B'] },
    ])
    const updates = server.peers[0]?.commands.filter(({ cmd }) => cmd === 'update_subscription')
    expect(updates?.map(({ params }) => params)).toEqual([
      { sids: [2], market_tickers: ['C'], action: 'add_markets' },
      { sids: [3], market_tickers: ['C'], action: 'add_markets' },
    ])
    expect(listener.frames.every(({ connection }) => connection === 0)).toBe(true)
  })

  test('subscribes without the markets that the venue refuses', async () => {
    const { server, feed, listener } = await scene(
      ({ id, params }, peer) => {
        if (params?.market_tickers?.includes('B') !== true) return false
        const msg = { code: 11, msg: 'Invalid parameter', market_tickers: ['B'] }
        peer.send({ id, type: 'error', msg })
        return true
      },
      { marketsPerCommandMax: 500 },
    )
    feed.subscribe(markets)

    await feed.start(listener)
    await until(() => listener.frames.filter(({ text }) => text.includes('snapshot')).length === 2)

    expect(listener.story).toEqual(['open'])
    const asked = server.peers[0]?.commands.flatMap(({ params }) =>
      params?.channels?.[0] === 'orderbook_delta' ? [params.market_tickers] : [],
    )
    expect(asked).toEqual([
      ['A', 'B', 'C'],
      ['A', 'C'],
    ])
  })

  test('adds and removes markets on the subscription that is open', async () => {
    const { server, feed, listener } = await scene()
    feed.subscribe(markets.slice(0, 1))
    await feed.start(listener)
    await until(() => listener.frames.length >= 4)

    feed.subscribe(markets)
    feed.unsubscribe(['A' as MarketId])
    await until(() => server.peers[0]?.commands.at(-1)?.params?.action === 'delete_markets')

    const books = server.peers[0]?.commands
      .map(({ params }) => params)
      .filter((p) => p?.sids?.[0] === 2)
    expect(books).toEqual([
      { sids: [2], market_tickers: ['B', 'C'], action: 'add_markets' },
      { sids: [2], market_tickers: ['A'], action: 'delete_markets' },
    ])
    expect(feed.status().marketsSubscribed).toBe(2)
  })

  test('asks for the snapshots of a broken subscription together', async () => {
    const { server, feed, listener } = await scene(undefined, { marketsPerCommandMax: 500 })
    feed.subscribe(markets)
    await feed.start(listener)
    await until(() => listener.frames.length >= 6)

    for (const { id } of markets) feed.requestSnapshot(id)
    for (const { id } of markets) feed.requestSnapshot(id)
    await until(() => server.peers[0]?.commands.at(-1)?.params?.action === 'get_snapshot')
    await sleep(50)

    const asked = server.peers[0]?.commands.filter(
      ({ params }) => params?.action === 'get_snapshot',
    )
    expect(asked?.map(({ params }) => params?.market_tickers)).toEqual([['A', 'B', 'C']])
  })

  test('asks again for a first book that has not come', async () => {
    const { server, feed, listener } = await scene(
      (command, peer) => {
        if (command.params?.channels?.[0] !== 'orderbook_delta') return false
        peer.send({
          id: command.id,
          type: 'subscribed',
          msg: { channel: 'orderbook_delta', sid: 2 },
        })
        return true
      },
      { commandTimeoutMs: 400 },
    )
    feed.subscribe(markets.slice(0, 1))

    await feed.start(listener)
    await until(() => listener.frames.some(({ text }) => text.includes('orderbook_snapshot')))

    expect(server.peers[0]?.commands.at(-1)?.params?.action).toBe('get_snapshot')
  })

  test.each([
    {
      name: 'is closed',
      reason: 'closed',
      end: (server: SocketServer) => server.peers[0]?.close(),
    },
    { name: 'falls silent', reason: 'silent', end: () => undefined },
    {
      name: 'tells that it has dropped frames',
      reason: 'refused',
      end: (server: SocketServer) =>
        server.peers[0]?.send({ type: 'error', sid: 2, seq: 9, msg: { code: 25, msg: 'full' } }),
    },
  ])('is opened anew when it $name, with all its markets', async ({ reason, end }) => {
    const { server, feed, listener } = await scene(
      // A list that nobody asks for would be a sign of life.
      ({ cmd }) => cmd === 'list_subscriptions',
      { silenceMs: reason === 'silent' ? 500 : 60_000, commandTimeoutMs: 60_000 },
    )
    feed.subscribe(markets)
    await feed.start(listener)
    await until(() => listener.frames.length >= 8)

    end(server)
    await until(() => server.peers[1]?.commands.at(-1)?.params?.action === 'add_markets')

    expect(listener.story.slice(0, 3)).toEqual(['open', `lost ${reason}`, 'open'])
    expect(listener.changes[1]?.markets).toEqual(['A', 'B', 'C'])
    expect(feed.status().reconnects).toBeGreaterThan(0)
  })

  test('is given up when it pings and no longer tells of books', async () => {
    const { server, feed, listener } = await scene(
      ({ params }) => params?.action === 'get_snapshot',
      { quietMs: 100, commandTimeoutMs: 400, marketsPerCommandMax: 500 },
    )
    feed.subscribe(markets)
    await feed.start(listener)

    const pinging = setInterval(() => server.peers[0]?.ping(), 20)
    await until(() => listener.story.length >= 3)
    clearInterval(pinging)

    expect(listener.story.slice(0, 3)).toEqual(['open', 'lost silent', 'open'])
    const asked = server.peers[0]?.commands.filter(
      ({ params }) => params?.action === 'get_snapshot',
    )
    expect(asked).toHaveLength(1)
  })

  test('is kept while it is quiet, as long as it answers with a book', async () => {
    const { server, feed, listener } = await scene(undefined, { quietMs: 50 })
    feed.subscribe(markets)
    await feed.start(listener)

    await sleep(500)

    expect(listener.story).toEqual(['open'])
    const asked = server.peers[0]?.commands.filter(
      ({ params }) => params?.action === 'get_snapshot',
    )
    expect(asked?.length).toBeGreaterThan(2)
  })

  test('is kept while the venue pings', async () => {
    const { server, feed, listener } = await scene(({ cmd }) => cmd === 'list_subscriptions', {
      silenceMs: 1000,
      commandTimeoutMs: 60_000,
    })
    await feed.start(listener)

    for (let index = 0; index < 15; index++) {
      await sleep(100)
      server.peers[0]?.ping()
    }

    expect(listener.story).toEqual(['open'])
  })

  test('is given up when a command is not answered', async () => {
    const unanswered = (command: Command, _peer: unknown, index: number): boolean =>
      index === 0 && command.id > 0
    const { feed, listener } = await scene(unanswered, { commandTimeoutMs: 300 })
    feed.subscribe(markets)

    await feed.start(listener)
    await until(() => listener.story.length >= 3)

    expect(listener.story.slice(0, 3)).toEqual(['open', 'lost silent', 'open'])
  })

  test('is given up when the venue no longer lists the subscription', async () => {
    const { feed, listener, server } = await scene(
      ({ id, cmd }, peer, index) => {
        if (cmd !== 'list_subscriptions' || index > 0) return false
        peer.send({ id, type: 'ok', msg: [{ channel: 'trade', sid: 3 }] })
        return true
      },
      { silenceMs: 400 },
    )
    feed.subscribe(markets)

    await feed.start(listener)
    const pinging = setInterval(() => server.peers[0]?.ping(), 50)
    await until(() => listener.story.length >= 3)
    clearInterval(pinging)

    expect(listener.story.slice(0, 3)).toEqual(['open', 'lost closed', 'open'])
  })
})

describe('without a key', () => {
  async function polled(answer?: (request: Request) => Answer | undefined) {
    const server = await startRestServer((request) => {
      const special = answer?.(request)
      if (special !== undefined) return special
      if (request.path === '/markets/orderbooks') {
        const orderbooks = request.query
          .getAll('tickers')
          .map((ticker) => ({ ticker, orderbook_fp: {} }))
        return { body: { orderbooks } }
      }
      return { body: { orderbook_fp: { yes_dollars: [['0.4000', '1.00']], no_dollars: [] } } }
    })
    stops.push(server.stop)
    return { server, ...feedOf({ restUrl: server.url }) }
  }

  test('books are polled, and the status and the log say so', async () => {
    const { server, feed, listener, log } = await polled()
    feed.subscribe(markets)

    await feed.start(listener)
    await until(() => listener.frames.length >= 3)

    expect(feed.status().mode).toBe('polling')
    expect(log.lines[0]).toContain('without a key')
    expect(server.requests[0]?.query.getAll('tickers')).toEqual(['A', 'B', 'C'])
    expect(server.requests[0]?.headers['kalshi-access-key']).toBeUndefined()
    expect(listener.frames[0]?.text).toContain('"ticker":"A"')
  })

  test('one after the other, where the venue refuses many at once', async () => {
    const { feed, listener } = await polled(({ path }) =>
      path === '/markets/orderbooks' ? { status: 401, body: {} } : undefined,
    )
    feed.subscribe(markets.slice(0, 2))

    await feed.start(listener)
    await until(() => listener.frames.length >= 2)

    const orderbook_fp = { yes_dollars: [['0.4000', '1.00']], no_dollars: [] }
    const book = (ticker: string) => JSON.stringify({ orderbooks: [{ ticker, orderbook_fp }] })
    const texts = new Set(listener.frames.map(({ text }) => text))
    expect(texts).toEqual(new Set([book('A'), book('B')]))
  })

  test('a venue that does not answer is lost, and found again', async () => {
    let isDown = false
    const { feed, listener } = await polled(() =>
      isDown ? { status: 404, body: { error: { code: 'not_found' } } } : undefined,
    )
    feed.subscribe(markets)
    await feed.start(listener)
    await until(() => listener.frames.length > 0)

    isDown = true
    await until(() => listener.story.includes('lost error'))
    isDown = false
    await until(() => listener.story.length >= 3)

    expect(listener.story).toEqual(['open', 'lost error', 'open'])
  })

  test('nobody at the address is an error at once', async () => {
    const { feed, listener } = feedOf({ restUrl: 'http://127.0.0.1:9/trade-api/v2' })
    feed.subscribe(markets)

    await expect(feed.start(listener)).rejects.toThrow('UNREACHABLE')
  })
})
