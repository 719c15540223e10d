import { describe, expect, test } from 'vitest'
import type { InstrumentId, MarketId, Resolution } from '../core/market.ts'
import type { BasketId, ClientOrderId } from '../core/order.ts'
import type { TradeSignal } from '../core/signal.ts'
import type { MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
import { epochMs } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { advanceBasket } from '../execution/advance-basket.ts'
import type { BasketEvent, LegQuote } from '../execution/basket.ts'
import { planBasket } from '../execution/plan-basket.ts'
import { LockedBaskets } from '../telemetry/alerts/locked-baskets.ts'
import type { AlertInput } from '../telemetry/alerts/alert-input.ts'
import { AlertMapping } from './alert-mapping.ts'

const ten = 10_000_000 as MicroShares
const at = 1 as Nanos

const legs = (['low', 'high'] as const).map((market) => ({
  venue: 'polymarket' as const,
  market: market as MarketId,
  instrument: `${market}-token` as InstrumentId,
  outcome: market === 'low' ? ('yes' as const) : ('no' as const),
  side: 'buy' as const,
  size: ten,
}))

/** Ten dollars at the least, for 9.40. */
const signal: TradeSignal = {
  kind: 'signal',
  strategy: 'ladder',
  venue: 'polymarket',
  legs: legs.map((leg) => ({ ...leg, limit: 5_000 as Ticks })),
  edge: 600_000 as MicroUsd,
  edgeRate: 60_000 as Ppm,
  certificate: {
    group: 'g',
    sets: [],
    legs: legs.map((leg) => ({
      ...leg,
      taken: [],
      cost: 4_700_000 as MicroUsd,
      fee: 0 as MicroUsd,
    })),
    states: [],
    edge: 600_000 as MicroUsd,
    assumptions: [],
  },
  realisation: 'settlement',
  generatedAt: at,
  receivedAt: at,
}

/** A basket of two legs that the engine's own function advances, and what alerts hear of it. */
function scene(planned = signal) {
  const locked = new LockedBaskets()
  const mapping = new AlertMapping((_, market) => `Above ${market}?`, locked)
  let basket = planBasket(planned, {
    id: 'B1' as BasketId,
    at,
    atMs: epochMs(0),
    sequence: { kind: 'parallel' },
    limits: {
      lossPerShareMax: 500 as Ticks,
      roundsMax: 2,
      quotesMax: 2,
      pauseNanos: at,
      answerNanos: at,
      lifeNanos: at,
    },
  })
  const heard: AlertInput[] = []
  const hear = (effect: Effect): void => void heard.push(...mapping.inputsOf(effect))
  hear({ kind: 'plan-basket', plan: basket, signal: planned })
  const advance = (...events: readonly BasketEvent[]): void => {
    for (const event of events) {
      const step = advanceBasket(basket, event)
      basket = step.basket
      const why = step.effects.find((effect) => effect.kind === 'quarantined')?.reason ?? ''
      const { id, state, strategy } = basket
      hear({ kind: 'note-basket', basket: id, strategy, event, state, reason: why, at })
    }
  }
  return { advance, hear, heard, locked, orders: () => basket.orders.map(({ order }) => order) }
}

function filled(order: string, paid: number): readonly BasketEvent[] {
  const id = order as ClientOrderId
  const fill = { tradeId: `t-${order}`, size: ten, paid: paid as MicroUsd }
  return [
    { kind: 'order-filled', order: id, fill },
    { kind: 'order-done', order: id, reason: 'filled' },
  ]
}

function killed(order: string): BasketEvent {
  return { kind: 'order-done', order: order as ClientOrderId, reason: 'killed' }
}

/** The first leg can be sold back for so much; the second cannot be had any more. */
function sellBack(dollars: number): BasketEvent {
  const paid = -dollars * 1_000_000
  const unwind = { size: ten, limit: 4_000 as Ticks, paid: paid as MicroUsd }
  const quotes: readonly LegQuote[] = [
    { leg: 0, complete: undefined, unwind },
    { leg: 1, complete: undefined, unwind: undefined },
  ]
  return { kind: 'priced', quotes }
}

function resolved(yes: Readonly<Record<string, number>>) {
  return (_: string, market: MarketId): Resolution => ({ yesValue: (yes[market] ?? 0) as Ppm })
}

const start: BasketEvent = { kind: 'start' }
const [first = '', second = ''] = scene()
  .orders()
  .map(({ id }) => id)

describe('AlertMapping', () => {
  test('a basket that goes as planned is closed, and held to its word when it settles', () => {
    const { advance, heard, locked } = scene()

    advance(start, ...filled(first, 4_600_000), ...filled(second, 4_800_000))

    const basket = { basket: 'B1', strategy: 'ladder' }
    expect(heard).toEqual([{ kind: 'basket-closed', ...basket, worst: 600_000 }])
    expect(locked.settled(resolved({ low: 0, high: 1_000_000 }))).toEqual([
      { kind: 'basket-settled', ...basket, result: -9_400_000, worst: 600_000 },
    ])
  })

  test('one of which a fill never was has no word to keep any more', () => {
    const { advance, heard, locked } = scene()
    const reversed = { kind: 'fill-reversed', tradeId: `t-${first}` } as const

    advance(start, ...filled(first, 4_600_000), ...filled(second, 4_800_000))
    advance({ ...reversed, order: first as ClientOrderId })

    expect(heard).toMatchObject([{ kind: 'basket-closed' }])
    expect(locked.settled(resolved({ low: 0, high: 1_000_000 }))).toEqual([])
  })

  test('one that is unwound is told when it begins and ends, and has no word to keep', () => {
    const { advance, heard, locked, orders } = scene()

    advance(start, ...filled(first, 4_600_000), killed(second), sellBack(4.4))
    advance(...filled(orders()[2]?.id ?? '', -4_400_000))

    const basket = { basket: 'B1', strategy: 'ladder' }
    expect(heard).toEqual([
      { kind: 'basket', ...basket, state: 'unwinding', reason: '' },
      { kind: 'basket-closed', ...basket, worst: -200_000 },
    ])
    expect(locked.settled(resolved({}))).toEqual([])
  })

  test('one that nothing can even is told with its reason, once', () => {
    const { advance, heard } = scene()
    const nothing: BasketEvent = {
      kind: 'priced',
      quotes: [0, 1].map((leg) => ({ leg, complete: undefined, unwind: undefined })),
    }

    advance(start, ...filled(first, 4_600_000), killed(second), nothing, nothing, nothing)

    expect(heard.map((input) => (input.kind === 'basket' ? input.state : input.kind))).toEqual([
      'quarantined',
    ])
    expect(heard[0]).toMatchObject({ reason: expect.stringMatching(/\w/) as string })
  })

  test('without a certificate nothing was promised', () => {
    const { advance, heard, locked } = scene({ ...signal, certificate: undefined })

    advance(start, ...filled(first, 4_600_000), ...filled(second, 4_800_000))

    expect(heard).toMatchObject([{ kind: 'basket-closed' }])
    expect(locked.settled(resolved({ low: 0, high: 1_000_000 }))).toEqual([])
  })

  test('fills are told with what the order was, when its report comes', () => {
    const { hear, heard, orders } = scene()
    const basket = 'B1' as BasketId
    const sent = { basket, signal, orders: orders(), createdAt: at, createdAtMs: epochMs(0) }
    hear({ kind: 'place-basket', intent: { ...sent, purpose: 'open' } })

    const reports = orders().map(({ id: order }, index) => ({
      order,
      venueOrder: undefined,
      outcome: index === 0 ? ('filled' as const) : ('rejected' as const),
      reason: '',
      fills: index > 0 ? [] : [fillOf(order)],
    }))
    const report = { basket, strategy: 'ladder', executor: 'paper', legs: reports, at }
    hear({ kind: 'note-report', report })
    hear({ kind: 'note-report', report })

    const leg = {
      title: 'Above low?',
      outcome: 'yes',
      side: 'buy',
      price: 4_600,
      size: ten,
      fee: 7,
    }
    expect(heard).toEqual([
      { kind: 'filled', basket: 'B1', strategy: 'ladder', purpose: 'open', legs: [leg] },
    ])
  })

  test('an account that differs is told where the engine does not mend it', () => {
    const { hear, heard } = scene()
    const note = { kind: 'note-difference', venue: 'kalshi', at } as const
    const [ours, theirs] = [1_000_000, 2_500_000]
    const market = 'low' as MarketId
    const order = 'o-1' as ClientOrderId
    const instrument = 'low-token' as InstrumentId
    const shares = { ours: ours as MicroShares, theirs: theirs as MicroShares }
    const cash = { kind: 'cash', ours: ours as MicroUsd, theirs: theirs as MicroUsd } as const

    hear({ ...note, difference: cash })
    hear({ ...note, difference: { kind: 'shares', market, instrument, ...shares } })
    hear({ ...note, difference: { kind: 'order-gone', market, order } })
    hear({ ...note, difference: { kind: 'fill-missed', order, tradeId: 't' } })

    const differs = { kind: 'account-differs', venue: 'kalshi' }
    expect(heard).toEqual([
      { ...differs, what: cash },
      { ...differs, what: { kind: 'shares', title: 'Above low?', ...shares } },
    ])
  })

  test('a strategy that was stopped is told in one line', () => {
    const { hear, heard } = scene()

    hear({ kind: 'note-strategy-stopped', strategy: 'mine', reason: 'threw:\n  at line 1' })

    expect(heard).toEqual([
      { kind: 'strategy-stopped', strategy: 'mine', reason: 'threw: at line 1' },
    ])
  })
})

function fillOf(order: ClientOrderId) {
  return {
    order,
    venueTradeId: 't',
    price: 4_600 as Ticks,
    size: ten,
    notional: 4_600_000 as MicroUsd,
    fee: 7 as MicroUsd,
    liquidity: 'taker' as const,
    at,
  }
}
