import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { Chain, ClobClient, OrderType, Side } from '@polymarket/clob-client-v2'
import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { polygon } from 'viem/chains'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { thisMachine } from '../src/app/machine.ts'
import type { BasketId, ClientOrderId, Order } from '../src/core/order.ts'
import type { FeeSchedule } from '../src/core/fee.ts'
import { freeCurve } from '../src/core/fee.ts'
import type { Market } from '../src/core/market.ts'
import { uniformGrid } from '../src/core/price-grid.ts'
import type { MicroShares, Ticks } from '../src/core/units.ts'
import { microShares, ticks } from '../src/core/units.ts'
import { MarketCache } from '../src/engine/market-cache.ts'
import type { TurnSink } from '../src/ports/feed-codec.ts'
import type { Log } from '../src/ports/log.ts'
import type { VenueGateway } from '../src/ports/venue-gateway.ts'
import type { SigningKit } from '../src/venues/polymarket/index.ts'
import {
  createPolymarketTrading,
  createPolymarketVenue,
  exchangeDomain,
  loadSigningKit,
  orderAmounts,
  OrderSigner,
  parsePrivateKey,
  polymarketConfig,
} from '../src/venues/polymarket/index.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { median } from './bench-case.ts'
import type { VenueJob, VenueReport } from './order-venue.ts'
import { makeCorpus } from './polymarket-corpus.ts'

/** From a decision, or from the frame that brings it, to a signed order. */
export const executionCases: readonly BenchCase[] = [
  {
    name: 'an order signed',
    group: 'execution',
    baseline: 'the official client’s order builder (viem)',
    run: signing,
  },
  {
    name: 'frame in, signed order received',
    group: 'execution',
    baseline: 'ws, JSON.parse, maps, and the official client (viem, axios), in the same run',
    run: frameToOrder,
  },
]

// The well-known first key of local test chains: it guards nothing.
const testKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const { clock, timers } = thisMachine
const apiKey = {
  key: '11111111-1111-1111-1111-111111111111',
  secret: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=',
  passphrase: 'words',
}
const tenShares = microShares(10_000_000)
/** A market without a known fee is not traded. */
const free: FeeSchedule = {
  kind: 'known',
  taker: freeCurve,
  maker: freeCurve,
  rounding: 'down-to-5-decimals',
}
const quiet: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

function testKit(): Promise<SigningKit> {
  return loadSigningKit(parsePrivateKey(testKey) ?? new Uint8Array())
}

function officialClient(host: string): ClobClient {
  const account = privateKeyToAccount(testKey)
  const signer = createWalletClient({ account, chain: polygon, transport: http(host) })
  return new ClobClient({ host, chain: Chain.POLYGON, signer, creds: apiKey })
}

const signRounds = 40
const signsPerRound = 50

/** Amounts, hash and signature of one order, as either side makes them of a price and a size. */
async function signing(): Promise<BenchResult> {
  const kit = await testKit()
  const official = officialClient('http://127.0.0.1:9')
  const signer = new OrderSigner(exchangeDomain(false, 137), kit.signer, kit.keccak)
  const grid = uniformGrid(100 as Ticks)
  const tokenID = '71321045679252212594626385532706912750332728571942532289631379312455583992563'
  const zero = `0x${'0'.repeat(64)}` as const
  const sides = {
    candidate: (count: number): Promise<void> => {
      for (let at = 0; at < count; at++) {
        const limit = ticks(100 + (at % 90) * 100)
        const order = { side: 'buy', limit, size: tenShares, timeInForce: 'gtc' } as const
        const amounts = orderAmounts(order, grid)
        if (amounts.kind === 'refused') throw new Error(amounts.reason)
        signer.sign({
          salt: at,
          maker: kit.signer.address,
          signer: kit.signer.address,
          tokenId: tokenID,
          ...amounts.amounts,
          side: 0,
          signatureType: 0,
          timestamp: 1_790_000_000_000 + at,
          metadata: zero,
          builder: zero,
        })
      }
      return Promise.resolve()
    },
    baseline: async (count: number): Promise<void> => {
      for (let at = 0; at < count; at++) {
        const price = (1 + (at % 90)) / 100
        const order = { tokenID, price, size: 10, side: Side.BUY }
        await official.orderBuilder.buildOrder(order, { tickSize: '0.01', negRisk: false }, 2)
      }
    },
  }
  for (const run of [sides.candidate, sides.baseline]) await run(10 * signsPerRound)
  const took = { candidate: [] as number[], baseline: [] as number[] }
  for (let round = 0; round < signRounds; round++) {
    const sequence =
      round % 2 === 0 ? (['candidate', 'baseline'] as const) : (['baseline', 'candidate'] as const)
    for (const side of sequence) {
      const start = performance.now()
      await sides[side](signsPerRound)
      took[side].push(((performance.now() - start) * 1e6) / signsPerRound)
    }
  }
  return {
    nsPerOp: median(took.candidate),
    baselineNsPerOp: median(took.baseline),
    ratio: median(took.baseline.map((ns, round) => ns / (took.candidate[round] ?? ns))),
    rounds: signRounds,
    more: { isNative: Number(kit.means.signer === 'native') },
  }
}

const marketCount = 40
const warmShots = 400
const shots = 600

/**
 * The venue sends a price change; whoever hears it buys ten shares at the best ask of its market.
 * Timed by the venue, from sending the frame to having the whole order.
 */
async function frameToOrder(): Promise<BenchResult> {
  const corpus = makeCorpus({
    seed: 11,
    marketCount,
    frameCount: warmShots + shots,
    bookPercent: 0,
    tradePercent: 0,
  })
  const markets = corpus.markets.map((market): Market => ({ ...market, fee: free }))
  const text = (bytes: Buffer): string => bytes.toString('latin1').trim()
  const job: VenueJob = {
    snapshots: corpus.snapshots.map(text),
    frames: corpus.frames.map(text),
    warm: warmShots,
    shots,
  }
  const worker = new Worker(new URL('./order-venue.ts', import.meta.url), { workerData: job })
  const urls = Urls.parse((await once(worker, 'message'))[0])
  const stopOurs = await traderOfOurs(urls.ours, markets)
  const stopTheirs = await traderOfTheirs(urls.theirs, markets)
  const answer = once(worker, 'message')
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  worker.postMessage('start')
  const [report] = (await answer) as [VenueReport]
  await stopOurs()
  stopTheirs()
  await worker.terminate()
  return {
    nsPerOp: quantile(report.ours, 0.5) * 1_000,
    baselineNsPerOp: quantile(report.theirs, 0.5) * 1_000,
    ratio: quantile(report.theirs, 0.5) / quantile(report.ours, 0.5),
    rounds: shots,
    more: {
      p50_us: quantile(report.ours, 0.5),
      p99_us: quantile(report.ours, 0.99),
      baseline_p50_us: quantile(report.theirs, 0.5),
      baseline_p99_us: quantile(report.theirs, 0.99),
    },
  }
}

const Urls = z.object({ ours: z.string(), theirs: z.string() })

function quantile(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN
}

/** The product’s own feed, codec and gateway, with the least of decisions in between. */
async function traderOfOurs(
  url: string,
  markets: readonly Market[],
): Promise<() => Promise<unknown>> {
  const byId = new Map(markets.map((market) => [market.id, market]))
  const gateway = await gatewayAt(url, byId)
  const venue = createPolymarketVenue({
    config: polymarketConfig({
      clobUrl: url,
      gammaUrl: url,
      marketSocketUrl: `${url.replace('http', 'ws')}/ws/market`,
    }),
    clock,
    timers,
    log: quiet,
  })
  const books = new MarketCache()
  for (const market of markets) books.add(market)
  const heard = { changed: false, market: '', ask: 0, snapshots: 0 }
  const sink: TurnSink = {
    event: () => undefined,
    changed: (entry, book) => {
      heard.changed = true
      heard.market = entry.market.id
      heard.ask = book.bestAsk
    },
    refused: () => undefined,
    proof: () => undefined,
    needSnapshot: () => undefined,
    trade: () => undefined,
    lifecycle: () => undefined,
  }
  let count = 0
  venue.feed.subscribe(markets)
  await venue.feed.start({
    onFrame: (connection, bytes) => {
      heard.changed = false
      venue.codec.onFrame(connection, bytes, books, sink)
      if (!heard.changed || heard.snapshots++ < marketCount) return
      const market = byId.get(heard.market as Market['id'])
      if (market === undefined) return
      count++
      gateway.place([buy(market, heard.ask as Ticks, count)])
    },
    onSnapshot: () => undefined,
    onConnection: () => undefined,
  })
  return async () => {
    await venue.feed.stop()
    await gateway.stop()
  }
}

async function gatewayAt(url: string, markets: ReadonlyMap<string, Market>): Promise<VenueGateway> {
  const kit = await testKit()
  const { gateway } = await createPolymarketTrading({
    hosts: {
      clobUrl: url,
      userSocketUrl: `${url.replace('http', 'ws')}/ws/user`,
      dataUrl: url,
      relayerUrl: url,
      rpcUrl: url,
    },
    kit,
    apiKey,
    signatureType: 0,
    funder: kit.signer.address,
    clock,
    timers,
    log: quiet,
    marketOf: (id) => markets.get(id),
    keepWarmMs: 1,
  })
  await gateway.start({ onUpdate: () => undefined, onVenueStatus: () => undefined })
  return gateway
}

function buy(market: Market, limit: Ticks, count: number): Order {
  return {
    id: `b${count}-1` as ClientOrderId,
    basket: `b${count}` as BasketId,
    legIndex: 0,
    venue: 'polymarket',
    market: market.id,
    instrument: market.yes.id,
    outcome: 'yes',
    side: 'buy',
    limit,
    size: 10_000_000 as MicroShares,
    timeInForce: 'gtc',
    postOnly: false,
    expiresAt: undefined,
  }
}

const Change = z.object({
  price_changes: z.array(
    z.object({
      asset_id: z.string(),
      price: z.string(),
      size: z.string(),
      side: z.string(),
      best_ask: z.string(),
    }),
  ),
})

/** As it is usually written: a socket, JSON, maps of prices, and the official client. */
async function traderOfTheirs(url: string, markets: readonly Market[]): Promise<() => void> {
  const client = officialClient(url)
  const books = new Map(markets.map(({ yes }) => [yes.id as string, new Map<string, string>()]))
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws/market`)
  await once(socket, 'open')
  socket.send(JSON.stringify({ assets_ids: [...books.keys()], type: 'market' }))
  socket.on('message', (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString())
    if (Array.isArray(message)) return
    const { price_changes: changes } = message as z.infer<typeof Change>
    for (const { asset_id: token, price, size, side, best_ask: ask } of changes) {
      const book = books.get(token)
      if (book === undefined) continue
      if (size === '0') book.delete(`${side} ${price}`)
      else book.set(`${side} ${price}`, size)
      void client.createAndPostOrder(
        { tokenID: token, price: Number(ask), size: 10, side: Side.BUY },
        { tickSize: '0.001', negRisk: false },
        OrderType.GTC,
      )
    }
  })
  return () => socket.terminate()
}
