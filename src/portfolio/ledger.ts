import { assert } from '../core/assert.ts'
import type { InstrumentId, MarketId, Outcome, VenueId } from '../core/market.ts'
import type { MicroShares, MicroUsd, Nanos } from '../core/units.ts'
import { add, zeroUsd } from '../core/units.ts'
import type { Account } from './account.ts'

/** A debit when positive, a credit when negative. */
export type Posting = { readonly account: Account; readonly amount: MicroUsd }

/** Shares that came to us, or went when negative, and for which strategy. */
export type ShareMove = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly outcome: Outcome
  readonly strategy: string
  readonly change: MicroShares
}

/** One thing that happened, as the accounts see it. Its postings sum to zero. */
export type LedgerEntry = {
  readonly number: number
  readonly at: Nanos
  /** What it was: "fill B000001-1". */
  readonly memo: string
  readonly postings: readonly Posting[]
  /** With them positions can be rebuilt from entries alone. */
  readonly shares: readonly ShareMove[]
}

/**
 * Double-entry books in whole micro-dollars.
 *
 * Money is never made or lost here, only moved; an entry that would do so is a bug and stops us.
 */
export class Ledger {
  readonly #balances: Map<Account, MicroUsd> = new Map()
  readonly #posted: (entry: LedgerEntry) => void
  #count = 0

  /** `posted` is given every entry, in order: whoever keeps them can rebuild the balances. */
  constructor(posted: (entry: LedgerEntry) => void) {
    this.#posted = posted
  }

  get count(): number {
    return this.#count
  }

  post(
    at: Nanos,
    memo: string,
    postings: readonly Posting[],
    shares: readonly ShareMove[] = [],
  ): void {
    const real = postings.filter(({ amount }) => amount !== 0)
    const sum = real.reduce<MicroUsd>((total, { amount }) => add(total, amount), zeroUsd)
    assert(sum === 0, `the postings of an entry sum to zero: ${memo} sums to ${sum}`)
    if (real.length === 0 && shares.length === 0) return

    for (const { account, amount } of real) {
      const balance = add(this.balance(account), amount)
      assert(Number.isSafeInteger(balance), `a balance is a whole micro-dollar: ${account}`)
      this.#balances.set(account, balance)
    }
    this.#count++
    this.#posted({ number: this.#count, at, memo, postings: real, shares })
  }

  /**
   * Takes in an entry that was posted in an earlier life, or several summed up into one that has
   * the number of the last. It is not told again.
   */
  adopt(entry: LedgerEntry): void {
    assert(entry.number > this.#count, `entries come in their order: ${entry.number}`)
    for (const { account, amount } of entry.postings) {
      this.#balances.set(account, add(this.balance(account), amount))
    }
    this.#count = entry.number
  }

  balance(account: Account): MicroUsd {
    return this.#balances.get(account) ?? zeroUsd
  }

  balances(): Iterable<readonly [Account, MicroUsd]> {
    return this.#balances.entries()
  }

  /** The sum of all accounts whose name begins so. */
  total(prefix: string): MicroUsd {
    let sum = zeroUsd
    for (const [account, amount] of this.#balances) {
      if (account.startsWith(prefix)) sum = add(sum, amount)
    }
    return sum
  }

  /** Whether all accounts together come to nothing, counted anew. */
  get balanced(): boolean {
    return this.total('') === 0
  }
}
