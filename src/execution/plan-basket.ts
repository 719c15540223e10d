import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import { add, cost, lotsIn, max, min, negate, par, zeroShares, zeroUsd } from '../core/units.ts'
import type { Basket, BasketPolicy } from './basket.ts'

const nanosPerMs = 1_000_000

/** How a basket may be brought to an end. */
export type BasketLimits = {
  /** What completing or unwinding may lose for each share of a basket. */
  readonly lossPerShareMax: Ticks
  /** How often orders may be sent to complete or unwind. */
  readonly roundsMax: number
  /** How often the books may be asked in vain before a person must decide. */
  readonly quotesMax: number
  /** Between one look at the books and the next, after the first. */
  readonly pauseNanos: Nanos
  /** An order that has not been answered after so long is asked about. */
  readonly answerNanos: Nanos
  /** What is still live after so long is cancelled, unless it was sent to rest for longer. */
  readonly lifeNanos: Nanos
}

export type Planned = {
  readonly id: BasketId
  readonly at: Nanos
  readonly atMs: EpochMs
  readonly sequence: BasketPolicy['sequence']
  readonly limits: BasketLimits
}

/**
 * Turns an approved signal into a basket: equal shares of every leg.
 *
 * Legs that take are all or nothing, so that what fills is a whole leg. The one that probes takes
 * what it gets: the others follow at its size.
 */
export function planBasket(signal: TradeSignal, planned: Planned): Basket {
  const { id, limits, sequence } = planned
  const probe = sequence.kind === 'probe' ? sequence.leg : undefined
  const rests = signal.legs.map(({ rest }) => (rest === undefined ? 0 : rest.forMs * nanosPerMs))
  const life = rests.reduce((longest, each) => Math.max(longest, each), limits.lifeNanos)
  const largest = signal.legs.reduce((most, { size }) => max(most, size), zeroShares)
  return {
    id,
    strategy: signal.strategy,
    state: 'planned',
    legs: signal.legs.map(({ size, ...leg }) => ({ ...leg, target: size })),
    orders: signal.legs.map((leg, index) => ({
      order: orderOf(planned, leg, index, index === probe),
      role: 'open',
      state: 'planned',
      reason: '',
      fills: [],
    })),
    payoff: payoffOf(signal),
    policy: {
      sequence,
      legs: isLinked(signal) ? 'equal' : 'independent',
      lossMax: cost(limits.lossPerShareMax, largest),
      roundsMax: limits.roundsMax,
      quotesMax: limits.quotesMax,
      expiresAt: (planned.at + life) as Nanos,
    },
    round: 0,
    refusedQuotes: 0,
  }
}

/** Whether the legs only make sense together: there is a proof, or they become money as one. */
function isLinked({ certificate, realisation }: TradeSignal): boolean {
  return certificate !== undefined || realisation !== 'settlement'
}

/**
 * What the whole basket is worth in its worst state, before what its legs cost or bring.
 *
 * Without a proof a pair is still worth a dollar, and anything else may be worth nothing.
 */
function payoffOf({ certificate, legs, realisation }: TradeSignal): MicroUsd {
  if (certificate !== undefined) {
    const { edge } = certificate
    return certificate.legs.reduce((sum, leg) => add(sum, add(leg.cost, leg.fee)), edge)
  }
  const pairs = legs.reduce((least, { size }) => min(least, size), legs[0]?.size ?? zeroShares)
  if (realisation === 'merge') return par(pairs)
  return realisation === 'split' ? negate(par(pairs)) : zeroUsd
}

function orderOf({ id, atMs }: Planned, leg: SignalLeg, legIndex: number, isProbe: boolean): Order {
  const { venue, market, instrument, outcome, side, limit, size, rest } = leg
  return {
    id: `${id}-${legIndex + 1}` as ClientOrderId,
    basket: id,
    legIndex,
    venue,
    market,
    instrument,
    outcome,
    side,
    limit,
    size,
    timeInForce: rest === undefined ? (isProbe ? 'ioc' : 'fok') : 'gtd',
    postOnly: rest?.postOnly ?? false,
    expiresAt: rest === undefined ? undefined : ((atMs + rest.forMs) as EpochMs),
  }
}

/** The leg that is least sure to fill: of which the books have the least beyond what is wanted. */
export function hardestLeg(
  legs: readonly SignalLeg[],
  shownOf: (leg: SignalLeg) => MicroShares,
): number {
  const spare = legs.map((leg) => lotsIn(shownOf(leg), leg.size))
  return spare.indexOf(Math.min(...spare))
}

/** The money an execution took from us; negative when it brought some. */
export function paidOf(side: Order['side'], notional: MicroUsd, fee: MicroUsd): MicroUsd {
  return side === 'buy' ? add(notional, fee) : add(negate(notional), fee)
}
