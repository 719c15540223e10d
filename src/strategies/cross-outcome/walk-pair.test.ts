import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { feeOf, marketOf } from '../../../test/engine/market-of.ts'
import { checkCertificate } from '../../arbitrage/check-certificate.ts'
import { BookSlab } from '../../core/book-slab.ts'
import type { BookSide } from '../../core/order-book.ts'
import { askSide, bidSide, OrderBook } from '../../core/order-book.ts'
import type { Side } from '../../core/order.ts'
import { OutcomeBook } from '../../core/outcome-book.ts'
import type { MicroShares, Ppm } from '../../core/units.ts'
import { microShares, ppm, ticks } from '../../core/units.ts'
import { certifyPair } from './certify-pair.ts'
import type { Pair, PairWish } from './walk-pair.ts'
import { walkPair } from './walk-pair.ts'

type Levels = readonly (readonly [number, number])[]

const lot = 10_000

function bookOf(side: BookSide, levels: Levels, unit = lot): OutcomeBook {
  const book = new OrderBook(0, marketOf('rain').grid, new BookSlab())
  for (const [cents, lots] of levels) book.set(side, ticks(cents * 100), microShares(lots * unit))
  return new OutcomeBook(book, 'direct')
}

type Given = {
  readonly side: Side
  readonly yes: Levels
  readonly no: Levels
  readonly rate?: number
  readonly edgeMin?: number
  readonly sizeMax?: number
}

function wishOf({ side, yes, no, rate = 0, edgeMin = 10_000, sizeMax = 1e12 }: Given): PairWish {
  const levels = side === 'buy' ? askSide : bidSide
  return {
    market: marketOf('rain', { fee: feeOf(rate) }),
    yes: bookOf(levels, yes),
    no: bookOf(levels, no),
    side,
    edgeMin: edgeMin as Ppm,
    sizeMin: 5_000_000 as MicroShares,
    sizeMax: sizeMax as MicroShares,
  }
}

function pairOf(given: Given): Pair {
  const pair = walkPair(wishOf(given))
  if (pair.kind === 'none') throw new Error(pair.reason)
  return pair
}

describe('walkPair', () => {
  test('takes both legs level by level, as far as a share still earns its keep', () => {
    const yes: Levels = [
      [40, 1_000],
      [42, 1_000],
      [47, 1_000],
    ]
    const no: Levels = [
      [50, 1_500],
      [52, 5_000],
    ]

    const pair = pairOf({ side: 'buy', yes, no, edgeMin: 20_000 })

    expect(pair.size).toBe(20_000_000)
    expect(pair.legs.map(({ taken }) => taken)).toEqual([
      [
        { price: 4_000, size: 10_000_000 },
        { price: 4_200, size: 10_000_000 },
      ],
      [
        { price: 5_000, size: 15_000_000 },
        { price: 5_200, size: 5_000_000 },
      ],
    ])
    // 20 dollars for 4.00 + 4.20 + 7.50 + 2.60
    expect(pair.edge).toBe(1_700_000)
  })

  test('sells both legs for more than the dollar they are split from', () => {
    const pair = pairOf({ side: 'sell', yes: [[55, 1_000]], no: [[48, 700]] })

    expect(pair.size).toBe(7_000_000)
    expect(pair.edge).toBe(210_000)
    expect(pair.legs.map(({ cost }) => cost)).toEqual([-3_850_000, -3_360_000])
  })

  test.each<{ name: string; given: Given; want: string }>([
    {
      name: 'a dollar for a dollar',
      given: { side: 'buy', yes: [[50, 900]], no: [[50, 900]] },
      want: 'thin-edge',
    },
    {
      name: 'a cent less than is asked',
      given: { side: 'buy', yes: [[50, 900]], no: [[49, 900]], edgeMin: 10_001 },
      want: 'thin-edge',
    },
    {
      name: 'an edge that fees eat',
      given: { side: 'buy', yes: [[50, 900]], no: [[48, 900]], rate: 40_000 },
      want: 'thin-edge',
    },
    {
      name: 'an edge that is used up by the reserve for the rounding of fees',
      given: { side: 'buy', yes: [[50, 500]], no: [[48, 500]], rate: 40_000, edgeMin: 14 },
      want: 'thin-edge',
    },
    {
      name: 'less than the least size',
      given: { side: 'buy', yes: [[40, 499]], no: [[40, 900]] },
      want: 'too-small',
    },
    {
      name: 'one leg without an offer',
      given: { side: 'buy', yes: [[40, 900]], no: [] },
      want: 'no-depth',
    },
    {
      name: 'one leg without a bid',
      given: { side: 'sell', yes: [], no: [[90, 900]] },
      want: 'no-depth',
    },
  ])('gives no pair for $name', ({ given, want }) => {
    expect(walkPair(wishOf(given))).toEqual({ kind: 'none', reason: want })
  })

  test('gives a pair at exactly the edge that is asked, and at the least size', () => {
    const pair = pairOf({ side: 'buy', yes: [[50, 500]], no: [[49, 500]] })

    expect([pair.size, pair.edge]).toEqual([5_000_000, 50_000])
  })

  test('gives none where the fee is not known', () => {
    const wish = wishOf({ side: 'buy', yes: [[40, 900]], no: [[40, 900]] })
    const market = marketOf('rain', { fee: { kind: 'unknown', reason: 'no schedule' } })

    expect(walkPair({ ...wish, market })).toEqual({ kind: 'none', reason: 'unknown-fee' })
  })

  test('takes no more than the most that is wished', () => {
    const pair = pairOf({ side: 'buy', yes: [[40, 900]], no: [[40, 900]], sizeMax: 7_005_000 })

    expect(pair.size).toBe(7_000_000)
  })
})

describe('walkPair on any books', () => {
  const levels = fc
    .uniqueArray(fc.tuple(fc.integer({ min: 30, max: 70 }), fc.integer({ min: 1, max: 1_000 })), {
      maxLength: 6,
      selector: ([cents]) => cents,
    })
    .map((list): Levels => list)
  const given = fc.record({
    side: fc.constantFrom<Side>('buy', 'sell'),
    yes: levels,
    no: levels,
    rate: fc.constantFrom(0, 20_000, 70_000),
  })

  /** What `lots` of both would earn, in `bigint`, with the most that fees can come to. */
  function profitOf({ side, yes, no, rate = 0 }: Given, lots: number): bigint | undefined {
    let profit = BigInt(lots * lot) * (side === 'buy' ? 1n : -1n)
    for (const leg of [yes, no]) {
      let left = lots
      for (const [cents, depth] of leg.toSorted(([a], [b]) => (side === 'buy' ? a - b : b - a))) {
        const part = BigInt(Math.min(left, depth) * lot)
        left -= Math.min(left, depth)
        if (part === 0n) break
        const price = BigInt(cents * 100)
        profit += ((side === 'buy' ? -1n : 1n) * price * part) / 10_000n
        if (rate > 0) profit -= (part * BigInt(rate) * price * (10_000n - price)) / 10n ** 14n + 10n
      }
      if (left > 0) return undefined
    }
    return profit
  }

  test('no other size earns a dollar-millionth more than rounding can explain', () => {
    fc.assert(
      fc.property(given, (one) => {
        const pair = walkPair({ ...wishOf(one), edgeMin: ppm(0), sizeMin: microShares(lot) })
        const chosen = pair.kind === 'pair' ? BigInt(pair.edge) : 0n
        if (pair.kind === 'pair') expect(profitOf(one, pair.size / lot)).toBe(chosen)
        // A reserve of ten micro-dollars a level and leg, and one of rounding a share.
        const slack = 10n * 12n + 12n
        for (let lots = 1; lots <= 6_000; lots += 7) {
          const other = profitOf(one, lots)
          if (other === undefined) break
          expect(other <= chosen + slack).toBe(true)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('every pair is proven by the independent checker, of odd sizes too', () => {
    fc.assert(
      fc.property(given, (one) => {
        const levels = one.side === 'buy' ? askSide : bidSide
        const books = { yes: bookOf(levels, one.yes, 30_011), no: bookOf(levels, one.no, 30_011) }
        const market = marketOf('rain', { fee: feeOf(one.rate), lot: microShares(1) })
        const wish = { ...wishOf(one), ...books, market, edgeMin: ppm(0) }
        const pair = walkPair(wish)
        if (pair.kind === 'none') return
        const verdict = checkCertificate(certifyPair(pair), {
          relations: [],
          market: () => wish.market,
          levels: (_ref, outcome, side) => wish[outcome].levels(side === 'bid' ? bidSide : askSide),
        })
        expect(verdict).toEqual({ kind: 'true' })
      }),
    )
  })
})
