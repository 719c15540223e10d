import type { KeyObject } from 'node:crypto'
import { constants, createPublicKey, verify } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { ExchangeClock } from '../exchange-clock.ts'

/** Somebody who may sign. The private key stays with them. */
export type KalshiAccount = {
  readonly keyId: string
  readonly publicKeyPem: string
  readonly tier?: 'basic' | 'advanced' | 'expert' | 'premier'
  /** What it starts with, in whole dollars; nothing by default. */
  readonly dollars?: number
}

export type SignedCall = {
  readonly method: string
  /** The path as it was sent, without the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
}

/** Whose call it is: `anonymous` where nothing says so, `refused` where what says so is wrong. */
export type Identity =
  | { readonly kind: 'account'; readonly account: KalshiAccount }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly reason: string }

/** How far a caller's clock may be off: the venue does not say. docs/venues/kalshi.md, 2.1. */
const clockMsMax = 30_000

/** Who may sign, and whether they did. docs/venues/kalshi.md, 2.1. */
export class Accounts {
  readonly #clock: ExchangeClock
  readonly #keys = new Map<string, { account: KalshiAccount; key: KeyObject }>()

  constructor(accounts: readonly KalshiAccount[], clock: ExchangeClock) {
    this.#clock = clock
    for (const account of accounts) this.open(account)
  }

  open(account: KalshiAccount): void {
    this.#keys.set(account.keyId, { account, key: createPublicKey(account.publicKeyPem) })
  }

  identify({ method, path, headers }: SignedCall): Identity {
    const keyId = headers['kalshi-access-key']
    if (keyId === undefined) return { kind: 'anonymous' }

    const known = typeof keyId === 'string' ? this.#keys.get(keyId) : undefined
    if (known === undefined) return { kind: 'refused', reason: 'unknown key' }
    const timestamp = String(headers['kalshi-access-timestamp'])
    if (!/^\d{13}$/.test(timestamp)) return { kind: 'refused', reason: 'bad timestamp' }
    if (Math.abs(Number(timestamp) - this.#clock.epochMs()) > clockMsMax) {
      return { kind: 'refused', reason: 'timestamp out of range' }
    }
    const signature = String(headers['kalshi-access-signature'])
    const text = Buffer.from(timestamp + method + path)
    return isSignature(known.key, text, Buffer.from(signature, 'base64'))
      ? { kind: 'account', account: known.account }
      : { kind: 'refused', reason: 'wrong signature' }
  }
}

function isSignature(key: KeyObject, text: Buffer, signature: Buffer): boolean {
  if (key.asymmetricKeyType === 'ed25519') return verify(null, text, key, signature)
  const padding = constants.RSA_PKCS1_PSS_PADDING
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
  return verify('sha256', text, { key, padding, saltLength }, signature)
}
