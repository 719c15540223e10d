import { keccak_256 } from '@noble/hashes/sha3.js'

import { assert } from '../../core/assert.ts'

/** The eleven signed fields of a CLOB V2 order. docs/venues/polymarket.md, 7.1. */
export type SignedFields = {
  /** At most 2^53 − 1: it travels as a JSON number. */
  readonly salt: number
  readonly maker: Address
  readonly signer: Address
  /** A decimal number of 256 bits, as text. */
  readonly tokenId: string
  readonly makerAmount: number
  readonly takerAmount: number
  readonly side: 0 | 1
  readonly signatureType: SignatureType
  /** Milliseconds. Makes the order unique; it is no expiry. */
  readonly timestamp: number
  readonly metadata: Bytes32
  readonly builder: Bytes32
}

/** 0 EOA, 1 proxy wallet, 2 Safe, 3 deposit wallet. docs/venues/polymarket.md, 7.3. */
export type SignatureType = 0 | 1 | 2 | 3

export type Address = `0x${string}`
export type Bytes32 = `0x${string}`

export const zero32: Bytes32 = `0x${'0'.repeat(64)}`

export const orderTypeText: string =
  'Order(uint256 salt,address maker,address signer,uint256 tokenId,uint256 makerAmount,' +
  'uint256 takerAmount,uint8 side,uint8 signatureType,uint256 timestamp,bytes32 metadata,' +
  'bytes32 builder)'

const domainTypeText =
  'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'

/** Anything that computes keccak-256 of bytes into bytes: the pure one, or a faster one. */
export type Keccak = (bytes: Uint8Array) => Uint8Array

export const pureKeccak: Keccak = (bytes) => keccak_256(bytes)

/**
 * What an exchange contract is signed for. The contract is chosen by the market's neg-risk flag.
 */
export type SigningDomain = {
  readonly name: string
  readonly version: string
  readonly chainId: number
  readonly verifyingContract: Address
}

export const exchangeContracts: {
  readonly standard: Address
  readonly negRisk: Address
} = {
  standard: '0xE111180000d2663C0091e4f400237545B87B996B',
  negRisk: '0xe2222d279d744050d28e00520010520000310F59',
}

export function exchangeDomain(negRisk: boolean, chainId: number): SigningDomain {
  return {
    name: 'Polymarket CTF Exchange',
    version: '2',
    chainId,
    verifyingContract: negRisk ? exchangeContracts.negRisk : exchangeContracts.standard,
  }
}

export function domainSeparator(domain: SigningDomain, keccak: Keccak = pureKeccak): Uint8Array {
  const words = new Uint8Array(5 * 32)
  words.set(keccak(ascii(domainTypeText)), 0)
  words.set(keccak(ascii(domain.name)), 32)
  words.set(keccak(ascii(domain.version)), 64)
  writeInteger(words, 3, domain.chainId)
  writeHex(words, 4, domain.verifyingContract)
  return keccak(words)
}

const wordBytes = 32
const fieldCount = 12

/**
 * Hashes orders by EIP-712 over a template: the type, the zeros and the separator are in place,
 * and an order writes only its own words. One instance hashes one order at a time.
 */
export class OrderHasher {
  readonly separator: Uint8Array
  readonly #keccak: Keccak
  readonly #words: Uint8Array
  readonly #envelope: Uint8Array

  constructor(domain: SigningDomain, keccak: Keccak = pureKeccak) {
    this.#keccak = keccak
    this.separator = domainSeparator(domain, keccak)
    this.#words = new Uint8Array(fieldCount * wordBytes)
    this.#words.set(keccak(ascii(orderTypeText)), 0)
    this.#envelope = new Uint8Array(2 + 2 * wordBytes)
    this.#envelope[0] = 0x19
    this.#envelope[1] = 0x01
    this.#envelope.set(this.separator, 2)
  }

  /** The struct hash of the order, without the domain. */
  structHash(order: SignedFields): Uint8Array {
    const words = this.#words
    writeInteger(words, 1, order.salt)
    writeHex(words, 2, order.maker)
    writeHex(words, 3, order.signer)
    writeDecimal(words, 4, order.tokenId)
    writeInteger(words, 5, order.makerAmount)
    writeInteger(words, 6, order.takerAmount)
    writeInteger(words, 7, order.side)
    writeInteger(words, 8, order.signatureType)
    writeInteger(words, 9, order.timestamp)
    writeHex(words, 10, order.metadata)
    writeHex(words, 11, order.builder)
    return this.#keccak(words)
  }

  /** The digest: what is signed, and the order's id at the venue. */
  digest(structHash: Uint8Array): Uint8Array {
    this.#envelope.set(structHash, 2 + wordBytes)
    return this.#keccak(this.#envelope)
  }
}

export function ascii(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

/** A whole number into a word, big end first. */
export function writeInteger(words: Uint8Array, index: number, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, `a word holds a whole number: ${value}`)
  const end = index * wordBytes + wordBytes
  words.fill(0, end - wordBytes, end)
  let left = value
  for (let at = end - 1; left > 0; at--) {
    words[at] = left % 256
    left = Math.floor(left / 256)
  }
}

/** An address or 32 bytes into a word, at its right end. */
export function writeHex(words: Uint8Array, index: number, hex: `0x${string}`): void {
  const bytes = Buffer.from(hex.slice(2), 'hex')
  assert(bytes.length * 2 === hex.length - 2, `hexadecimal digits come in pairs: ${hex.length - 2}`)
  assert(bytes.length <= wordBytes, `a word holds 32 bytes: ${bytes.length}`)
  const end = index * wordBytes + wordBytes
  words.fill(0, end - wordBytes, end - bytes.length)
  words.set(bytes, end - bytes.length)
}

function writeDecimal(words: Uint8Array, index: number, decimal: string): void {
  const hex = BigInt(decimal).toString(16).padStart(64, '0')
  writeHex(words, index, `0x${hex}`)
}
