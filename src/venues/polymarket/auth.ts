import type { KeyObject } from 'node:crypto'
import { createHmac, createSecretKey } from 'node:crypto'

import { ascii, pureKeccak, writeHex, writeInteger } from './order-hash.ts'
import type { DigestSigner } from './wallet.ts'

/** What a call to the trading endpoints carries. docs/venues/polymarket.md, 6. */
export type AuthHeaders = Readonly<Record<string, string>>

/** An API key as the venue gives it. The secret is not kept as text. */
export type ApiCredentials = {
  readonly key: string
  readonly passphrase: string
  readonly secret: KeyObject
}

export function apiCredentials(key: string, secret: string, passphrase: string): ApiCredentials {
  // The secret comes in either base64 alphabet.
  return { key, passphrase, secret: createSecretKey(Buffer.from(secret, 'base64')) }
}

const attestation = 'This message attests that I control the given wallet'
const authTypeText = 'ClobAuth(address address,string timestamp,uint256 nonce,string message)'

/** Proves to the venue that we hold the wallet: for creating or deriving an API key. */
export function walletHeaders(
  signer: DigestSigner,
  chainId: number,
  timestampSeconds: number,
  nonce: number,
): AuthHeaders {
  const timestamp = String(timestampSeconds)
  const words = new Uint8Array(5 * 32)
  words.set(pureKeccak(ascii(authTypeText)), 0)
  writeHex(words, 1, signer.address)
  words.set(pureKeccak(ascii(timestamp)), 64)
  writeInteger(words, 3, nonce)
  words.set(pureKeccak(ascii(attestation)), 128)

  const envelope = Buffer.concat([
    Buffer.from([0x19, 0x01]),
    authDomainSeparator(chainId),
    pureKeccak(words),
  ])
  const signature = Buffer.from(signer.sign(pureKeccak(envelope))).toString('hex')
  return {
    POLY_ADDRESS: signer.address,
    POLY_SIGNATURE: `0x${signature}`,
    POLY_TIMESTAMP: timestamp,
    POLY_NONCE: String(nonce),
  }
}

/**
 * The headers of a call under an API key. `body` is the exact text sent, empty if there is none.
 */
export function keyHeaders(
  address: string,
  credentials: ApiCredentials,
  call: SignedCall,
  timestampSeconds: number,
): AuthHeaders {
  const timestamp = String(timestampSeconds)
  return {
    POLY_ADDRESS: address,
    POLY_SIGNATURE: callSignature(credentials, call, timestamp),
    POLY_TIMESTAMP: timestamp,
    POLY_API_KEY: credentials.key,
    POLY_PASSPHRASE: credentials.passphrase,
  }
}

/** The same of a builder's key, which the relayer asks for. docs/venues/polymarket.md, 6.3. */
export function builderHeaders(
  credentials: ApiCredentials,
  call: SignedCall,
  timestampSeconds: number,
): AuthHeaders {
  const timestamp = String(timestampSeconds)
  return {
    POLY_BUILDER_API_KEY: credentials.key,
    POLY_BUILDER_PASSPHRASE: credentials.passphrase,
    POLY_BUILDER_SIGNATURE: callSignature(credentials, call, timestamp),
    POLY_BUILDER_TIMESTAMP: timestamp,
  }
}

type SignedCall = { readonly method: string; readonly path: string; readonly body: string }

function callSignature(credentials: ApiCredentials, call: SignedCall, timestamp: string): string {
  return createHmac('sha256', credentials.secret)
    .update(timestamp + call.method + call.path + call.body)
    .digest('base64')
    .replaceAll('+', '-')
    .replaceAll('/', '_')
}

function authDomainSeparator(chainId: number): Uint8Array {
  const typeText = 'EIP712Domain(string name,string version,uint256 chainId)'
  const words = new Uint8Array(4 * 32)
  words.set(pureKeccak(ascii(typeText)), 0)
  words.set(pureKeccak(ascii('ClobAuthDomain')), 32)
  words.set(pureKeccak(ascii('1')), 64)
  writeInteger(words, 3, chainId)
  return pureKeccak(words)
}
