import type { Certificate, CertificateLeg } from '../core/certificate.ts'
import type { Market } from '../core/market.ts'
import type { MarketRef, Relation } from '../core/relation.ts'
import { describeRelation, membersOf, refKey } from '../core/relation.ts'
import type { MicroUsd, Ppm } from '../core/units.ts'
import { add, microPerUsd, min, subtract, worth, zeroUsd } from '../core/units.ts'
import type { Group } from './group.ts'

/** Something a proof rests on, and what the basket is worth at the worst where it does not hold. */
export type Break = { readonly what: string; readonly profit: MicroUsd }

/**
 * What could break a certificate: each relation that its states rest on, and each way a venue may
 * settle a market that is neither yes nor no. What leaves at least the edge breaks nothing.
 */
export function whatBreaks(group: Group, certificate: Certificate): readonly Break[] {
  const touched = new Set(certificate.legs.map(refKey))
  const relations = group.facts.relations
    .filter((relation) => membersOf(relation).some((member) => touched.has(refKey(member))))
    .map((relation) => ({
      what: `not true: ${describeRelation(relation)}`,
      profit: profitWithout(relation, certificate),
    }))
  const oddities = group.members
    .filter((market) => touched.has(refKey(refOf(market))))
    .flatMap((market) => oddSettlement(market, certificate))
  return distinct([...relations, ...oddities]).filter(({ profit }) => profit < certificate.edge)
}

function refOf(market: Market): MarketRef {
  return { venue: market.venue, market: market.id }
}

/** The least that is left when this relation fails and everything else goes against us too. */
function profitWithout(relation: Relation, certificate: Certificate): MicroUsd {
  switch (relation.kind) {
    case 'at-most-one':
      return withTwoWinners(relation.members, certificate)
    case 'at-least-one':
      return profitOf(certificate, (leg) => worthOf(leg, 0))
    case 'implies':
    case 'same':
    case 'count':
    case 'strike':
      // Every leg on the wrong side at once: the worst that two unrelated markets can do.
      return profitOf(certificate, () => 0)
  }
}

/** Two members win after all, the two that cost us the most. */
function withTwoWinners(members: readonly MarketRef[], certificate: Certificate): MicroUsd {
  const legs = new Map(certificate.legs.map((leg) => [refKey(leg), leg]))
  const changes = members.map((member) => {
    const leg = legs.get(refKey(member))
    return leg === undefined ? 0 : worthOf(leg, microPerUsd) - worthOf(leg, 0)
  })
  const [worst = 0, next = 0] = changes.toSorted((a, b) => a - b)
  const none = profitOf(certificate, (leg) => worthOf(leg, 0))
  return (none + worst + next) as MicroUsd
}

/** What a leg pays when YES of its market is worth `yes` ppm. */
function worthOf(leg: CertificateLeg, yes: number): number {
  return worth((leg.outcome === 'yes' ? yes : microPerUsd - yes) as Ppm, leg.size)
}

function profitOf(certificate: Certificate, payoff: (leg: CertificateLeg) => number): MicroUsd {
  const paid = certificate.legs.reduce((sum, leg) => add(sum, payoff(leg) as MicroUsd), zeroUsd)
  return subtract(paid, spentOn(certificate))
}

function spentOn({ legs }: Certificate): MicroUsd {
  return legs.reduce((sum, leg) => add(sum, add(leg.cost, leg.fee)), zeroUsd)
}

/**
 * A market that settles apart from the others: split half and half on Polymarket, which the
 * contracts of neg-risk sets rule out; at any value in between on Kalshi.
 * docs/venues/polymarket.md, 10.6; docs/venues/kalshi.md, 8.3.
 */
function oddSettlement(market: Market, certificate: Certificate): readonly Break[] {
  if (market.negRisk) return []
  const name = market.label || market.slug
  const [what, values] =
    market.venue === 'polymarket'
      ? [`${name} resolves half and half`, [500_000]]
      : [`${name} settles at a value between`, [0, microPerUsd]]
  return [{ what, profit: worstWith(certificate, market, values) }]
}

/** The least profit over the states, when one market is worth something else in each of them. */
function worstWith(certificate: Certificate, market: Market, values: readonly number[]): MicroUsd {
  const key = refKey(refOf(market))
  const legs = certificate.legs.filter((leg) => refKey(leg) === key)
  const profits = certificate.states.flatMap((state) => {
    const yes = state.values.find((value) => refKey(value) === key)?.yes ?? 0
    const usual = sum(legs.map((leg) => worthOf(leg, yes)))
    return values.map((value) => {
      const odd = sum(legs.map((leg) => worthOf(leg, value)))
      return (state.profit - usual + odd) as MicroUsd
    })
  })
  return profits.reduce(min, certificate.edge)
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function distinct(breaks: readonly Break[]): readonly Break[] {
  return [...new Map(breaks.map((one) => [one.what, one])).values()]
}
