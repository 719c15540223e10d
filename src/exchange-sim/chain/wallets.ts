import { sameCase } from './contracts.ts'

/** The four ways an account holds its funds, by their number on the wire. 7.3. */
export const walletKinds = ['eoa', 'proxy', 'safe', 'deposit'] as const
export type WalletKind = (typeof walletKinds)[number]

/** A funds holder, and the key that speaks for it. Addresses in lower case. */
export type Wallet = {
  readonly address: string
  readonly kind: WalletKind
  readonly owner: string
}

/** Every wallet the chain knows. */
export class Wallets {
  readonly #byAddress = new Map<string, Wallet>()

  open(wallet: Wallet): Wallet {
    const opened = {
      address: sameCase(wallet.address),
      kind: wallet.kind,
      owner: sameCase(wallet.owner),
    }
    this.#byAddress.set(opened.address, opened)
    return opened
  }

  /** A key that nobody has opened a wallet for still holds what is at its own address. */
  at(address: string): Wallet | undefined {
    return this.#byAddress.get(sameCase(address))
  }

  of(owner: string): readonly Wallet[] {
    return [...this.#byAddress.values()].filter((wallet) => wallet.owner === sameCase(owner))
  }

  all(): readonly Wallet[] {
    return [...this.#byAddress.values()]
  }
}
