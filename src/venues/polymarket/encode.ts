import type { TimeInForce } from '../../core/order.ts'
import type { SignedOrder } from './sign-order.ts'

/** The venue's word for how long an order lives. docs/venues/polymarket.md, 3.4. */
export type WireOrderType = 'FOK' | 'FAK' | 'GTC' | 'GTD'

export function wireOrderType(timeInForce: TimeInForce): WireOrderType {
  switch (timeInForce) {
    case 'fok':
      return 'FOK'
    case 'ioc':
      return 'FAK'
    case 'gtc':
      return 'GTC'
    case 'gtd':
      return 'GTD'
  }
}

export type OrderEnvelope = {
  readonly signed: SignedOrder
  /** The id of the API key that sends it. */
  readonly owner: string
  readonly orderType: WireOrderType
  readonly postOnly: boolean
  /** Unix seconds; 0 unless the order is good till a date. Not signed. */
  readonly expirationSeconds: number
}

/**
 * The body of `POST /order`, as text: the key's signature covers these very bytes.
 *
 * Built by hand, since every part is a number or hexadecimal and needs no escaping.
 */
export function encodeOrder(envelope: OrderEnvelope): string {
  const { signed, owner, orderType, postOnly, expirationSeconds } = envelope
  const { fields, signature } = signed
  const side = fields.side === 0 ? 'BUY' : 'SELL'
  return (
    `{"deferExec":false,"postOnly":${postOnly},"order":{"salt":${fields.salt},` +
    `"maker":"${fields.maker}","signer":"${fields.signer}","tokenId":"${fields.tokenId}",` +
    `"makerAmount":"${fields.makerAmount}","takerAmount":"${fields.takerAmount}",` +
    `"side":"${side}","signatureType":${fields.signatureType},` +
    `"timestamp":"${fields.timestamp}","expiration":"${expirationSeconds}",` +
    `"metadata":"${fields.metadata}","builder":"${fields.builder}",` +
    `"signature":"${signature}"},"owner":"${owner}","orderType":"${orderType}"}`
  )
}

/** The most orders one `POST /orders` takes. docs/venues/polymarket.md, 3.5. */
export const batchOrdersMax = 15

export function encodeOrders(envelopes: readonly OrderEnvelope[]): string {
  return `[${envelopes.map(encodeOrder).join(',')}]`
}
