import { Chain, ClobClient, OrderType, Side } from '@polymarket/clob-client-v2'
import { createWalletClient, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { polygon } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange } from '../exchange.ts'
import { startExchange } from '../exchange.ts'

let exchange: Exchange
let token: string
let conditionId: string

const until = async <T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> => {
  for (let waited = 0; waited < 10_000; waited += 20) {
    const value = await read()
    if (value !== undefined) return value
    await new Promise((resolve) => {
      setTimeout(resolve, 20)
    })
  }
  throw new Error('waited for ten seconds')
}

beforeAll(async () => {
  const settlement = { minedMs: 60, confirmedMs: 60 }
  exchange = await startExchange({ seed: 43, faults: [], settlement }, thisMachine)
  const reply = await fetch(`${exchange.urls.gamma}/markets/slug/rovers-beat-united`)
  expect(reply.status).toBe(200)
  const page: unknown = await (await fetch(`${exchange.urls.clob}/sampling-markets`)).json()
  const markets = (page as { data: { condition_id: string; neg_risk: boolean }[] }).data
  const plain = markets.find(({ neg_risk }) => !neg_risk)
  conditionId = plain?.condition_id ?? ''
  token = await tokenOf(conditionId)
})

afterAll(async () => {
  await exchange.stop()
})

async function tokenOf(condition: string): Promise<string> {
  const market: unknown = await (await fetch(`${exchange.urls.clob}/markets/${condition}`)).json()
  return (market as { tokens: { token_id: string }[] }).tokens[0]?.token_id ?? ''
}

async function trader(dollars: number) {
  const account = privateKeyToAccount(generatePrivateKey())
  exchange.polymarket.openAccount({ owner: account.address, kind: 'eoa', dollars })
  const signer = createWalletClient({ account, chain: polygon, transport: http() })
  const base = { host: exchange.urls.clob, chain: Chain.POLYGON, signer }
  const creds = await new ClobClient(base).createOrDeriveApiKey()
  const events: Record<string, unknown>[] = []
  const socket = new WebSocket(exchange.urls.userSocket)
  await new Promise((resolve) => socket.once('open', resolve))
  const { key: apiKey, secret, passphrase } = creds
  socket.send(JSON.stringify({ auth: { apiKey, secret, passphrase }, type: 'user', markets: [] }))
  socket.on('message', (data: Buffer) => {
    events.push(z.record(z.string(), z.unknown()).parse(JSON.parse(data.toString())))
  })
  return { client: new ClobClient({ ...base, creds }), address: account.address, events, socket }
}

describe('@polymarket/clob-client-v2', () => {
  test('rests an order far from the market, reads it, and cancels it', async () => {
    const { client, events } = await trader(100)

    const placed = await client.createAndPostOrder(
      { tokenID: token, price: 0.02, size: 10, side: Side.BUY },
      { tickSize: '0.01', negRisk: false },
      OrderType.GTC,
    )
    const open = await client.getOpenOrders()
    const cancelled: unknown = await client.cancelOrder({ orderID: placed.orderID })

    expect(placed).toMatchObject({ success: true, status: 'live' })
    expect(open.map(({ id }) => id)).toEqual([placed.orderID])
    expect(cancelled).toMatchObject({ canceled: [placed.orderID], not_canceled: {} })
    await until(() => events.find(({ type }) => type === 'CANCELLATION'))
    expect(events.map(({ type }) => type)).toEqual(['PLACEMENT', 'CANCELLATION'])
  })

  test('buys what is offered, and the trade comes on the chain', async () => {
    const { client, address, events } = await trader(1000)

    const placed = await client.createAndPostMarketOrder(
      { tokenID: token, amount: 20, side: Side.BUY, price: 0.99 },
      { tickSize: '0.01', negRisk: false },
      OrderType.FOK,
    )
    await until(() => events.find(({ status }) => status === 'CONFIRMED'))
    await until(() =>
      exchange.polymarket.audit(address).pendingFills === 0 ? 'settled' : undefined,
    )
    const audit = exchange.polymarket.audit(address)

    expect(placed).toMatchObject({ success: true, status: 'matched' })
    expect(Number(placed.makingAmount)).toBeCloseTo(20, 4)
    expect(Number(audit.positions[0]?.size)).toBe(Number(placed.takingAmount))
    const fees = audit.fills.reduce((sum, { fee }) => sum + Number(fee), 0)
    expect(Number(audit.cash)).toBeCloseTo(1000 - Number(placed.makingAmount) - fees, 6)
    expect(exchange.polymarket.auditChain().unequal).toEqual([])
  })

  test('an order signed for the wrong contract is refused', async () => {
    const { client } = await trader(100)

    const placed: unknown = await client.createAndPostOrder(
      { tokenID: token, price: 0.02, size: 10, side: Side.BUY },
      { tickSize: '0.01', negRisk: true },
      OrderType.GTC,
    )

    expect(placed).toMatchObject({ error: 'invalid signature', status: 400 })
  })
})
