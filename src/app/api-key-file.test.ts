import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Exchange } from '../exchange-sim/exchange.ts'
import { startExchange } from '../exchange-sim/exchange.ts'
import { keepApiKey, storedApiKey } from './api-key-file.ts'
import { decryptKey } from './keystore.ts'
import { thisMachine } from './machine.ts'

// A vector of the format's specification, which opens faster than a file of our own would.
const key = '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const walletFile = JSON.stringify({
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
})
const folder = mkdtempSync(join(tmpdir(), 'api-key-'))
const machine = {
  ...thisMachine,
  environment: { KEYSTORE_PASSWORD: 'testpassword' },
}
let exchange: Exchange

beforeAll(async () => {
  exchange = await startExchange({ seed: 48, faults: [] }, thisMachine)
})
afterAll(async () => {
  await exchange.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('keepApiKey', () => {
  test('creates the key once, derives it afterwards, and keeps it sealed beside the wallet', async () => {
    const file = join(folder, 'wallet.json')
    writeFileSync(file, walletFile, { mode: 0o600 })
    const before = storedApiKey(file, machine)

    const created = await keepApiKey(file, exchange.urls.clob, machine)
    const derived = await keepApiKey(file, exchange.urls.clob, machine)
    const stored = storedApiKey(file, machine)

    expect(before).toBeUndefined()
    expect(derived).toBe(created)
    expect(stored?.key).toBe(created)
    const text = readFileSync(file, 'utf8')
    expect(text).toContain(created)
    for (const secret of [stored?.secret, stored?.passphrase, key]) {
      expect(text).not.toContain(secret)
    }
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(Buffer.from(decryptKey(text, 'testpassword')).toString('hex')).toBe(key)
  }, 60_000)

  test('leaves the keystore as it is when the venue does not answer', async () => {
    const file = join(folder, 'other.json')
    writeFileSync(file, walletFile, { mode: 0o600 })
    const before = readFileSync(file, 'utf8')

    await expect(keepApiKey(file, 'http://127.0.0.1:9', machine)).rejects.toThrow('UNREACHABLE')

    expect(readFileSync(file, 'utf8')).toBe(before)
  })

  test('opens for nobody who lacks the password', async () => {
    const file = join(folder, 'wallet.json')
    const stranger = { ...machine, environment: { KEYSTORE_PASSWORD: 'another one' } }

    expect(() => storedApiKey(file, stranger)).toThrow('the password does not open')
    await expect(keepApiKey(file, exchange.urls.clob, stranger)).rejects.toThrow('does not open')
  })
})
