import type { InstrumentId, Market, MarketId } from '../core/market.ts'
import { uniformGrid } from '../core/price-grid.ts'
import type { MicroShares, Ppm, Ticks } from '../core/units.ts'

/**
 * A market for a scene, open, with steps of a cent: its tokens are `NAME-yes` and `NAME-no`.
 *
 * It charges nothing unless `fee` says otherwise: {@link sceneFee} makes one.
 */
export function sceneMarket(name: string, facts: Partial<Market> = {}): Market {
  return {
    venue: 'polymarket',
    id: name as MarketId,
    slug: name,
    question: `Will ${name}?`,
    label: name,
    yes: { id: `${name}-yes` as InstrumentId, outcome: 'yes', label: 'Yes' },
    no: { id: `${name}-no` as InstrumentId, outcome: 'no', label: 'No' },
    set: undefined,
    status: 'open',
    bookKind: 'mirrored',
    grid: uniformGrid(100 as Ticks),
    lot: 10_000 as MicroShares,
    sizeMin: 1_000_000 as MicroShares,
    fee: sceneFee(0),
    negRisk: false,
    takerDelayMs: 0,
    closesAt: undefined,
    volume24h: undefined,
    liquidity: undefined,
    tags: [],
    strike: undefined,
    rules: '',
    resolutionSource: '',
    resolution: undefined,
    ...facts,
  }
}

/** A fee for takers by Polymarket's curve, at a rate in ppm: 40 000 is the 0.04 of politics. */
export function sceneFee(rate: number): Market['fee'] {
  return {
    kind: 'known',
    taker: { rate: rate as Ppm, exponent: 1 },
    maker: { rate: 0 as Ppm, exponent: 1 },
    rounding: 'down-to-5-decimals',
  }
}
