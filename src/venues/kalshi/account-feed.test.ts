import { generateKeyPairSync } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import { Random } from '../../core/random.ts'
import { ticks } from '../../core/units.ts'
import type { Exchange } from '../../exchange-sim/exchange.ts'
import type { TradingScene } from '../../../test/kalshi/trading-scene.ts'
import {
  configOf,
  joinTrader,
  openExchange,
  openTickers,
  openTrader,
  order,
  restingOrder,
  until,
} from '../../../test/kalshi/trading-scene.ts'
import { AccountFeed } from './account-feed.ts'
import { RequestSigner } from './auth.ts'
import type { FeedConfig } from './config.ts'
import { kalshiConfig } from './config.ts'
import { quietLog } from './fixtures/quiet-log.ts'
import type { Command, Peer } from './fixtures/socket-server.ts'
import { SocketServer } from './fixtures/socket-server.ts'

const stops: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function trader(
  exchange: Exchange,
  tickers: readonly string[],
  options: Parameters<typeof openTrader>[2] = {},
): Promise<TradingScene> {
  const scene = await openTrader(exchange, tickers, options)
  stops.push(() => scene.stop())
  return scene
}

function isOver({ story }: TradingScene, id: Parameters<TradingScene['story']>[0]): boolean {
  return story(id).some((word) => word.startsWith('done'))
}

describe('the channels of the account', () => {
  let exchange: Exchange
  let tickers: readonly string[]
  let ticker: string
  beforeAll(async () => {
    exchange = await openExchange()
    tickers = await openTickers(exchange)
    ticker = tickers[0] ?? ''
  })
  afterAll(() => exchange.stop())

  test('are missed for a while, and what happened is read back', async () => {
    // Away for long enough to be sure that what follows is not heard.
    const feed = { reconnectMsMin: 2_000, reconnectMsMax: 2_000 }
    const config = configOf(exchange, feed)
    const maker = await trader(exchange, tickers, { config })
    const taker = await trader(exchange, tickers)
    const resting = restingOrder(ticker, { limit: ticks(await bestAsk(exchange, ticker, 100)) })
    maker.gateway.place([resting])
    await until(() => maker.story(resting.id).includes('live'))

    exchange.kalshi?.cutSockets(maker.keyId)
    await until(() => maker.log.lines.includes('the channels of the account are gone'))
    const { limit } = resting
    taker.gateway.place([order(ticker, { side: 'sell', limit })])
    await until(
      () => isOver(maker, resting.id),
      () => maker.story(resting.id),
    )

    const told = exchange.kalshi?.audit(maker.keyId)
    const fills = maker.of(resting.id).flatMap((update) => {
      return update.kind === 'filled' ? [update.fill] : []
    })
    expect(maker.story(resting.id).at(-1)).toBe('done filled')
    expect(fills.map(({ venueTradeId }) => venueTradeId).toSorted()).toEqual(
      told?.fills.map(({ trade }) => trade).toSorted(),
    )
    expect(fills.every(({ liquidity }) => liquidity === 'maker')).toBe(true)
  })

  test('need a key that the venue knows', async () => {
    const scene = await trader(exchange, tickers)
    const key = { ...scene.key, keyId: '11111111-2222-4333-8444-555555555555' }

    const attempt = joinTrader(exchange, tickers, { key })

    await expect(attempt).rejects.toMatchObject({ name: 'VenueError', code: 'REFUSED' })
  })
})

describe('the socket of the account', () => {
  const groupNews = (seq: number) => ({
    type: 'order_group_updates',
    sid: 4,
    seq,
    msg: { event_type: 'triggered', order_group_id: `g${seq}`, ts_ms: 1 },
  })

  test('opens each channel, and stands when all are open', async () => {
    const { server, story } = await listening()

    expect(story).toEqual(['ready'])
    expect(server.peers[0]?.commands.map(({ params }) => params?.channels)).toEqual([
      ['fill'],
      ['user_orders'],
      ['market_positions'],
      ['order_group_updates'],
    ])
  })

  test('counts the numbers where there are any, and drops what comes twice', async () => {
    const { server, story } = await listening()

    for (const seq of [7, 8, 8, 7, 10]) server.peers[0]?.send(groupNews(seq))
    await until(() => story.length === 5)

    expect(story).toEqual(['ready', 'news', 'news', 'gap', 'news'])
  })

  test('counts what it does not understand, and stays', async () => {
    const { server, feed, story } = await listening()

    server.peers[0]?.send({ type: 'user_order', sid: 2, msg: { order_id: 'x' } })
    server.peers[0]?.send({ type: 'of_tomorrow', msg: {} })
    server.peers[0]?.send(groupNews(1))
    await until(() => story.includes('news'))

    expect(feed.refusedCount).toBe(2)
    expect(server.peers).toHaveLength(1)
  })

  test.each([
    { name: 'the venue ends it', end: (peer: Peer) => peer.close(), reason: 'lost closed' },
    {
      name: 'its buffer is full',
      end: (peer: Peer) => peer.send({ type: 'error', msg: { code: 25, msg: 'overflow' } }),
      reason: 'lost refused',
    },
  ])('comes back when $name', async ({ end, reason }) => {
    const { server, story } = await listening()
    const [peer] = server.peers

    if (peer !== undefined) end(peer)
    await until(() => story.length === 3)

    expect(story).toEqual(['ready', reason, 'ready'])
  })

  test('is given up when nothing comes, and when a command is not answered', async () => {
    const silent = await listening({ silenceMs: 80 })
    await until(() => silent.story.includes('lost silent'))

    const mute = await listening({ commandTimeoutMs: 80 }, (_, __, index) => index === 1)
    mute.server.peers[0]?.close()
    await until(() => mute.server.peers.length > 2)

    await until(() => mute.story.length === 3)
    expect(mute.story).toEqual(['ready', 'lost closed', 'ready'])
  })

  test('tries a busy venue again before it says that it cannot start', async () => {
    const { story } = await listening({}, undefined, 2)

    expect(story).toEqual(['ready'])
  })
})

/** A feed on a socket of our own making, started. */
async function listening(
  config: Partial<FeedConfig> = {},
  answer?: (command: Command, peer: Peer, index: number) => boolean,
  busyCount = 0,
) {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const server = await new SocketServer(publicKey, answer).start()
  server.busyCount = busyCount
  stops.push(() => server.stop())
  const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const story: string[] = []
  const { clock, timers } = thisMachine
  const feed = new AccountFeed({
    url: server.url,
    channels: ['fill', 'user_orders', 'market_positions', 'order_group_updates'],
    config: kalshiConfig({ feed: { reconnectMsMin: 10, reconnectMsMax: 20, ...config } }).feed,
    signer: new RequestSigner({ keyId: 'id', privateKeyPem }, clock),
    clock,
    timers,
    random: new Random(1),
    log: quietLog(),
    listener: {
      onMessage: () => story.push('news'),
      onReady: () => story.push('ready'),
      onGap: () => story.push('gap'),
      onLost: (reason) => story.push(`lost ${reason}`),
    },
  })
  await feed.start()
  stops.push(() => Promise.resolve(feed.stop()))
  return { server, feed, story }
}

/** A price one step under the best ask of YES, in ticks. */
async function bestAsk(exchange: Exchange, ticker: string, step: number): Promise<number> {
  const reply = await fetch(`${exchange.urls.kalshiRest}/markets/${ticker}`)
  const [, text = ''] = /"yes_ask_dollars":"([^"]+)"/.exec(await reply.text()) ?? []
  return Math.round(Number(text) * 10_000) - step
}
