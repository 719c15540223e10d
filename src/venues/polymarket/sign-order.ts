import { assert } from '../../core/assert.ts'
import type { Keccak, SignedFields, SigningDomain } from './order-hash.ts'
import {
  OrderHasher,
  ascii,
  orderTypeText,
  pureKeccak,
  writeHex,
  writeInteger,
  zero32,
} from './order-hash.ts'
import type { DigestSigner } from './wallet.ts'

export type SignedOrder = {
  /** The EIP-712 digest: the order's id at the venue, known before it is sent. */
  readonly id: `0x${string}`
  readonly fields: SignedFields
  readonly signature: `0x${string}`
}

const walletTypeText =
  'TypedDataSign(Order contents,string name,string version,uint256 chainId,' +
  'address verifyingContract,bytes32 salt)' +
  orderTypeText

/**
 * Signs orders for one exchange contract.
 *
 * The first three kinds of wallet sign the digest itself. A deposit wallet (type 3) signs the
 * order nested in its own typed data, and the signature carries what unwraps it (ERC-7739).
 * docs/venues/polymarket.md, 7.3.
 */
export class OrderSigner {
  readonly #hasher: OrderHasher
  readonly #signer: DigestSigner
  readonly #keccak: Keccak
  readonly #walletWords: Uint8Array
  readonly #tail: Uint8Array

  constructor(domain: SigningDomain, signer: DigestSigner, keccak: Keccak = pureKeccak) {
    this.#hasher = new OrderHasher(domain, keccak)
    this.#signer = signer
    this.#keccak = keccak
    this.#walletWords = walletTemplate(domain.chainId, keccak)
    const type = ascii(orderTypeText)
    this.#tail = Buffer.concat([type, Buffer.from([type.length >>> 8, type.length & 0xff])])
  }

  sign(fields: SignedFields): SignedOrder {
    const structHash = this.#hasher.structHash(fields)
    const digest = this.#hasher.digest(structHash)
    const signature =
      fields.signatureType === 3
        ? this.#signForWallet(fields, structHash)
        : this.#signer.sign(digest)
    return { id: hexOf(digest), fields, signature: hexOf(signature) }
  }

  /** The id alone, without a signature. */
  idOf(fields: SignedFields): `0x${string}` {
    return hexOf(this.#hasher.digest(this.#hasher.structHash(fields)))
  }

  #signForWallet(fields: SignedFields, structHash: Uint8Array): Uint8Array {
    assert(fields.maker === fields.signer, 'a deposit wallet is maker and signer of its order')
    this.#walletWords.set(structHash, 32)
    writeHex(this.#walletWords, 5, fields.maker)
    const digest = this.#hasher.digest(this.#keccak(this.#walletWords))
    const inner = this.#signer.sign(digest)
    return Buffer.concat([inner, this.#hasher.separator, structHash, this.#tail])
  }
}

function walletTemplate(chainId: number, keccak: Keccak): Uint8Array {
  const words = new Uint8Array(7 * 32)
  words.set(keccak(ascii(walletTypeText)), 0)
  words.set(keccak(ascii('DepositWallet')), 64)
  words.set(keccak(ascii('1')), 96)
  writeInteger(words, 4, chainId)
  writeHex(words, 6, zero32)
  return words
}

function hexOf(bytes: Uint8Array): `0x${string}` {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`
}
