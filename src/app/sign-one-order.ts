import { z } from 'zod'

import { parsePrice, parseSize } from '../core/decimal.ts'
import { uniformGrid } from '../core/price-grid.ts'
import {
  OrderSigner,
  exchangeDomain,
  loadSigningKit,
  orderAmounts,
} from '../venues/polymarket/index.ts'
import type { SignedOrder } from '../venues/polymarket/index.ts'

const hex = (digits: number): z.ZodType<`0x${string}`> =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${digits}}$`), `expected 0x and ${digits} hexadecimal digits`)
    .transform((text): `0x${string}` => `0x${text.slice(2)}`)

const zero = `0x${'0'.repeat(64)}` as const

/** An order as a person writes it: prices and sizes as decimal text. */
const OrderInput = z.strictObject({
  tokenId: z.string().regex(/^\d{1,78}$/),
  side: z.enum(['BUY', 'SELL']),
  price: z.string(),
  size: z.string(),
  tickSize: z.string(),
  orderType: z.enum(['GTC', 'GTD', 'FOK', 'FAK']).default('GTC'),
  negRisk: z.boolean(),
  chainId: z.int().positive().default(137),
  salt: z.int().min(0),
  /** Milliseconds; part of what is signed. */
  timestamp: z.int().min(0),
  maker: hex(40).optional(),
  signatureType: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).default(0),
  metadata: hex(64).default(zero),
  builder: hex(64).default(zero),
})

const timesInForce = { GTC: 'gtc', GTD: 'gtd', FOK: 'fok', FAK: 'ioc' } as const

/**
 * The signed V2 order for a text of JSON, to be compared with what another signer makes of it.
 *
 * Throws an `OrderInputError` that names the field and what was expected.
 */
export async function signOneOrder(text: string, privateKey: Uint8Array): Promise<SignedOrder> {
  const input = parseInput(text)
  const limit = parsePrice(input.price)
  const size = parseSize(input.size)
  const step = parsePrice(input.tickSize)
  if (limit === undefined || size === undefined || step === undefined || step === 0) {
    throw new OrderInputError('price, size and tickSize: expected decimal text such as "0.52"')
  }

  const side = input.side === 'BUY' ? 'buy' : 'sell'
  const timeInForce = timesInForce[input.orderType]
  const result = orderAmounts({ side, limit, size, timeInForce }, uniformGrid(step))
  if (result.kind === 'refused') {
    throw new OrderInputError(`the venue's precision cannot say this order: ${result.reason}`)
  }
  const kit = await loadSigningKit(privateKey)
  const maker = input.maker ?? kit.signer.address
  const domain = exchangeDomain(input.negRisk, input.chainId)
  return new OrderSigner(domain, kit.signer, kit.keccak).sign({
    salt: input.salt,
    maker,
    signer: input.signatureType === 3 ? maker : kit.signer.address,
    tokenId: input.tokenId,
    ...result.amounts,
    side: input.side === 'BUY' ? 0 : 1,
    signatureType: input.signatureType,
    timestamp: input.timestamp,
    metadata: input.metadata,
    builder: input.builder,
  })
}

function parseInput(text: string): z.infer<typeof OrderInput> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new OrderInputError('the input is not JSON', { cause })
  }
  const parsed = OrderInput.safeParse(json)
  if (parsed.success) return parsed.data
  const places = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  throw new OrderInputError(places.join('; '))
}

/** An order that cannot be signed as it is written. */
export class OrderInputError extends Error {
  override readonly name = 'OrderInputError'
}
