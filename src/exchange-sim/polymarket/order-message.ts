import { z } from 'zod'

const amount = z.string().regex(/^\d{1,15}$/)
const bytes32 = z.string().regex(/^0x[0-9a-fA-F]{64}$/)
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/)

/** An order as it is signed, with its signature. docs/venues/polymarket.md, 3.4 and 7.1. */
export type SignedOrder = {
  readonly salt: number
  readonly maker: string
  readonly signer: string
  readonly tokenId: string
  readonly makerAmount: string
  readonly takerAmount: string
  readonly side: 'BUY' | 'SELL'
  readonly signatureType: number
  readonly timestamp: string
  readonly expiration: string
  readonly metadata: string
  readonly builder: string
  readonly signature: string
}

export type OrderType = 'GTC' | 'GTD' | 'FOK' | 'FAK'

export type OrderMessage = {
  readonly order: SignedOrder
  /** An API key. */
  readonly owner: string
  readonly orderType: OrderType
  readonly postOnly: boolean
}

const OrderSchema = z.object({
  salt: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER),
  maker: address,
  signer: address,
  tokenId: z.string().regex(/^\d{1,78}$/),
  makerAmount: amount,
  takerAmount: amount,
  side: z.enum(['BUY', 'SELL']),
  signatureType: z.number().int().min(0).max(3),
  timestamp: z.string().regex(/^\d{1,15}$/),
  expiration: z
    .string()
    .regex(/^\d{1,12}$/)
    .default('0'),
  metadata: bytes32,
  builder: bytes32,
  signature: z.string(),
})

const MessageSchema = z.object({
  order: OrderSchema,
  owner: z.string(),
  orderType: z.enum(['GTC', 'GTD', 'FOK', 'FAK']),
  postOnly: z.boolean().default(false),
  deferExec: z.boolean().optional(),
})

/** What the orders of the first version carried and those of the second do not. 7.1. */
const OldOrderSchema = z.object({ order: z.object({ nonce: z.string(), feeRateBps: z.string() }) })

/** An order as it was sent, or the words that refuse it. */
export function parseOrderMessage(value: unknown): OrderMessage | { readonly error: string } {
  if (OldOrderSchema.safeParse(value).success) return { error: 'order_version_mismatch' }
  const parsed = MessageSchema.safeParse(value)
  if (!parsed.success) return { error: 'Invalid order payload' }
  const { order, owner, orderType, postOnly } = parsed.data
  return { order, owner, orderType, postOnly }
}
