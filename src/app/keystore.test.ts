import { describe, expect, test } from 'vitest'

import { decryptKey, encryptKey, keystoreAddress } from './keystore.ts'

// The two vectors of the format's own specification.
const key = '7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const scryptFile = JSON.stringify({
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262144,
      r: 1,
      p: 8,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
})
const pbkdf2File = JSON.stringify({
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

describe('a keystore', () => {
  test.each([
    ['scrypt', scryptFile],
    ['pbkdf2', pbkdf2File],
  ])('of the specification (%s) opens to its key', (_, file) => {
    expect(Buffer.from(decryptKey(file, 'testpassword')).toString('hex')).toBe(key)
  })

  test('gives back the key it was made from, and shows the address in clear', () => {
    const secret = Uint8Array.from(Buffer.from(key, 'hex'))

    const file = JSON.stringify(encryptKey(secret, 'a long one', '0xAbCd'))

    expect(file).not.toContain(key)
    expect(keystoreAddress(file)).toBe('0xabcd')
    expect(Uint8Array.from(decryptKey(file, 'a long one'))).toEqual(secret)
  })

  test('stays shut for another password', () => {
    expect(() => decryptKey(scryptFile, 'Testpassword')).toThrow('the password does not open')
  })

  test.each([
    ['a bare key', key],
    ['a key in JSON', JSON.stringify({ crypto: { ciphertext: key } })],
    ['a file that asks for a terabyte', scryptFile.replace('262144', '4294967296')],
  ])('is refused when it is %s, without a word of its content', (_, file) => {
    let message = ''
    try {
      decryptKey(file, 'testpassword')
    } catch (error) {
      message = String(error)
    }

    expect(message).toMatch(/keystore/i)
    expect(message).not.toContain(key.slice(0, 16))
  })
})
