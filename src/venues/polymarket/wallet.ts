import { secp256k1 } from '@noble/curves/secp256k1.js'

import { assert } from '../../core/assert.ts'
import type { Address } from './order-hash.ts'
import { pureKeccak } from './order-hash.ts'

/** Signs a digest of 32 bytes: r, s and v (27 or 28), 65 bytes. */
export type DigestSigner = {
  readonly address: Address
  sign(digest: Uint8Array): Uint8Array
}

/**
 * A signer over a private key that it holds and never shows.
 *
 * The pure implementation. A native one with the same bytes is chosen at start where it loads.
 */
export function createSigner(privateKey: Uint8Array): DigestSigner {
  assert(privateKey.length === 32, 'a private key is 32 bytes')
  const key = Uint8Array.from(privateKey)
  return {
    address: addressOf(secp256k1.getPublicKey(key, false)),
    sign(digest) {
      const signature = secp256k1.sign(digest, key, { prehash: false, format: 'recovered' })
      return withRecovery(signature.subarray(1), signature[0] ?? 0)
    },
  }
}

/** r and s with v at the end, as contracts read it. */
export function withRecovery(compact: Uint8Array, recovery: number): Uint8Array {
  const signature = new Uint8Array(65)
  signature.set(compact, 0)
  signature[64] = 27 + recovery
  return signature
}

/** The checksummed address of an uncompressed public key (EIP-55). */
export function addressOf(publicKey: Uint8Array): Address {
  const hex = Buffer.from(pureKeccak(publicKey.subarray(1)).subarray(12)).toString('hex')
  const hash = Buffer.from(pureKeccak(Buffer.from(hex, 'latin1'))).toString('hex')
  const digits = Array.from(hex, (digit, index) =>
    Number.parseInt(hash.charAt(index), 16) >= 8 ? digit.toUpperCase() : digit,
  )
  return `0x${digits.join('')}`
}

/**
 * The 32 bytes of a private key written in hexadecimal, with or without 0x. Undefined if it is
 * none.
 */
export function parsePrivateKey(text: string): Uint8Array | undefined {
  const hex = text.trim().replace(/^0x/, '')
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) return undefined
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'))
  return secp256k1.utils.isValidSecretKey(bytes) ? bytes : undefined
}
