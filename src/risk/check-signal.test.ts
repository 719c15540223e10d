import { describe, expect, test } from 'vitest'
import { marketOf } from '../../test/engine/market-of.ts'
import type { InstrumentId, Market, MarketId } from '../core/market.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import { epochMs, microShares, microUsd, nanos, ppm, ticks } from '../core/units.ts'
import type { LegFacts, RiskFacts } from './check-signal.ts'
import { checkSignal } from './check-signal.ts'
import type { RiskLimits } from './risk-limits.ts'
import { riskDefaults } from './risk-limits.ts'

const leg: SignalLeg = {
  venue: 'polymarket',
  market: 'rain' as MarketId,
  instrument: 'rain-yes' as InstrumentId,
  outcome: 'yes',
  side: 'buy',
  limit: ticks(4_000),
  size: microShares(100_000_000),
}
const otherLeg: SignalLeg = { ...leg, instrument: 'rain-no' as InstrumentId, outcome: 'no' }

const signal: TradeSignal = {
  kind: 'signal',
  strategy: 'mine',
  venue: 'polymarket',
  legs: [leg],
  edge: microUsd(1_000_000),
  edgeRate: ppm(10_000),
  certificate: undefined,
  realisation: 'settlement',
  generatedAt: nanos(0),
  receivedAt: nanos(0),
}

const legFacts: LegFacts = {
  market: marketOf('rain'),
  state: 'proven',
  torn: false,
  fresh: true,
  closed: undefined,
  atWork: false,
  taken: false,
  best: ticks(4_000),
  held: microShares(0),
}

const facts: RiskFacts = {
  paused: false,
  nowMs: epochMs(1_000_000),
  legOf: () => legFacts,
  needs: [{ venue: 'polymarket', market: leg.market, amount: microUsd(40_000_000) }],
  exposureOf: () => microUsd(0),
  setExposureOf: () => microUsd(0),
  venueExposureOf: () => microUsd(0),
  strategyExposure: microUsd(0),
  unresolvedExposure: microUsd(0),
  dailyLoss: microUsd(0),
  totalExposure: microUsd(0),
  cashOf: () => microUsd(1_000_000_000),
  openBaskets: 0,
  ordersLastSecond: 0,
  ordersLastMinute: 0,
  certificateFault: () => undefined,
}

type Given = {
  readonly leg?: Partial<SignalLeg>
  readonly signal?: Partial<TradeSignal>
  readonly known?: Partial<LegFacts>
  readonly market?: Partial<Market>
  readonly facts?: Partial<RiskFacts>
  readonly limits?: Partial<RiskLimits>
}

function check(given: Given = {}): string | undefined {
  const market = { ...legFacts.market, ...given.market }
  const known = { ...legFacts, market, ...given.known }
  return checkSignal(
    { ...signal, legs: [{ ...leg, ...given.leg }], ...given.signal },
    { ...facts, legOf: () => known, ...given.facts },
    { ...riskDefaults, ...given.limits },
  )
}

describe('risk', () => {
  test('has nothing against a small order on a proven book', () => {
    expect(check()).toBeUndefined()
  })

  test.each<{ why: string; given: Given }>([
    { why: 'paused', given: { facts: { paused: true } } },
    { why: 'no-legs', given: { signal: { legs: [] } } },
    { why: 'too-many-legs', given: { limits: { legsMax: 0 } } },
    { why: 'unknown-market', given: { facts: { legOf: () => undefined } } },
    { why: 'market-not-open', given: { market: { status: 'paused' } } },
    { why: 'closing-soon', given: { market: { closesAt: epochMs(1_009_999) } } },
    { why: 'unknown-fee', given: { market: { fee: { kind: 'unknown', reason: '' } } } },
    { why: 'unproven-book', given: { known: { state: 'unproven' } } },
    { why: 'unproven-book', given: { known: { state: 'broken' } } },
    { why: 'torn-book', given: { known: { torn: true } } },
    { why: 'stale-feed', given: { known: { fresh: false } } },
    { why: 'venue-closed', given: { known: { closed: 'venue-closed' } } },
    { why: 'not-reconciled', given: { known: { closed: 'not-reconciled' } } },
    { why: 'bad-size', given: { leg: { size: microShares(0) } } },
    { why: 'bad-size', given: { leg: { size: microShares(-10_000) } } },
    { why: 'bad-size', given: { leg: { size: microShares(5_005_000) } } },
    { why: 'bad-size', given: { leg: { size: microShares(990_000) } } },
    { why: 'off-grid', given: { leg: { limit: ticks(4_050) } } },
    { why: 'off-grid', given: { leg: { limit: ticks(0) } } },
    { why: 'price-collar', given: { limits: { priceMin: ticks(4_100) } } },
    { why: 'price-collar', given: { limits: { priceMax: ticks(3_900) } } },
    { why: 'order-notional', given: { limits: { orderNotionalMax: microUsd(39_999_999) } } },
    { why: 'not-held', given: { leg: { side: 'sell' } } },
    { why: 'basket-at-work', given: { known: { atWork: true } } },
    { why: 'already-taken', given: { known: { taken: true } } },
    { why: 'no-edge', given: { signal: { edge: microUsd(0) } } },
    { why: 'edge-too-good', given: { signal: { edgeRate: ppm(250_001) } } },
    { why: 'market-exposure', given: { facts: { exposureOf: () => microUsd(960_000_001) } } },
    { why: 'set-exposure', given: { facts: { setExposureOf: () => microUsd(1_960_000_001) } } },
    { why: 'venue-exposure', given: { facts: { venueExposureOf: () => microUsd(7_960_000_001) } } },
    { why: 'strategy-exposure', given: { facts: { strategyExposure: microUsd(4_960_000_001) } } },
    {
      why: 'unresolved-exposure',
      given: { facts: { unresolvedExposure: microUsd(500_000_000) } },
    },
    { why: 'daily-loss', given: { facts: { dailyLoss: microUsd(500_000_000) } } },
    { why: 'price-collar', given: { known: { best: ticks(2_400) } } },
    { why: 'total-exposure', given: { facts: { totalExposure: microUsd(9_960_000_001) } } },
    { why: 'no-cash', given: { facts: { cashOf: () => microUsd(39_999_999) } } },
    { why: 'open-baskets', given: { facts: { openBaskets: 20 } } },
    { why: 'order-rate', given: { facts: { ordersLastSecond: 60 } } },
    { why: 'order-rate', given: { facts: { ordersLastMinute: 600 } } },
    { why: 'certificate-edge-wrong', given: { facts: { certificateFault: () => 'edge-wrong' } } },
  ])('refuses: $why', ({ why, given }) => {
    expect(check(given)).toBe(why)
  })

  test.each<{ name: string; given: Given }>([
    { name: 'ten seconds before the close', given: { market: { closesAt: epochMs(1_010_000) } } },
    { name: 'the least size', given: { leg: { size: microShares(1_000_000) } } },
    { name: 'the price at the collar', given: { limits: { priceMin: ticks(4_000) } } },
    {
      name: 'all that an order may cost',
      given: { limits: { orderNotionalMax: microUsd(40_000_000) } },
    },
    { name: 'the best edge that is believed', given: { signal: { edgeRate: ppm(250_000) } } },
    {
      name: 'all of a market’s limit',
      given: { facts: { exposureOf: () => microUsd(960_000_000) } },
    },
    {
      name: 'all of the total limit',
      given: { facts: { totalExposure: microUsd(9_960_000_000) } },
    },
    {
      name: 'all of a set’s limit',
      given: { facts: { setExposureOf: () => microUsd(1_960_000_000) } },
    },
    { name: 'a limit at the collar', given: { known: { best: ticks(2_500) } } },
    {
      name: 'a limit beyond the collar of an order that rests',
      given: { leg: { rest: { forMs: 1_000, postOnly: true } }, known: { best: ticks(100) } },
    },
    { name: 'the last of the cash', given: { facts: { cashOf: () => microUsd(40_000_000) } } },
    { name: 'the last basket', given: { facts: { openBaskets: 19 } } },
    { name: 'the last order of a second', given: { facts: { ordersLastSecond: 59 } } },
    { name: 'a sale of what is held', given: { leg: { side: 'sell' }, known: { held: leg.size } } },
  ])('lets pass: $name', ({ given }) => {
    expect(check(given)).toBeUndefined()
  })

  test('lets both halves of a split be sold, and neither alone', () => {
    const halves: Partial<TradeSignal> = {
      realisation: 'split',
      legs: [leg, otherLeg].map((half) => ({ ...half, side: 'sell' as const })),
    }

    expect(check({ signal: halves })).toBeUndefined()
    expect(check({ signal: { ...halves, realisation: 'merge' } })).toBe('not-held')
    expect(check({ signal: { ...halves, legs: (halves.legs ?? []).slice(0, 1) } })).toBe('not-held')
  })

  test('adds up what a basket needs at a venue', () => {
    const needs = ['rain', 'snow'].map((market) => {
      return { venue: 'polymarket' as const, market: market as MarketId, amount: microUsd(60) }
    })

    expect(check({ facts: { needs, cashOf: () => microUsd(119) } })).toBe('no-cash')
    expect(check({ facts: { needs, cashOf: () => microUsd(120) } })).toBeUndefined()
  })

  test('asks for the proof last, because it costs the most', () => {
    let asked = 0
    const certificateFault = (): undefined => void asked++

    check({ facts: { certificateFault, openBaskets: 20 } })
    expect(asked).toBe(0)

    check({ facts: { certificateFault } })
    expect(asked).toBe(1)
  })
})
