import type { BookSide } from '../core/order-book.ts'
import { askSide, bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { complement } from '../core/units.ts'
import type { FairGroup } from './fair-group.ts'
import type { Amount, OrderRequest } from './matching-engine.ts'
import { orderTerms } from './order-terms.ts'
import type { Population } from './population.ts'
import type { QuotedBook } from './quoted-book.ts'
import type { Scheduler } from './scheduler.ts'
import type { World } from './world.ts'

/** How often things happen, in times a second. */
const rates = {
  /** What makers and small takers do, when the mood is even. */
  actions: 260,
  /** Changes of fair value, over all groups. */
  drifts: 45,
  driftsPerGroup: 2,
  sweeps: 1.2,
  moods: 0.6,
}

/** How lively the market is: quiet for a while, or in a burst. */
const moods = [
  { pace: 1, leastMs: 800, mostMs: 2500, weight: 5 },
  { pace: 0.1, leastMs: 400, mostMs: 1500, weight: 2 },
  { pace: 4, leastMs: 150, mostMs: 800, weight: 3 },
]

/** In a large world most of the trading is in so many of its groups. */
const livelyGroupsMax = 60

/** What the traders do all day: quotes come, move and go, small orders trade, large ones sweep. */
export class Traders {
  readonly #world: World
  readonly #population: Population
  readonly #scheduler: Scheduler
  readonly #random: Random
  #pace = 1
  #takerCount = 0

  constructor(world: World, population: Population, scheduler: Scheduler, random: Random) {
    this.#world = world
    this.#population = population
    this.#scheduler = scheduler
    this.#random = random
  }

  start(): void {
    this.#repeat(
      () => rates.actions * this.#pace,
      () => this.#act(),
    )
    this.#repeat(
      () => Math.min(rates.drifts, rates.driftsPerGroup * this.#population.groups.length),
      () => this.#drift(),
    )
    this.#repeat(
      () => rates.sweeps,
      () => this.#sweep(),
    )
    this.#changeMood()
  }

  /** Does something again and again, at random times. */
  #repeat(perSecond: () => number, run: () => void): void {
    this.#scheduler.after(this.#random.exponentialMs(perSecond()), () => {
      run()
      this.#repeat(perSecond, run)
    })
  }

  #changeMood(): void {
    const urn = moods.flatMap((mood) => Array.from({ length: mood.weight }, () => mood))
    const mood = this.#random.pick(urn)
    this.#pace = mood.pace
    this.#scheduler.after(this.#random.integer(mood.leastMs, mood.mostMs), () => {
      this.#changeMood()
    })
  }

  #group(): FairGroup {
    const { groups } = this.#population
    const lively = groups.length > livelyGroupsMax && this.#random.chance(0.9)
    return lively ? this.#random.pick(groups.slice(0, livelyGroupsMax)) : this.#random.pick(groups)
  }

  #act(): void {
    const group = this.#group()
    if (group.isOver) return

    const book = this.#random.pick(group.books)
    const side = this.#random.chance(0.5) ? bidSide : askSide
    const what = this.#random.next()
    if (what < 0.45) book.requote(side)
    else if (what < 0.72) book.add(side)
    else if (what < 0.92) book.remove(side)
    else if (group.isFree) this.#take(book, side)
  }

  #drift(): void {
    const group = this.#group()
    if (!group.isFree) return
    this.#population.move(group, group.model.step(this.#random))
  }

  /** A small order that trades at once and never rests. */
  #take(book: QuotedBook, side: BookSide): void {
    const best = side === bidSide ? book.bestAsk : book.bestBid
    const { tick } = book.market
    const limit = (side === bidSide ? best + 2 * tick : best - 2 * tick) as Ticks
    if (limit < tick || limit > complement(tick)) return

    const request = this.#order(book, side, limit, 'ioc')
    // Contracts of Kalshi come in hundredths, which dollars do not buy evenly.
    const isDivisible = book.market.set.venue === 'polymarket'
    const inDollars = request.side === 'buy' && isDivisible && this.#random.chance(0.6)
    const amount: Amount = inDollars
      ? { kind: 'dollars', dollars: (this.#random.integer(1, 120) * 1_000_000) as MicroUsd }
      : shares(this.#random.integer(5, 150))
    this.#world.submit(book.market, { ...request, amount })
    this.#scheduler.after(this.#random.integer(80, 400), () => book.restock(1))
  }

  /**
   * A large order on news: the value moves, the order takes every level up to it, and what is left
   * of it rests there.
   */
  #sweep(): void {
    const group = this.#group()
    const index = this.#random.integer(0, group.books.length - 1)
    const book = group.books[index]
    if (!group.isFree || book === undefined || book.market.engine.kind === 'separate') return

    const direction = this.#random.chance(0.5) ? 1 : -1
    const next = group.model.shift(index, direction, 0.15 + 0.3 * this.#random.next())
    const side = direction === 1 ? bidSide : askSide
    this.#population.sweep(group, next, { book, side }, (limit) => {
      const taken = book.market.engine.book('yes').reachable(side, limit)
      if (taken.length === 0) return
      const total = taken.reduce((sum, level) => sum + level.size, 0)
      const rest = this.#random.chance(0.8) ? this.#random.integer(500, 20_000) * 10_000 : 0
      const amount: Amount = { kind: 'shares', shares: (total + rest) as MicroShares }
      const request = { ...this.#order(book, side, limit, 'gtc'), amount }
      this.#world.submit(book.market, request)
      book.adopt(side, request.id, limit)
    })
  }

  #order(book: QuotedBook, side: BookSide, limit: Ticks, timeInForce: 'gtc' | 'ioc'): OrderRequest {
    this.#takerCount += 1
    return {
      id: `taker-${this.#takerCount}`,
      owner: `taker-${this.#random.integer(1, 50)}`,
      ...orderTerms(book, side, limit, this.#random),
      amount: shares(5),
      timeInForce,
      postOnly: false,
    }
  }
}

function shares(count: number): Amount {
  return { kind: 'shares', shares: (count * 1_000_000) as MicroShares }
}
