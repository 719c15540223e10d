import { describe, expect, test } from 'vitest'
import { marketOf } from '../../../test/engine/market-of.ts'
import type { InstrumentId, MarketId } from '../../core/market.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { ClientOrderId } from '../../core/order.ts'
import type { MicroUsd, Nanos } from '../../core/units.ts'
import { ticks } from '../../core/units.ts'
import type { OperationId, SettlementOperation } from '../../ports/settlement.ts'
import { at, orderOf, PaperDesk, sentAt, shares } from '../../../test/paper/paper-desk.ts'

const order = (id: string): ClientOrderId => id as ClientOrderId

describe('an order on paper', () => {
  test('arrives after its latency, and not before', () => {
    const desk = new PaperDesk()
    desk.place(5, orderOf('A'))
    expect(desk.gateway.nextDue()).toBe(at(25))

    desk.advance(24.999)
    const before = desk.updates.length
    desk.advance(25)

    expect(before).toBe(0)
    expect(desk.storyOf('A')).toEqual(['10 @ 4000', 'filled'])
    expect(desk.endOf('A')).toBe(at(25))
    expect(desk.gateway.nextDue()).toBeUndefined()
  })

  test('meets the book as it stands on arrival: what is gone by then does not fill', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A'))

    desk.show(askSide, 4_000, 0)
    desk.advance(30)

    expect(desk.storyOf('A')).toEqual(['fok-killed'])
  })

  test('fills at the instant of arrival, however late the time is told', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A'))

    desk.advance(9_000)

    expect(desk.fillsOf('A')[0]?.at).toBe(at(20))
  })

  test('is served in the order of arrival: the second finds the level empty', () => {
    const desk = new PaperDesk()
    desk.place(3, orderOf('late'))
    desk.place(1, orderOf('early'))

    desk.advance(30)

    expect([desk.storyOf('early').at(-1), desk.storyOf('late').at(-1)]).toEqual([
      'filled',
      'fok-killed',
    ])
  })

  test('travels with the orders it was sent with, and is told of by itself', () => {
    const desk = new PaperDesk({
      latency: () => ({ kind: 'quantiles', p50Ms: 10, p90Ms: 30, p99Ms: 90 }),
    })

    desk.place(0, orderOf('A', { size: shares(6) }), orderOf('B', { size: shares(6) }))
    desk.advance(1e6)

    expect([desk.storyOf('A').at(-1), desk.storyOf('B').at(-1)]).toEqual(['filled', 'fok-killed'])
    expect(desk.endOf('A')).toBe(desk.endOf('B'))
  })

  test('does not fill the same shares twice until new ones come', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A'))
    desk.place(10, orderOf('B'))
    desk.advance(30)

    desk.show(askSide, 4_000, 20)
    desk.place(40, orderOf('C'))
    desk.advance(60)

    const ends = ['A', 'B', 'C'].map((id) => desk.storyOf(id).at(-1))
    expect(ends).toEqual(['filled', 'fok-killed', 'filled'])
  })

  test('that takes what is there ends with the rest cancelled', () => {
    const desk = new PaperDesk()

    desk.place(0, orderOf('A', { timeInForce: 'ioc', size: shares(15) }))
    desk.advance(30)

    expect(desk.storyOf('A')).toEqual(['10 @ 4000', 'rest-cancelled'])
  })

  test('waits for a sweep to be whole, and gives up when it never is', () => {
    const desk = new PaperDesk()
    desk.book.markTorn()
    desk.place(0, orderOf('A'))
    desk.advance(25)
    expect(desk.updates).toEqual([])

    desk.book.markWhole()
    desk.advance(27)
    expect(desk.storyOf('A').at(-1)).toBe('filled')

    desk.book.markTorn()
    desk.place(100, orderOf('B'))
    desk.advance(400)
    expect(desk.storyOf('B')).toEqual(['book-not-believed'])
  })

  test('whose market is gone is over', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A'))

    desk.cache.remove('polymarket', marketOf('rain').id)
    desk.advance(30)

    expect(desk.storyOf('A')).toEqual(['market-gone'])
  })

  test('draws the same latencies for the same seed', () => {
    const dues = (seed: number): (Nanos | undefined)[] => {
      const desk = new PaperDesk({
        seed,
        latency: () => ({ kind: 'quantiles', p50Ms: 60, p90Ms: 120, p99Ms: 400 }),
      })
      return Array.from({ length: 50 }, (_, number) => {
        desk.place(0, orderOf(`A${number}`))
        const due = desk.gateway.nextDue()
        desk.advance(1e6)
        return due
      })
    }

    expect(dues(3)).toEqual(dues(3))
    expect(dues(3)).not.toEqual(dues(4))
  })
})

describe('a market with a delay for takers', () => {
  const delayed = { takerDelayMs: 250 }

  test('holds an order that would take, and lets it meet the book after it', () => {
    const desk = new PaperDesk({}, delayed)
    desk.place(0, orderOf('A'))
    desk.advance(30)
    expect(desk.updates).toEqual([])

    desk.advance(300)

    expect(desk.endOf('A')).toBe(at(270))
    expect(desk.storyOf('A')).toEqual(['10 @ 4000', 'filled'])
  })

  test('lets the book go away in the meantime', () => {
    const desk = new PaperDesk({}, delayed)
    desk.place(0, orderOf('A'))
    desk.advance(30)

    desk.show(askSide, 4_000, 0)
    desk.advance(300)

    expect(desk.storyOf('A')).toEqual(['fok-killed'])
  })

  test('does not hold an order that only rests', () => {
    const desk = new PaperDesk({}, delayed)

    desk.place(0, orderOf('A', { timeInForce: 'gtc', limit: ticks(3_000) }))
    desk.advance(20)

    expect(desk.storyOf('A')).toEqual(['live'])
  })

  test('cannot be left by a cancel: what it takes it takes', () => {
    const desk = new PaperDesk({}, delayed)
    desk.place(0, orderOf('A', { timeInForce: 'gtc', size: shares(15) }))
    desk.advance(30)

    desk.gateway.cancel(order('A'), sentAt(40))
    desk.advance(300)

    expect(desk.storyOf('A')).toEqual(['live', '10 @ 4000', 'cancelled'])
  })
})

describe('an order that is asked about', () => {
  test('is told of again: its fills, and its end', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A'))
    desk.advance(30)
    const told = desk.storyOf('A')

    desk.gateway.query(order('A'), sentAt(40))
    desk.advance(59)
    const early = desk.storyOf('A')
    desk.advance(60)

    expect(early).toEqual(told)
    expect(desk.storyOf('A')).toEqual([...told, ...told])
    expect(new Set(desk.fillsOf('A').map(({ venueTradeId }) => venueTradeId)).size).toBe(1)
  })

  test('is live when it rests', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', { timeInForce: 'gtc', limit: ticks(3_000) }))
    desk.advance(30)

    desk.gateway.query(order('A'), sentAt(30))
    desk.advance(60)

    expect(desk.storyOf('A')).toEqual(['live', 'live'])
  })

  test('was not attempted when it never came here', () => {
    const desk = new PaperDesk()

    desk.gateway.query(order('A'), sentAt(30))
    desk.advance(60)

    expect(desk.storyOf('A')).toEqual(['not-attempted'])
  })
})

describe('what the books have', () => {
  const leg = {
    venue: 'polymarket',
    market: marketOf('rain').id,
    instrument: marketOf('rain').yes.id,
    outcome: 'yes',
    side: 'buy',
    limit: ticks(4_000),
    size: shares(12),
  } as const

  test('is less what was taken already', () => {
    const desk = new PaperDesk()
    expect(desk.gateway.fillable(leg)).toBe(shares(10))

    desk.place(0, orderOf('A', { size: shares(7) }))
    desk.advance(30)

    expect(desk.gateway.fillable(leg)).toBe(shares(3))
    expect(desk.gateway.fillable({ ...leg, instrument: 'else' as InstrumentId })).toBe(0)
  })

  test('has a price, with the money that leaves us', () => {
    const desk = new PaperDesk()
    desk.show(askSide, 4_500, 10)
    desk.show(bidSide, 3_500, 10)

    expect(desk.gateway.quote(leg, 'buy', shares(12))).toEqual({ limit: 4_500, paid: 4_900_000 })
    expect(desk.gateway.quote(leg, 'sell', shares(4))).toEqual({ limit: 3_500, paid: -1_400_000 })
    expect(desk.gateway.quote(leg, 'sell', shares(11))).toBeUndefined()
  })
})

describe('rivals', () => {
  test('take from the levels of an order before it, and leave them taken', () => {
    const kept: number[] = []
    for (let seed = 0; seed < 200; seed++) {
      const desk = new PaperDesk({ band: 'pessimistic', rivals: true, seed })
      desk.place(0, orderOf('A', { timeInForce: 'ioc' }))
      desk.advance(50)
      desk.place(50, orderOf('B', { timeInForce: 'ioc' }))
      desk.advance(100)
      expect(desk.fillsOf('B')).toEqual([])
      kept.push(desk.fillsOf('A').length)
    }

    // Three in ten come too late.
    const filled = kept.reduce((sum, each) => sum + each, 0)
    expect(filled).toBeGreaterThan(120)
    expect(filled).toBeLessThan(160)
  })

  test('stay away where they are switched off, and from orders that do not take', () => {
    for (let seed = 0; seed < 50; seed++) {
      const desk = new PaperDesk({ band: 'pessimistic', rivals: false, seed })
      desk.place(0, orderOf('A'))
      desk.advance(50)
      expect(desk.storyOf('A').at(-1)).toBe('filled')
    }
  })
})

describe('an operation', () => {
  const operation = 'O1' as OperationId
  const market = 'rain' as MarketId
  const size = shares(10)

  test.each<{ what: SettlementOperation; cashIn: number }>([
    { what: { kind: 'merge', market, size }, cashIn: 10_000_000 },
    { what: { kind: 'split', market, size }, cashIn: -10_000_000 },
    {
      what: { kind: 'convert', set: 's', markets: [market, market, market], size },
      cashIn: 20_000_000,
    },
    { what: { kind: 'redeem', market }, cashIn: 0 },
  ])('$what.kind is final after its time, with its cash', ({ what, cashIn }) => {
    const desk = new PaperDesk({ operationMs: () => 2_000 })

    desk.gateway.submit(operation, 'polymarket', what, sentAt(10))
    desk.advance(5_000)

    expect(desk.operations).toEqual([
      { update: { kind: 'submitted', operation, reference: 'paper-O1' }, at: at(10) },
      { update: { kind: 'final', operation, cashIn }, at: at(2_010) },
    ])
  })

  test.each(['split', 'convert'] as const)('%s does not exist at Kalshi', (kind) => {
    const desk = new PaperDesk()
    const what: SettlementOperation =
      kind === 'split' ? { kind, market, size } : { kind, set: 's', markets: [market], size }

    desk.gateway.submit(operation, 'kalshi', what, sentAt(10))
    desk.advance(20)

    expect(desk.operations.map(({ update }) => update)).toEqual([
      { kind: 'failed', operation, reason: 'not-offered' },
    ])
  })
})

describe('amounts that a venue cannot say', () => {
  test.each([
    { limit: 4_000, count: 10, end: 'filled' },
    { limit: 4_000, count: 9.5, end: 'filled' },
    { limit: 4_000, count: 9.51, end: 'amount-precision' },
    { limit: 4_000, count: 2, end: 'below-minimum' },
  ])('$count at $limit: $end', ({ limit, count, end }) => {
    const takerSpend = { step: 10_000 as MicroUsd, min: 1_000_000 as MicroUsd }
    const desk = new PaperDesk({ amounts: 'as-the-venue' }, { takerSpend })

    desk.place(0, orderOf('A', { limit: ticks(limit), size: shares(count) }))
    desk.advance(30)

    expect(desk.storyOf('A').at(-1)).toBe(end)
  })
})
