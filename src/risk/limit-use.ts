import type { MicroUsd } from '../core/units.ts'
import { max, zeroUsd } from '../core/units.ts'
import type { RiskLimits } from './risk-limits.ts'

/** Money and counts of which only so much may be in use at a time. */
export const usedLimits = [
  'totalExposureMax',
  'venueExposureMax',
  'strategyExposureMax',
  'setExposureMax',
  'marketExposureMax',
  'unresolvedExposureMax',
  'dailyLossMax',
  'openBasketsMax',
  'ordersPerSecondMax',
  'ordersPerMinuteMax',
] as const

export type UsedLimit = (typeof usedLimits)[number]

/** How much of a limit is in use: micro-dollars, or a count. */
export type LimitUse = {
  readonly name: UsedLimit
  readonly unit: 'usd' | 'count'
  readonly used: number
  readonly max: number
}

/** What is at stake somewhere: held at cost, and reserved. */
export type Stake = {
  readonly venue: string
  readonly strategy: string
  /** The set of the market, or the market where it is in none. */
  readonly set: string
  readonly market: string
  readonly amount: MicroUsd
}

export type UseFacts = {
  readonly stakes: readonly Stake[]
  readonly unresolved: MicroUsd
  readonly dailyLoss: MicroUsd
  readonly openBaskets: number
  readonly ordersLastSecond: number
  readonly ordersLastMinute: number
}

/** Used of limit, for each; where a limit is by market or the like, of the one that has the most. */
export function limitUse(facts: UseFacts, limits: RiskLimits): readonly LimitUse[] {
  const { stakes } = facts
  const used: Readonly<Record<UsedLimit, number>> = {
    totalExposureMax: mostOf(stakes, () => 'all'),
    venueExposureMax: mostOf(stakes, ({ venue }) => venue),
    strategyExposureMax: mostOf(stakes, ({ strategy }) => strategy),
    setExposureMax: mostOf(stakes, ({ set, venue }) => `${venue} ${set}`),
    marketExposureMax: mostOf(stakes, ({ market, venue }) => `${venue} ${market}`),
    unresolvedExposureMax: facts.unresolved,
    dailyLossMax: facts.dailyLoss,
    openBasketsMax: facts.openBaskets,
    ordersPerSecondMax: facts.ordersLastSecond,
    ordersPerMinuteMax: facts.ordersLastMinute,
  }
  return usedLimits.map((name) => ({
    name,
    unit: isCount(name) ? 'count' : 'usd',
    used: used[name],
    max: limits[name],
  }))
}

function isCount(name: UsedLimit): boolean {
  return name === 'openBasketsMax' || name === 'ordersPerSecondMax' || name === 'ordersPerMinuteMax'
}

function mostOf(stakes: readonly Stake[], keyOf: (stake: Stake) => string): MicroUsd {
  const sums = new Map<string, number>()
  for (const stake of stakes) {
    const key = keyOf(stake)
    sums.set(key, (sums.get(key) ?? 0) + stake.amount)
  }
  let most = zeroUsd
  for (const sum of sums.values()) most = max(most, sum as MicroUsd)
  return most
}
