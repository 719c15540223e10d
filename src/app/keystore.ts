import {
  createCipheriv,
  createDecipheriv,
  pbkdf2Sync,
  randomBytes,
  randomUUID,
  scryptSync,
  timingSafeEqual,
} from 'node:crypto'

import { scrypt } from '@noble/hashes/scrypt.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { z } from 'zod'

/**
 * A private key at rest, in the Web3 Secret Storage format (version 3) that wallets write and read.
 *
 * The password stretches into two halves: one encrypts the key, the other authenticates it.
 */
export type Keystore = {
  readonly version: 3
  readonly id: string
  readonly address?: string | undefined
  readonly crypto: SealedBytes
}

/** Bytes that a password opens. */
export type SealedBytes = {
  readonly cipher: 'aes-128-ctr'
  readonly cipherparams: { readonly iv: string }
  readonly ciphertext: string
  readonly mac: string
  readonly kdf: 'scrypt' | 'pbkdf2'
  readonly kdfparams: StretchParams
}

type StretchParams = {
  readonly dklen: 32
  readonly salt: string
  readonly n?: number | undefined
  readonly r?: number | undefined
  readonly p?: number | undefined
  readonly c?: number | undefined
}

const hexOf = (bytes: number): z.ZodString =>
  z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`, 'i'))
const cost = z.int().positive().optional()

const sealedParts = {
  cipher: z.literal('aes-128-ctr'),
  cipherparams: z.object({ iv: hexOf(16) }),
  mac: hexOf(32),
  kdf: z.enum(['scrypt', 'pbkdf2']),
  kdfparams: z.object({
    dklen: z.literal(32),
    salt: z.string().regex(/^([0-9a-f]{2})+$/i),
    n: cost,
    r: cost,
    p: cost,
    c: cost,
  }),
}

/** Of any length: what stands beside the key in its file. */
export const sealedBytes: z.ZodType<SealedBytes> = z.object({
  ...sealedParts,
  ciphertext: z.string().regex(/^([0-9a-f]{2})+$/i),
})

const keystoreShape: z.ZodType<Keystore> = z.object({
  version: z.literal(3),
  id: z.string(),
  address: z.string().optional(),
  crypto: z.object({ ...sealedParts, ciphertext: hexOf(32) }),
})

/** What wallets use: a quarter of a second and 256 MB for each guess. */
const scryptCost = { n: 262_144, r: 8, p: 1 } as const
/** Beyond it a file asks for more memory than a start may take. */
const scryptBytesMax = 512 * 1024 * 1024

/** Encrypts a private key under a password. `address` is written in clear, for people. */
export function encryptKey(privateKey: Uint8Array, password: string, address: string): Keystore {
  return {
    version: 3,
    id: randomUUID(),
    address: address.toLowerCase().replace(/^0x/, ''),
    crypto: seal(privateKey, password),
  }
}

/** The private key. Throws a `KeystoreError` when the file is none, or the password is wrong. */
export function decryptKey(text: string, password: string): Uint8Array {
  return unseal(parseKeystore(text).crypto, password)
}

/** Encrypts bytes under a password. */
export function seal(secret: Uint8Array, password: string): SealedBytes {
  const salt = randomBytes(32).toString('hex')
  const iv = randomBytes(16)
  const kdfparams = { dklen: 32, salt, ...scryptCost } as const
  const stretched = stretch('scrypt', kdfparams, password)
  const cipher = createCipheriv('aes-128-ctr', stretched.subarray(0, 16), iv)
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()])
  return {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: iv.toString('hex') },
    ciphertext: ciphertext.toString('hex'),
    mac: macOf(stretched, ciphertext).toString('hex'),
    kdf: 'scrypt',
    kdfparams,
  }
}

/** The bytes. Throws a `KeystoreError` when the password is wrong. */
export function unseal(sealed: SealedBytes, password: string): Uint8Array {
  const stretched = stretch(sealed.kdf, sealed.kdfparams, password)
  const ciphertext = Buffer.from(sealed.ciphertext, 'hex')
  if (!timingSafeEqual(macOf(stretched, ciphertext), Buffer.from(sealed.mac, 'hex'))) {
    throw new KeystoreError('the password does not open this keystore')
  }

  const iv = Buffer.from(sealed.cipherparams.iv, 'hex')
  const decipher = createDecipheriv('aes-128-ctr', stretched.subarray(0, 16), iv)
  return Uint8Array.from(Buffer.concat([decipher.update(ciphertext), decipher.final()]))
}

/** The address that stands in clear in a keystore, without opening it. */
export function keystoreAddress(text: string): string | undefined {
  const { address } = parseKeystore(text)
  return address === undefined ? undefined : `0x${address.replace(/^0x/, '')}`
}

function parseKeystore(text: string): Keystore {
  const parsed = keystoreShape.safeParse(parseJson(text))
  if (!parsed.success) {
    // The value is never shown: a person may have pointed us at the bare key.
    const places = parsed.error.issues.map(({ path }) => path.join('.') || 'the file').join(', ')
    throw new KeystoreError(`not a version 3 keystore; look at: ${places}`)
  }
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KeystoreError('not a keystore: the file is not JSON', { cause })
  }
}

function stretch(kdf: Keystore['crypto']['kdf'], params: StretchParams, password: string): Buffer {
  const salt = Buffer.from(params.salt, 'hex')
  if (kdf === 'pbkdf2') {
    if (params.c === undefined) throw new KeystoreError('not a keystore: kdfparams.c is missing')
    return pbkdf2Sync(password, salt, params.c, params.dklen, 'sha256')
  }

  const { n, r, p } = params
  if (n === undefined || r === undefined || p === undefined) {
    throw new KeystoreError('not a keystore: kdfparams n, r and p are needed for scrypt')
  }
  if (128 * n * r > scryptBytesMax) {
    throw new KeystoreError(`the keystore asks for ${128 * n * r} bytes of memory: too many`)
  }
  // OpenSSL refuses a cost of 2^(16 r) and more, which the format's own example has.
  if (n >= 2 ** (16 * r)) {
    return Buffer.from(scrypt(password, salt, { N: n, r, p, dkLen: params.dklen }))
  }
  return scryptSync(password, salt, params.dklen, { N: n, r, p, maxmem: scryptBytesMax * 2 })
}

function macOf(stretched: Buffer, ciphertext: Buffer): Buffer {
  return Buffer.from(keccak_256(Buffer.concat([stretched.subarray(16, 32), ciphertext])))
}

/** A keystore cannot be opened. The message never holds a key or a password. */
export class KeystoreError extends Error {
  override readonly name = 'KeystoreError'
}
