import { describe, expect, test } from 'vitest'
import { marketOf } from '../../../test/engine/market-of.ts'
import { at, orderOf, PaperDesk, sentAt, shares } from '../../../test/paper/paper-desk.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { ClientOrderId } from '../../core/order.ts'
import { ticks } from '../../core/units.ts'

const order = (id: string): ClientOrderId => id as ClientOrderId

describe('an order that rests', () => {
  const resting = { timeInForce: 'gtc', size: shares(15) } as const

  test('takes what is there, then waits for sellers to come to its price', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', resting))
    desk.advance(30)
    desk.show(askSide, 4_100, 50)
    desk.advance(40)
    expect(desk.storyOf('A')).toEqual(['live', '10 @ 4000'])

    desk.show(askSide, 3_900, 50)
    desk.advance(50)

    expect(desk.storyOf('A')).toEqual(['live', '10 @ 4000', '5 @ 4000', 'filled'])
    expect(desk.fillsOf('A').map(({ liquidity }) => liquidity)).toEqual(['taker', 'maker'])
    expect(desk.gateway.depth).toBe(0)
  })

  test('is told of before what is due later, and never back in time', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000), size: shares(5) }))
    desk.advance(20)
    desk.place(21, orderOf('B'))

    desk.show(askSide, 3_000, 5)
    expect(desk.gateway.nextDue()).toBe(0)
    desk.advance(60)

    const times = desk.updates.map((each) => each.at)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(desk.storyOf('A').at(-1)).toBe('filled')
  })

  test('ends when it is cancelled, after the latency of the cancel, with what it got', () => {
    const desk = new PaperDesk({ cancelLatency: () => ({ kind: 'fixed', ms: 5 }) })
    desk.place(0, orderOf('A', resting))
    desk.advance(30)

    desk.gateway.cancel(order('A'), sentAt(30))
    desk.advance(34)
    const early = desk.storyOf('A')
    desk.advance(35)

    expect(early).toEqual(['live', '10 @ 4000'])
    expect(desk.storyOf('A')).toEqual(['live', '10 @ 4000', 'cancelled'])
  })

  test('is not overtaken by its own cancel', () => {
    const desk = new PaperDesk({ cancelLatency: () => ({ kind: 'fixed', ms: 1 }) })
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000) }))

    desk.gateway.cancel(order('A'), sentAt(0))
    desk.advance(30)

    expect(desk.storyOf('A')).toEqual(['live', 'cancelled'])
    expect(desk.endOf('A')).toBe(at(20))
  })

  test('fills while its cancel is under way', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000), size: shares(5) }))
    desk.advance(30)

    desk.gateway.cancel(order('A'), sentAt(30))
    desk.show(askSide, 3_000, 5)
    desk.advance(60)

    expect(desk.storyOf('A')).toEqual(['live', '5 @ 3000', 'filled'])
  })

  test('ends when its time has come', () => {
    const desk = new PaperDesk()
    const { atMs: expiresAt } = sentAt(100)
    desk.place(0, orderOf('A', { timeInForce: 'gtd', limit: ticks(3_000), expiresAt }))
    desk.advance(30)
    expect(desk.gateway.nextDue()).toBe(at(100))

    desk.advance(100)

    expect(desk.storyOf('A')).toEqual(['live', 'expired'])
  })

  test('leaves nothing behind that is due, when it ends before its time', () => {
    const desk = new PaperDesk()
    const { atMs: expiresAt } = sentAt(100_000)
    desk.place(0, orderOf('A', { timeInForce: 'gtd', limit: ticks(3_000), expiresAt }))
    desk.advance(30)

    desk.gateway.cancel(order('A'), sentAt(30))
    desk.advance(60)

    expect(desk.storyOf('A')).toEqual(['live', 'cancelled'])
    expect(desk.gateway.nextDue()).toBeUndefined()
  })

  test('is refused when it must not take and would', () => {
    const desk = new PaperDesk()

    desk.place(0, orderOf('A', { ...resting, postOnly: true }))
    desk.advance(30)

    expect(desk.storyOf('A')).toEqual(['would-cross'])
  })

  test('is filled by a trade that goes beyond its price, at its own', () => {
    const desk = new PaperDesk()
    desk.show(bidSide, 3_000, 100)
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000) }))
    desk.advance(30)

    desk.trade({ price: ticks(2_900), size: 4 })
    desk.advance(40)

    expect(desk.storyOf('A')).toEqual(['live', '4 @ 3000'])
  })

  test('is filled by a trade of the other outcome, where the two are one book', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000) }))
    desk.advance(30)

    desk.trade({ outcome: 'no', side: 'buy', price: ticks(7_000), size: 4 })
    desk.advance(40)

    expect(desk.storyOf('A')).toEqual(['live', '4 @ 3000'])
  })

  test('is not filled by buyers, nor above its price', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000) }))
    desk.advance(30)

    desk.trade({ side: 'buy', price: ticks(3_000), size: 40 })
    desk.trade({ side: 'sell', price: ticks(3_100), size: 40 })
    desk.show(bidSide, 3_000, 5)
    desk.advance(40)

    expect(desk.storyOf('A')).toEqual(['live'])
  })

  test('does not meet the other side while its market is paused', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000) }))
    desk.advance(30)

    desk.cache.change(marketOf('rain', { bookKind: 'mirrored', status: 'paused' }))
    desk.show(askSide, 2_900, 50)
    desk.advance(40)

    expect(desk.storyOf('A')).toEqual(['live'])
  })

  test('meets a trade before an order with a worse price, and what it takes is gone for that', () => {
    const desk = new PaperDesk()
    desk.place(0, orderOf('worse', { ...resting, limit: ticks(2_900) }))
    desk.place(1, orderOf('better', { ...resting, limit: ticks(3_000) }))
    desk.advance(30)

    desk.trade({ price: ticks(2_900), size: 20 })
    desk.advance(40)

    expect(desk.storyOf('better')).toEqual(['live', '15 @ 3000', 'filled'])
    expect(desk.storyOf('worse')).toEqual(['live', '5 @ 2900'])
  })

  test('shares one queue with the order of the other outcome that is the same', () => {
    const desk = new PaperDesk()
    desk.show(askSide, 4_000, 0)
    desk.show(askSide, 7_000, 3)
    desk.place(0, orderOf('A', { ...resting, outcome: 'no', limit: ticks(3_000) }))
    desk.place(1, orderOf('B', { ...resting, side: 'sell', limit: ticks(7_000) }))
    desk.advance(30)

    desk.trade({ side: 'buy', price: ticks(7_000), size: 20 })
    desk.advance(40)

    expect(desk.storyOf('A')).toEqual(['live', '15 @ 3000', 'filled'])
    expect(desk.storyOf('B')).toEqual(['live', '2 @ 7000'])
  })

  test.each([
    { band: 'pessimistic', fills: ['live'] },
    { band: 'realistic', fills: ['live', '15 @ 3000', 'filled'] },
    { band: 'optimistic', fills: ['live', '15 @ 3000', 'filled'] },
  ] as const)('whose price is merely touched, $band', ({ band, fills }) => {
    const desk = new PaperDesk({ band })
    desk.place(0, orderOf('A', { ...resting, limit: ticks(3_000) }))
    desk.advance(50)

    desk.show(askSide, 3_000, 20)
    desk.advance(60)

    expect(desk.storyOf('A')).toEqual(fills)
  })
})
