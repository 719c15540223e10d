import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { add, subtract } from '../../core/units.ts'
import type { TokenLedger } from '../chain/token-ledger.ts'

type Purse = { value: number; onTheWay: number }

const collateral = 'collateral'

/**
 * What the operator believes every wallet has: a cache of the chain. docs/venues/polymarket.md,
 * 3.8.
 *
 * It knows of its own trades, and of nothing else that happens on the chain until it is told to
 * look. What a matched trade is going to take is gone at once; what it brings comes with the block.
 */
export class Purses {
  readonly #ledger: TokenLedger
  readonly #purses = new Map<string, Purse>()

  constructor(ledger: TokenLedger) {
    this.#ledger = ledger
  }

  usd(wallet: string): MicroUsd {
    return free(this.#purse(wallet, collateral)) as MicroUsd
  }

  tokens(wallet: string, token: string): MicroShares {
    return free(this.#purse(wallet, token)) as MicroShares
  }

  /** Looks at the chain again. `asset`: a token, or undefined for the collateral. */
  refresh(wallet: string, asset: string | undefined): void {
    this.#purse(wallet, asset ?? collateral).value = this.#onChain(wallet, asset ?? collateral)
  }

  /** A trade was matched that will take this from the wallet. */
  promiseUsd(wallet: string, money: MicroUsd): void {
    this.#promise(wallet, collateral, money)
  }

  promiseTokens(wallet: string, token: string, size: MicroShares): void {
    this.#promise(wallet, token, size)
  }

  /** The trade is on the chain, or never will be: the promise is over. */
  release(wallet: string, asset: string | undefined, amount: MicroUsd | MicroShares): void {
    const purse = this.#purse(wallet, asset ?? collateral)
    purse.onTheWay = subtract(purse.onTheWay as MicroUsd, amount as MicroUsd)
  }

  /** A trade of the operator's moved this on the chain: the cache follows without being told. */
  follow(wallet: string, asset: string | undefined, change: MicroUsd | MicroShares): void {
    const purse = this.#purse(wallet, asset ?? collateral)
    purse.value = add(purse.value as MicroUsd, change as MicroUsd)
  }

  #promise(wallet: string, asset: string, amount: number): void {
    const purse = this.#purse(wallet, asset)
    purse.onTheWay += amount
  }

  #purse(wallet: string, asset: string): Purse {
    const key = `${wallet}:${asset}`
    const known = this.#purses.get(key)
    if (known !== undefined) return known
    const purse = { value: this.#onChain(wallet, asset), onTheWay: 0 }
    this.#purses.set(key, purse)
    return purse
  }

  #onChain(wallet: string, asset: string): number {
    return asset === collateral ? this.#ledger.usdOf(wallet) : this.#ledger.tokensOf(wallet, asset)
  }
}

function free({ value, onTheWay }: Purse): number {
  return value - onTheWay
}
