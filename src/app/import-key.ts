import { writeFileSync } from 'node:fs'

import { createSigner } from '../venues/polymarket/index.ts'
import { encryptKey } from './keystore.ts'
import type { Machine } from './machine.ts'
import { KeyError, signingKey } from './signing-key.ts'

/** Writes `PRIVATE_KEY`, encrypted under `KEYSTORE_PASSWORD`, to a new file. Gives its address. */
export function importKey(path: string, machine: Machine): string {
  const password = machine.environment['KEYSTORE_PASSWORD']
  if (password === undefined || password.length < 8) {
    throw new KeyError('set KEYSTORE_PASSWORD to a password of at least 8 characters')
  }
  const key = signingKey({ keystore: undefined }, machine)
  const { address } = createSigner(key)
  // Never over a file that is there: it may be the only copy of another key.
  writeFileSync(path, `${JSON.stringify(encryptKey(key, password, address), undefined, 2)}\n`, {
    mode: 0o600,
    flag: 'wx',
  })
  return address
}
