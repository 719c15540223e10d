import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { sameCase } from '../chain/contracts.ts'

/** What an account signs its requests with. Bound to the key that asked for it. 6.1. */
export type ApiKey = {
  readonly id: string
  /** Base64 in the URL alphabet. */
  readonly secret: string
  readonly passphrase: string
  /** The signing address, in lower case. */
  readonly address: string
  readonly nonce: string
}

/** Every API key that was created. The same address and nonce give the same key. */
export class ApiKeys {
  readonly #seed: number
  readonly #byId = new Map<string, ApiKey>()

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Undefined when the address has a key for this nonce already. */
  create(address: string, nonce: string): ApiKey | undefined {
    const key = this.#draw(address, nonce)
    if (this.#byId.has(key.id)) return undefined
    this.#byId.set(key.id, key)
    return key
  }

  /** Undefined when none was created for this nonce. */
  derive(address: string, nonce: string): ApiKey | undefined {
    return this.#byId.get(this.#draw(address, nonce).id)
  }

  byId(id: string): ApiKey | undefined {
    return this.#byId.get(id)
  }

  of(address: string): readonly ApiKey[] {
    return [...this.#byId.values()].filter((key) => key.address === sameCase(address))
  }

  remove(key: ApiKey): void {
    this.#byId.delete(key.id)
  }

  #draw(address: string, nonce: string): ApiKey {
    const digest = (part: string): Buffer =>
      createHash('sha256')
        .update(`${this.#seed}:${part}:${sameCase(address)}:${nonce}`)
        .digest()
    return {
      id: uuidOf(digest('id')),
      secret: digest('secret').toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
      passphrase: digest('passphrase').toString('hex'),
      address: sameCase(address),
      nonce,
    }
  }
}

/** Whether a request is signed with the secret of its key. docs/venues/polymarket.md, 6.2. */
export function isSignedWith(
  key: ApiKey,
  signed: { readonly timestamp: string; readonly method: string; readonly path: string },
  body: string,
  signature: string,
): boolean {
  const message = signed.timestamp + signed.method + signed.path + body
  const wanted = createHmac('sha256', Buffer.from(key.secret, 'base64url')).update(message).digest()
  const given = Buffer.from(signature, 'base64url')
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

/** The first 16 bytes in the form of a version 4 UUID. */
export function uuidOf(bytes: Buffer): string {
  const hex = bytes.subarray(0, 16).toString('hex')
  const groups = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`]
  return [...groups, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-')
}
