import { generateKeyPairSync, randomUUID } from 'node:crypto'
import type { CreateOrderV2Request } from 'kalshi-typescript'
import { Configuration, MarketApi, OrdersApi, PortfolioApi } from 'kalshi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange } from '../exchange.ts'
import { startExchange } from '../exchange.ts'

let exchange: Exchange
let ticker: string
/** One account for all: the client signs every call with the key of its first object. */
let account: ReturnType<typeof trader>

beforeAll(async () => {
  const kalshi = { accounts: [] }
  exchange = await startExchange({ seed: 47, faults: [], kalshi }, thisMachine)
  const config = new Configuration({ basePath: exchange.urls.kalshiRest })
  const { data } = await new MarketApi(config).getMarkets(100)
  account = trader(100)
  ticker = data.markets.find(({ status }) => status === 'active')?.ticker ?? ''
})

afterAll(async () => {
  await exchange.stop()
})

function trader(dollars: number) {
  const keyId = randomUUID()
  const { privateKey, publicKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  exchange.kalshi?.openAccount({ keyId, publicKeyPem: publicKey, tier: 'premier', dollars })
  const basePath = exchange.urls.kalshiRest
  const config = new Configuration({ basePath, apiKey: keyId, privateKeyPem: privateKey })
  return {
    keyId,
    orders: new OrdersApi(config),
    portfolio: new PortfolioApi(config),
  }
}

function order(terms: Partial<CreateOrderV2Request>): CreateOrderV2Request {
  return {
    ticker,
    side: 'bid',
    count: '10.00',
    price: '0.0100',
    time_in_force: 'good_till_canceled',
    self_trade_prevention_type: 'taker_at_cross',
    client_order_id: randomUUID(),
    ...terms,
  }
}

const Refusal = z.object({
  response: z.object({
    status: z.number(),
    data: z.object({ error: z.object({ code: z.string() }) }),
  }),
})

async function refusalOf(call: Promise<unknown>): Promise<readonly [number, string]> {
  const error: unknown = await call.then(
    () => undefined,
    (failed: unknown) => failed,
  )
  const { response } = Refusal.parse(error)
  return [response.status, response.data.error.code]
}

describe('kalshi-typescript', () => {
  test('rests an order, reads it, and cancels it', async () => {
    const { orders } = account

    const { data: placed, status } = await orders.createOrderV2(order({}))
    const { data: read } = await orders.getOrder(placed.order_id)
    const { data: gone } = await orders.cancelOrderV2(placed.order_id)

    expect(status).toBe(201)
    expect(placed).toMatchObject({ fill_count: '0.00', remaining_count: '10.00' })
    expect(read.order).toMatchObject({ status: 'resting', yes_price_dollars: '0.0100' })
    expect(gone.reduced_by).toBe('10.00')
    expect(await refusalOf(orders.cancelOrderV2(placed.order_id))).toEqual([404, 'not_found'])
  })

  test('buys at once, pays the fee, and holds what it bought', async () => {
    const { orders, portfolio, keyId } = account

    const bought = order({ price: '0.9900', time_in_force: 'immediate_or_cancel', count: '5.00' })
    const { data: placed } = await orders.createOrderV2(bought)
    const { data: fills } = await portfolio.getFills()
    const { data: positions } = await portfolio.getPositions()
    const audit = exchange.kalshi?.audit(keyId)

    expect(placed.fill_count).toBe('5.00')
    expect(positions.market_positions.map(({ position_fp: size }) => size)).toEqual(['5.00'])
    const spent = fills.fills.reduce(
      (sum, fill) =>
        sum + Number(fill.count_fp) * Number(fill.yes_price_dollars) + Number(fill.fee_cost),
      0,
    )
    expect(Number(audit?.cash)).toBeCloseTo(100 - spent, 6)
  })

  test('a client order id is used once, and by a killed order too', async () => {
    const { orders } = account
    const killed = order({ time_in_force: 'fill_or_kill' })
    const rested = order({})

    const kill = await refusalOf(orders.createOrderV2(killed))
    const again = await refusalOf(orders.createOrderV2({ ...killed, price: '0.0200' }))
    await orders.createOrderV2(rested)
    const twice = await refusalOf(orders.createOrderV2(rested))

    expect(kill).toEqual([409, 'fill_or_kill_insufficient_resting_volume'])
    expect(again).toEqual([409, 'order_already_exists'])
    expect(twice).toEqual([409, 'order_already_exists'])
  })

  test('an order is cut off where it would meet its own account', async () => {
    const { orders, keyId } = account
    const resting = order({ side: 'ask', price: '0.9900', count: '3.00' })
    await orders.createOrderV2(resting)

    await orders.createOrderV2(order({ side: 'bid', price: '0.9900', count: '5.00' }))
    const audit = exchange.kalshi?.audit(keyId)

    const own = audit?.orders.find(({ intent }) => intent === resting.client_order_id)
    expect(own).toMatchObject({ filled: '0', status: 'resting' })
    expect(audit?.doubledOrders).toEqual([])
  })

  test('who has too little money is refused', async () => {
    const { orders } = account

    const refusal = await refusalOf(
      orders.createOrderV2(order({ price: '0.5000', count: '500.00' })),
    )

    expect(refusal).toEqual([400, 'insufficient_balance'])
  })
})
