import type { Certificate, CertificateLeg, CertificateState } from '../core/certificate.ts'
import type { FeeSchedule } from '../core/fee.ts'
import { takerFeeMax } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import { instrumentOf } from '../core/market.ts'
import type { MicroShares, MicroUsd, Ppm } from '../core/units.ts'
import { add, cost, microPerUsd, min, subtract, worth, zeroUsd } from '../core/units.ts'
import type { Group } from './group.ts'
import type { LegCurve } from './leg-curve.ts'

/** A leg of a basket to be proven: what is bought, and how much of it. */
export type SizedLeg = { readonly curve: LegCurve; readonly size: MicroShares }

/**
 * Writes out what a basket pays, costs and earns in every state of its group.
 *
 * Undefined when the states are too many to list, and when there are none: relations that
 * contradict each other prove anything. Nothing here is taken from the detectors but the sizes:
 * costs come from the levels, payoffs from the states.
 */
export function certify(group: Group, sized: readonly SizedLeg[]): Certificate | undefined {
  const { states } = group
  if (states === undefined || states.length === 0) return undefined

  const chosen = sized.filter(({ size }) => size > 0)
  const legs = chosen.map(certificateLeg)
  const spentOn = legs.reduce((sum, leg) => add(sum, leg.cost), zeroUsd)
  const fee = legs.reduce((sum, leg) => add(sum, leg.fee), zeroUsd)
  const places = chosen.map(({ curve }) => placeOf(group, curve.market))

  const listed = new Map<string, CertificateState>()
  for (const state of states) {
    const yes = places.map((place) => state.yes[place] ?? (0 as Ppm))
    const key = yes.join(',')
    if (listed.has(key)) continue
    const payoff = legs.reduce(
      (sum, leg, index) => add(sum, payoffOf(leg, yes[index] ?? (0 as Ppm))),
      zeroUsd,
    )
    const profit = subtract(payoff, add(spentOn, fee))
    listed.set(key, {
      name: state.name,
      values: valuesOf(chosen, yes),
      payoff,
      cost: spentOn,
      fee,
      profit,
    })
  }

  const all = [...listed.values()]
  const [first, ...others] = all.map(({ profit }) => profit)
  const edge = others.reduce(min, first ?? zeroUsd)
  return {
    group: group.id,
    sets: [...new Set(chosen.flatMap(({ curve }) => curve.market.set ?? []))],
    legs,
    states: all,
    edge,
    assumptions: group.assumptions,
  }
}

function certificateLeg({ curve, size }: SizedLeg): CertificateLeg {
  const { market, outcome } = curve
  const taken = curve.taken(size)
  return {
    venue: market.venue,
    market: market.id,
    instrument: instrumentOf(market, outcome).id,
    outcome,
    side: 'buy',
    size,
    taken,
    cost: taken.reduce((sum, level) => add(sum, cost(level.price, level.size)), zeroUsd),
    fee: taken.reduce((sum, level) => add(sum, feeOf(market.fee, level)), zeroUsd),
  }
}

function feeOf(schedule: FeeSchedule, { price, size }: CertificateLeg['taken'][number]): MicroUsd {
  return takerFeeMax(schedule, price, size) ?? zeroUsd
}

function payoffOf(leg: CertificateLeg, yes: Ppm): MicroUsd {
  return worth(leg.outcome === 'yes' ? yes : ((microPerUsd - yes) as Ppm), leg.size)
}

function placeOf(group: Group, market: Market): number {
  return group.members.findIndex(({ venue, id }) => venue === market.venue && id === market.id)
}

/** One value for each market of the basket, though it may hold both of its outcomes. */
function valuesOf(legs: readonly SizedLeg[], yes: readonly Ppm[]): CertificateState['values'] {
  const seen = new Map<string, CertificateState['values'][number]>()
  legs.forEach(({ curve: { market } }, index) => {
    const value = { venue: market.venue, market: market.id, yes: yes[index] ?? (0 as Ppm) }
    seen.set(`${market.venue}:${market.id}`, value)
  })
  return [...seen.values()]
}
