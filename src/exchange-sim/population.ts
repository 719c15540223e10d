import type { BookSide } from '../core/order-book.ts'
import { bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import type { Ticks } from '../core/units.ts'
import { noAsk, noBid } from '../core/units.ts'
import type { FairModel } from './fair-model.ts'
import { FairGroup, firstModel, groupKeyOf, tradedMarkets } from './fair-group.ts'
import { QuotedBook } from './quoted-book.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimSet } from './sim-market.ts'
import type { World } from './world.ts'

/** How far quotes stay away from the fair value: in ticks, for a fine and a coarse grid. */
function marginOf(tick: Ticks): Ticks {
  return (tick >= 100 ? 50 : 20) as Ticks
}

/** First quotes on each side of a book: few in a world so large that they would fill the memory. */
const fullPerSide = 13
const thinPerSide = 3
const fullBooksMax = 200
/** New quotes on each side of a book after a move. */
const restockPerSide = 2

/** A change of fair values shows itself in this many milliseconds: first out, then in. */
const moveMs = { least: 40, most: 120 }

/** The book a large order goes to, and the side it is on. */
export type SweepTarget = { readonly book: QuotedBook; readonly side: BookSide }

type Sweep = SweepTarget & { readonly limit: Ticks }

/**
 * The traders of the exchange: makers who quote around fair values, and the values' wandering.
 *
 * Between any two events the books of a group allow no profit: when values move, makers first take
 * out the quotes that the new values forbid, and put up new ones only later.
 */
export class Population {
  readonly groups: FairGroup[] = []
  readonly #world: World
  readonly #scheduler: Scheduler
  readonly #random: Random
  readonly #byKey = new Map<string, FairGroup>()

  constructor(world: World, scheduler: Scheduler, random: Random) {
    this.#world = world
    this.#scheduler = scheduler
    this.#random = random
  }

  /** Gives every open market its first quotes. */
  settle(sets: readonly SimSet[]): void {
    const byKey = new Map<string, SimSet[]>()
    for (const set of sets) {
      const key = groupKeyOf(set)
      byKey.set(key, [...(byKey.get(key) ?? []), set])
    }
    for (const [key, members] of byKey) this.#settleGroup(key, members)
  }

  groupOf(set: SimSet): FairGroup | undefined {
    return this.#byKey.get(groupKeyOf(set))
  }

  /** Moves a group to another state: withdraws now, quotes anew a moment later. */
  move(group: FairGroup, next: FairModel): void {
    this.#withdraw(group, next, undefined)
    this.#later(() => this.#quoteAnew(group, next))
  }

  /**
   * Moves a group to another state by a large order in one of its books: makers spare the quotes
   * there that the order is going to take, up to the best price the new state allows.
   */
  sweep(
    group: FairGroup,
    next: FairModel,
    target: SweepTarget,
    take: (limit: Ticks) => void,
  ): void {
    const value = next.values()[group.books.indexOf(target.book)]
    const bounds = boundsOf(target.book, value)
    const limit = target.side === bidSide ? bounds.bidMax : bounds.askMin
    if (limit === noBid || limit === noAsk) return

    this.#withdraw(group, next, { ...target, limit })
    this.#later(() => {
      take(limit)
      this.#later(() => this.#quoteAnew(group, next))
    })
  }

  /** Holds a group still until it is released. */
  reserve(group: FairGroup): void {
    group.isReserved = true
  }

  release(group: FairGroup): void {
    group.isReserved = false
    if (!group.isOver) this.#quoteAnew(group, group.model)
  }

  /** Ends a group: its makers leave and never come back. */
  retire(group: FairGroup): void {
    group.isOver = true
    for (const book of group.books) book.withdrawAll()
    this.groups.splice(this.groups.indexOf(group), 1)
    this.#byKey.delete(group.key)
  }

  /** Leaves only quotes that both the old state and the new one allow. */
  #withdraw(group: FairGroup, next: FairModel, sweep: Sweep | undefined): void {
    group.isMoving = true
    const values = next.values()
    for (const [at, book] of group.books.entries()) {
      const { bidMax, askMin } = boundsOf(book, values[at])
      book.bounds = {
        bidMax: Math.min(book.bounds.bidMax, bidMax) as Ticks,
        askMin: Math.max(book.bounds.askMin, askMin) as Ticks,
      }
      book.withdraw(book.bounds, (side, price) => {
        if (sweep === undefined || sweep.book !== book || sweep.side === side) return false
        return side === bidSide ? price >= sweep.limit : price <= sweep.limit
      })
    }
  }

  #quoteAnew(group: FairGroup, next: FairModel): void {
    if (group.isOver) return
    const values = next.values()
    for (const [at, book] of group.books.entries()) {
      book.bounds = boundsOf(book, values[at])
      book.withdraw(book.bounds, () => false)
      book.restock(restockPerSide)
    }
    group.model = next
    group.isMoving = false
  }

  #later(run: () => void): void {
    this.#scheduler.after(this.#random.integer(moveMs.least, moveMs.most), run)
  }

  #settleGroup(key: string, sets: readonly SimSet[]): void {
    const books = sets
      .flatMap((set) => tradedMarkets(set))
      .flatMap((market) => {
        const yes = new QuotedBook(market, 'yes', this.#world, this.#random)
        if (market.engine.kind === 'mirrored') return [yes]
        return [yes, new QuotedBook(market, 'no', this.#world, this.#random)]
      })
    const group = new FairGroup(key, books, firstModel(sets, this.#random))
    this.groups.push(group)
    this.#byKey.set(key, group)
    const values = group.model.values()
    for (const [at, book] of books.entries()) {
      book.bounds = boundsOf(book, values[at])
      book.restock(this.groups.length > fullBooksMax ? thinPerSide : fullPerSide)
    }
  }
}

function boundsOf(book: QuotedBook, value: number | undefined): QuotedBook['bounds'] {
  return book.boundsAround(value ?? 0.5, marginOf(book.market.tick))
}
