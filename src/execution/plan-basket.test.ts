import { describe, expect, test } from 'vitest'

import type { InstrumentId, MarketId } from '../core/market.ts'
import type { BasketId } from '../core/order.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
import type { Basket } from './basket.ts'
import { basketNeeds } from './basket-needs.ts'
import { legReport } from './leg-report.ts'
import type { Planned } from './plan-basket.ts'
import { hardestLeg, paidOf, planBasket } from './plan-basket.ts'
import { feeOf, marketOf } from '../../test/engine/market-of.ts'

const shares = (count: number): MicroShares => (count * 1e6) as MicroShares

function legOf(outcome: 'yes' | 'no', changes: Partial<SignalLeg> = {}): SignalLeg {
  return {
    venue: 'polymarket',
    market: 'rain' as MarketId,
    instrument: `rain-${outcome}` as InstrumentId,
    outcome,
    side: 'buy',
    limit: 4_500 as Ticks,
    size: shares(10),
    ...changes,
  }
}

function signalOf(changes: Partial<TradeSignal> = {}): TradeSignal {
  return {
    kind: 'signal',
    strategy: 'mine',
    venue: 'polymarket',
    legs: [legOf('yes'), legOf('no')],
    edge: 1_000_000 as MicroUsd,
    edgeRate: 100_000 as Ppm,
    certificate: undefined,
    realisation: 'merge',
    generatedAt: 0 as Nanos,
    receivedAt: 0 as Nanos,
    ...changes,
  }
}

function plan(signal: TradeSignal, changes: Partial<Planned> = {}): Basket {
  return planBasket(signal, {
    id: 'B1' as BasketId,
    at: 1_000 as Nanos,
    atMs: 5_000 as EpochMs,
    sequence: { kind: 'parallel' },
    limits: {
      lossPerShareMax: 1_000 as Ticks,
      roundsMax: 5,
      quotesMax: 20,
      pauseNanos: 1 as Nanos,
      answerNanos: 1 as Nanos,
      lifeNanos: 30_000_000_000 as Nanos,
    },
    ...changes,
  })
}

describe('a planned basket', () => {
  test('has an order for each leg, all or nothing, with a name of its own', () => {
    const { legs, orders, policy, state } = plan(signalOf())

    expect(state).toBe('planned')
    expect(legs.map(({ target }) => target)).toEqual([shares(10), shares(10)])
    expect(orders.map(({ order }) => [order.id, order.timeInForce, order.expiresAt])).toEqual([
      ['B1-1', 'fok', undefined],
      ['B1-2', 'fok', undefined],
    ])
    expect(policy).toMatchObject({ lossMax: 1_000_000, expiresAt: 30_000_001_000 })
  })

  test('takes with its probe what it gets', () => {
    const { orders } = plan(signalOf(), { sequence: { kind: 'probe', leg: 1 } })

    expect(orders.map(({ order }) => order.timeInForce)).toEqual(['fok', 'ioc'])
  })

  test('lets a leg rest for as long as it says, and lives as long', () => {
    const rest = { forMs: 60_000, postOnly: true }
    const { orders, policy } = plan(signalOf({ legs: [legOf('yes', { rest }), legOf('no')] }))

    expect(orders[0]?.order).toMatchObject({
      timeInForce: 'gtd',
      postOnly: true,
      expiresAt: 65_000,
    })
    expect(policy.expiresAt).toBe(60_000_001_000)
  })

  test.each([
    ['a pair is a dollar each', 'merge', 10_000_000],
    ['a split pair has cost a dollar each', 'split', -10_000_000],
    ['what only waits may be worth nothing', 'settlement', 0],
  ] as const)('is worth what can be proven: %s', (_what, realisation, payoff) => {
    expect(plan(signalOf({ realisation })).payoff).toBe(payoff)
  })

  test('keeps its legs equal only where they make sense together', () => {
    expect(plan(signalOf()).policy.legs).toBe('equal')
    expect(plan(signalOf({ realisation: 'settlement' })).policy.legs).toBe('independent')
  })
})

describe('the hardest leg', () => {
  test('is the one of which the books have the least beyond what is wanted', () => {
    const legs = [legOf('yes', { size: shares(10) }), legOf('no', { size: shares(40) })]
    const shown = { yes: shares(30), no: shares(90) }

    expect(hardestLeg(legs, ({ outcome }) => shown[outcome])).toBe(1)
    expect(hardestLeg(legs.toReversed(), ({ outcome }) => shown[outcome])).toBe(0)
  })
})

describe('the money of an execution', () => {
  test('leaves with the fee when we buy, and comes less the fee when we sell', () => {
    expect(paidOf('buy', 100 as MicroUsd, 3 as MicroUsd)).toBe(103)
    expect(paidOf('sell', 100 as MicroUsd, 3 as MicroUsd)).toBe(-97)
  })
})

describe('what a basket can still take', () => {
  const rain = marketOf('rain', { fee: feeOf(40_000) })
  const fill = { tradeId: 'T', size: shares(4), paid: 0 as MicroUsd }

  test('is what is left of its buys at their limit, with the fee, sent or not', () => {
    const basket = plan(signalOf({ legs: [legOf('yes'), legOf('no', { side: 'sell' })] }))
    const [first] = basket.orders
    const needs = (changes: object): readonly number[] =>
      basketNeeds(
        { ...basket, orders: basket.orders.map((each) => ({ ...each, ...changes })) },
        () => rain,
      ).map(({ amount }) => amount)

    // 10 × 0.45, and the fee of 0.04 × 0.45 × 0.55 a share with its rounding.
    expect(needs({})).toEqual([4_500_000 + 99_000 + 10])
    expect(needs({ state: 'unknown', fills: [fill] })).toEqual([2_700_000 + 59_400 + 10])
    expect(needs({ state: 'done' })).toEqual([])
    expect(needs({ fills: [{ ...fill, size: first?.order.size }] })).toEqual([])
  })
})

describe('the report of a leg', () => {
  test.each([
    ['filled', 'done', 'filled', 10, 'filled', ''],
    ['partly-filled', 'done', 'cancelled', 4, 'partly-filled', 'cancelled'],
    ['rejected', 'done', 'killed', 0, 'rejected', 'killed'],
    ['not-attempted', 'done', 'not-attempted', 0, 'not-attempted', 'not-attempted'],
    ['unknown', 'unknown', '', 4, 'unknown', ''],
  ] as const)('says %s', (_name, state, reason, filled, outcome, said) => {
    const [order] = plan(signalOf()).orders
    if (order === undefined) throw new Error('a plan has orders')
    const fills = filled === 0 ? [] : [{ tradeId: 'T', size: shares(filled), paid: 0 as MicroUsd }]

    const report = legReport({ ...order, state, reason, fills }, [])

    expect(report).toMatchObject({ order: 'B1-1', outcome, reason: said })
  })
})
