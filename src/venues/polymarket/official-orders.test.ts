import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import type { TickSize } from '@polymarket/clob-client-v2'
import { Chain, ClobClient, OrderType, Side } from '@polymarket/clob-client-v2'
import fc from 'fast-check'
import { createWalletClient, http } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { polygon } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'

import { uniformGrid } from '../../core/price-grid.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { apiCredentials, keyHeaders } from './auth.ts'
import { encodeOrder } from './encode.ts'
import type { OrderEnvelope } from './encode.ts'
import { exactSizeStep, orderAmounts } from './order-amounts.ts'
import type { Address } from './order-hash.ts'
import { exchangeDomain } from './order-hash.ts'
import { OrderSigner } from './sign-order.ts'
import { createSigner, parsePrivateKey } from './wallet.ts'

/** The official client's own requests, caught on their way, against ours for the same orders. */

// The well-known first key of local test chains: it guards nothing.
const testKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const signer = createSigner(parsePrivateKey(testKey) ?? new Uint8Array())
const funder: Address = '0x1111111111111111111111111111111111111111'
const owner = '11111111-1111-1111-1111-111111111111'
const secret = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA='
const credentials = apiCredentials(owner, secret, 'words')
const runs = 200

const Sent = z.object({
  order: z.object({
    salt: z.number(),
    timestamp: z.string(),
    makerAmount: z.string(),
    takerAmount: z.string(),
  }),
})
type SentOrder = z.infer<typeof Sent>['order']

type Caught = { readonly body: string; readonly headers: IncomingHttpHeaders }

let server: Server
let url: string
const caught: Caught[] = []

beforeAll(async () => {
  server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      caught.push({ body: Buffer.concat(parts).toString(), headers: request.headers })
      response.setHeader('content-type', 'application/json')
      response.end('{"success":true,"errorMsg":"","orderID":"0x","status":"live"}')
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const tickSizes = { '0.1': 1000, '0.01': 100, '0.001': 10, '0.0001': 1 } as const

const arbitraryOrder = fc
  .record({
    tickSize: fc.constantFrom(...(Object.keys(tickSizes) as (keyof typeof tickSizes)[])),
    place: fc.double({ min: 0.001, max: 0.999, noNaN: true }),
    count: fc.integer({ min: 1, max: 50_000 }),
    side: fc.constantFrom('buy' as const, 'sell' as const),
    orderType: fc.constantFrom('GTC' as const, 'GTD' as const, 'FOK' as const, 'FAK' as const),
    signatureType: fc.constantFrom(0 as const, 1 as const, 2 as const, 3 as const),
    negRisk: fc.boolean(),
    tokenId: fc.bigInt(1n, 2n ** 256n - 1n).map(String),
  })
  .map(({ place, count, ...rest }) => {
    const step = tickSizes[rest.tickSize]
    const limit = Math.min(
      10_000 - step,
      Math.max(step, Math.round((place * 10_000) / step) * step),
    )
    const isMarket = rest.orderType === 'FOK' || rest.orderType === 'FAK'
    const isInDollars = isMarket && rest.side === 'buy'
    const lot = isInDollars ? exactSizeStep(limit as Ticks) : 10_000
    return {
      ...rest,
      step,
      limit,
      isMarket,
      size: lot * Math.min(count, isInDollars ? 300 : count),
    }
  })

type RandomOrder = typeof arbitraryOrder extends fc.Arbitrary<infer T> ? T : never

function clientOf({ signatureType }: RandomOrder): ClobClient {
  const account = privateKeyToAccount(testKey)
  return new ClobClient({
    host: url,
    chain: Chain.POLYGON,
    signer: createWalletClient({ account, chain: polygon, transport: http(url) }),
    creds: { key: owner, secret, passphrase: 'words' },
    signatureType,
    ...(signatureType === 0 ? {} : { funderAddress: funder }),
  })
}

/** As somebody writes it who has the official client and wants the same. */
async function official(order: RandomOrder): Promise<{ signed: SentOrder; sent: Caught }> {
  const { tickSize, limit, side, size, orderType, negRisk, tokenId, isMarket } = order
  const client = clientOf(order)
  const price = limit / 10_000
  const shares = size / 1e6
  const common = { tokenID: tokenId, side: side === 'buy' ? Side.BUY : Side.SELL, price }
  const options = { tickSize: tickSize as TickSize, negRisk }
  const amount = side === 'buy' ? (limit * size) / 1e10 : shares
  const expiration = orderType === 'GTD' ? 1_900_000_000 : 0
  const signed = isMarket
    ? await client.orderBuilder.buildMarketOrder({ ...common, amount }, options, 2)
    : await client.orderBuilder.buildOrder({ ...common, size: shares, expiration }, options, 2)
  await client.postOrder(signed, OrderType[orderType])
  const sent = caught.splice(0).at(-1)
  if (sent === undefined) throw new Error('the client sent nothing')
  return { signed: Sent.parse(JSON.parse(sent.body)).order, sent }
}

/** Ours, with the salt and the time that the official client has drawn. */
function ours(order: RandomOrder, { salt, timestamp }: SentOrder): OrderEnvelope {
  const { side, limit, size, orderType, signatureType, negRisk, tokenId, step } = order
  const timeInForce = ({ GTC: 'gtc', GTD: 'gtd', FOK: 'fok', FAK: 'ioc' } as const)[orderType]
  const result = orderAmounts(
    { side, limit: limit as Ticks, size: size as MicroShares, timeInForce },
    uniformGrid(step as Ticks),
  )
  if (result.kind === 'refused') throw new Error(`refused: ${result.reason}`)
  const maker = signatureType === 0 ? signer.address : funder
  const signed = new OrderSigner(exchangeDomain(negRisk, 137), signer).sign({
    salt,
    maker,
    signer: signatureType === 3 ? maker : signer.address,
    tokenId,
    ...result.amounts,
    side: side === 'buy' ? 0 : 1,
    signatureType,
    timestamp: Number(timestamp),
    metadata: `0x${'0'.repeat(64)}`,
    builder: `0x${'0'.repeat(64)}`,
  })
  const expirationSeconds = orderType === 'GTD' ? 1_900_000_000 : 0
  return { signed, owner, orderType, postOnly: false, expirationSeconds }
}

/** The official client signs more decimals of a market sale than the venue takes. 7.5. */
function isRefusedByVenue({ isMarket, side, step }: RandomOrder): boolean {
  return isMarket && side === 'sell' && step < 100
}

describe('an order', () => {
  test(`is the official client’s, byte for byte, and so is its key’s signature, ${runs} times`, async () => {
    let compared = 0
    await fc.assert(
      fc.asyncProperty(
        arbitraryOrder.filter((order) => !isRefusedByVenue(order)),
        async (order) => {
          const { signed, sent } = await official(order)
          const body = encodeOrder(ours(order, signed))
          const call = { method: 'POST', path: '/order', body: sent.body }
          const seconds = Number(sent.headers['poly_timestamp'])
          const headers = keyHeaders(signer.address, credentials, call, seconds)

          expect(JSON.parse(body)).toEqual(JSON.parse(sent.body))
          expect(body).toBe(sent.body)
          expect(sent.headers['poly_signature']).toBe(headers['POLY_SIGNATURE'])
          compared++
        },
      ),
      { numRuns: runs },
    )
    expect(compared).toBe(runs)
  }, 60_000)

  test('to sell at once on a fine tick asks for what the venue can say, and never for more', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryOrder.filter(isRefusedByVenue), async (order) => {
        const { signed } = await official(order)
        const { fields } = ours(order, signed).signed

        expect(fields.makerAmount).toBe(Number(signed.makerAmount))
        expect(fields.takerAmount % 100).toBe(0)
        expect(Number(signed.takerAmount) - fields.takerAmount).toBeLessThan(100)
        expect(Number(signed.takerAmount)).toBeGreaterThanOrEqual(fields.takerAmount)
      }),
      { numRuns: 50 },
    )
  }, 60_000)
})
