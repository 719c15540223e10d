import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { complement, cost, proceeds } from '../../core/units.ts'
import type { Leg } from './settle-match.ts'
import { settleMatches } from './settle-match.ts'
import type { Condition } from './token-ledger.ts'
import { chainAccounts, TokenLedger } from './token-ledger.ts'

const set: readonly Condition[] = ['a', 'b', 'c'].map((id) => ({
  id,
  yes: `${id} yes`,
  no: `${id} no`,
}))
const wallets = ['first', 'second', chainAccounts.population]

const steps = fc.record({
  kind: fc.constantFrom('split', 'merge', 'trade', 'convert', 'pay'),
  wallet: fc.constantFrom(...wallets),
  other: fc.constantFrom(...wallets),
  at: fc.nat(2),
  size: fc.integer({ min: 1, max: 40_000_000 }),
  price: fc.integer({ min: 1, max: 9999 }),
  sides: fc.constantFrom('swap', 'mint', 'merge'),
})
type Step = typeof steps extends fc.Arbitrary<infer Value> ? Value : never

function leg(wallet: string, token: string, side: 'buy' | 'sell', price: Ticks, size: MicroShares) {
  const isBuy = side === 'buy'
  const money = isBuy ? 0 - cost(price, size) : proceeds(price, size)
  const shares = isBuy ? size : 0 - size
  return { wallet, token, money: money as MicroUsd, shares: shares as MicroShares }
}

function legsOf({ wallet, other, sides, price, size }: Step, condition: Condition): [Leg, Leg] {
  const [at, shares] = [price as Ticks, size as MicroShares]
  const { yes, no } = condition
  if (sides === 'swap') {
    return [leg(wallet, yes, 'buy', at, shares), leg(other, yes, 'sell', at, shares)]
  }
  const side = sides === 'mint' ? 'buy' : 'sell'
  return [leg(wallet, yes, side, at, shares), leg(other, no, side, complement(at), shares)]
}

function take(ledger: TokenLedger, step: Step): void {
  const condition = set[step.at]
  if (condition === undefined) return
  const size = step.size as MicroShares
  switch (step.kind) {
    case 'split':
      return void ledger.split(step.wallet, condition, size)
    case 'merge':
      return void ledger.merge(step.wallet, condition, size)
    case 'trade':
      return void settleMatches(ledger, condition, [legsOf(step, condition)])
    case 'pay':
      return void ledger.pay(step.wallet, step.other, step.size as MicroUsd)
    case 'convert': {
      const others = set.filter((each) => each !== condition)
      return void ledger.convert(step.wallet, [condition], others, size)
    }
  }
}

test('whatever is done, no money and no token comes from nowhere or is lost', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), (sequence) => {
      const ledger = new TokenLedger()
      for (const wallet of wallets) ledger.mint(wallet, 100_000_000 as MicroUsd)

      for (const step of sequence) take(ledger, step)

      const { minted, held, locked, unequal } = ledger.audit()
      expect(unequal).toEqual([])
      expect(held + locked).toBe(minted)
      for (const wallet of ['first', 'second']) {
        expect(ledger.usdOf(wallet)).toBeGreaterThanOrEqual(0)
        for (const size of ledger.holdings(wallet).values()) expect(size).toBeGreaterThanOrEqual(0)
      }
    }),
  )
})
