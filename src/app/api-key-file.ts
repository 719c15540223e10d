import { readFileSync, renameSync, writeFileSync } from 'node:fs'

import { z } from 'zod'

import type { ApiKeyText } from '../venues/polymarket/index.ts'
import { derivePolymarketKey, loadSigningKit } from '../venues/polymarket/index.ts'
import { KeystoreError, seal, sealedBytes, unseal } from './keystore.ts'
import type { Machine } from './machine.ts'
import { KeyError, signingKey } from './signing-key.ts'

const secretParts = z.object({ key: z.string(), secret: z.string(), passphrase: z.string() })

/** A keystore with the venue's key beside the wallet's own: its id in clear, the rest sealed. */
const keystoreWithKey = z.looseObject({
  polymarket: z.object({ key: z.string(), sealed: sealedBytes }).optional(),
})

/**
 * Creates the API key of a keystore's wallet at the venue, or derives the one it has, and keeps it
 * in the same file under the same password. Gives its id.
 */
export async function keepApiKey(file: string, clobUrl: string, machine: Machine): Promise<string> {
  const kit = await loadSigningKit(signingKey({ keystore: file }, machine))
  const apiKey = await derivePolymarketKey({ clobUrl, kit, clock: machine.clock })
  const sealed = seal(Buffer.from(JSON.stringify(apiKey), 'utf8'), passwordOf(machine))
  const keystore = { ...readKeystore(file), polymarket: { key: apiKey.key, sealed } }
  // Whole or not at all: the file may hold the only copy of the wallet's key.
  const next = `${file}.next`
  writeFileSync(next, `${JSON.stringify(keystore, undefined, 2)}\n`, { mode: 0o600 })
  renameSync(next, file)
  return apiKey.key
}

/** The API key that a keystore keeps. Undefined when none has been derived. */
export function storedApiKey(file: string, machine: Machine): ApiKeyText | undefined {
  const { polymarket } = readKeystore(file)
  if (polymarket === undefined) return undefined
  const text = Buffer.from(unseal(polymarket.sealed, passwordOf(machine))).toString('utf8')
  return secretParts.parse(JSON.parse(text))
}

function readKeystore(file: string): z.infer<typeof keystoreWithKey> {
  const parsed = keystoreWithKey.safeParse(parseJson(readFileSync(file, 'utf8')))
  if (!parsed.success) throw new KeystoreError('not a keystore')
  return parsed.data
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new KeystoreError('not a keystore: the file is not JSON', { cause })
  }
}

function passwordOf({ environment }: Machine): string {
  const password = environment['KEYSTORE_PASSWORD']
  if (password === undefined || password === '') {
    throw new KeyError('set KEYSTORE_PASSWORD to the password of the keystore')
  }
  return password
}
