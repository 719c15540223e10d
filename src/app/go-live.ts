import { resolve } from 'node:path'

import { formatUsd } from '../core/decimal.ts'
import type { MicroUsd } from '../core/units.ts'
import { min } from '../core/units.ts'
import { derivePolymarketKey, loadSigningKit } from '../venues/polymarket/index.ts'
import { storedApiKey } from './api-key-file.ts'
import type { Config } from './config.ts'
import type { Finding } from './finding.ts'
import type { LiveAccounts, PolymarketAccount } from './live-accounts.ts'
import { openPolymarket } from './live-accounts.ts'
import { walletKinds } from './live-settings.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import { readCredentials, toKalshi } from './make-venues.ts'
import { relayerKey } from './relayer-key.ts'
import { KeyError, signingKey } from './signing-key.ts'
import { checkKalshi } from './check-kalshi.ts'
import { silentLog } from './silent-log.ts'

/** Limits that a person must have set in words of his own before orders are sent. */
const ownLimits = ['totalExposureMax', 'orderNotionalMax', 'dailyLossMax'] as const

/**
 * The three consents that stand between a start and real orders: the word in the configuration, the
 * word on the command line, and limits that somebody has set.
 */
export function examineConsents(
  { config, given }: LoadedConfig,
  asked: boolean,
): readonly Finding[] {
  const { live, mode } = config
  const unset = ownLimits.filter((name) => !given.has(`risk.${name}`))
  return [
    consent('mode', mode === 'live', 'mode = "live"', 'write mode = "live" into the configuration'),
    consent('--live', asked, 'was asked for', 'start it with run --live'),
    consent(
      'limits',
      unset.length === 0,
      'are set',
      `set ${unset.map(snake).join(', ')} under [risk]: live trading takes no default`,
    ),
    consent(
      'spending cap',
      live.spendingCap !== undefined && live.spendingCap > 0,
      live.spendingCap === undefined ? '' : `$${formatUsd(live.spendingCap)} at stake at the most`,
      'set spending_cap under [live]',
    ),
    consent(
      'accounts',
      live.polymarket.enabled || live.kalshi.enabled,
      [live.polymarket.enabled ? 'Polymarket' : '', live.kalshi.enabled ? 'Kalshi' : '']
        .filter((name) => name !== '')
        .join(' and '),
      'set enabled = true under [live.polymarket] or [live.kalshi]',
    ),
  ]
}

function consent(name: string, given: boolean, found: string, remedy: string): Finding {
  return given
    ? { name, state: 'ok', found, remedy: '' }
    : { name, state: 'failure', found: 'is missing', remedy }
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** The configuration as a live run has it: nothing beyond the spending cap is ever at stake. */
export function capped(config: Config): Config {
  const { spendingCap } = config.live
  if (spendingCap === undefined) return config
  const totalExposureMax: MicroUsd = min(config.risk.totalExposureMax, spendingCap)
  return { ...config, risk: { ...config.risk, totalExposureMax } }
}

/**
 * The accounts that the configuration names, with their keys. Rejects with a `KeyError`, a
 * `KeystoreError`, a `ConfigError` or a `VenueError`; none of them holds a key.
 */
export async function liveAccounts(config: Config, machine: Machine): Promise<LiveAccounts> {
  const { kalshi, polymarket } = config.live
  return {
    polymarket: polymarket.enabled ? await polymarketAccount(config, machine) : undefined,
    kalshi: kalshi.enabled ? kalshiAccount(config, machine) : undefined,
  }
}

async function polymarketAccount(config: Config, machine: Machine): Promise<PolymarketAccount> {
  const { dataUrl, funder, relayerUrl, rpcUrl, userSocketUrl, wallet, ...rest } =
    config.live.polymarket
  const keystore = rest.keystore === undefined ? undefined : resolve(machine.folder, rest.keystore)
  const kit = await loadSigningKit(signingKey({ keystore }, machine))
  const { clobUrl } = config.venues.polymarket
  const stored = keystore === undefined ? undefined : storedApiKey(keystore, machine)
  if (wallet !== 'eoa' && funder === undefined) {
    throw new KeyError(`a ${wallet} wallet needs its address: set funder under [live.polymarket]`)
  }
  return {
    hosts: { clobUrl, userSocketUrl, dataUrl, relayerUrl, rpcUrl },
    kit,
    apiKey: stored ?? (await derivePolymarketKey({ clobUrl, kit, clock: machine.clock })),
    signatureType: walletKinds.indexOf(wallet) as PolymarketAccount['signatureType'],
    funder: (funder ?? kit.signer.address) as PolymarketAccount['funder'],
    relayerKey: relayerKey(machine),
  }
}

function kalshiAccount(config: Config, machine: Machine): NonNullable<LiveAccounts['kalshi']> {
  const key = readCredentials(config.venues.kalshi, machine)
  if (key === undefined) {
    throw new KeyError('no key for Kalshi: set key_id and private_key_file under [venues.kalshi]')
  }
  return { key, config: toKalshi(config.venues.kalshi, machine) }
}

/** What was found of the accounts, and those whose keys could be opened. */
export type ExaminedAccounts = {
  readonly findings: readonly Finding[]
  readonly accounts: LiveAccounts
}

/** Looks at every account: whether its key is good, what it holds, what it has not approved. */
export async function examineAccounts(config: Config, machine: Machine): Promise<ExaminedAccounts> {
  const findings: Finding[] = []
  const accounts: { -readonly [Venue in keyof LiveAccounts]: LiveAccounts[Venue] } = {}
  const look = async (name: string, work: () => Promise<readonly Finding[]>): Promise<void> => {
    try {
      findings.push(...(await work()))
    } catch (error) {
      const found = error instanceof Error ? error.message : 'cannot be used'
      findings.push({
        name,
        state: 'failure',
        found,
        remedy: 'see docs/operating.md, Live trading',
      })
    }
  }
  const { kalshi, polymarket } = config.live
  if (polymarket.enabled) {
    await look('Polymarket', async () => {
      accounts.polymarket = await polymarketAccount(config, machine)
      return examinePolymarket(accounts.polymarket, machine)
    })
  }
  if (kalshi.enabled) {
    await look('Kalshi', async () => {
      accounts.kalshi = kalshiAccount(config, machine)
      return checkKalshi(accounts.kalshi, machine)
    })
  }
  return { findings, accounts }
}

async function examinePolymarket(
  account: PolymarketAccount,
  machine: Machine,
): Promise<readonly Finding[]> {
  const trading = await openPolymarket(account, machine, {
    log: () => silentLog,
    marketOf: () => undefined,
  })
  try {
    const { cash } = await trading.gateway.readAccount(machine.clock.epochMs())
    const missing = await trading.missingAllowances()
    return [
      {
        name: 'Polymarket',
        state: 'ok',
        found: `the key is good; $${formatUsd(cash)} in cash`,
        remedy: '',
      },
      {
        name: 'allowances',
        state: missing.length === 0 ? 'ok' : 'failure',
        found:
          missing.length === 0
            ? 'all are given'
            : `missing: ${missing.map((each) => JSON.stringify(each)).join(', ')}`,
        remedy: missing.length === 0 ? '' : 'give them once on polymarket.com, or by hand',
      },
    ]
  } finally {
    await trading.close()
  }
}
