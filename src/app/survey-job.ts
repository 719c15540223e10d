import { Group, type GroupFacts } from '../arbitrage/group.ts'
import type { Solver } from '../arbitrage/solver.ts'
import { survey, type Survey } from '../arbitrage/survey.ts'
import { BookSlab } from '../core/book-slab.ts'
import type { Market, Outcome } from '../core/market.ts'
import type { Level } from '../core/order-book.ts'
import { askSide, bidSide, OrderBook } from '../core/order-book.ts'
import { OutcomeBook } from '../core/outcome-book.ts'
import { refKey } from '../core/relation.ts'
import type { EpochMs, Ppm } from '../core/units.ts'

/** The books of a market as they stood at one moment: of YES, and of NO where it has its own. */
export type BooksTaken = {
  readonly market: Market
  readonly yes: SidesTaken
  readonly no: SidesTaken | undefined
}

type SidesTaken = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

/** All that a survey needs, as plain values: it crosses to another thread. */
export type SurveyJob = {
  readonly groups: readonly GroupFacts[]
  readonly books: readonly BooksTaken[]
  readonly nowMs: EpochMs
  readonly hurdle: Ppm
  readonly hurdlePerYear: Ppm
}

/** Copies the books of a market, so that they may change while somebody looks at the copy. */
export function takeBooks(entry: {
  readonly market: Market
  readonly yes: OutcomeBook
  readonly no: OutcomeBook
}): BooksTaken {
  const sides = (book: OutcomeBook): SidesTaken => ({
    bids: book.levels(bidSide),
    asks: book.levels(askSide),
  })
  return {
    market: entry.market,
    yes: sides(entry.yes),
    no: entry.yes.book === entry.no.book ? undefined : sides(entry.no),
  }
}

/** Surveys groups whose books were taken, until told that it is over. */
export function runSurvey(job: SurveyJob, solver: Solver, isOver: () => boolean): Survey {
  const slab = new BookSlab()
  const books = new Map(
    job.books.map((taken, index) => [keyOf(taken.market), rebuild(taken, index, slab)]),
  )
  const groups = job.groups.map((facts) => new Group(facts))
  const levels = (key: string, outcome: Outcome, side: 'bid' | 'ask'): readonly Level[] =>
    books.get(key)?.[outcome].levels(side === 'ask' ? askSide : bidSide) ?? []
  return survey(groups, {
    books: (market) => books.get(keyOf(market)),
    nowMs: job.nowMs,
    cash: undefined,
    hurdle: job.hurdle,
    hurdlePerYear: job.hurdlePerYear,
    solver,
    levels: (ref, outcome, side) => levels(refKey(ref), outcome, side),
    isOver,
  })
}

type Rebuilt = { readonly yes: OutcomeBook; readonly no: OutcomeBook }

function rebuild({ market, yes, no }: BooksTaken, index: number, slab: BookSlab): Rebuilt {
  const fill = (sides: SidesTaken): OrderBook => {
    const book = new OrderBook(index, market.grid, slab)
    for (const { price, size } of sides.bids) book.set(bidSide, price, size)
    for (const { price, size } of sides.asks) book.set(askSide, price, size)
    return book
  }
  const book = fill(yes)
  return {
    yes: new OutcomeBook(book, 'direct'),
    no: no === undefined ? new OutcomeBook(book, 'mirrored') : new OutcomeBook(fill(no), 'direct'),
  }
}

function keyOf({ venue, id }: Market): string {
  return refKey({ venue, market: id })
}
