import type { ApiKeyText } from '../venues/polymarket/index.ts'
import type { Machine } from './machine.ts'
import { KeyError } from './signing-key.ts'

/** The variables that hold a builder's key for the relayer. docs/venues/polymarket.md, 6.3. */
export const relayerVariables = ['RELAYER_KEY', 'RELAYER_SECRET', 'RELAYER_PASSPHRASE'] as const

/**
 * The key that the relayer asks of wallets that pay no gas, from the environment. Undefined where
 * none is set. Throws a `KeyError` when a part of it is missing.
 */
export function relayerKey({ environment }: Pick<Machine, 'environment'>): ApiKeyText | undefined {
  const [key = '', secret = '', passphrase = ''] = relayerVariables.map(
    (name) => environment[name] ?? '',
  )
  const missing = relayerVariables.filter((name) => (environment[name] ?? '') === '')
  if (missing.length === relayerVariables.length) return undefined
  if (missing.length > 0)
    throw new KeyError(`the relayer's key is not whole: set ${missing.join(', ')}`)
  return { key, secret, passphrase }
}
