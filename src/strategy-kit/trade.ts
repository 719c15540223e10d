import type { Market, Outcome } from '../core/market.ts'
import { instrumentOf } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import type { LegRest, SignalLeg, TradeSignal } from '../core/signal.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../core/units.ts'
import { par, ratio } from '../core/units.ts'
import type { EvalContext } from '../ports/strategy.ts'

/** What is wanted of one outcome of a market. */
export type LegWish = {
  readonly outcome: Outcome
  readonly side: Side
  /** The worst price that is still good; on the grid of the market. */
  readonly limit: Ticks
  /** A multiple of the lot of the market. */
  readonly size: MicroShares
  /** It waits in the book. Left out: it takes what is there at once, all or nothing. */
  readonly rest?: LegRest
}

export function legOf(market: Market, { outcome, side, limit, size, rest }: LegWish): SignalLeg {
  return {
    venue: market.venue,
    market: market.id,
    instrument: instrumentOf(market, outcome).id,
    outcome,
    side,
    limit,
    size,
    ...(rest === undefined ? {} : { rest }),
  }
}

export type TradeWish = {
  /** The name of the strategy. */
  readonly strategy: string
  readonly legs: readonly SignalLeg[]
  /** What it expects to earn, fees paid. An opinion, not a proof; must be above zero. */
  readonly edge: MicroUsd
}

/**
 * A signal that rests on an opinion: it has no certificate, so nothing calls it an arbitrage, and
 * it becomes money when its market is settled or when what it has bought is sold again.
 *
 * It is held to every limit of risk, like any other.
 */
export function trade(context: EvalContext, { strategy, legs, edge }: TradeWish): TradeSignal {
  const { entry, now, receivedAt } = context
  const size = legs.reduce((most, leg) => Math.max(most, leg.size), 0)
  return {
    kind: 'signal',
    strategy,
    venue: entry.market.venue,
    legs,
    edge,
    edgeRate: ratio(edge, par(size as MicroShares)) ?? (0 as Ppm),
    certificate: undefined,
    realisation: 'settlement',
    generatedAt: now,
    receivedAt,
  }
}
