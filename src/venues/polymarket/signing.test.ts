import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { parsePrice, parseSize } from '../../core/decimal.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { apiCredentials, keyHeaders, walletHeaders } from './auth.ts'
import { loadSigningKit } from './fast-signer.ts'
import { exactSizeStep, orderAmounts } from './order-amounts.ts'
import type { Address, Bytes32, SignedFields } from './order-hash.ts'
import { domainSeparator, exchangeDomain, zero32 } from './order-hash.ts'
import { OrderSigner } from './sign-order.ts'
import { createSigner, parsePrivateKey } from './wallet.ts'

// The well-known first key of local test chains: it guards nothing.
const testKey = '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80'
const signer = createSigner(parsePrivateKey(testKey) ?? new Uint8Array())

const folder = join(process.env['CAPTURES_DIR'] ?? '/nowhere', 'polymarket', 'signing')
const captured = existsSync(folder)

function vectors<T extends z.ZodType>(name: string, schema: T): z.infer<T> {
  return schema.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

const hex = z.templateLiteral(['0x', z.string()])
const OrderVectors = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      domain: z.object({ chainId: z.number() }),
      negRisk: z.boolean().optional(),
      order: z.object({
        salt: z.coerce.number(),
        maker: hex,
        signer: hex,
        tokenId: z.string(),
        makerAmount: z.coerce.number(),
        takerAmount: z.coerce.number(),
        side: z.union([z.literal(0), z.literal(1)]),
        signatureType: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]),
        timestamp: z.coerce.number(),
        metadata: hex,
        builder: hex,
      }),
      orderHash: hex.optional(),
      signature: hex,
    }),
  ),
})

const AmountVectors = z.array(
  z.object({
    kind: z.string(),
    side: z.enum(['BUY', 'SELL']),
    price: z.string(),
    qty: z.string().optional(),
    tickSize: z.string(),
    makerAmount: z.string(),
    takerAmount: z.string(),
  }),
)

const AuthVectors = z.object({
  l1: z.array(
    z.object({
      domain: z.object({ chainId: z.number() }),
      message: z.object({ timestamp: z.string(), nonce: z.coerce.number() }),
      signature: z.string(),
    }),
  ),
  l2_hmac: z.array(
    z.object({
      secret: z.string(),
      timestamp: z.coerce.number(),
      method: z.string(),
      requestPath: z.string(),
      body: z.string().nullish(),
      signature: z.string(),
    }),
  ),
})

describe('domainSeparator', () => {
  test.each([
    [false, '3264e159346253e26a64e00b69032db0e7d32f94628de3e6eecb50304d7af3d2'],
    [true, '9b858f53327b0bd13af8ec14cfb35234fb9eb7b0504d1a4e61f433840d30e81a'],
  ])('of the contract for neg-risk %s is the one of the chain', (negRisk, want) => {
    const separator = domainSeparator(exchangeDomain(negRisk, 137))

    expect(Buffer.from(separator).toString('hex')).toBe(want)
  })
})

describe.skipIf(!captured)('official vectors (CAPTURES_DIR)', () => {
  test('every V2 order has its id and its signature', () => {
    const { vectors: orders } = vectors('order_v2_vectors.json', OrderVectors)

    for (const { name, domain, negRisk, order, orderHash, signature } of orders) {
      const signed = new OrderSigner(exchangeDomain(negRisk ?? false, domain.chainId), signer).sign(
        order,
      )

      expect({ name, signature: signed.signature }).toEqual({ name, signature })
      if (orderHash !== undefined) expect({ name, id: signed.id }).toEqual({ name, id: orderHash })
    }
    expect(orders.length).toBeGreaterThanOrEqual(8)
  })

  test('both kinds of authentication give the official signatures', () => {
    const { l1, l2_hmac: l2 } = vectors('auth_l1_l2_vectors.json', AuthVectors)

    for (const { domain, message, signature } of l1) {
      const headers = walletHeaders(
        signer,
        domain.chainId,
        Number(message.timestamp),
        message.nonce,
      )
      expect(headers['POLY_SIGNATURE']).toBe(signature)
    }
    for (const { secret, timestamp, method, requestPath, body, signature } of l2) {
      const call = { method, path: requestPath, body: body ?? '' }
      const headers = keyHeaders('0x', apiCredentials('k', secret, 'p'), call, timestamp)
      expect(headers['POLY_SIGNATURE']).toBe(signature)
    }
  })

  test('limit orders that need no rounding have the official amounts', () => {
    const rows = vectors('order_amount_vectors.json', AmountVectors)

    let compared = 0
    for (const { kind, side, price, qty, tickSize, makerAmount, takerAmount } of rows) {
      const limit = parsePrice(price)
      const size = parseSize(qty ?? '')
      const step = parsePrice(tickSize)
      if (kind !== 'limit' || limit === undefined || size === undefined || step === undefined)
        continue

      const result = orderAmounts(
        { side: side === 'BUY' ? 'buy' : 'sell', limit, size, timeInForce: 'gtc' },
        uniformGrid(step),
      )
      if (result.kind === 'refused') continue
      compared++
      expect(result.amounts).toEqual({
        makerAmount: Number(makerAmount),
        takerAmount: Number(takerAmount),
      })
    }
    expect(compared).toBeGreaterThanOrEqual(8)
  })
})

const arbitraryFields = fc.record({
  salt: fc.maxSafeNat(),
  tokenId: fc.bigInt(0n, 2n ** 256n - 1n).map(String),
  makerAmount: fc.maxSafeNat(),
  takerAmount: fc.maxSafeNat(),
  side: fc.constantFrom(0 as const, 1 as const),
  timestamp: fc.maxSafeNat(),
  builder: fc.uint8Array({ minLength: 32, maxLength: 32 }).map(hexText),
})

function hexText(bytes: Uint8Array): Bytes32 {
  return `0x${Buffer.from(bytes).toString('hex')}`
}

const orderTypes = {
  Order: [
    { name: 'salt', type: 'uint256' },
    { name: 'maker', type: 'address' },
    { name: 'signer', type: 'address' },
    { name: 'tokenId', type: 'uint256' },
    { name: 'makerAmount', type: 'uint256' },
    { name: 'takerAmount', type: 'uint256' },
    { name: 'side', type: 'uint8' },
    { name: 'signatureType', type: 'uint8' },
    { name: 'timestamp', type: 'uint256' },
    { name: 'metadata', type: 'bytes32' },
    { name: 'builder', type: 'bytes32' },
  ],
} as const

describe('OrderSigner', () => {
  test('signs any order as viem signs it, byte for byte', async () => {
    const account = privateKeyToAccount(testKey)
    const domain = exchangeDomain(true, 137)
    const ours = new OrderSigner(domain, signer)

    await fc.assert(
      fc.asyncProperty(arbitraryFields, async (random) => {
        const maker: Address = signer.address
        const fields: SignedFields = {
          ...random,
          maker,
          signer: maker,
          signatureType: 0,
          metadata: zero32,
        }
        const theirs = await account.signTypedData({
          domain,
          types: orderTypes,
          primaryType: 'Order',
          message: {
            ...fields,
            salt: BigInt(fields.salt),
            tokenId: BigInt(fields.tokenId),
            makerAmount: BigInt(fields.makerAmount),
            takerAmount: BigInt(fields.takerAmount),
            timestamp: BigInt(fields.timestamp),
          },
        })

        expect(ours.sign(fields).signature).toBe(theirs)
      }),
      { numRuns: 40 },
    )
  })
})

describe('loadSigningKit', () => {
  test('signs by native code and WebAssembly here, with the bytes of the pure code', async () => {
    const kit = await loadSigningKit(parsePrivateKey(testKey) ?? new Uint8Array())
    const domain = exchangeDomain(false, 137)
    const fast = new OrderSigner(domain, kit.signer, kit.keccak)
    const pure = new OrderSigner(domain, signer)

    fc.assert(
      fc.property(arbitraryFields, (random) => {
        const wallet = { maker: signer.address, signer: signer.address, metadata: zero32 }
        for (const signatureType of [0, 3] as const) {
          const fields: SignedFields = { ...random, ...wallet, signatureType }
          expect(fast.sign(fields)).toEqual(pure.sign(fields))
        }
      }),
      { numRuns: 40 },
    )
    expect(kit.means).toEqual({ signer: 'native', keccak: 'wasm' })
  })
})

describe('orderAmounts', () => {
  const cents = uniformGrid(100 as Ticks)

  test.each([
    [
      'a killed-or-filled buy of whole cents',
      'buy',
      5_200,
      25_000_000,
      'fok',
      [13_000_000, 25_000_000],
    ],
    ['a sale, shares first', 'sell', 5_200, 25_000_000, 'fok', [25_000_000, 13_000_000]],
    ['a resting buy', 'buy', 5_100, 10_010_000, 'gtc', [5_105_100, 10_010_000]],
    ['nothing off the grid', 'buy', 5_150, 10_000_000, 'gtc', 'off-grid'],
    ['no third decimal of a share', 'sell', 5_100, 10_001_000, 'gtc', 'size-precision'],
    ['no fraction of a cent in a market buy', 'buy', 5_100, 500_000, 'fok', 'notional-precision'],
  ] as const)('says %s', (_, side, limit, size, timeInForce, want) => {
    const result = orderAmounts(
      { side, limit: limit as Ticks, size: size as MicroShares, timeInForce },
      cents,
    )

    if (result.kind === 'refused') expect(result.reason).toBe(want)
    else expect([result.amounts.makerAmount, result.amounts.takerAmount]).toEqual(want)
  })

  test.each([
    [5_000, 20_000],
    [5_100, 1_000_000],
    [5_200, 250_000],
    [5_230, 10_000_000],
    [4_975, 4_000_000],
    [9_950, 2_000_000],
  ])('at %s ticks a market buy is exact in steps of %s micro-shares', (limit, want) => {
    expect(exactSizeStep(limit as Ticks)).toBe(want)
  })

  test('accepts every multiple of the exact step, and its price per share is the limit', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9_999 }),
        fc.integer({ min: 1, max: 500 }),
        (limit, count) => {
          const size = exactSizeStep(limit as Ticks) * count
          const result = orderAmounts(
            { side: 'buy', limit: limit as Ticks, size: size as MicroShares, timeInForce: 'fok' },
            uniformGrid(1 as Ticks),
          )

          expect(result.kind).toBe('amounts')
          if (result.kind !== 'amounts') return
          const { makerAmount, takerAmount } = result.amounts
          expect(BigInt(makerAmount) * 10_000n).toBe(BigInt(limit) * BigInt(takerAmount))
          expect([makerAmount % 10_000, takerAmount % 100]).toEqual([0, 0])
        },
      ),
    )
  })
})
