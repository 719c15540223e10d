import { generateKeyPairSync } from 'node:crypto'
import { KalshiAuth } from 'kalshi-typescript/dist/auth.js'
import type { CreateOrderV2Request } from 'kalshi-typescript'
import { thisMachine } from '../src/app/machine.ts'
import type { InstrumentId, MarketId } from '../src/core/market.ts'
import type { BasketId, ClientOrderId, Order } from '../src/core/order.ts'
import { microShares, ticks } from '../src/core/units.ts'
import { RequestSigner } from '../src/venues/kalshi/auth.ts'
import { encodeOrder } from '../src/venues/kalshi/encode.ts'
import { centGrid } from '../src/venues/kalshi/fixtures/kalshi-market.ts'
import { PreparedHeaders } from '../src/venues/kalshi/prepared-headers.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { median } from './bench-case.ts'

const path = '/trade-api/v2/portfolio/events/orders'
const rounds = 40
const ordersPerRound = 25

const baseline = 'kalshi-typescript: KalshiAuth with the PEM of an RSA key, JSON.stringify'

/** From an order to the headers and the body that carry it to Kalshi.  */
export const kalshiOrderCases: readonly BenchCase[] = [
  {
    name: 'kalshi order, header lying ready (RSA)',
    group: 'execution',
    baseline,
    run: () => contest('rsa', 'prepared'),
  },
  {
    name: 'kalshi order, signed now (Ed25519)',
    group: 'execution',
    baseline,
    run: () => contest('ed25519', 'now'),
  },
  {
    name: 'kalshi order, signed now (RSA)',
    group: 'execution',
    baseline,
    run: () => contest('rsa', 'now'),
  },
]

function contest(type: 'rsa' | 'ed25519', when: 'prepared' | 'now'): BenchResult {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
  const key = type === 'rsa' ? rsa : generateKeyPairSync('ed25519').privateKey
  const pem = (of: typeof key): string => of.export({ type: 'pkcs8', format: 'pem' }).toString()
  const { clock } = thisMachine
  const signer = new RequestSigner({ keyId: 'id', privateKeyPem: pem(key) }, clock)
  const official = new KalshiAuth('id', pem(rsa))
  const orders = Array.from({ length: ordersPerRound }, (_, index) => orderOf(index))
  const requests = orders.map(requestOf)
  const sum = { of: 0 }
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] }
  for (let round = -5; round < rounds; round++) {
    // One header for each order: what idle time has made before, and is not on anybody's way.
    const ready = orders.map(() => preparedBy(signer))
    const ours = timed(() => {
      for (const [index, order] of orders.entries()) {
        const headers =
          when === 'prepared' ? ready[index]?.take('POST', path) : signer.headers('POST', path)
        const body = JSON.stringify(
          encodeOrder(order, centGrid, { group: undefined, cancelOnPause: true }),
        )
        sum.of += body.length + (headers?.['KALSHI-ACCESS-SIGNATURE'].length ?? 0)
      }
    })
    const theirs = timed(() => {
      for (const request of requests) {
        const headers = official.generateAuthHeaders('POST', path)
        sum.of += JSON.stringify(request).length + Object.keys(headers).length
      }
    })
    for (const each of ready) each.stop()
    if (round < 0) continue
    times.ours.push(ours)
    times.theirs.push(theirs)
  }
  return {
    nsPerOp: median(times.ours) / ordersPerRound,
    baselineNsPerOp: median(times.theirs) / ordersPerRound,
    ratio: median(times.theirs.map((ns, round) => ns / (times.ours[round] ?? ns))),
    rounds,
  }
}

function preparedBy(signer: RequestSigner): PreparedHeaders {
  const timers = { after: () => () => undefined, every: () => () => undefined }
  const calls = [{ method: 'POST', path }]
  const headers = new PreparedHeaders({ signer, clock: thisMachine.clock, timers, calls })
  headers.start()
  return headers
}

function orderOf(index: number): Order {
  return {
    id: `b${index}-1` as ClientOrderId,
    basket: `b${index}` as BasketId,
    legIndex: 0,
    venue: 'kalshi',
    market: `KXBENCH-26-${index}` as MarketId,
    instrument: `KXBENCH-26-${index}:no` as InstrumentId,
    outcome: 'no',
    side: 'buy',
    limit: ticks(4_300),
    size: microShares(12_340_000),
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
  }
}

/** The same order as a user of the official client writes it. */
function requestOf({ id, market }: Order): CreateOrderV2Request {
  return {
    ticker: market,
    client_order_id: id,
    side: 'ask',
    count: '12.34',
    price: '0.5700',
    time_in_force: 'fill_or_kill',
    self_trade_prevention_type: 'taker_at_cross',
  }
}

function timed(run: () => void): number {
  const start = performance.now()
  run()
  return (performance.now() - start) * 1e6
}
