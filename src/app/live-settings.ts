import type { MicroUsd } from '../core/units.ts'

/** What live trading needs beyond what a run on paper needs. */
export type LiveSettings = {
  /** Most that may be at stake at any time. Live trading does not start without it. */
  readonly spendingCap?: MicroUsd | undefined
  readonly polymarket: {
    readonly enabled: boolean
    readonly keystore?: string | undefined
    readonly wallet: WalletKind
    readonly funder?: string | undefined
    readonly userSocketUrl: string
    readonly dataUrl: string
    readonly relayerUrl: string
    readonly rpcUrl: string
  }
  readonly kalshi: { readonly enabled: boolean }
}

/** How the funds are held. docs/venues/polymarket.md, 7.3. */
export const walletKinds = ['eoa', 'proxy', 'safe', 'deposit'] as const
export type WalletKind = (typeof walletKinds)[number]
