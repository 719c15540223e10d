import { readFileSync } from 'node:fs'

import { parsePrivateKey } from '../venues/polymarket/index.ts'
import { decryptKey } from './keystore.ts'
import type { Machine } from './machine.ts'

export type KeySource = {
  /** A keystore file, or undefined for the environment. */
  readonly keystore: string | undefined
}

/**
 * The private key: from a keystore and `KEYSTORE_PASSWORD`, or from `PRIVATE_KEY`.
 *
 * Throws a `KeyError` that says what is missing. It never holds a key or a password.
 */
export function signingKey({ keystore }: KeySource, { environment }: Machine): Uint8Array {
  if (keystore !== undefined) {
    const password = environment['KEYSTORE_PASSWORD']
    if (password === undefined || password === '') {
      throw new KeyError('set KEYSTORE_PASSWORD to the password of the keystore')
    }
    return decryptKey(readFileSync(keystore, 'utf8'), password)
  }
  const text = environment['PRIVATE_KEY']
  if (text === undefined || text === '') {
    throw new KeyError('no key: name a keystore with --keystore, or set PRIVATE_KEY')
  }
  const key = parsePrivateKey(text)
  if (key === undefined)
    throw new KeyError('PRIVATE_KEY is not a private key of 64 hexadecimal digits')
  return key
}

/** There is no key to sign with. */
export class KeyError extends Error {
  override readonly name = 'KeyError'
}
