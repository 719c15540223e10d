import { sameCase } from './contracts.ts'

/** What may be moved: an amount of the collateral, or every outcome token. */
export const unlimited: bigint = 2n ** 256n - 1n

/** Who may move whose tokens: `approve` of the collateral, `setApprovalForAll` of the outcomes. */
export class Approvals {
  readonly #allowances = new Map<string, bigint>()
  readonly #operators = new Set<string>()

  approve(owner: string, spender: string, amount: bigint): void {
    this.#allowances.set(keyOf(owner, spender), amount)
  }

  setApprovalForAll(owner: string, operator: string, isApproved: 'yes' | 'no'): void {
    const key = keyOf(owner, operator)
    if (isApproved === 'yes') this.#operators.add(key)
    else this.#operators.delete(key)
  }

  /** Remembers how everything stands. What is returned puts it back. */
  checkpoint(): () => void {
    const allowances = [...this.#allowances]
    const operators = [...this.#operators]
    return () => {
      this.#allowances.clear()
      this.#operators.clear()
      for (const [key, amount] of allowances) this.#allowances.set(key, amount)
      for (const key of operators) this.#operators.add(key)
    }
  }

  allowance(owner: string, spender: string): bigint {
    return this.#allowances.get(keyOf(owner, spender)) ?? 0n
  }

  isApprovedForAll(owner: string, operator: string): boolean {
    return this.#operators.has(keyOf(owner, operator))
  }
}

function keyOf(owner: string, spender: string): string {
  return `${sameCase(owner)}>${sameCase(spender)}`
}
