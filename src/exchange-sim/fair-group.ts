import { assert } from '../core/assert.ts'
import type { Random } from '../core/random.ts'
import type { FairModel, LineBook } from './fair-model.ts'
import {
  closingModel,
  copiedModel,
  datesModel,
  lineModel,
  outrightModel,
  singleModel,
} from './fair-model.ts'
import type { QuotedBook } from './quoted-book.ts'
import type { SimMarket, SimSet } from './sim-market.ts'
import { isOnLine } from './sim-market.ts'

/** The name of what a set's value hangs on: sets that share it are moved together. */
export function groupKeyOf(set: SimSet): string {
  const { structure, crossListing } = set
  const isLined = structure.kind === 'ranges' || structure.kind === 'strikes'
  if (isLined) return `line ${structure.line} ${copyOf(set)}`
  return crossListing?.relation === 'same' ? `pair ${crossListing.pair}` : `set ${set.id}`
}

/** The markets of a set that trade. */
export function tradedMarkets(set: SimSet): readonly SimMarket[] {
  return set.markets.filter(({ status }) => status === 'open')
}

/** The first state of the fair values of these sets, whose books come in this order. */
export function firstModel(sets: readonly SimSet[], random: Random): FairModel {
  const [first] = sets
  assert(first !== undefined, 'a group has a set')
  if (sets.length > 1 && !isOnLine(first)) {
    return copiedModel(firstModel([first], random), placesIn(first, sets))
  }
  const { structure } = first
  switch (structure.kind) {
    case 'single':
      return firstSingle(first, random)
    case 'outright': {
      const named = tradedMarkets(first).map(() => random.normal())
      // A fixed list leaves nothing to those who are not on it.
      const unlisted = structure.list === 'fixed' ? Number.NEGATIVE_INFINITY : -1
      return outrightModel([...named, unlisted])
    }
    case 'dates':
      return datesModel(
        random.normal() * 0.5 - 0.5,
        tradedMarkets(first).map((_, at) => at + 1),
      )
    case 'ranges':
    case 'strikes':
      return firstLine(sets, random)
  }
}

/** For each traded market of all the sets, which one of the first asks the same. */
function placesIn(first: SimSet, sets: readonly SimSet[]): readonly number[] {
  const labels = tradedMarkets(first).map(({ listing }) => listing.label)
  return sets.flatMap((set) =>
    tradedMarkets(set).map(({ listing }) => labels.indexOf(listing.label)),
  )
}

function firstSingle(set: SimSet, random: Random): FairModel {
  const market = set.markets[0]
  if (market?.listing.bookKind === 'separate') return singleModel(random.normal(), 'two-books')
  if (set.resolvesAfterMs !== undefined) return closingModel(0, random.chance(0.5) ? 1 : -1)
  return singleModel(random.normal(), 'one-book')
}

function firstLine(sets: readonly SimSet[], random: Random): FairModel {
  const books = sets.flatMap((set) => lineBooks(set))
  const edges = [...new Set(books.map(({ from }) => from))]
    .filter(Number.isFinite)
    .toSorted((a, b) => a - b)
  const low = edges[0] ?? 0
  const high = edges.at(-1) ?? low
  const width = (low + high) / 2
  const spread = Math.max((high - low) / 5, 1e-9)
  return lineModel({ center: width + random.normal() * spread, spread, width }, books)
}

function lineBooks({ structure, markets }: SimSet): readonly LineBook[] {
  return markets.map(({ listing }, at) => {
    const from = listing.strike ?? 0
    if (structure.kind === 'strikes') return { kind: 'above', from }
    const to = markets[at + 1]?.listing.strike ?? Number.POSITIVE_INFINITY
    return { kind: 'between', from, to }
  })
}

/** Copies of the world carry a number at the end of their slugs. */
function copyOf({ slug }: SimSet): string {
  return /-(\d+)$/.exec(slug)?.[1] ?? '0'
}

/** Books whose values hang together, and what they are worth now. */
export class FairGroup {
  readonly key: string
  readonly books: readonly QuotedBook[]
  model: FairModel
  /** A change is under way: quotes are out that only the next state allows. */
  isMoving = false
  /** Held still, so that a planted mispricing lives as long as it was planted for. */
  isReserved = false
  isOver = false

  constructor(key: string, books: readonly QuotedBook[], model: FairModel) {
    this.key = key
    this.books = books
    this.model = model
  }

  get isFree(): boolean {
    return !this.isMoving && !this.isReserved && !this.isOver
  }
}
