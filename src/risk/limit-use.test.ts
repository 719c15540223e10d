import { describe, expect, test } from 'vitest'

import type { MicroUsd } from '../core/units.ts'
import type { Stake, UseFacts } from './limit-use.ts'
import { limitUse, usedLimits } from './limit-use.ts'
import { riskDefaults } from './risk-limits.ts'

function stake(venue: string, market: string, amount: number, changes: Partial<Stake> = {}): Stake {
  return { venue, market, set: market, strategy: 'mine', amount: amount as MicroUsd, ...changes }
}

const nothing: UseFacts = {
  stakes: [],
  unresolved: 0 as MicroUsd,
  dailyLoss: 0 as MicroUsd,
  openBaskets: 0,
  ordersLastSecond: 0,
  ordersLastMinute: 0,
}

function usedOf(facts: Partial<UseFacts>): Readonly<Record<string, number>> {
  const uses = limitUse({ ...nothing, ...facts }, riskDefaults)
  return Object.fromEntries(uses.map(({ name, used }) => [name, used]))
}

describe('how much of each limit is in use', () => {
  test('is told of every limit, with its unit and its most', () => {
    const uses = limitUse(nothing, riskDefaults)

    expect(uses.map(({ name }) => name)).toEqual(usedLimits)
    expect(uses.every(({ used }) => used === 0)).toBe(true)
    expect(uses.every(({ max, name }) => max === riskDefaults[name])).toBe(true)
    expect(uses.filter(({ unit }) => unit === 'count').map(({ name }) => name)).toEqual([
      'openBasketsMax',
      'ordersPerSecondMax',
      'ordersPerMinuteMax',
    ])
  })

  test('is what the market, set, venue or strategy with the most has', () => {
    const stakes = [
      stake('polymarket', 'rain', 5, { set: 'weather' }),
      stake('polymarket', 'snow', 4, { set: 'weather', strategy: 'other' }),
      stake('polymarket', 'rain', 1, { set: 'weather' }),
      stake('kalshi', 'rain', 8, { strategy: 'other' }),
    ]

    expect(usedOf({ stakes })).toMatchObject({
      totalExposureMax: 18,
      venueExposureMax: 10,
      strategyExposureMax: 12,
      setExposureMax: 10,
      marketExposureMax: 8,
    })
  })

  test('is counted of what is not shared out', () => {
    const facts = {
      unresolved: 3 as MicroUsd,
      dailyLoss: 4 as MicroUsd,
      openBaskets: 5,
      ordersLastSecond: 6,
      ordersLastMinute: 7,
    }

    expect(usedOf(facts)).toMatchObject({
      unresolvedExposureMax: 3,
      dailyLossMax: 4,
      openBasketsMax: 5,
      ordersPerSecondMax: 6,
      ordersPerMinuteMax: 7,
    })
  })
})
