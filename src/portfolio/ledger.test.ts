import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { MicroUsd, Nanos } from '../core/units.ts'
import type { Account } from './account.ts'
import type { LedgerEntry, Posting } from './ledger.ts'
import { Ledger } from './ledger.ts'

const now = 0 as Nanos
const usd = (value: number): MicroUsd => value as MicroUsd
const accounts: readonly Account[] = ['capital', 'cash:polymarket', 'cash:kalshi', 'realised:mine']

/** Amounts to all accounts but one, which takes what makes them sum to zero. */
const postings = fc
  .array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 3, maxLength: 3 })
  .map((amounts): readonly Posting[] => {
    const all = [...amounts, -amounts.reduce((sum, amount) => sum + amount, 0)]
    return accounts.map((account, index) => ({ account, amount: usd(all[index] ?? 0) }))
  })

describe('a ledger', () => {
  test('holds the sums of what was posted, and balances', () => {
    fc.assert(
      fc.property(fc.array(postings), (entries) => {
        const ledger = new Ledger(() => {})
        for (const entry of entries) ledger.post(now, 'any', entry)

        for (const [index, account] of accounts.entries()) {
          const want = entries.reduce((sum, entry) => sum + BigInt(entry[index]?.amount ?? 0), 0n)
          expect(BigInt(ledger.balance(account))).toBe(want)
        }
        expect(ledger.balanced).toBe(true)
      }),
    )
  })

  test('can be rebuilt from its entries, which are numbered and leave zeros out', () => {
    const entries: LedgerEntry[] = []
    const ledger = new Ledger((entry) => entries.push(entry))

    ledger.post(now, 'deposit', [
      { account: 'cash:kalshi', amount: usd(5) },
      { account: 'cash:polymarket', amount: usd(0) },
      { account: 'capital', amount: usd(-5) },
    ])
    ledger.post(now, 'nothing', [{ account: 'capital', amount: usd(0) }])

    expect(entries).toEqual([
      {
        number: 1,
        at: 0,
        memo: 'deposit',
        postings: [
          { account: 'cash:kalshi', amount: 5 },
          { account: 'capital', amount: -5 },
        ],
        shares: [],
      },
    ])
    expect(ledger.count).toBe(1)
  })

  test('refuses an entry that makes or loses a micro-dollar, and keeps its balances', () => {
    const ledger = new Ledger(() => {})

    expect(() =>
      ledger.post(now, 'wrong', [
        { account: 'cash:kalshi', amount: usd(5) },
        { account: 'capital', amount: usd(-4) },
      ]),
    ).toThrow('sum to zero')
    expect(ledger.balance('cash:kalshi')).toBe(0)
  })

  test('sums the accounts of a kind', () => {
    const ledger = new Ledger(() => {})
    ledger.post(now, 'deposits', [
      { account: 'cash:kalshi', amount: usd(5) },
      { account: 'cash:polymarket', amount: usd(7) },
      { account: 'capital', amount: usd(-12) },
    ])

    expect(ledger.total('cash:')).toBe(12)
  })
})
