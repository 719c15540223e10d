import { generateKeyPairSync, sign } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { thisMachine } from '../../app/machine.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import { Random } from '../../core/random.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { Faults } from '../faults.ts'
import { MarketIds } from '../market-ids.ts'
import { Simulation } from '../simulation.ts'
import type { SimMarket } from '../sim-market.ts'
import { startKalshiFace } from './kalshi-face.ts'

const keys = generateKeyPairSync('ed25519')
const account = {
  keyId: 'a-key',
  publicKeyPem: keys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
}
const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const Frame = z.looseObject({
  type: z.string(),
  sid: z.int().optional(),
  seq: z.int().optional(),
  id: z.int().optional(),
  msg: z.unknown(),
})
type Frame = z.infer<typeof Frame>
const Level = z.tuple([z.string(), z.string()])
const Snapshot = z.object({
  market_ticker: z.string(),
  yes_dollars_fp: z.array(Level).optional(),
  no_dollars_fp: z.array(Level).optional(),
})
const Delta = z.object({
  market_ticker: z.string(),
  price_dollars: z.string(),
  delta_fp: z.string(),
  side: z.string(),
})

/** A face over a world that moves only when the test says so. */
async function scene() {
  const simulation = new Simulation(
    { seed: 7, venues: ['polymarket', 'kalshi'] },
    thisMachine.clock,
  )
  const { world } = simulation
  const face = await startKalshiFace({
    ...thisMachine,
    world,
    ids: new MarketIds(7),
    faults: new Faults([], new Random(1)),
    accounts: [account],
    port: 0,
  })
  stops.push(() => face.stop())
  const markets = world.marketsOn('kalshi')
  const [first, second] = markets
  if (first === undefined || second === undefined) throw new Error('there are some')
  return { simulation, world, face, first, second, markets }
}

function headers(path: string): Record<string, string> {
  const timestamp = String(Date.now())
  const signature = sign(null, Buffer.from(`${timestamp}GET${path}`), keys.privateKey)
  return {
    'KALSHI-ACCESS-KEY': account.keyId,
    'KALSHI-ACCESS-TIMESTAMP': timestamp,
    'KALSHI-ACCESS-SIGNATURE': signature.toString('base64'),
  }
}

async function connect(url: string) {
  const socket = new WebSocket(url, { headers: headers(new URL(url).pathname) })
  stops.push(() => socket.terminate())
  const frames: Frame[] = []
  socket.on('message', (data: Buffer) => frames.push(Frame.parse(JSON.parse(data.toString()))))
  await new Promise<void>((resolve, reject) => {
    socket.on('open', resolve)
    socket.on('error', reject)
  })
  const ask = (command: object): void => socket.send(JSON.stringify(command))
  const until = async (isThere: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 2000; tries++) {
      if (isThere()) return
      await pause(5)
    }
    throw new Error(`it never came: ${JSON.stringify(frames.slice(-5))}`)
  }
  return { frames, ask, until }
}

const tickerOf = (market: SimMarket): string => market.listing.conditionId

/** The book that the frames of a subscription make, in YES prices. */
function kept(frames: readonly Frame[], ticker: string): ReadonlyMap<string, number> {
  const levels = new Map<string, number>()
  for (const { type, msg } of frames) {
    if (type === 'orderbook_snapshot') {
      const snapshot = Snapshot.parse(msg)
      if (snapshot.market_ticker !== ticker) continue
      levels.clear()
      for (const [price, size] of snapshot.yes_dollars_fp ?? [])
        levels.set(`yes ${price}`, Number(size))
      for (const [price, size] of snapshot.no_dollars_fp ?? [])
        levels.set(`no ${price}`, Number(size))
    } else if (type === 'orderbook_delta') {
      const delta = Delta.parse(msg)
      if (delta.market_ticker !== ticker) continue
      const key = `${delta.side} ${delta.price_dollars}`
      const size = (levels.get(key) ?? 0) + Number(delta.delta_fp)
      if (Math.abs(size) < 0.005) levels.delete(key)
      else levels.set(key, Math.round(size * 100) / 100)
    }
  }
  return levels
}

function real({ engine }: SimMarket, noSide: 'yes' | 'own'): ReadonlyMap<string, number> {
  const book = engine.book('yes')
  return new Map([
    ...book.levels(bidSide).map(({ price, size }) => [`yes ${text(price)}`, size / 1e6] as const),
    ...book
      .levels(askSide)
      .map(
        ({ price, size }) =>
          [`no ${text(noSide === 'yes' ? price : 10_000 - price)}`, size / 1e6] as const,
      ),
  ])
}

function text(price: number): string {
  return (price / 10_000).toFixed(4)
}

describe("Kalshi's socket", () => {
  test('opens only to a signature', async () => {
    const { face } = await scene()
    const refused = new WebSocket(face.socketUrl)

    const status = await new Promise((resolve) => {
      refused.on('unexpected-response', (_request, response) => resolve(response.statusCode))
      refused.on('error', () => undefined)
    })

    expect(status).toBe(401)
    const { frames } = await connect(face.socketUrl)
    expect(frames).toEqual([])
  })

  test.each(['yes', 'own'] as const)(
    'tells books so that who applies every change holds them, NO in its %s price',
    async (noSide) => {
      const { face, simulation, markets } = await scene()
      const { frames, ask, until } = await connect(face.socketUrl)
      const params = {
        channels: ['orderbook_delta'],
        market_tickers: markets.map(tickerOf),
        ...(noSide === 'yes' ? { use_yes_price: true } : {}),
      }
      ask({ id: 1, cmd: 'subscribe', params })
      await until(() => frames.length === 1 + markets.length)

      for (let elapsed = 0; elapsed < 20_000; elapsed += 20) simulation.run(elapsed)
      const before = frames.length
      ask({ id: 2, cmd: 'list_subscriptions' })
      await until(() => frames.at(-1)?.type === 'ok')

      expect(frames.length).toBeGreaterThan(before)
      expect(frames[0]).toEqual({
        type: 'subscribed',
        id: 1,
        msg: { channel: 'orderbook_delta', sid: 1 },
      })
      const numbers = frames.flatMap(({ seq }) => (seq === undefined ? [] : [seq]))
      expect(numbers).toEqual(numbers.map((_, at) => at + 1))
      expect(numbers.length).toBeGreaterThan(500)
      for (const market of markets) {
        expect(kept(frames, tickerOf(market))).toEqual(real(market, noSide))
      }
    },
  )

  test('adds, removes and repeats books on one subscription, in one sequence', async () => {
    const { face, first, second } = await scene()
    const { frames, ask, until } = await connect(face.socketUrl)
    const channels = ['orderbook_delta']
    ask({ id: 1, cmd: 'subscribe', params: { channels, market_ticker: tickerOf(first) } })
    await until(() => frames.length === 2)

    const update = (id: number, action: string, market: SimMarket) =>
      ask({
        id,
        cmd: 'update_subscription',
        params: { sids: [1], market_tickers: [tickerOf(market)], action },
      })
    update(2, 'add_markets', second)
    update(3, 'get_snapshot', first)
    update(4, 'delete_markets', second)
    await until(() => frames.length === 6)

    expect(frames.slice(2).map(({ type, id, seq }) => [type, id, seq])).toEqual([
      ['orderbook_snapshot', undefined, 2],
      ['ok', 2, 3],
      ['orderbook_snapshot', 3, 4],
      ['ok', 4, 5],
    ])
    expect(frames[5]?.msg).toEqual({ market_tickers: [tickerOf(first)] })
  })

  test('tells trades, tops and what becomes of a market', async () => {
    const { face, world, simulation, first } = await scene()
    simulation.run(0)
    const { frames, ask, until } = await connect(face.socketUrl)
    const market_tickers = [tickerOf(first)]
    ask({ id: 1, cmd: 'subscribe', params: { channels: ['trade', 'ticker'], market_tickers } })
    ask({ id: 2, cmd: 'subscribe', params: { channels: ['market_lifecycle_v2'] } })
    await until(() => frames.length === 3)

    world.submit(first, {
      id: 'a-buyer',
      owner: 'somebody',
      outcome: 'no',
      side: 'sell',
      price: (10_000 - first.engine.bestAsk('yes')) as Ticks,
      amount: { kind: 'shares', shares: 1_000_000 as MicroShares },
      timeInForce: 'ioc',
      postOnly: false,
    })
    world.changeTick(first, 10 as Ticks)
    world.resolve(first, 'yes')
    await until(() => frames.some(({ msg }) => JSON.stringify(msg).includes('determined')))

    const of = (type: string) => frames.filter((frame) => frame.type === type)
    expect(of('trade')[0]).toMatchObject({
      seq: 1,
      msg: { count_fp: '1.00', taker_outcome_side: 'yes', taker_book_side: 'bid' },
    })
    expect(of('ticker')[0]?.seq).toBeUndefined()
    expect(of('market_lifecycle_v2').map(({ msg }) => msg)).toMatchObject([
      { event_type: 'price_level_structure_updated', price_ranges: [{ step: '0.0010' }] },
      { event_type: 'determined', result: 'yes' },
    ])
  })

  test.each([
    { command: { id: 1, cmd: 'subscribe', params: { channels: ['nothing'] } }, code: 8 },
    { command: { id: 1, cmd: 'subscribe', params: { channels: ['orderbook_delta'] } }, code: 14 },
    { command: { id: 1, cmd: 'subscribe', params: {} }, code: 3 },
    { command: { id: 1, cmd: 'dance' }, code: 5 },
    { command: { id: 1, cmd: 'unsubscribe', params: { sids: [9] } }, code: 7 },
    { command: { id: 1, cmd: 'update_subscription', params: { sids: [1, 2] } }, code: 12 },
    { command: { cmd: 17 }, code: 1 },
  ])('answers $command with error $code', async ({ command, code }) => {
    const { face } = await scene()
    const { frames, ask, until } = await connect(face.socketUrl)

    ask(command)
    await until(() => frames.length === 1)

    expect(frames[0]).toMatchObject({ type: 'error', msg: { code } })
  })
})
