import { describe, expect, test } from 'vitest'
import type { Certificate } from '../../core/certificate.ts'
import type { InstrumentId, MarketId, Outcome, Resolution } from '../../core/market.ts'
import type { BasketId, ClientOrderId, Fill, Order, Side } from '../../core/order.ts'
import type { ExecutionIntent, ExecutionReport, LegReport } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'
import { LockedBaskets } from './locked-baskets.ts'

type Given = { market: string; outcome: Outcome; side?: Side; notional: number; fee?: number }

const size = 10_000_000 as MicroShares
const certificate: Certificate = {
  group: 'g',
  sets: [],
  legs: [],
  states: [],
  edge: 1 as MicroUsd,
  assumptions: [],
}

function intent(legs: readonly Given[], purpose: 'open' | 'unwind' = 'open'): ExecutionIntent {
  return {
    basket: 'B1' as BasketId,
    purpose,
    signal: {
      kind: 'signal',
      strategy: 'ladder',
      venue: 'polymarket',
      legs: [],
      edge: 1 as MicroUsd,
      edgeRate: 1 as Ppm,
      certificate,
      realisation: 'settlement',
      generatedAt: 0 as Nanos,
      receivedAt: 0 as Nanos,
    },
    orders: legs.map((leg, index) => order(leg, index)),
    createdAt: 0 as Nanos,
    createdAtMs: epochMs(0),
  }
}

function order({ market, outcome, side = 'buy' }: Given, legIndex: number): Order {
  return {
    id: `B1-${legIndex}` as ClientOrderId,
    basket: 'B1' as BasketId,
    legIndex,
    venue: 'polymarket',
    market: market as MarketId,
    instrument: `${market}-${outcome}` as InstrumentId,
    outcome,
    side,
    limit: 5_000 as Ticks,
    size,
    timeInForce: 'fok',
    postOnly: false,
    expiresAt: undefined,
  }
}

function report(legs: readonly Given[], ...ends: LegReport['outcome'][]): ExecutionReport {
  return {
    basket: 'B1' as BasketId,
    strategy: 'ladder',
    executor: 'paper',
    at: 0 as Nanos,
    legs: legs.map(({ fee = 0, notional }, index) => ({
      order: `B1-${index}` as ClientOrderId,
      venueOrder: undefined,
      outcome: ends[index] ?? 'filled',
      reason: '',
      fills: [fill(index, notional, fee)],
    })),
  }
}

function fill(index: number, notional: number, fee: number): Fill {
  return {
    order: `B1-${index}` as ClientOrderId,
    venueTradeId: `t${index}`,
    price: 5_000 as Ticks,
    size,
    notional: notional as MicroUsd,
    fee: fee as MicroUsd,
    liquidity: 'taker',
    at: 0 as Nanos,
  }
}

/** What YES of each market was worth in the end, of those that are resolved. */
function resolved(values: Readonly<Record<string, number>>) {
  return (_venue: string, market: MarketId): Resolution | undefined => {
    const value = values[market]
    return value === undefined ? undefined : { yesValue: value as Ppm }
  }
}

const pair: readonly Given[] = [
  { market: 'above-90', outcome: 'yes', notional: 6_000_000, fee: 50_000 },
  { market: 'above-100', outcome: 'no', notional: 3_500_000, fee: 50_000 },
]

function held(legs: readonly Given[]): LockedBaskets {
  const baskets = new LockedBaskets()
  baskets.placed(intent(legs))
  baskets.reported(report(legs))
  return baskets
}

describe('LockedBaskets', () => {
  test('a basket is counted when the last of its markets is resolved, once', () => {
    const baskets = held(pair)

    expect(baskets.settled(resolved({ 'above-90': 1_000_000 }))).toEqual([])
    const ends = { 'above-90': 1_000_000, 'above-100': 1_000_000 }
    expect(baskets.settled(resolved(ends))).toEqual([
      {
        kind: 'basket-closed',
        basket: 'B1',
        strategy: 'ladder',
        reason: '',
        result: 400_000,
        locked: true,
      },
    ])
    expect(baskets.settled(resolved(ends))).toEqual([])
  })

  test('one that its relation has betrayed comes out below nothing', () => {
    const ends = { 'above-90': 0, 'above-100': 1_000_000 }

    expect(held(pair).settled(resolved(ends))[0]?.result).toBe(-9_600_000)
  })

  test('a market that is void pays what both sides are worth', () => {
    const ends = { 'above-90': 500_000, 'above-100': 500_000 }

    expect(held(pair).settled(resolved(ends))[0]?.result).toBe(400_000)
  })

  test('what was sold is owed', () => {
    const sold: readonly Given[] = [
      { market: 'm', outcome: 'yes', side: 'sell', notional: 5_500_000 },
      { market: 'm', outcome: 'no', side: 'sell', notional: 4_700_000 },
    ]

    expect(held(sold).settled(resolved({ m: 1_000_000 }))[0]?.result).toBe(200_000)
    expect(held(sold).settled(resolved({ m: 0 }))[0]?.result).toBe(200_000)
  })

  test.each(['rejected', 'partly-filled', 'not-attempted'] as const)(
    'a basket with a leg that is %s is not held to the word of the whole',
    (end) => {
      const baskets = new LockedBaskets()
      baskets.placed(intent(pair))
      baskets.reported(report(pair, 'filled', end))

      expect(baskets.settled(resolved({ 'above-90': 0, 'above-100': 0 }))).toEqual([])
    },
  )

  test('a basket that waits for an answer is taken in when the answer comes', () => {
    const baskets = new LockedBaskets()
    baskets.placed(intent(pair))
    baskets.reported(report(pair, 'filled', 'unknown'))
    baskets.reported(report(pair))

    expect(baskets.settled(resolved({ 'above-90': 0, 'above-100': 0 }))).toHaveLength(1)
  })

  test('what is unwound promised nothing', () => {
    const baskets = new LockedBaskets()
    baskets.placed(intent(pair, 'unwind'))
    baskets.reported(report(pair))

    expect(baskets.settled(resolved({ 'above-90': 0, 'above-100': 0 }))).toEqual([])
  })
})
