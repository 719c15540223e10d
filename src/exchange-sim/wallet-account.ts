import type { WalletKind } from './chain/wallets.ts'

/** A client's account on the simulated chain, funded and approved for trading. */
export type WalletAccount = {
  /** The address of the key that signs. */
  readonly owner: string
  readonly kind: WalletKind
  /** Who holds the funds; of a plain key its own address. */
  readonly wallet?: string
  /** In whole dollars. */
  readonly dollars: number
  /** What the wallet allows from the start; `all` by default. */
  readonly approvals?: 'all' | 'none'
}
