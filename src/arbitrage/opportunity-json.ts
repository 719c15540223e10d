import { formatDecimal, formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { Opportunity } from './opportunity.ts'

/**
 * An opportunity as the command line and the API tell it: money, sizes and rates as decimal text.
 */
export type OpportunityJson = {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly group: string
  readonly legs: readonly {
    readonly venue: string
    readonly market: string
    readonly name: string
    readonly instrument: string
    readonly outcome: string
    readonly side: string
    readonly limit: string
    readonly sizeShares: string
  }[]
  readonly sizeShares: string
  readonly edgeUsd: string
  readonly edgeRate: string
  readonly capitalUsd: Readonly<Record<string, string>>
  /** Simple, as a fraction of one: "0.364" is 36.4 % a year. Null when nobody knows the day. */
  readonly annualisedReturn: string | null
  readonly realisation: {
    readonly by: string
    readonly at: string | null
    readonly lockedDays: number | null
  }
  readonly assumptions: readonly string[]
  readonly breaks: readonly { readonly what: string; readonly profitUsd: string }[]
  readonly certificate: {
    readonly edgeUsd: string
    readonly states: readonly {
      readonly name: string
      readonly payoff: string
      readonly cost: string
      readonly fee: string
      readonly profit: string
    }[]
  }
}

export function opportunityJson(found: Opportunity): OpportunityJson {
  const { certificate, realisation, annualisedReturn } = found
  const { at, by, lockedDays } = realisation
  return {
    id: found.id,
    kind: found.kind,
    title: found.title,
    group: found.group,
    legs: found.legs.map(({ venue, market, instrument, outcome, side, limit, size }, index) => ({
      venue,
      market,
      name: found.names[index] ?? market,
      instrument,
      outcome,
      side,
      limit: formatPrice(limit),
      sizeShares: formatSize(size),
    })),
    sizeShares: formatSize(found.size),
    edgeUsd: formatUsd(found.edge),
    edgeRate: formatDecimal(found.edgeRate, 6),
    capitalUsd: Object.fromEntries(
      [...found.capital].map(([venue, money]) => [venue, formatUsd(money)]),
    ),
    annualisedReturn: annualisedReturn === undefined ? null : formatDecimal(annualisedReturn, 6),
    realisation: {
      by,
      at: at === undefined ? null : new Date(at).toISOString(),
      lockedDays: lockedDays ?? null,
    },
    assumptions: certificate.assumptions,
    breaks: found.breaks.map(({ what, profit }) => ({ what, profitUsd: formatUsd(profit) })),
    certificate: {
      edgeUsd: formatUsd(certificate.edge),
      states: certificate.states.map(({ name, payoff, cost, fee, profit }) => ({
        name,
        payoff: formatUsd(payoff),
        cost: formatUsd(cost),
        fee: formatUsd(fee),
        profit: formatUsd(profit),
      })),
    },
  }
}
