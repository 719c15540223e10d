import type { MicroUsd } from '../core/units.ts'
import { add, subtract, zeroUsd } from '../core/units.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type { StrategyProfit } from './digest.ts'

/** What each strategy has earned and paid, summed from the entries of the ledger. */
export class StrategyProfits {
  readonly #gained: Map<string, MicroUsd> = new Map()
  readonly #fees: Map<string, MicroUsd> = new Map()

  post({ postings }: LedgerEntry): void {
    for (const { account, amount } of postings) {
      const [kind, ...rest] = account.split(':')
      // A gain is a credit, which is negative; fees are debits, by venue and strategy.
      if (kind === 'realised') change(this.#gained, rest.join(':'), subtract(zeroUsd, amount))
      if (kind === 'fees') change(this.#fees, rest.slice(1).join(':'), amount)
    }
  }

  /** In the order of their names. */
  byStrategy(): readonly StrategyProfit[] {
    return [...new Set([...this.#gained.keys(), ...this.#fees.keys()])]
      .toSorted()
      .map((strategy) => ({
        strategy,
        gained: this.#gained.get(strategy) ?? zeroUsd,
        fees: this.#fees.get(strategy) ?? zeroUsd,
      }))
  }
}

function change(sums: Map<string, MicroUsd>, strategy: string, amount: MicroUsd): void {
  sums.set(strategy, add(sums.get(strategy) ?? zeroUsd, amount))
}
