import {
  checkCertificate,
  type CertificateEvidence,
} from '../../src/arbitrage/check-certificate.ts'
import { planConversion } from '../../src/arbitrage/conversion.ts'
import { detectImplication, detectRange } from '../../src/arbitrage/detect-linked.ts'
import { detectProgramme } from '../../src/arbitrage/detect-programme.ts'
import { detectNoBasket, detectYesBasket } from '../../src/arbitrage/detect-set.ts'
import { Group, type GroupShape } from '../../src/arbitrage/group.ts'
import { implicationsOf, rangesOf } from '../../src/arbitrage/implications.ts'
import type { BooksOf, DetectOptions, Opportunity } from '../../src/arbitrage/opportunity.ts'
import type { Solver } from '../../src/arbitrage/solver.ts'
import { BookSlab } from '../../src/core/book-slab.ts'
import type { OutcomeSetId } from '../../src/core/market.ts'
import { askSide, bidSide, OrderBook } from '../../src/core/order-book.ts'
import { OutcomeBook } from '../../src/core/outcome-book.ts'
import type { Random } from '../../src/core/random.ts'
import type { EpochMs, Ppm } from '../../src/core/units.ts'
import { bruteForce } from './brute-force.ts'
import { mutantsOf } from './mutants.ts'
import type { SmallWorld, WorldShape } from './small-world.ts'
import { trueProfit } from './true-profit.ts'

export type Judgement = {
  readonly world: SmallWorld
  readonly optimum: number
  readonly tried: number
  /** The best basket of all stands within a micro-dollar of nothing. */
  readonly near: boolean
  readonly mutants: number
  readonly unsound: number
  readonly suboptimal: number
  readonly certificatesRefused: number
  readonly mutantsAccepted: number
  readonly complaints: readonly string[]
}

/** Shapes whose closed forms are the optimum themselves; of the others the programme is. */
const closedShapes: ReadonlySet<WorldShape> = new Set(['set', 'open-set', 'implies', 'same'])

/** Compares what the detectors find in a world with what enumeration finds. */
export function judgeWorld(world: SmallWorld, random: Random, solver: Solver): Judgement {
  const { edge: optimum, tried } = bruteForce(world)
  const { group, options } = groupOf(world)
  const closed = closedForms(group, options)
  const programme = detectProgramme(group, options, { solver, effort: 'exact' })
  const found = programme === undefined ? closed : [...closed, programme]

  const complaints: string[] = []
  const wrong = found.filter((one) => !isSound(one, world, optimum))
  complaints.push(...wrong.map((one) => `${one.kind} says ${one.edge} of ${optimum}`))

  const best = Math.max(0, ...closed.map(({ edge }) => edge))
  const missed = [
    ...((programme?.edge ?? 0) < optimum ? [`programme finds ${programme?.edge ?? 0}`] : []),
    ...(closedShapes.has(world.shape) && world.cash === undefined && best < optimum
      ? [`closed forms find ${best}`]
      : []),
  ]
  complaints.push(...missed.map((text) => `${text} of ${optimum}`))

  const evidence = evidenceOf(world, options.books)
  const verdicts = found.map((one) => checkCertificate(one.certificate, evidence))
  const refused = verdicts.flatMap((one) => (one.kind === 'refused' ? [one] : []))
  complaints.push(...refused.map(({ reason, where }) => `refused: ${reason} ${where}`))

  const mutants = found.flatMap((one) => mutantsOf(one.certificate, evidence, random))
  const accepted = mutants.filter(
    (mutant) => checkCertificate(mutant.certificate, mutant.evidence).kind === 'true',
  )
  complaints.push(...accepted.map(({ name }) => `accepted: ${name}`))

  return {
    world,
    optimum,
    tried,
    near: optimum <= 1 && Math.abs(bruteForce(world, 'something').edge) <= 1,
    mutants: mutants.length,
    unsound: wrong.length,
    suboptimal: missed.length,
    certificatesRefused: refused.length,
    mutantsAccepted: accepted.length,
    complaints,
  }
}

/** It earns what it says, which is no more than the best there is; and converts to what it says. */
function isSound(one: Opportunity, world: SmallWorld, optimum: number): boolean {
  const { certificate } = one
  const profit = trueProfit(certificate, world)
  if (profit !== BigInt(one.edge) || one.edge > optimum || one.edge <= 0) return false
  if (one.kind !== 'no-basket') return true

  const sizes = certificate.legs.map(({ size }) => size)
  const paid = certificate.legs.reduce((sum, leg) => sum + leg.cost + leg.fee, 0)
  return planConversion(sizes, 0).cash - paid === one.edge
}

function groupOf(world: SmallWorld): { group: Group; options: DetectOptions } {
  const group = new Group({
    id: 'world',
    title: world.shape,
    shape: shapeOf(world.shape),
    members: world.markets,
    relations: world.relations,
    sets: ['set' as OutcomeSetId],
    exhaustive: world.shape === 'set',
    conversion: undefined,
  })
  return {
    group,
    options: {
      books: booksOf(world),
      nowMs: 0 as EpochMs,
      cash: world.cash,
      hurdle: 0 as Ppm,
      hurdlePerYear: 0 as Ppm,
    },
  }
}

function shapeOf(shape: WorldShape): GroupShape {
  switch (shape) {
    case 'set':
    case 'open-set':
      return 'set'
    case 'ladder':
    case 'range':
      return 'ladder'
    case 'implies':
    case 'same':
      return 'pair'
    case 'linked':
      return 'linked'
  }
}

function closedForms(group: Group, options: DetectOptions): readonly Opportunity[] {
  const { shape } = group.facts
  const found =
    shape === 'set'
      ? [detectYesBasket(group, options), detectNoBasket(group, options)]
      : [
          ...implicationsOf(group).map((pair) => detectImplication(group, pair, options)),
          ...rangesOf(group).map((range) => detectRange(group, range, options)),
        ]
  return found.filter((one) => one !== undefined)
}

function booksOf({ markets, books }: SmallWorld): BooksOf {
  const slab = new BookSlab()
  const made = markets.map((market, index) => {
    const book = new OrderBook(index, market.grid, slab)
    for (const { price, size } of books[index]?.bids ?? []) book.set(bidSide, price, size)
    for (const { price, size } of books[index]?.asks ?? []) book.set(askSide, price, size)
    return { yes: new OutcomeBook(book, 'direct'), no: new OutcomeBook(book, 'mirrored') }
  })
  return (market) => made[markets.indexOf(market)]
}

function evidenceOf({ markets, relations }: SmallWorld, books: BooksOf): CertificateEvidence {
  const marketOf: CertificateEvidence['market'] = (ref) =>
    markets.find(({ venue, id }) => venue === ref.venue && id === ref.market)
  return {
    relations,
    market: marketOf,
    levels: (ref, outcome, side) => {
      const market = marketOf(ref)
      const book = market === undefined ? undefined : books(market)?.[outcome]
      return book?.levels(side === 'ask' ? askSide : bidSide) ?? []
    },
  }
}
