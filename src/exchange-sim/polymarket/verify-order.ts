import {
  domainSeparator,
  encodePacked,
  hashStruct,
  hashTypedData,
  size,
  slice,
  stringToHex,
  verifyTypedData,
} from 'viem'
import { contracts, polygonId } from '../chain/contracts.ts'
import type { Wallets } from '../chain/wallets.ts'
import { walletKinds } from '../chain/wallets.ts'
import { isSignatureText } from './authenticate.ts'
import type { SignedOrder } from './order-message.ts'

const orderFields = [
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
] as const

const orderType = `Order(${orderFields.map(({ name, type }) => `${type} ${name}`).join(',')})`

/** What a deposit wallet's owner signs: the order, and for which wallet. 7.3. */
const nestedTypes = {
  TypedDataSign: [
    { name: 'contents', type: 'Order' },
    { name: 'name', type: 'string' },
    { name: 'version', type: 'string' },
    { name: 'chainId', type: 'uint256' },
    { name: 'verifyingContract', type: 'address' },
    { name: 'salt', type: 'bytes32' },
  ],
  Order: orderFields,
} as const

const zero32 = `0x${'0'.repeat(64)}` as const
/** The two parts that stand between the owner's signature and the type's text. */
const innerBytes = 65

/** An order's id: the digest that is signed. docs/venues/polymarket.md, 7.1. */
export function orderIdOf(order: SignedOrder, isNegRisk: 'yes' | 'no'): string {
  return hashTypedData({
    domain: domainOf(isNegRisk),
    types: { Order: orderFields },
    primaryType: 'Order',
    message: messageOf(order),
  })
}

/** Whether the wallet's owner signed this order for this exchange contract. */
export async function isOrderSigned(
  order: SignedOrder,
  isNegRisk: 'yes' | 'no',
  wallets: Wallets,
): Promise<boolean> {
  const { signature } = order
  if (!isSignatureText(signature)) return false
  if (walletKinds[order.signatureType] === 'deposit') {
    return isSignedForWallet(order, signature, isNegRisk, wallets)
  }
  if (size(signature) !== innerBytes) return false
  return verifyTypedData({
    address: hex(order.signer),
    domain: domainOf(isNegRisk),
    types: { Order: orderFields },
    primaryType: 'Order',
    message: messageOf(order),
    signature,
  })
}

/** ERC-7739: the signature of the owner, and what it covers, for the wallet to check. */
async function isSignedForWallet(
  order: SignedOrder,
  signature: `0x${string}`,
  isNegRisk: 'yes' | 'no',
  wallets: Wallets,
): Promise<boolean> {
  const wallet = wallets.at(order.maker)
  if (wallet?.kind !== 'deposit') return false

  const domain = domainOf(isNegRisk)
  const message = messageOf(order)
  const types = { Order: orderFields }
  const tail = encodePacked(
    ['bytes32', 'bytes32', 'bytes', 'uint16'],
    [
      domainSeparator({ domain }),
      hashStruct({ data: message, types, primaryType: 'Order' }),
      stringToHex(orderType),
      orderType.length,
    ],
  )
  if (size(signature) !== innerBytes + size(tail)) return false
  if (slice(signature, innerBytes) !== tail) return false

  return verifyTypedData({
    address: hex(wallet.owner),
    domain,
    types: nestedTypes,
    primaryType: 'TypedDataSign',
    message: {
      contents: message,
      name: 'DepositWallet',
      version: '1',
      chainId: BigInt(polygonId),
      verifyingContract: hex(order.maker),
      salt: zero32,
    },
    signature: slice(signature, 0, innerBytes),
  })
}

function domainOf(isNegRisk: 'yes' | 'no') {
  return {
    name: 'Polymarket CTF Exchange',
    version: '2',
    chainId: polygonId,
    verifyingContract: isNegRisk === 'yes' ? contracts.negRiskExchange : contracts.exchange,
  } as const
}

function messageOf(order: SignedOrder) {
  return {
    salt: BigInt(order.salt),
    maker: hex(order.maker),
    signer: hex(order.signer),
    tokenId: BigInt(order.tokenId),
    makerAmount: BigInt(order.makerAmount),
    takerAmount: BigInt(order.takerAmount),
    side: order.side === 'BUY' ? 0 : 1,
    signatureType: order.signatureType,
    timestamp: BigInt(order.timestamp),
    metadata: hex(order.metadata),
    builder: hex(order.builder),
  }
}

/** Text that a schema has found to be hexadecimal. Lower case: addresses carry no checksum then. */
function hex(text: string): `0x${string}` {
  return `0x${text.slice(2).toLowerCase()}`
}
