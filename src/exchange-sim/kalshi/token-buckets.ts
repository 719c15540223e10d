import type { ExchangeClock } from '../exchange-clock.ts'
import type { KalshiAccount } from './accounts.ts'

/** Tokens a second, and the most that are kept. docs/venues/kalshi.md, 1.3. */
export type Budget = { readonly refillRate: number; readonly capacity: number }

const reads: Readonly<Record<NonNullable<KalshiAccount['tier']>, Budget>> = {
  basic: { refillRate: 200, capacity: 600 },
  advanced: { refillRate: 300, capacity: 900 },
  expert: { refillRate: 600, capacity: 600 },
  premier: { refillRate: 1200, capacity: 1200 },
}
const writes: typeof reads = {
  basic: { refillRate: 100, capacity: 100 },
  advanced: { refillRate: 300, capacity: 900 },
  expert: { refillRate: 600, capacity: 1800 },
  premier: { refillRate: 1200, capacity: 3600 },
}

/** What a call costs. docs/venues/kalshi.md, 1.3. */
export const defaultCost = 10

export type BudgetName = 'read' | 'write'

export function budgetOf(tier: KalshiAccount['tier'], name: BudgetName): Budget {
  return (name === 'read' ? reads : writes)[tier ?? 'basic']
}

/** Counts what each account spends. Whoever does not sign shares one account with all others. */
export class TokenBuckets {
  readonly #clock: ExchangeClock
  readonly #states = new Map<string, { tokens: number; atMs: number }>()

  constructor(clock: ExchangeClock) {
    this.#clock = clock
  }

  /** False when there are not so many tokens: then none is taken. */
  take(account: KalshiAccount | undefined, name: BudgetName, cost: number): boolean {
    const { refillRate, capacity } = budgetOf(account?.tier, name)
    const key = `${name} ${account?.keyId ?? ''}`
    const now = this.#clock.epochMs()
    const state = this.#states.get(key) ?? { tokens: capacity, atMs: now }
    const refilled = state.tokens + ((now - state.atMs) * refillRate) / 1000
    const tokens = Math.min(capacity, refilled)
    const isThere = tokens >= cost
    this.#states.set(key, { tokens: isThere ? tokens - cost : tokens, atMs: now })
    return isThere
  }
}
