import type { KeyObject } from 'node:crypto'
import { constants, createPrivateKey, sign } from 'node:crypto'
import type { Clock } from '../../ports/clock.ts'

/** An API key as the venue hands it out: its id, and the private key as PEM. */
export type KalshiCredentials = { readonly keyId: string; readonly privateKeyPem: string }

/** What a signed call carries. docs/venues/kalshi.md, 2.1. */
export type AuthHeaders = {
  readonly 'KALSHI-ACCESS-KEY': string
  readonly 'KALSHI-ACCESS-TIMESTAMP': string
  readonly 'KALSHI-ACCESS-SIGNATURE': string
}

/** A smaller RSA key than the venue makes. docs/venues/kalshi.md, 2.1. */
const rsaBitsMin = 2048

/**
 * Signs calls and the handshake of the socket.
 *
 * The key stays inside, as a handle: it is never text again, and no log or inspection shows it.
 */
export class RequestSigner {
  readonly #keyId: string
  readonly #key: KeyObject
  readonly #clock: Pick<Clock, 'epochMs'>

  /** Throws a {@link CredentialsError} when the key is not one that Kalshi takes. */
  constructor(credentials: KalshiCredentials, clock: Pick<Clock, 'epochMs'>) {
    this.#keyId = credentials.keyId
    this.#key = privateKey(credentials.privateKeyPem)
    this.#clock = clock
  }

  /** The headers of one call, made now. The query of the path is not signed. */
  headers(method: string, path: string): AuthHeaders {
    const timestamp = String(this.#clock.epochMs())
    const text = signedText(timestamp, method, path)
    return {
      'KALSHI-ACCESS-KEY': this.#keyId,
      'KALSHI-ACCESS-TIMESTAMP': timestamp,
      'KALSHI-ACCESS-SIGNATURE': this.#sign(text),
    }
  }

  #sign(text: string): string {
    const bytes = Buffer.from(text)
    if (this.#key.asymmetricKeyType === 'ed25519') {
      return sign(null, bytes, this.#key).toString('base64')
    }
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const saltLength = constants.RSA_PSS_SALTLEN_DIGEST
    return sign('sha256', bytes, { key: this.#key, padding, saltLength }).toString('base64')
  }
}

/** The text a signature covers: the full path, without its query. docs/venues/kalshi.md, 2.1. */
export function signedText(timestamp: string, method: string, path: string): string {
  const query = path.indexOf('?')
  return timestamp + method.toUpperCase() + (query < 0 ? path : path.slice(0, query))
}

/**
 * The key of a PEM text. What it is shows only when it is read: an RSA key may stand under the
 * same heading as an Ed25519 key. docs/venues/kalshi.md, 2.1.
 */
function privateKey(pem: string): KeyObject {
  let key: KeyObject
  try {
    key = createPrivateKey(pem)
  } catch {
    // The cause is left out: nothing that has seen the key goes into a log.
    throw new CredentialsError('the private key is not PEM that can be read')
  }
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ed25519') return key
  if (type !== 'rsa') throw new CredentialsError(`the private key was of type ${String(type)}`)
  const bits = details?.modulusLength ?? 0
  if (bits < rsaBitsMin) throw new CredentialsError(`the private key had ${bits} bits`)
  return key
}

/** Credentials that cannot be used. Its message holds nothing of them. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError'
}
