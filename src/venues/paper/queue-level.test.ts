import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ClientOrderId } from '../../core/order.ts'
import type { MicroShares } from '../../core/units.ts'
import type { QueueRule } from './bands.ts'
import { QueueLevel } from './queue-level.ts'

const ours = 'ours' as ClientOrderId
const other = 'other' as ClientOrderId
const size = (count: number): MicroShares => count as MicroShares

function queueOf(rule: QueueRule, shown: number): QueueLevel {
  return new QueueLevel(size(shown), rule)
}

describe('the queue of a price', () => {
  test('is joined behind all that is shown', () => {
    const queue = queueOf('proportional', 100)

    queue.join(ours, size(10))

    expect(queue.ahead(ours)).toBe(100)
  })

  test('lets a trade through to us only after what stands in front', () => {
    const queue = queueOf('proportional', 100)
    queue.join(ours, size(10))

    expect(queue.trade(size(60))).toEqual([])
    expect(queue.ahead(ours)).toBe(40)
    expect(queue.trade(size(44))).toEqual([{ order: ours, size: 4 }])
    expect(queue.trade(size(44))).toEqual([{ order: ours, size: 6 }])
    expect(queue.isEmpty).toBe(true)
  })

  test.each([
    { rule: 'behind', ahead: 100 },
    { rule: 'proportional', ahead: 90 },
    { rule: 'ahead', ahead: 80 },
  ] as const)('a cancel of 20 when 100 stand in front and 100 behind: $rule', ({ rule, ahead }) => {
    const queue = queueOf(rule, 100)
    queue.join(ours, size(10))
    queue.follow(size(200))

    queue.follow(size(180))

    expect(queue.ahead(ours)).toBe(ahead)
  })

  test('never has more in front than is shown', () => {
    const queue = queueOf('behind', 100)
    queue.join(ours, size(10))

    queue.follow(size(30))

    expect(queue.ahead(ours)).toBe(30)
  })

  test.each([
    { name: 'the trade is told first', bookFirst: false },
    { name: 'the book shows it first', bookFirst: true },
  ])('a trade and what it leaves count once: $name', ({ bookFirst }) => {
    const queue = queueOf('proportional', 100)
    queue.join(ours, size(10))
    queue.follow(size(200))

    if (bookFirst) queue.follow(size(140))
    queue.trade(size(60))
    if (!bookFirst) queue.follow(size(140))

    expect(queue.ahead(ours)).toBe(40)
  })

  test('serves the first of our orders first, and what stands between before the second', () => {
    const queue = queueOf('proportional', 10)
    queue.join(ours, size(5))
    queue.follow(size(13))
    queue.join(other, size(5))

    expect(queue.trade(size(19))).toEqual([
      { order: ours, size: 5 },
      { order: other, size: 1 },
    ])
  })

  test('a trade beyond the price leaves nobody in front', () => {
    const queue = queueOf('behind', 100)
    queue.join(ours, size(10))

    expect(queue.passed(size(4))).toEqual([{ order: ours, size: 4 }])
    expect(queue.ahead(ours)).toBe(0)
  })
})

/** What others do at the price. A `pick` says which of their orders leaves. */
type Deed =
  | { readonly kind: 'come' | 'trade'; readonly count: number }
  | { readonly kind: 'leave'; readonly pick: number }

const deed: fc.Arbitrary<Deed & { readonly bookFirst: boolean }> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('come' as const, 'trade' as const),
    count: fc.integer({ min: 1, max: 30 }),
    bookFirst: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('leave' as const),
    pick: fc.double({ min: 0, max: 1, noNaN: true }),
    bookFirst: fc.boolean(),
  }),
)

/** A queue as it really is, order by order, with ours at its place. */
class TrueQueue {
  readonly #orders: { count: number; readonly inFront: boolean }[] = []
  filled = 0

  constructor(sizes: readonly number[]) {
    for (const count of sizes) this.#orders.push({ count, inFront: true })
  }

  get shown(): number {
    return this.#orders.reduce((sum, { count }) => sum + count, 0)
  }

  come(count: number): void {
    this.#orders.push({ count, inFront: false })
  }

  leave(pick: number): void {
    this.#orders.splice(Math.floor(pick * this.#orders.length), 1)
  }

  trade(count: number): void {
    const front = this.#orders.reduce((sum, each) => sum + (each.inFront ? each.count : 0), 0)
    this.filled += Math.max(0, count - front)
    let left = count
    for (const each of this.#orders) {
      const part = Math.min(left, each.count)
      each.count -= part
      left -= part
    }
    while (this.#orders[0]?.count === 0) this.#orders.shift()
  }
}

describe('a queue whose orders only the venue knows', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 6 })

  /** What has been filled of an order without end, by rule, and what really would have been. */
  function play(
    first: readonly number[],
    deeds: readonly (Deed & { readonly bookFirst: boolean })[],
  ): Record<QueueRule | 'truth', number> {
    const truth = new TrueQueue(first)
    const queues = (['behind', 'proportional', 'ahead'] as const).map((rule) => {
      const queue = queueOf(rule, truth.shown)
      queue.join(ours, size(1_000_000))
      return { rule, queue }
    })
    const filled = { behind: 0, proportional: 0, ahead: 0, truth: 0 }
    const follow = (): void => {
      for (const { queue } of queues) queue.follow(size(truth.shown))
    }
    for (const each of deeds) {
      if (each.kind === 'come') truth.come(each.count)
      if (each.kind === 'leave') truth.leave(each.pick)
      // A taker trades with those it really meets, so with what is shown at the most.
      const count = each.kind === 'trade' ? Math.min(each.count, truth.shown) : 0
      if (count > 0) truth.trade(count)
      if (each.bookFirst) follow()
      for (const { rule, queue } of queues) {
        const before = queue.ahead(ours) ?? 0
        if (count > 0) {
          for (const fill of queue.trade(size(count))) filled[rule] += fill.size
        }
        expect(queue.ahead(ours)).toBeLessThanOrEqual(before)
      }
      follow()
    }
    return { ...filled, truth: truth.filled }
  }

  test('fills with all bad luck at the most what is true, with all good luck at the least', () => {
    fc.assert(
      fc.property(sizes, fc.array(deed, { size: 'max', maxLength: 30 }), (first, deeds) => {
        const { behind, ahead, truth } = play(first, deeds)

        expect(behind).toBeLessThanOrEqual(truth)
        expect(ahead).toBeGreaterThanOrEqual(truth)
      }),
      { numRuns: 500 },
    )
  })

  test('fills in proportion between the two', () => {
    fc.assert(
      fc.property(sizes, fc.array(deed, { size: 'max', maxLength: 30 }), (first, deeds) => {
        const { behind, proportional, ahead } = play(first, deeds)

        expect(proportional).toBeGreaterThanOrEqual(behind)
        expect(proportional).toBeLessThanOrEqual(ahead)
      }),
      { numRuns: 500 },
    )
  })
})
