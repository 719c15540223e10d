import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import { pairsWithin } from './cross-pairs.ts'
import type { FairGroup } from './fair-group.ts'
import { exactUsd } from './mispricing-check.ts'
import type { PlantLayout } from './plant-layout.ts'
import { legAt } from './plant-layout.ts'
import type { QuotedBook } from './quoted-book.ts'
import type { SimSet } from './sim-market.ts'
import type { MispricingKind } from './truth.ts'

export type PlantableKind = MispricingKind

/** The kinds that one venue alone can hold. */
export const plantableKinds: readonly PlantableKind[] = [
  'cross-outcome',
  'outcome-basket-yes',
  'outcome-basket-no',
  'conversion',
  'ladder',
  'combinatorial',
]

/** Whether a kind can be laid in a group at all. */
export function canHold(kind: PlantableKind, group: FairGroup): boolean {
  const books = booksOf(group)
  const set = books[0]?.market.set
  if (set === undefined) return false
  switch (kind) {
    case 'cross-outcome':
      return (
        books.length === 2 && books[0]?.market.listing.fee.kind !== 'unstated' && isSplit(books)
      )
    case 'outcome-basket-yes':
      // Only where the list itself proves it: a reader cannot be sure that ranges leave no gap.
      return set.structure.kind === 'outright' && set.structure.list === 'fixed'
    case 'outcome-basket-no':
    case 'conversion':
      return set.structure.kind === 'outright'
    case 'ladder':
      return setsOf(books).some(({ structure }) => structure.kind === 'strikes')
    case 'combinatorial':
      return setsOf(books).length > 1
    case 'cross-venue':
      return crossedBooks(group).length > 0
  }
}

/** What a set of this kind pays at the least, in dollars. */
export function payoutUsdOf(kind: PlantableKind, group: FairGroup): number {
  const books = booksOf(group)
  return kind === 'outcome-basket-no' || kind === 'conversion' ? books.length - 1 : 1
}

/** The legs of a mispricing of this kind, where their books stand now. */
export function layoutOf(
  kind: PlantableKind,
  group: FairGroup,
  random: Random,
): PlantLayout | undefined {
  const books = booksOf(group)
  switch (kind) {
    case 'cross-outcome':
      return random.chance(0.5) ? everyAsk(books) : everyBid(books)
    case 'outcome-basket-yes':
      return everyAsk(books)
    case 'outcome-basket-no':
    case 'conversion':
      return everyBid(kind === 'conversion' ? shuffled(books, random) : books)
    case 'ladder':
      return neighbours(books, random)
    case 'combinatorial':
      return rangeAgainstThresholds(books, random)
    case 'cross-venue':
      return betweenVenues(group, random)
  }
}

/** YES bought on one venue for less than it is sold for on the other. */
function betweenVenues(group: FairGroup, random: Random): PlantLayout | undefined {
  const pairs = crossedBooks(group)
  if (pairs.length === 0) return undefined
  const [one, other] = random.pick(pairs)
  return random.chance(0.5)
    ? layout([one, askSide], [other, bidSide])
    : layout([other, askSide], [one, bidSide])
}

/** Books of the two venues that ask the same. */
function crossedBooks({ books }: FairGroup): readonly (readonly [QuotedBook, QuotedBook])[] {
  return pairsWithin(setsOf(books)).flatMap(([first, second]) => {
    const one = books.find(({ market }) => market === first)
    const other = books.find(({ market }) => market === second)
    return one === undefined || other === undefined ? [] : [[one, other] as const]
  })
}

/** The books of a group on the venue that it began on: what one venue alone can hold. */
export function booksOf({ books }: FairGroup): readonly QuotedBook[] {
  const venue = books[0]?.market.set.venue
  return books.filter(({ market }) => market.set.venue === venue)
}

/** Buying one of each pays a dollar. */
export function everyAsk(books: readonly QuotedBook[]): PlantLayout {
  return { legs: books.map((book) => legAt(book, askSide)), constant: exactUsd }
}

/** Selling one of each costs a dollar at the most. */
export function everyBid(books: readonly QuotedBook[]): PlantLayout {
  return { legs: books.map((book) => legAt(book, bidSide)), constant: -exactUsd }
}

/** A strike sold for more than the one below it, which it implies, is bought for. */
export function neighbours(books: readonly QuotedBook[], random: Random): PlantLayout | undefined {
  const strikes = books.filter(({ market }) => market.set.structure.kind === 'strikes')
  const at = random.integer(0, strikes.length - 2)
  return layout([strikes[at + 1], bidSide], [strikes[at], askSide])
}

/** A range and the threshold at its end bought for less than the threshold at its start brings. */
function rangeAgainstThresholds(
  books: readonly QuotedBook[],
  random: Random,
): PlantLayout | undefined {
  const strikes = books.filter(({ market }) => market.set.structure.kind === 'strikes')
  const ranges = books.filter(({ market }) => market.set.structure.kind === 'ranges')
  const at = random.integer(0, strikes.length - 2)
  const from = strikes[at]?.market.listing.strike
  const range = ranges.find(({ market }) => market.listing.strike === from)
  return layout([strikes[at], bidSide], [strikes[at + 1], askSide], [range, askSide])
}

function layout(
  ...legs: readonly (readonly [QuotedBook | undefined, BookSide])[]
): PlantLayout | undefined {
  const found = legs.flatMap(([book, side]) => (book === undefined ? [] : [legAt(book, side)]))
  return found.length === legs.length ? { legs: found, constant: 0n } : undefined
}

export function isSplit(books: readonly QuotedBook[]): boolean {
  return books.every(({ market }) => market.engine.kind === 'separate')
}

export function setsOf(books: readonly QuotedBook[]): readonly SimSet[] {
  return [...new Set(books.map(({ market }) => market.set))]
}

function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  return items
    .map((item) => ({ item, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}
