import { describe, expect, test } from 'vitest'
import { relayerKey } from './relayer-key.ts'

const whole = { RELAYER_KEY: 'k', RELAYER_SECRET: 's', RELAYER_PASSPHRASE: 'p' }

describe('the key of the relayer', () => {
  test('is three variables, or none', () => {
    expect(relayerKey({ environment: whole })).toEqual({ key: 'k', secret: 's', passphrase: 'p' })
    expect(relayerKey({ environment: {} })).toBeUndefined()
  })

  test('is refused when a part is missing, by the name of that part', () => {
    const environment = { ...whole, RELAYER_SECRET: '' }

    expect(() => relayerKey({ environment })).toThrow('set RELAYER_SECRET')
  })
})
