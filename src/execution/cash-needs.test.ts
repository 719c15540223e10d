import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../test/engine/market-of.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import { microShares, microUsd, nanos, ppm, ticks } from '../core/units.ts'
import { cashNeeds } from './cash-needs.ts'

const rain = marketOf('rain', { fee: feeOf(50_000) })

function signalOf(side: SignalLeg['side'], realisation: TradeSignal['realisation']): TradeSignal {
  const legs = ([rain.yes, rain.no] as const).map(({ id, outcome }): SignalLeg => {
    return {
      venue: 'polymarket',
      market: rain.id,
      instrument: id,
      outcome,
      side,
      limit: ticks(4_000),
      size: microShares(10_000_000),
    }
  })
  return {
    kind: 'signal',
    strategy: 'mine',
    venue: 'polymarket',
    legs,
    edge: microUsd(1),
    edgeRate: ppm(1),
    certificate: undefined,
    realisation,
    generatedAt: nanos(0),
    receivedAt: nanos(0),
  }
}

describe('the cash a basket may need', () => {
  test('is every buy at its limit with the most it can pay in fees, market by market', () => {
    // Twice 10 × 0.40, and 10 × 0.05 × 0.24 with ten micro-dollars for its rounding.
    expect(cashNeeds(signalOf('buy', 'merge'), () => rain)).toEqual([
      { venue: 'polymarket', market: 'rain', amount: 2 * 4_120_010 },
    ])
  })

  test('is a dollar for each pair that is split to be sold', () => {
    expect(cashNeeds(signalOf('sell', 'split'), () => rain)).toEqual([
      { venue: 'polymarket', market: 'rain', amount: 10_000_000 },
    ])
  })

  test('is nothing for a sale of what is held', () => {
    expect(cashNeeds(signalOf('sell', 'settlement'), () => rain)).toEqual([
      { venue: 'polymarket', market: 'rain', amount: 0 },
    ])
  })
})
