import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { loadSolver } from '../app/highs-solver.ts'
import { shareCost } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { Relation } from '../core/relation.ts'
import { includedBy } from '../core/relation.ts'
import type { MicroUsd, Ppm } from '../core/units.ts'
import { BeliefProgramme } from './belief-programme.ts'
import { checkCertificate } from './check-certificate.ts'
import { detectImplication, detectRange } from './detect-linked.ts'
import { detectProgramme } from './detect-programme.ts'
import { detectNoBasket, detectYesBasket } from './detect-set.ts'
import {
  evidenceOf,
  optionsOf,
  proven,
  smallBooks,
  smallFee,
  smallMarket,
  type SmallBook,
} from './fixtures/small-market.ts'
import { Group, type GroupShape } from './group.ts'
import { implicationsOf, rangesOf } from './implications.ts'
import type { BooksOf, DetectOptions, Opportunity } from './opportunity.ts'
import { OrderScreen } from './order-screen.ts'
import type { Solver } from './solver.ts'

let solver: Solver
beforeAll(async () => {
  solver = await loadSolver()
})

type Shape = 'set' | 'open-set' | 'ladder' | 'pair' | 'chain'

/** Everything a scene is made of, so that a property can change one thing and keep the rest. */
type Made = {
  readonly shape: Shape
  readonly feeRate: number
  readonly books: readonly SmallBook[]
  readonly lotShares: number
}

const shapes: readonly Shape[] = ['set', 'open-set', 'ladder', 'pair', 'chain']
const feeRate = fc.constantFrom(0, 40_000, 50_000, 70_000)

/** Levels from the best outward, so many tenths of a cent apart, of so many shares. */
const levels = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 50 })),
  {
    minLength: 1,
    maxLength: 4,
  },
)

function sideOf(
  best: number,
  direction: 1 | -1,
  steps: readonly (readonly [number, number])[],
): readonly (readonly [number, number])[] {
  const side: (readonly [number, number])[] = []
  let tenths = best
  for (const [step, shares] of steps) {
    tenths += direction * step
    if (tenths < 1 || tenths > 999) break
    side.push([tenths / 10, shares])
  }
  return side
}

/** Books at any price, uncrossed each, for a group of any shape. */
const anything: fc.Arbitrary<Made> = fc
  .record({
    shape: fc.constantFrom(...shapes),
    feeRate,
    count: fc.integer({ min: 2, max: 6 }),
    lotShares: fc.constantFrom(0.01, 1),
  })
  .chain(({ shape, feeRate, count, lotShares }) =>
    fc
      .array(fc.tuple(fc.integer({ min: 20, max: 980 }), levels, levels), {
        minLength: shape === 'pair' ? 2 : count,
        maxLength: shape === 'pair' ? 2 : count,
      })
      .map((drawn) => ({
        shape,
        feeRate,
        lotShares,
        books: drawn.map(([middle, bids, asks]) => ({
          bids: sideOf(middle, -1, bids),
          asks: sideOf(middle, 1, asks),
        })),
      })),
  )

/** Books around the prices of one belief: every ask at or above it, every bid at or below. */
const fair: fc.Arbitrary<Made> = anything.chain((made) =>
  fc
    .array(fc.integer({ min: 1, max: 1_000 }), { minLength: 8, maxLength: 8 })
    .map((weights) => ({ ...made, books: aroundBelief(made, weights) })),
)

function aroundBelief(made: Made, weights: readonly number[]): readonly SmallBook[] {
  const { group } = sceneOf(made)
  const states = group.states ?? []
  const total = states.reduce((sum, _, index) => sum + (weights[index % 8] ?? 1), 0)
  return made.books.map((book, member) => {
    const chance = states.reduce((sum, { yes }, index) => {
      return sum + ((weights[index % 8] ?? 1) * (yes[member] ?? 0)) / 1_000_000
    }, 0)
    const tenths = (1_000 * chance) / total
    const asks = book.asks ?? []
    const bids = book.bids ?? []
    const up = Math.ceil(tenths) - (asks[0]?.[0] ?? 0) * 10
    const down = Math.floor(tenths) - (bids[0]?.[0] ?? 0) * 10
    return { asks: moved(asks, up), bids: moved(bids, down) }
  })
}

function moved(
  side: readonly (readonly [number, number])[],
  tenths: number,
): readonly (readonly [number, number])[] {
  return side
    .map(([cents, shares]) => [cents + tenths / 10, shares] as const)
    .filter(([cents]) => cents > 0.05 && cents < 99.95)
}

function sceneOf({ shape, feeRate, books, lotShares }: Made): {
  group: Group
  books: BooksOf
  options: DetectOptions
} {
  const markets = books.map((_, index) =>
    smallMarket(`m${index}`, {
      fee: smallFee(feeRate),
      lot: Math.round(lotShares * 1_000_000) as Market['lot'],
    }),
  )
  const group = groupOf(shape, markets)
  const made = smallBooks(markets, books)
  return { group, books: made, options: optionsOf(made) }
}

function groupOf(shape: Shape, members: readonly Market[]): Group {
  return new Group({
    id: shape,
    title: shape,
    shape: groupShapes[shape],
    members,
    relations: relationsOf(shape, members),
    sets: [],
    exhaustive: shape === 'set',
    conversion: undefined,
  })
}

const groupShapes: Readonly<Record<Shape, GroupShape>> = {
  set: 'set',
  'open-set': 'set',
  ladder: 'ladder',
  pair: 'pair',
  chain: 'linked',
}

function relationsOf(shape: Shape, markets: readonly Market[]): readonly Relation[] {
  const members = markets.map(({ venue, id }) => ({ venue, market: id }))
  const claim = proven
  switch (shape) {
    case 'set':
      return [
        { kind: 'at-most-one', members, claim },
        { kind: 'at-least-one', members, claim },
      ]
    case 'open-set':
      return [{ kind: 'at-most-one', members, claim }]
    case 'ladder':
      return members.map((member, index) => {
        const strike = { kind: 'above', floor: String(10 * index), cap: undefined } as const
        return { kind: 'strike', member, subject: 'x', strike, included: includedBy(strike), claim }
      })
    case 'pair':
    case 'chain':
      return members.slice(1).flatMap((conclusion, index): Relation[] => {
        const premise = members[index]
        return premise === undefined ? [] : [{ kind: 'implies', premise, conclusion, claim }]
      })
  }
}

function closedForms(group: Group, options: DetectOptions): readonly Opportunity[] {
  const found =
    group.facts.shape === 'set'
      ? [detectYesBasket(group, options), detectNoBasket(group, options)]
      : [
          ...implicationsOf(group).map((pair) => detectImplication(group, pair, options)),
          ...rangesOf(group).map((range) => detectRange(group, range, options)),
        ]
  return found.filter((one) => one !== undefined)
}

function everything(made: Made): readonly Opportunity[] {
  const { group, options } = sceneOf(made)
  const programme = detectProgramme(group, options, { solver, effort: 'quick' })
  return [...closedForms(group, options), ...(programme === undefined ? [] : [programme])]
}

function bestEdge(made: Made, facts: Partial<DetectOptions> = {}): number {
  const { group, options } = sceneOf(made)
  return closedForms(group, { ...options, ...facts }).reduce(
    (best, { edge }) => Math.max(best, edge),
    0,
  )
}

describe('whatever the books', () => {
  test('nothing is found among fair prices, of any shape, at any depth, at any fee', () => {
    fc.assert(
      fc.property(fair, (made) => {
        expect(everything(made)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  test('what is found has a certificate that holds, and an edge above nothing', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const { group, books } = sceneOf(made)
        for (const one of everything(made)) {
          expect(one.edge).toBeGreaterThan(0)
          expect(checkCertificate(one.certificate, evidenceOf(group, books))).toEqual({
            kind: 'true',
          })
        }
      }),
      { numRuns: 120 },
    )
  })

  test('the linear programme earns what the closed form of a set earns', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const exact = { ...made, lotShares: 0.01 }
        fc.pre(made.shape === 'set' || made.shape === 'open-set')
        const { group, options } = sceneOf(exact)
        const closed = bestEdge(exact)
        const programme = detectProgramme(group, options, { solver, effort: 'quick' })?.edge ?? 0

        // Levels touched cost ten micro-dollars each, which only the closed form weighs.
        expect(closed - programme).toBeGreaterThanOrEqual(0)
        expect(closed - programme).toBeLessThanOrEqual(600)
      }),
      { numRuns: 100 },
    )
  })

  test('a set that need not have a winner never sells every YES', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const { group, options } = sceneOf({ ...made, shape: 'open-set' })
        expect(detectYesBasket(group, options)).toBeUndefined()
      }),
    )
  })

  test('the order in which members are listed changes nothing', () => {
    fc.assert(
      fc.property(anything, (made) => {
        fc.pre(made.shape !== 'ladder' && made.shape !== 'chain' && made.shape !== 'pair')
        expect(bestEdge({ ...made, books: made.books.toReversed() })).toBe(bestEdge(made))
      }),
    )
  })

  test('more depth never earns less', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 0, max: 5 }), (made, at) => {
        const deeper = made.books.map((book, index) =>
          index === at % made.books.length ? doubled(book) : book,
        )
        expect(bestEdge({ ...made, books: deeper })).toBeGreaterThanOrEqual(bestEdge(made))
      }),
    )
  })

  test('a higher fee never earns more', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const dearer = { ...made, feeRate: made.feeRate + 10_000 }
        expect(bestEdge(dearer)).toBeLessThanOrEqual(bestEdge(made))
      }),
    )
  })

  test('less money never earns more', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 0, max: 50_000_000 }), (made, money) => {
        const cash = new Map([['polymarket' as const, money as MicroUsd]])
        expect(bestEdge(made, { cash })).toBeLessThanOrEqual(bestEdge(made))
      }),
    )
  })

  test('a hurdle never earns more than none', () => {
    fc.assert(
      fc.property(anything, fc.integer({ min: 0, max: 50_000 }), (made, hurdle) => {
        expect(bestEdge(made, { hurdle: hurdle as Ppm })).toBeLessThanOrEqual(bestEdge(made))
      }),
    )
  })

  test('a market that hangs together with nothing changes nothing', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const { group, options, books } = sceneOf(made)
        const stranger = smallMarket('stranger')
        const wider = new Group({ ...group.facts, members: [...group.members, stranger] })
        const more: DetectOptions = {
          ...options,
          books: (market) =>
            market.id === stranger.id ? books(group.members[0] ?? stranger) : books(market),
        }
        fc.pre(group.facts.shape !== 'set')
        const edge = (one: Group, with_: DetectOptions): number =>
          closedForms(one, with_).reduce((best, found) => Math.max(best, found.edge), 0)
        expect(edge(wider, more)).toBe(edge(group, options))
      }),
      { numRuns: 50 },
    )
  })

  test('sizes are whole lots, and no level is taken for more than it has', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const { books } = sceneOf(made)
        for (const { certificate } of everything(made)) {
          for (const leg of certificate.legs) {
            const market = smallMarket(leg.market)
            const lot = Math.round(made.lotShares * 1_000_000)
            const levelsThere = books(market)?.[leg.outcome].levels(1) ?? []
            expect(leg.size % lot).toBe(0)
            for (const { price, size } of leg.taken) {
              const there = levelsThere.find((level) => level.price === price)
              expect(size).toBeLessThanOrEqual(there?.size ?? 0)
            }
          }
        }
      }),
      { numRuns: 100 },
    )
  })
})

describe('a screen', () => {
  test('of an order lets through every pair that a detector would find', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const { group, options } = sceneOf(made)
        fc.pre(group.facts.shape !== 'set')
        const screen = new OrderScreen(group.members.length, implicationsOf(group))
        const isFree = group.members.map((market, member) => {
          const books = options.books(market)
          return screen.set(
            member,
            shareCost(market.fee, books?.yes.bestAsk ?? (10_000 as never)),
            shareCost(market.fee, books?.no.bestAsk ?? (10_000 as never)),
          )
        })
        if (isFree.at(-1) === true) expect(closedForms(group, options)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  test('of beliefs lets through every basket of any shape that the programme would find', () => {
    fc.assert(
      fc.property(anything, (made) => {
        const { group, options } = sceneOf(made)
        const { states = [] } = group
        const beliefs = new BeliefProgramme(group.members.length, states, solver)
        const isFree = group.members.map((market, member) => {
          const books = options.books(market)
          return beliefs.set(
            member,
            shareCost(market.fee, books?.yes.bestAsk ?? (10_000 as never)),
            shareCost(market.fee, books?.no.bestAsk ?? (10_000 as never)),
          )
        })
        beliefs.close()
        if (isFree.at(-1) === true) expect(everything(made)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })
})

function doubled({ bids = [], asks = [] }: SmallBook): SmallBook {
  const twice = (side: readonly (readonly [number, number])[]): SmallBook['bids'] & object =>
    side.map(([cents, shares]) => [cents, 2 * shares] as const)
  return { bids: twice(bids), asks: twice(asks) }
}
