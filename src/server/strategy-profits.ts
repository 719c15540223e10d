import type { MicroUsd } from '../core/units.ts'
import { add, negate, subtract, zeroUsd } from '../core/units.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type { StrategyProfit } from './digest.ts'

/** What each strategy has earned and paid, summed from the entries of the ledger. */
export class StrategyProfits {
  readonly #gained: Map<string, MicroUsd> = new Map()
  readonly #fees: Map<string, MicroUsd> = new Map()
  /** Fees of buys: they are in the cost of the shares, and so in what those have gained. */
  readonly #inCost: Map<string, MicroUsd> = new Map()

  post({ postings }: LedgerEntry): void {
    for (const { account, amount } of postings) {
      const [kind, ...rest] = account.split(':')
      // A gain is a credit, which is negative; fees are debits, by venue and strategy.
      if (kind === 'realised') change(this.#gained, rest.join(':'), negate(amount))
      if (kind === 'fees') change(this.#fees, rest.slice(1).join(':'), amount)
      if (kind === 'capitalised') change(this.#inCost, rest.slice(1).join(':'), negate(amount))
    }
  }

  /** In the order of their names. */
  byStrategy(): readonly StrategyProfit[] {
    return [...new Set([...this.#gained.keys(), ...this.#fees.keys()])]
      .toSorted()
      .map((strategy) => {
        const gained = this.#gained.get(strategy) ?? zeroUsd
        const fees = this.#fees.get(strategy) ?? zeroUsd
        const ofSales = subtract(fees, this.#inCost.get(strategy) ?? zeroUsd)
        return { strategy, gained, fees, realised: subtract(gained, ofSales) }
      })
  }
}

function change(sums: Map<string, MicroUsd>, strategy: string, amount: MicroUsd): void {
  sums.set(strategy, add(sums.get(strategy) ?? zeroUsd, amount))
}
