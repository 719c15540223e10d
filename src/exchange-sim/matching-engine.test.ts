import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BookKind, Outcome } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import type { OrderRequest, Submission } from './matching-engine.ts'
import { MatchingEngine } from './matching-engine.ts'

const share = 1_000_000

function limit(
  id: string,
  outcome: Outcome,
  side: Side,
  price: number,
  shares: number,
  how: Partial<OrderRequest> = {},
): OrderRequest {
  return {
    id,
    owner: `owner of ${id}`,
    outcome,
    side,
    price: price as Ticks,
    amount: { kind: 'shares', shares: (shares * share) as MicroShares },
    timeInForce: 'gtc',
    postOnly: false,
    ...how,
  }
}

function executed(submission: Submission): Extract<Submission, { kind: 'executed' }>['execution'] {
  if (submission.kind !== 'executed') throw new Error(`was refused: ${submission.reason}`)
  return submission.execution
}

describe('one book for two outcomes', () => {
  test('two buyers whose prices make a dollar mint, and the taker gets the better price', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('maker', 'no', 'buy', 4_000, 10))

    const { fills, rested } = executed(engine.submit(limit('taker', 'yes', 'buy', 6_200, 10)))

    expect(fills.map(({ match, takerPrice, bookPrice }) => [match, takerPrice, bookPrice])).toEqual(
      [['mint', 6_000, 6_000]],
    )
    expect(rested).toBe(0)
  })

  test('two sellers whose prices make no more than a dollar merge', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('maker', 'yes', 'sell', 6_000, 10))

    const { fills } = executed(engine.submit(limit('taker', 'no', 'sell', 3_900, 10)))

    expect(fills.map(({ match, takerPrice }) => [match, takerPrice])).toEqual([['merge', 4_000]])
  })

  test('orders for both outcomes at one price stand in one queue', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('first', 'no', 'sell', 4_000, 5))
    engine.submit(limit('second', 'yes', 'buy', 6_000, 5))

    const { fills } = executed(engine.submit(limit('taker', 'yes', 'sell', 6_000, 7)))

    expect(fills.map(({ maker, match, size }) => [maker.id, match, size / share])).toEqual([
      ['first', 'merge', 5],
      ['second', 'complementary', 2],
    ])
  })

  test('a sweep tells its own remainder first, then each level it took, the best one first', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('a', 'yes', 'buy', 3_110, 20))
    engine.submit(limit('b', 'yes', 'buy', 3_010, 10))

    const { changes } = executed(engine.submit(limit('taker', 'no', 'buy', 6_990, 34)))

    expect(changes.map(({ side, price, size }) => [side, price, size / share])).toEqual([
      [askSide, 3_010, 4],
      [bidSide, 3_110, 0],
      [bidSide, 3_010, 0],
    ])
  })
})

describe('times in force', () => {
  test('an order for all or nothing leaves the book as it was when there is too little', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('maker', 'yes', 'sell', 5_000, 10))

    const much = limit('taker', 'yes', 'buy', 5_000, 11, { timeInForce: 'fok' })

    expect(engine.submit(much)).toEqual({ kind: 'refused', reason: 'not-filled' })
    expect(engine.book('yes').sizeAt(askSide, 5_000 as Ticks)).toBe(10 * share)
  })

  test('an order in dollars buys more shares at a better price, in millionths', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('maker', 'yes', 'sell', 4_800, 100))
    const dollars = { kind: 'dollars', dollars: 1_000_000 as MicroUsd } as const

    const order = limit('taker', 'yes', 'buy', 6_000, 0, { amount: dollars, timeInForce: 'fok' })

    expect(executed(engine.submit(order)).filled).toBe(2_083_333)
  })

  test('an order that is to rest only is refused when it would trade', () => {
    const engine = new MatchingEngine('mirrored')
    engine.submit(limit('maker', 'yes', 'sell', 5_000, 10))

    const order = limit('taker', 'no', 'sell', 5_000, 1, { postOnly: true })

    expect(engine.submit(order)).toEqual({ kind: 'refused', reason: 'crosses' })
  })
})

test('separate books do not meet: both outcomes can be had for less than a dollar', () => {
  const engine = new MatchingEngine('separate')
  engine.submit(limit('a', 'yes', 'sell', 4_500, 10))
  engine.submit(limit('b', 'no', 'sell', 5_000, 10))

  expect(engine.bestAsk('yes') + engine.bestAsk('no')).toBe(9_500)
  expect(engine.bestBid('yes')).toBe(0)
})

/** The plainest thing that could match orders: a list, searched again for every share. */
class NaiveMarket {
  readonly kind: BookKind
  resting: { id: string; outcome: Outcome; side: Side; price: number; left: number }[] = []

  constructor(kind: BookKind) {
    this.kind = kind
  }

  /** Who is met, in which sequence, for how much. */
  submit({ id, outcome, side, price, timeInForce }: OrderRequest, shares: number): string[] {
    const met: string[] = []
    let left = shares
    for (;;) {
      const candidates = this.resting.filter((one) => this.#surplus(outcome, side, price, one) >= 0)
      const best = candidates.toSorted(
        (a, b) => this.#surplus(outcome, side, price, b) - this.#surplus(outcome, side, price, a),
      )[0]
      if (left === 0 || best === undefined) break
      const size = Math.min(left, best.left)
      met.push(`${best.id}:${size}`)
      left -= size
      best.left -= size
      this.resting = this.resting.filter((one) => one.left > 0)
    }
    if (left > 0 && timeInForce === 'gtc') this.resting.push({ id, outcome, side, price, left })
    return met
  }

  /** How much better than its limit the order would trade. Negative: not at all. */
  #surplus(
    outcome: Outcome,
    side: Side,
    price: number,
    maker: { outcome: Outcome; side: Side; price: number },
  ): number {
    if (outcome === maker.outcome) {
      if (side === maker.side) return -1
      return side === 'buy' ? price - maker.price : maker.price - price
    }
    if (this.kind === 'separate' || side !== maker.side) return -1
    return side === 'buy' ? price + maker.price - 10_000 : 10_000 - price - maker.price
  }
}

const anyStep = fc.record({
  outcome: fc.constantFrom<Outcome>('yes', 'no'),
  side: fc.constantFrom<Side>('buy', 'sell'),
  price: fc.integer({ min: 1, max: 19 }).map((step) => step * 500),
  shares: fc.integer({ min: 1, max: 30 }),
  timeInForce: fc.constantFrom<'gtc' | 'ioc'>('gtc', 'gtc', 'gtc', 'ioc'),
  cancels: fc.option(fc.integer({ min: 0, max: 40 })),
})

test.each<BookKind>(['mirrored', 'separate'])(
  'a %s market meets the same orders in the same sequence as a plain list does',
  (kind) => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const engine = new MatchingEngine(kind)
        const naive = new NaiveMarket(kind)
        for (const [
          at,
          { outcome, side, price, shares, timeInForce, cancels },
        ] of steps.entries()) {
          const request = limit(`o${at}`, outcome, side, price, shares, { timeInForce })
          const execution = executed(engine.submit(request))
          const met = execution.fills.map(({ maker, size }) => `${maker.id}:${size / share}`)
          expect(met).toEqual(naive.submit(request, shares))

          const kept = timeInForce === 'gtc' ? shares * share - execution.filled : 0
          expect(execution.rested).toBe(kept)
          if (cancels === null) continue
          const gone = engine.cancel(`o${cancels}`) !== undefined
          const left = naive.resting.filter(({ id }) => id !== `o${cancels}`)
          expect(gone).toBe(left.length < naive.resting.length)
          naive.resting = left
        }
        for (const outcome of ['yes', 'no'] as const) expectSound(engine, outcome)
        const sizes = naive.resting.map(({ id, left }) => [id, left * share])
        const orders = [...engine.book('yes').orders(), ...engine.book('no').orders()]
        const found = new Map(orders.map(({ id, remaining }) => [id, remaining]))
        expect(found).toEqual(new Map(sizes as [string, MicroShares][]))
      }),
      { numRuns: 300 },
    )
  },
)

/** Not crossed, in order, no empty level, and each level the sum of its orders. */
function expectSound(engine: MatchingEngine, outcome: Outcome): void {
  const book = engine.book(outcome)
  expect(book.bestBid).toBeLessThan(book.bestAsk)
  for (const side of [bidSide, askSide]) {
    const levels = book.levels(side)
    const prices = levels.map(({ price }) => price)
    expect(prices).toEqual(prices.toSorted((a, b) => (side === bidSide ? a - b : b - a)))
    for (const { size, orders } of levels) {
      expect(size).toBe(orders.reduce((total, { remaining }) => total + remaining, 0))
      expect(size).toBeGreaterThan(0)
    }
  }
}
