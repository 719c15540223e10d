import { Chain, ClobClient, OrderType, Side } from '@polymarket/clob-client-v2'
import { createWalletClient, http } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { polygon } from 'viem/chains'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange, ExchangeOptions } from '../exchange.ts'
import { startExchange } from '../exchange.ts'

const Markets = z.object({
  data: z.array(
    z.object({ neg_risk: z.boolean(), tokens: z.array(z.object({ token_id: z.string() })) }),
  ),
})
const Event = z.record(z.string(), z.unknown())

const settlement = { minedMs: 50, confirmedMs: 50 }
const running: Exchange[] = []

afterEach(async () => {
  await Promise.all(running.splice(0).map((exchange) => exchange.stop()))
})

async function scene(options: Partial<ExchangeOptions> = {}, dollars = 100) {
  const exchange = await startExchange(
    { seed: 45, faults: [], settlement, ...options },
    thisMachine,
  )
  running.push(exchange)
  const { clob, userSocket } = exchange.urls
  const { data } = Markets.parse(await (await fetch(`${clob}/markets`)).json())
  const token = data.find(({ neg_risk: isNegRisk }) => !isNegRisk)?.tokens[0]?.token_id ?? ''
  const account = privateKeyToAccount(generatePrivateKey())
  exchange.polymarket.openAccount({ owner: account.address, kind: 'eoa', dollars })
  const signer = createWalletClient({ account, chain: polygon, transport: http() })
  const base = { host: clob, chain: Chain.POLYGON, signer }
  const creds = await new ClobClient(base).createOrDeriveApiKey()
  const client = new ClobClient({ ...base, creds })
  const events: z.infer<typeof Event>[] = []
  const socket = new WebSocket(userSocket)
  await new Promise((resolve) => {
    socket.once('open', resolve)
  })
  const auth = { apiKey: creds.key, secret: creds.secret, passphrase: creds.passphrase }
  socket.send(JSON.stringify({ auth, type: 'user' }))
  socket.on('message', (frame: Buffer) => events.push(Event.parse(JSON.parse(frame.toString()))))
  const rest = (price: number, size: number): Promise<unknown> =>
    client.createAndPostOrder(
      { tokenID: token, price, size, side: Side.BUY },
      { tickSize: '0.01', negRisk: false },
      OrderType.GTC,
    )
  const buy = (amount: number): Promise<unknown> =>
    client.createAndPostMarketOrder(
      { tokenID: token, amount, side: Side.BUY, price: 0.99 },
      { tickSize: '0.01', negRisk: false },
      OrderType.FOK,
    )
  return { exchange, client, address: account.address, token, events, rest, buy }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 8000 && !isSo(); waited += 10) {
    await new Promise((resolve) => {
      setTimeout(resolve, 10)
    })
  }
}

describe('the trading floor', () => {
  test('a trade that fails takes nothing and gives nothing', async () => {
    const { exchange, address, events, buy } = await scene()
    exchange.polymarket.failNextTrades(20)

    await buy(10)
    await until(() => events.some(({ status }) => status === 'FAILED'))
    await until(() => exchange.polymarket.audit(address).pendingFills === 0)
    const { cash, positions, fills } = exchange.polymarket.audit(address)

    expect([cash, positions]).toEqual(['100', []])
    expect(new Set(fills.map(({ status }) => status))).toEqual(new Set(['FAILED']))
    const told = events
      .filter(({ event_type: kind }) => kind === 'trade')
      .map((event) => event['status'])
    expect([...new Set(told)]).toEqual(['MATCHED', 'RETRYING', 'FAILED'])
  })

  test('after a restart only orders that rest are taken', async () => {
    const { exchange, client, token, rest } = await scene()

    exchange.polymarket.restart(60_000)
    const down = await rest(0.02, 10)
    exchange.polymarket.restart(0, 60_000)
    const taker = await rest(0.02, 10)
    const maker: unknown = await client.createAndPostOrder(
      { tokenID: token, price: 0.02, size: 10, side: Side.BUY },
      { tickSize: '0.01', negRisk: false },
      OrderType.GTC,
      true,
    )

    expect(down).toMatchObject({ status: 425 })
    expect(taker).toMatchObject({
      status: 503,
      error: 'post-only mode: only post-only orders and cancels are allowed',
    })
    expect(maker).toMatchObject({ success: true, status: 'live' })
  })

  test('a heart that stops takes the orders with it', async () => {
    const { client, events, rest } = await scene({ heartbeatMs: 150 })
    await rest(0.02, 10)

    await client.postHeartbeat('')
    await until(() => events.some(({ type }) => type === 'CANCELLATION'))

    expect(await client.getOpenOrders()).toEqual([])
  })

  test('one market takes no more than the balance, and says so', async () => {
    const { rest } = await scene({}, 10)

    const first = await rest(0.02, 300)
    const second = await rest(0.02, 300)

    expect(first).toMatchObject({ success: true })
    expect(second).toMatchObject({ error: 'not enough balance / allowance', status: 400 })
  })

  test('an order whose reply is lost is taken all the same', async () => {
    const { exchange, address, rest } = await scene({ faults: ['lost-reply'] }, 1000)

    const replies: unknown[] = []
    for (let count = 0; count < 60 && !replies.some(isLost); count++) {
      replies.push(await rest(0.01, 10 + count).catch((error: unknown) => ({ error })))
    }

    expect(replies.some(isLost)).toBe(true)
    expect(exchange.polymarket.audit(address).orders).toHaveLength(replies.length)
  })

  test('events come twice and out of order, and none is missing', async () => {
    const faults = ['duplicate-user-event', 'reordered-user-event'] as const
    const { exchange, address, events, buy } = await scene({ faults }, 1000)

    for (let count = 0; count < 8; count++) await buy(5)
    await until(() => exchange.polymarket.audit(address).pendingFills === 0)
    const { fills } = exchange.polymarket.audit(address)
    const trades = new Set(fills.map(({ trade }) => trade.split(':')[0]))
    const told = (status: string): Set<unknown> =>
      new Set(events.filter((event) => event['status'] === status).map(({ id }) => id))
    await until(() => [...trades].every((id) => told('CONFIRMED').has(id)))

    for (const status of ['MATCHED', 'MINED', 'CONFIRMED']) {
      expect([...trades].filter((id) => !told(status).has(id))).toEqual([])
    }
  })
})

function isLost(reply: unknown): boolean {
  return !z.object({ success: z.literal(true) }).safeParse(reply).success
}
