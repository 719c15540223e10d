import { describe, expect, test } from 'vitest'
import type { InstrumentId, Market, MarketId } from '../core/market.ts'
import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import type { ExecutionIntent, TradeSignal } from '../core/signal.ts'
import { epochMs, microShares, microUsd, nanos, ppm, ticks } from '../core/units.ts'
import { RunRecord, datingFrom } from './run-record.ts'
import type { RunEvent } from './run-view.ts'

const market = 'm1' as MarketId
const leg = {
  venue: 'polymarket',
  market,
  instrument: 't1' as InstrumentId,
  outcome: 'yes',
  side: 'buy',
  limit: ticks(3_100),
  size: microShares(5_000_000),
} as const
const signal: TradeSignal = {
  kind: 'signal',
  strategy: 'cross-outcome',
  venue: 'polymarket',
  legs: [leg, { ...leg, outcome: 'no', instrument: 't2' as InstrumentId }],
  edge: microUsd(100_000),
  edgeRate: ppm(20_000),
  realisation: 'merge',
  certificate: {
    group: 'g1',
    sets: [],
    legs: [],
    states: [],
    edge: microUsd(100_000),
    assumptions: [],
  },
  generatedAt: nanos(2_000_000),
  receivedAt: nanos(2_000_000),
}
const order: Order = {
  ...leg,
  id: 'o1' as ClientOrderId,
  basket: 'b1' as BasketId,
  legIndex: 0,
  timeInForce: 'fok',
  postOnly: false,
  expiresAt: undefined,
}
const intent: ExecutionIntent = {
  basket: order.basket,
  purpose: 'open',
  signal,
  orders: [order],
  createdAt: nanos(2_000_000),
  createdAtMs: epochMs(1_002),
}

function recordOf(question: string): { readonly record: RunRecord; readonly told: RunEvent[] } {
  const told: RunEvent[] = []
  const record = new RunRecord({
    dating: datingFrom(nanos(0), epochMs(1_000)),
    marketOf: () => ({ question }) as Market,
    tell: (event) => void told.push(event),
  })
  return { record, told }
}

describe('RunRecord', () => {
  test('a signal without a certificate is told, and left out of what is judged', () => {
    const { record, told } = recordOf('Rain?')

    record.noteSignal({ ...signal, certificate: undefined }, true, '')

    expect(told).toHaveLength(1)
    expect(record.sightings).toEqual([])
  })

  test('a signal is told with its date, and kept to be judged with each market once', () => {
    const { record, told } = recordOf('Will it rain?')

    record.noteSignal(signal, false, 'no-cash')

    expect(told).toMatchObject([
      { kind: 'signal', approved: false, signal: { title: 'Will it rain?', verdict: 'no-cash' } },
    ])
    expect(record.sightings).toEqual([
      { strategy: 'cross-outcome', markets: [market], atMs: 1_002 },
    ])
  })

  test('a fill is told in the words of its order', () => {
    const { record, told } = recordOf('Will it rain?')
    const fill = {
      order: order.id,
      venueTradeId: 'x',
      price: ticks(3_000),
      size: microShares(5_000_000),
      notional: microUsd(1_500_000),
      fee: microUsd(10),
      liquidity: 'taker',
      at: nanos(7_000_000),
    } as const

    record.noteIntent(intent)
    record.noteReport({
      basket: intent.basket,
      strategy: signal.strategy,
      executor: 'paper',
      legs: [
        { order: order.id, venueOrder: undefined, outcome: 'filled', reason: '', fills: [fill] },
      ],
      at: nanos(7_000_000),
    })

    expect(told).toMatchObject([
      { kind: 'fill', fill: { title: 'Will it rain?', outcome: 'yes', side: 'buy', atMs: 1_007 } },
    ])
  })

  test('a question cannot move the cursor of the terminal it is shown on', () => {
    const { record } = recordOf('Will\u001b[2J it\n rain?')

    record.noteSignal(signal, true, '')

    expect(record.opportunities[0]?.title).toBe('Will [2J it rain?')
  })
})
