import { describe, expect, test } from 'vitest'
import type { MarketId, Outcome, Resolution } from '../../core/market.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import type { LockedBasket } from './locked-baskets.ts'
import { LockedBaskets } from './locked-baskets.ts'

const ten = 10_000_000

function leg(market: string, outcome: Outcome, size = ten): LockedBasket['legs'][number] {
  return {
    venue: 'polymarket',
    market: market as MarketId,
    outcome,
    size: size as MicroShares,
  }
}

function held(cash: number, ...legs: LockedBasket['legs'][number][]): LockedBaskets {
  const baskets = new LockedBaskets()
  baskets.take({
    basket: 'B1',
    strategy: 'ladder',
    cash: cash as MicroUsd,
    legs,
    worst: 400_000 as MicroUsd,
  })
  return baskets
}

/** What YES of each market was worth in the end, of those that are resolved. */
function resolved(values: Readonly<Record<string, number>>) {
  return (_venue: string, market: MarketId): Resolution | undefined => {
    const value = values[market]
    return value === undefined ? undefined : { yesValue: value as Ppm }
  }
}

const pair = [leg('above-90', 'yes'), leg('above-100', 'no')] as const

describe('LockedBaskets', () => {
  test('a basket is counted when the last of its markets is resolved, once', () => {
    const baskets = held(-9_600_000, ...pair)

    expect(baskets.settled(resolved({ 'above-90': 1_000_000 }))).toEqual([])
    const ends = { 'above-90': 1_000_000, 'above-100': 1_000_000 }
    const result = 400_000
    expect(baskets.settled(resolved(ends))).toEqual([
      { kind: 'basket-settled', basket: 'B1', strategy: 'ladder', result, worst: 400_000 },
    ])
    expect(baskets.settled(resolved(ends))).toEqual([])
  })

  test.each([
    { name: 'betrayed by its relation', ends: [0, 1_000_000], result: -9_600_000 },
    { name: 'with the luck of both sides', ends: [1_000_000, 0], result: 10_400_000 },
    { name: 'whose markets are void', ends: [500_000, 500_000], result: 400_000 },
  ])('one $name comes to $result', ({ ends: [low, high], result }) => {
    const values = { 'above-90': low ?? 0, 'above-100': high ?? 0 }

    expect(held(-9_600_000, ...pair).settled(resolved(values))[0]?.result).toBe(result)
  })

  test('what was sold is owed', () => {
    const sold = [leg('m', 'yes', -ten), leg('m', 'no', -ten)] as const

    for (const end of [0, 1_000_000]) {
      expect(held(10_200_000, ...sold).settled(resolved({ m: end }))[0]?.result).toBe(200_000)
    }
  })

  test('a basket that is at work again is not held to its word', () => {
    const baskets = held(-9_600_000, ...pair)
    baskets.forget('B1')

    expect(baskets.settled(resolved({ 'above-90': 0, 'above-100': 1_000_000 }))).toEqual([])
  })
})
