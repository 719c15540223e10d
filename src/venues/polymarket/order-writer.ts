import { createHash } from 'node:crypto'

import type { Market, MarketId } from '../../core/market.ts'
import type { ClientOrderId, Order, VenueOrderId } from '../../core/order.ts'
import type { EpochMs } from '../../core/units.ts'
import type { OrderEnvelope } from './encode.ts'
import { encodeOrder, wireOrderType } from './encode.ts'
import type { SigningKit } from './fast-signer.ts'
import { orderAmounts } from './order-amounts.ts'
import type { Address, Bytes32, SignatureType, SignedFields } from './order-hash.ts'
import { exchangeDomain, zero32 } from './order-hash.ts'
import { OrderSigner } from './sign-order.ts'

export type OrderWriterParts = {
  readonly kit: SigningKit
  /** The id of the API key, which every order names as its owner. */
  readonly owner: string
  readonly signatureType: SignatureType
  readonly funder: Address
  readonly chainId: number
  readonly marketOf: (id: MarketId) => Market | undefined
}

export type WrittenOrder =
  | { readonly kind: 'written'; readonly market: Market; readonly envelope: OrderEnvelope }
  | { readonly kind: 'refused'; readonly reason: string }

/** A good-till-date order ends a minute before its date. docs/venues/polymarket.md, 3.4. */
const expiryMarginSeconds = 60
const metadataBytes = 32
/** As long as most, and no market's. */
const rehearsedToken = '1'.repeat(77)

/**
 * Orders in the venue's words, signed.
 *
 * All but the time is fixed by the order itself, so that after a crash the venue's name of an order
 * can be found again: {@link OrderWriter.find}.
 */
export class OrderWriter {
  readonly #parts: OrderWriterParts
  readonly #signers: { readonly standard: OrderSigner; readonly negRisk: OrderSigner }

  constructor(parts: OrderWriterParts) {
    const { kit, chainId } = parts
    this.#parts = parts
    this.#signers = {
      standard: new OrderSigner(exchangeDomain(false, chainId), kit.signer, kit.keccak),
      negRisk: new OrderSigner(exchangeDomain(true, chainId), kit.signer, kit.keccak),
    }
  }

  write(order: Order, now: EpochMs): WrittenOrder {
    const market = this.#parts.marketOf(order.market)
    if (market === undefined) return { kind: 'refused', reason: 'unknown-market' }
    if (market.fee.kind === 'unknown') return { kind: 'refused', reason: 'unknown-fee' }
    const fields = this.#fields(order, market, now)
    if (typeof fields === 'string') return { kind: 'refused', reason: fields }

    const envelope: OrderEnvelope = {
      signed: this.#signerOf(market).sign(fields),
      owner: this.#parts.owner,
      orderType: wireOrderType(order.timeInForce),
      postOnly: order.postOnly,
      expirationSeconds:
        order.expiresAt === undefined ? 0 : Math.ceil(order.expiresAt / 1000) + expiryMarginSeconds,
    }
    return { kind: 'written', market, envelope }
  }

  /**
   * The text of an order that nobody has asked for and nobody is sent: writing it keeps the code
   * compiled and its memory near.
   */
  rehearse(now: EpochMs): string {
    const { kit, owner, funder, signatureType } = this.#parts
    const signed = this.#signers.standard.sign({
      salt: now,
      maker: funder,
      signer: signatureType === 3 ? funder : kit.signer.address,
      tokenId: rehearsedToken,
      makerAmount: 5_000_000,
      takerAmount: 10_000_000,
      side: 0,
      signatureType,
      timestamp: now,
      metadata: metadataOf('rehearsal' as ClientOrderId),
      builder: zero32,
    })
    const terms = { orderType: 'FOK', postOnly: false, expirationSeconds: 0 } as const
    return encodeOrder({ signed, owner, ...terms })
  }

  /**
   * The venue's name of an order that was sent between two instants, if it is one of `names`.
   *
   * The time is part of the name and is not kept, so every millisecond is tried: some microseconds
   * each, once, at a start.
   */
  find(
    order: Order,
    from: EpochMs,
    until: EpochMs,
    names: ReadonlySet<string>,
  ): VenueOrderId | undefined {
    const market = this.#parts.marketOf(order.market)
    if (market === undefined) return undefined
    const signer = this.#signerOf(market)
    const fields = this.#fields(order, market, from)
    if (typeof fields === 'string') return undefined
    for (let timestamp: number = from; timestamp <= until; timestamp++) {
      const name = signer.idOf({ ...fields, timestamp })
      if (names.has(name)) return name as string as VenueOrderId
    }
    return undefined
  }

  /** What is signed, or why it cannot be said. */
  #fields(order: Order, market: Market, now: EpochMs): SignedFields | string {
    const { kit, funder, signatureType } = this.#parts
    const result = orderAmounts(order, market.grid)
    if (result.kind === 'refused') return result.reason
    return {
      salt: saltOf(order.id),
      maker: funder,
      signer: signatureType === 3 ? funder : kit.signer.address,
      tokenId: order.instrument,
      ...result.amounts,
      side: order.side === 'buy' ? 0 : 1,
      signatureType,
      timestamp: now,
      metadata: metadataOf(order.id),
      builder: zero32,
    }
  }

  #signerOf({ negRisk }: Market): OrderSigner {
    return negRisk ? this.#signers.negRisk : this.#signers.standard
  }
}

/** Fixed by our name of the order, so that the same order is the same bytes. */
function saltOf(id: ClientOrderId): number {
  const digest = createHash('sha256').update(id).digest()
  return digest.readUIntBE(0, 6) * 32 + ((digest[6] ?? 0) & 31)
}

/** Our name of the order in its signed metadata, or its hash where it is too long. */
function metadataOf(id: ClientOrderId): Bytes32 {
  const text = Buffer.from(id, 'utf8')
  if (text.length > metadataBytes) return `0x${createHash('sha256').update(id).digest('hex')}`
  return `0x${text.toString('hex').padEnd(2 * metadataBytes, '0')}`
}
