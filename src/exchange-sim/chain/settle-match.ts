import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { add, par, subtract, zeroShares, zeroUsd } from '../../core/units.ts'
import type { Condition, Revert, TokenLedger } from './token-ledger.ts'
import { chainAccounts } from './token-ledger.ts'

/** What one side of a match gives and gets on the chain. What it gives is negative. */
export type Leg = {
  readonly wallet: string
  readonly money: MicroUsd
  readonly token: string
  readonly shares: MicroShares
}

/** A taker's leg and a maker's. */
export type Match = readonly [Leg, Leg]

/**
 * Settles the matches of one taker as `matchOrders` does: all of them or none. 7.7 and 9.
 *
 * All goes through the operator, who splits a dollar for two buyers and merges for two sellers, and
 * keeps the fees and the fractions. Nothing has moved when it reverts.
 */
export function settleMatches(
  ledger: TokenLedger,
  condition: Condition,
  matches: readonly Match[],
): Revert | undefined {
  const legs = matches.flat()
  const revert = lack(ledger, legs)
  if (revert !== undefined) return revert

  for (const match of matches) settleMatch(ledger, condition, match)
  return undefined
}

/** What some wallet has too little of, over all it is to give. */
function lack(ledger: TokenLedger, legs: readonly Leg[]): Revert | undefined {
  const money = new Map<string, MicroUsd>()
  const shares = new Map<string, MicroShares>()
  for (const leg of legs) {
    if (leg.wallet === chainAccounts.population) continue
    if (leg.money < 0) money.set(leg.wallet, add(money.get(leg.wallet) ?? zeroUsd, leg.money))
    const key = `${leg.wallet} ${leg.token}`
    if (leg.shares < 0) shares.set(key, add(shares.get(key) ?? zeroShares, leg.shares))
  }
  for (const [wallet, given] of money) {
    if (ledger.usdOf(wallet) < 0 - given) return 'insufficient-collateral'
  }
  for (const [key, given] of shares) {
    const [wallet = '', token = ''] = key.split(' ')
    if (ledger.tokensOf(wallet, token) < 0 - given) return 'insufficient-tokens'
  }
  return undefined
}

function settleMatch(ledger: TokenLedger, condition: Condition, match: Match): void {
  const { operator, population } = chainAccounts
  const [first, second] = match
  for (const leg of match) {
    if (leg.wallet === population) fund(ledger, condition, leg)
    if (leg.money < 0) ledger.pay(leg.wallet, operator, (0 - leg.money) as MicroUsd)
    if (leg.shares < 0) {
      ledger.give(leg.wallet, operator, leg.token, (0 - leg.shares) as MicroShares)
    }
  }
  const size = Math.abs(first.shares) as MicroShares
  if (first.shares > 0 && second.shares > 0) ledger.split(operator, condition, size)
  if (first.shares < 0 && second.shares < 0) ledger.merge(operator, condition, size)
  for (const leg of match) {
    if (leg.money > 0) ledger.pay(operator, leg.wallet, leg.money)
    if (leg.shares > 0) ledger.give(operator, leg.wallet, leg.token, leg.shares)
  }
}

/** The population buys with new money, and sells what it splits when it has none. */
function fund(ledger: TokenLedger, condition: Condition, leg: Leg): void {
  const { wallet, token } = leg
  if (leg.money < 0) ledger.mintUpTo(wallet, (0 - leg.money) as MicroUsd)
  const wanted = (0 - leg.shares) as MicroShares
  const held = ledger.tokensOf(wallet, token)
  if (wanted <= held) return
  const missing = subtract(wanted, held)
  ledger.mintUpTo(wallet, par(missing))
  ledger.split(wallet, condition, missing)
}
