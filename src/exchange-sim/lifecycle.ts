import type { Random } from '../core/random.ts'
import type { Ticks } from '../core/units.ts'
import { closingModel } from './fair-model.ts'
import type { FairGroup } from './fair-group.ts'
import type { Population } from './population.ts'
import type { Scheduler } from './scheduler.ts'
import type { SetLister, SetPlan } from './set-plan.ts'
import { singlePlan, stepOfTenth, upDownPlan } from './set-plans.ts'
import type { SimMarket, SimSet } from './sim-market.ts'
import type { World } from './world.ts'

/** How long a round of a short market lasts, and how often its value moves in it. */
const roundMs = 20_000
const paceMs = 250
/** The next round is listed before this one ends, and gets its quotes a moment later. */
const overlapMs = 3000
const settleAfterMs = 300
/** From the end of trading until the winner is known. */
const resolveAfterMs = 700
/** An ordinary question is decided, and another is asked, so often. */
const newsEveryMs = { least: 9000, most: 15_000 }
const newsLastsMs = 5000
/** Sets that are over are listed as closed until so many are. */
const endedSetsMax = 400
/** Above this price, and below its complement, the venue makes the grid finer. 4.3. */
const edgePrice = 9600
const groupsLookedAtMax = 100

export type LifecycleParts = {
  readonly world: World
  readonly population: Population
  readonly scheduler: Scheduler
  readonly lister: SetLister
  readonly random: Random
}

/** Markets that come and go: rounds of minutes, news that decides a question, finer grids. */
export class Lifecycle {
  readonly #parts: LifecycleParts
  readonly #ended: SimSet[] = []
  #roundCount = 0
  #newsCount = 0
  #lookedAt = 0

  constructor(parts: LifecycleParts) {
    this.#parts = parts
  }

  start(): void {
    const { scheduler, random } = this.#parts
    this.#openRound('Bitcoin')
    scheduler.after(roundMs / 2, () => this.#openRound('Ether'))
    scheduler.after(random.integer(newsEveryMs.least, newsEveryMs.most), () => this.#news())
    this.#refineGrids()
  }

  #openRound(asset: string): void {
    const { scheduler } = this.#parts
    this.#roundCount += 1
    const key = `${asset.toLowerCase()}-up-or-down-${this.#roundCount}`
    const set = this.#list(upDownPlan(key, asset, roundMs))
    scheduler.after(settleAfterMs, () => this.#decide(set, roundMs - settleAfterMs))
    scheduler.after(roundMs - overlapMs, () => this.#openRound(asset))
  }

  /** A question that has been open all along is decided, and a new one takes its place. */
  #news(): void {
    const { scheduler, population, random } = this.#parts
    const candidates = population.groups.filter((group) => {
      const set = group.books[0]?.market.set
      if (!group.isFree || set?.venue !== 'polymarket') return false
      return set.structure.kind === 'single' && set.resolvesAfterMs === undefined
    })
    const group = candidates.length > 4 ? random.pick(candidates) : undefined
    const set = group?.books[0]?.market.set
    if (set !== undefined && group?.books.length === 1) {
      group.model = closingModel(0, random.chance(0.5) ? 1 : -1)
      this.#decide(set, newsLastsMs)
      this.#ask()
    }
    scheduler.after(random.integer(newsEveryMs.least, newsEveryMs.most), () => this.#news())
  }

  #ask(): void {
    this.#newsCount += 1
    const question = `Will question ${this.#newsCount} of the day be answered with yes?`
    this.#list(singlePlan(`question-of-the-day-${this.#newsCount}`, question, { category: 'tech' }))
  }

  /** Lists a set and gives it its first quotes a moment later. */
  #list(plan: SetPlan): SimSet {
    const { world, population, lister, scheduler } = this.#parts
    const set = lister.draw(plan, world.now())
    world.list(set)
    scheduler.after(settleAfterMs, () => population.settle([set]))
    return set
  }

  /** Lets the value of a set run to one of its ends, and then ends the set. */
  #decide(set: SimSet, leftMs: number): void {
    const { scheduler, population, random } = this.#parts
    const group = population.groupOf(set)
    if (leftMs > 0) {
      if (group?.isFree === true) population.move(group, group.model.step(random))
      scheduler.after(paceMs, () => this.#decide(set, leftMs - paceMs))
      return
    }
    if (group === undefined) return
    if (!group.isFree) return scheduler.after(paceMs, () => this.#decide(set, 0))
    this.#end(set, group)
  }

  #end(set: SimSet, group: FairGroup): void {
    const { world, population, scheduler } = this.#parts
    const isYes = (group.model.values()[0] ?? 0) > 0.5
    population.retire(group)
    for (const market of set.markets) world.close(market)
    scheduler.after(resolveAfterMs, () => {
      for (const market of set.markets) world.resolve(market, isYes ? 'yes' : 'no')
      this.#ended.push(set)
      const oldest = this.#ended.length > endedSetsMax ? this.#ended.shift() : undefined
      if (oldest !== undefined) world.delist(oldest)
    })
  }

  /** Looks at some of the markets for prices so near an edge that their grid is made finer. */
  #refineGrids(): void {
    const { world, population, scheduler } = this.#parts
    const { groups } = population
    const start = this.#lookedAt % Math.max(1, groups.length)
    this.#lookedAt = start + groupsLookedAtMax
    for (const { books } of groups.slice(start, this.#lookedAt)) {
      for (const { market } of books) {
        if (isNearEdge(market)) world.changeTick(market, stepOfTenth)
      }
    }
    scheduler.after(paceMs, () => this.#refineGrids())
  }
}

function isNearEdge({ engine, tick, isOpen }: SimMarket): boolean {
  if (!isOpen || tick <= stepOfTenth) return false
  const bid = engine.bestBid('yes')
  const ask = engine.bestAsk('yes')
  return bid > edgePrice || ask < ((10_000 - edgePrice) as Ticks)
}
