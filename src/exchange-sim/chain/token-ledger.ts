import { assert } from '../../core/assert.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { add, par, payout, subtract, zeroShares, zeroUsd } from '../../core/units.ts'

/**
 * A condition as the tokens contract knows it: two outcome tokens, and a dollar behind each pair.
 */
export type Condition = {
  readonly id: string
  readonly yes: string
  readonly no: string
}

/** Accounts of the chain itself: their names are no addresses, so nobody holds their keys. */
export const chainAccounts = {
  /** Everybody who trades on the exchange without being a client of it. */
  population: 'population',
  /** Fees, and the fractions that rounding leaves. */
  operator: 'operator',
  /** What has converted NO into YES: it owes cash against the NO it keeps. */
  converter: 'converter',
} as const

/** Why the chain would revert. */
export type Revert = 'insufficient-collateral' | 'insufficient-tokens' | 'not-resolved'

export type LedgerAudit = {
  readonly minted: MicroUsd
  readonly held: MicroUsd
  readonly locked: MicroUsd
  /** Conditions whose tokens and collateral are not equal. */
  readonly unequal: readonly string[]
}

/**
 * Who holds what on the simulated chain. Money comes in only by `mint`; everything else moves it.
 *
 * Every YES has its NO and a dollar locked for the two, until the winner is known: {@link audit}
 * says whether that holds.
 */
export class TokenLedger {
  readonly #usd = new Map<string, MicroUsd>()
  readonly #tokens = new Map<string, Map<string, MicroShares>>()
  readonly #locked = new Map<string, MicroUsd>()
  readonly #conditions = new Map<string, Condition>()
  /** Redeemed so far, by condition: winners are burnt without their losers. */
  readonly #redeemed = new Set<string>()
  #minted: MicroUsd = zeroUsd

  usdOf(account: string): MicroUsd {
    return this.#usd.get(account) ?? zeroUsd
  }

  tokensOf(account: string, token: string): MicroShares {
    return this.#tokens.get(account)?.get(token) ?? zeroShares
  }

  /** Every token an account holds some of. */
  holdings(account: string): ReadonlyMap<string, MicroShares> {
    return this.#tokens.get(account) ?? new Map<string, MicroShares>()
  }

  /** Remembers how everything stands. What is returned puts it back. */
  checkpoint(): () => void {
    const usd = new Map(this.#usd)
    const locked = new Map(this.#locked)
    const redeemed = new Set(this.#redeemed)
    const tokens = [...this.#tokens].map(([account, held]) => [account, new Map(held)] as const)
    return () => {
      refill(this.#usd, usd)
      refill(this.#locked, locked)
      refill(this.#tokens, tokens)
      this.#redeemed.clear()
      for (const id of redeemed) this.#redeemed.add(id)
    }
  }

  mint(account: string, money: MicroUsd): void {
    assert(money >= 0, `one mints what is not negative: ${money}`)
    this.#minted = add(this.#minted, money)
    this.#addUsd(account, money)
  }

  /** Mints what an account lacks. Only for those who trade without a purse of their own. */
  mintUpTo(account: string, money: MicroUsd): void {
    const held = this.usdOf(account)
    if (held < money) this.mint(account, subtract(money, held))
  }

  pay(from: string, to: string, money: MicroUsd): Revert | undefined {
    assert(money >= 0, `one pays what is not negative: ${money}`)
    if (this.usdOf(from) < money && from !== chainAccounts.converter) {
      return 'insufficient-collateral'
    }
    this.#addUsd(from, (0 - money) as MicroUsd)
    this.#addUsd(to, money)
    return undefined
  }

  give(from: string, to: string, token: string, size: MicroShares): Revert | undefined {
    assert(size >= 0, `one gives what is not negative: ${size}`)
    if (this.tokensOf(from, token) < size) return 'insufficient-tokens'
    this.#addTokens(from, token, (0 - size) as MicroShares)
    this.#addTokens(to, token, size)
    return undefined
  }

  /** A dollar becomes one of each. docs/venues/polymarket.md, 10.3. */
  split(account: string, condition: Condition, size: MicroShares): Revert | undefined {
    if (this.usdOf(account) < par(size) && account !== chainAccounts.converter) {
      return 'insufficient-collateral'
    }
    this.#addUsd(account, (0 - par(size)) as MicroUsd)
    this.#lock(condition, par(size))
    this.#addTokens(account, condition.yes, size)
    this.#addTokens(account, condition.no, size)
    return undefined
  }

  /** One of each becomes a dollar. */
  merge(account: string, condition: Condition, size: MicroShares): Revert | undefined {
    const { yes, no } = condition
    if (this.tokensOf(account, yes) < size || this.tokensOf(account, no) < size) {
      return 'insufficient-tokens'
    }
    this.#addTokens(account, yes, (0 - size) as MicroShares)
    this.#addTokens(account, no, (0 - size) as MicroShares)
    this.#lock(condition, (0 - par(size)) as MicroUsd)
    this.#addUsd(account, par(size))
    return undefined
  }

  /** Burns all that an account holds of both tokens and pays the winners. Gives what it paid. */
  redeem(account: string, condition: Condition, winner: 'yes' | 'no'): MicroUsd {
    const won = this.tokensOf(account, condition[winner])
    for (const token of [condition.yes, condition.no]) {
      this.#addTokens(account, token, (0 - this.tokensOf(account, token)) as MicroShares)
    }
    const money = payout(won)
    this.#lock(condition, (0 - money) as MicroUsd)
    this.#redeemed.add(condition.id)
    this.#addUsd(account, money)
    return money
  }

  /**
   * NO of some questions of a set becomes cash and YES of the others. 10.4.
   *
   * The converter keeps the NO tokens and splits its own money for the YES, so it owes: what it
   * keeps is worth as much at the least, since at most one of the set wins.
   */
  convert(
    account: string,
    given: readonly Condition[],
    others: readonly Condition[],
    size: MicroShares,
  ): Revert | undefined {
    if (given.some(({ no }) => this.tokensOf(account, no) < size)) return 'insufficient-tokens'

    const { converter } = chainAccounts
    for (const { no } of given) this.give(account, converter, no, size)
    for (const condition of others) {
      this.split(converter, condition, size)
      this.give(converter, account, condition.yes, size)
    }
    for (let paid = 1; paid < given.length; paid++) this.pay(converter, account, par(size))
    return undefined
  }

  /** Whether all money is accounted for, and every pair has its dollar. */
  audit(): LedgerAudit {
    const total = (values: Iterable<MicroUsd>): MicroUsd => {
      let sum = zeroUsd
      for (const value of values) sum = add(sum, value)
      return sum
    }
    const unequal = [...this.#conditions.values()].filter((condition) => {
      if (this.#redeemed.has(condition.id)) return false
      const locked = this.#locked.get(condition.id) ?? zeroUsd
      const supplies = [this.#supply(condition.yes), this.#supply(condition.no)]
      return supplies.some((supply) => par(supply) !== locked)
    })
    return {
      minted: this.#minted,
      held: total(this.#usd.values()),
      locked: total(this.#locked.values()),
      unequal: unequal.map(({ id }) => id),
    }
  }

  #supply(token: string): MicroShares {
    let sum = zeroShares
    for (const tokens of this.#tokens.values()) sum = add(sum, tokens.get(token) ?? zeroShares)
    return sum
  }

  #lock(condition: Condition, money: MicroUsd): void {
    this.#conditions.set(condition.id, condition)
    this.#locked.set(condition.id, add(this.#locked.get(condition.id) ?? zeroUsd, money))
  }

  #addUsd(account: string, money: MicroUsd): void {
    this.#usd.set(account, add(this.usdOf(account), money))
  }

  #addTokens(account: string, token: string, size: MicroShares): void {
    const tokens = this.#tokens.get(account) ?? new Map<string, MicroShares>()
    this.#tokens.set(account, tokens)
    tokens.set(token, add(tokens.get(token) ?? zeroShares, size))
  }
}

function refill<Key, Value>(map: Map<Key, Value>, entries: Iterable<readonly [Key, Value]>): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
