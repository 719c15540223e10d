import { constants, createPublicKey, generateKeyPairSync, verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { epochMs } from '../../core/units.ts'
import { CredentialsError, RequestSigner, signedText } from './auth.ts'

const clock = { epochMs: () => epochMs(1_715_793_600_123) }
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')
const vectors = path.join(
  process.env['CAPTURES_DIR'] ?? '',
  'kalshi/signing/message_composition_vectors.json',
)

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8'): string {
  return key.export({ type, format: 'pem' }).toString()
}

/** Whether the public key of a PEM text says that the signature is of the text. */
function isSignature(privatePem: string, text: string, signature: string): boolean {
  const key = createPublicKey(privatePem)
  const bytes = Buffer.from(signature, 'base64')
  return key.asymmetricKeyType === 'ed25519'
    ? verify(null, Buffer.from(text), key, bytes)
    : verify(
        'sha256',
        Buffer.from(text),
        { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 },
        bytes,
      )
}

describe('RequestSigner', () => {
  test.each([
    { name: 'RSA as PKCS#1', key: pem(rsa.privateKey, 'pkcs1') },
    { name: 'RSA as PKCS#8', key: pem(rsa.privateKey, 'pkcs8') },
    { name: 'Ed25519 as PKCS#8', key: pem(ed25519.privateKey, 'pkcs8') },
  ])('signs time, method and path with $name', ({ key }) => {
    const signer = new RequestSigner({ keyId: 'an-id', privateKeyPem: key }, clock)

    const headers = signer.headers('get', '/trade-api/v2/portfolio/orders?limit=5')

    expect(headers['KALSHI-ACCESS-KEY']).toBe('an-id')
    expect(headers['KALSHI-ACCESS-TIMESTAMP']).toBe('1715793600123')
    const text = '1715793600123GET/trade-api/v2/portfolio/orders'
    expect(isSignature(key, text, headers['KALSHI-ACCESS-SIGNATURE'])).toBe(true)
    expect(isSignature(key, `${text}s`, headers['KALSHI-ACCESS-SIGNATURE'])).toBe(false)
  })

  test.each([
    { name: 'text that is no key', key: 'secret words' },
    { name: 'a key of a curve that Kalshi does not take', key: elliptic() },
    { name: 'a short RSA key', key: pem(shortRsa(), 'pkcs8') },
  ])('refuses $name, and does not repeat it', ({ key }) => {
    const make = () => new RequestSigner({ keyId: 'an-id', privateKeyPem: key }, clock)

    expect(make).toThrow(CredentialsError)
    expect(make).not.toThrow(/secret|BEGIN/)
  })

  test('shows its key to nobody', () => {
    const key = pem(ed25519.privateKey, 'pkcs8')
    const signer = new RequestSigner({ keyId: 'an-id', privateKeyPem: key }, clock)

    const shown = inspect(signer, { depth: 9, showHidden: true }) + JSON.stringify(signer)

    expect(shown).not.toMatch(/KeyObject|PRIVATE|an-id/)
  })

  test.runIf(existsSync(vectors))('composes the text as others do', () => {
    const Vectors = z.object({
      vectors: z.array(
        z.object({
          timestamp_ms: z.number(),
          method: z.string(),
          path: z.string(),
          message: z.string(),
        }),
      ),
    })
    const read = Vectors.parse(JSON.parse(readFileSync(vectors, 'utf8')))

    const texts = read.vectors.map((v) => signedText(String(v.timestamp_ms), v.method, v.path))

    expect(texts).toEqual(read.vectors.map(({ message }) => message))
  })
})

function elliptic(): string {
  return pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'pkcs8')
}

function shortRsa(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
}
