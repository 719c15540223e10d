import type { VenueId } from '../core/market.ts'
import type { KalshiConfig, KalshiCredentials } from '../venues/kalshi/index.ts'
import { createKalshiTrading } from '../venues/kalshi/index.ts'
import type {
  ApiKeyText,
  PolymarketTrading,
  SigningKit,
  TradingHosts,
  TradingOptions,
} from '../venues/polymarket/index.ts'
import { createPolymarketTrading } from '../venues/polymarket/index.ts'
import type { Machine } from './machine.ts'
import type { AccountsWanted, VenueTrading } from './trading-wire.ts'

/** How a wallet at Polymarket is held, and what signs for it. */
export type PolymarketAccount = {
  readonly hosts: TradingHosts
  readonly kit: SigningKit
  readonly apiKey: ApiKeyText
  readonly signatureType: TradingOptions['signatureType']
  readonly funder: TradingOptions['funder']
  readonly relayerKey?: ApiKeyText | undefined
}

export type KalshiAccount = { readonly config: KalshiConfig; readonly key: KalshiCredentials }

/** The accounts that a live run trades with. A venue that is left out is only watched. */
export type LiveAccounts = {
  readonly polymarket?: PolymarketAccount | undefined
  readonly kalshi?: KalshiAccount | undefined
}

/** Opens the way to each account. Nothing is connected yet. */
export async function openAccounts(
  { kalshi, polymarket }: LiveAccounts,
  machine: Machine,
  wanted: AccountsWanted,
): Promise<ReadonlyMap<VenueId, VenueTrading>> {
  const accounts = new Map<VenueId, VenueTrading>()
  if (polymarket !== undefined) {
    accounts.set('polymarket', await openPolymarket(polymarket, machine, wanted))
  }
  if (kalshi !== undefined) accounts.set('kalshi', openKalshi(kalshi, machine, wanted))
  return accounts
}

/** The signer stays warm at a fiftieth of a core: an order after a quiet hour is no slower. */
const keepWarmMs = 5

export function openPolymarket(
  { apiKey, funder, hosts, kit, relayerKey, signatureType }: PolymarketAccount,
  { clock, timers }: Machine,
  { log, marketOf }: Omit<AccountsWanted, 'heldOf'>,
): Promise<PolymarketTrading> {
  return createPolymarketTrading({
    hosts,
    kit,
    apiKey,
    signatureType,
    funder,
    clock,
    timers,
    log: log('polymarket'),
    marketOf: (id) => marketOf('polymarket', id),
    keepWarmMs,
    ...(relayerKey === undefined ? {} : { relayerKey }),
  })
}

export function openKalshi(
  { config, key }: KalshiAccount,
  { clock, timers }: Machine,
  { heldOf, log, marketOf }: AccountsWanted,
): VenueTrading {
  return createKalshiTrading({
    config,
    key,
    clock,
    timers,
    log: log('kalshi'),
    marketOf: (id) => marketOf('kalshi', id),
    heldOf: (market) => heldOf('kalshi', market),
  })
}
