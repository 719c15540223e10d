import type { Certificate, CertificateLeg, CertificateState } from '../../core/certificate.ts'
import { instrumentOf } from '../../core/market.ts'
import type { SignalLeg } from '../../core/signal.ts'
import type { MicroUsd, Ppm } from '../../core/units.ts'
import { add, complementPpm, min, negate, par, subtract, worth } from '../../core/units.ts'
import type { Pair, PairLeg } from './walk-pair.ts'

/** How a market can be resolved: what YES is worth. The two pay a dollar together in each. */
const states = [
  { name: 'YES', yes: 1_000_000 as Ppm },
  { name: 'NO', yes: 0 as Ppm },
  { name: '50-50', yes: 500_000 as Ppm },
]

/** The proof that a pair cannot lose: payoff, cost and fee however the market is resolved. */
export function certifyPair(pair: Pair): Certificate {
  const { market } = pair
  const listed = states.map(({ name, yes }) => stateOf(pair, name, yes))
  return {
    group: `${market.venue}:${market.id}`,
    sets: [],
    legs: pair.legs.map((leg) => legOf(pair, leg)),
    states: listed,
    // Below what the walk has found where halves of an odd size are both rounded against us.
    edge: listed.map(({ profit }) => profit).reduce(min),
    assumptions: ['YES and NO of a market pay a dollar together, however it is resolved'],
  }
}

/** The legs of the signal, each with the worst price that was counted on. */
export function pairLegs({ legs, market, side, size }: Pair): readonly SignalLeg[] {
  return legs.map(({ outcome, worst }) => ({
    venue: market.venue,
    market: market.id,
    instrument: instrumentOf(market, outcome).id,
    outcome,
    side,
    limit: worst,
    size,
  }))
}

function legOf(
  { market, side, size }: Pair,
  { outcome, taken, cost, fee }: PairLeg,
): CertificateLeg {
  const { venue, id } = market
  const instrument = instrumentOf(market, outcome).id
  return { venue, market: id, instrument, outcome, side, size, taken, cost, fee }
}

function stateOf(pair: Pair, name: string, yes: Ppm): CertificateState {
  const { market, cost, fee } = pair
  const payoff = add(payoffOf(pair, yes), payoffOf(pair, complementPpm(yes)))
  return {
    name,
    values: [{ venue: market.venue, market: market.id, yes }],
    payoff,
    cost,
    fee,
    profit: subtract(subtract(payoff, cost), fee),
  }
}

/** What the shares of an outcome are worth: owed where they were sold, and then rounded up. */
function payoffOf({ side, size }: Pair, value: Ppm): MicroUsd {
  if (side === 'buy') return worth(value, size)
  return negate(subtract(par(size), worth(complementPpm(value), size)))
}
