import { bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import type { MicroShares } from '../core/units.ts'
import { microPerShare, ticksPerUsd } from '../core/units.ts'
import type { FairGroup } from './fair-group.ts'
import { orderTerms } from './order-terms.ts'
import type { PlantLeg } from './plant-layout.ts'
import type { Population } from './population.ts'
import type { Scheduler } from './scheduler.ts'
import type { World } from './world.ts'

/** Makers make room this long before the orders are laid, as when a value moves. */
const roomMs = 60

/** Orders to lay in the books of one group, and what to do when they lie there and when not. */
export type LayingOrder = {
  readonly group: FairGroup
  readonly legs: readonly PlantLeg[]
  readonly sizeShares: number
  readonly lifeMs: number
  /** Called when they lie there. What it returns is called when they are gone. */
  readonly laid: () => () => void
}

/** Lays orders into the books of a group for a while, and keeps the group still meanwhile. */
export class OrderLayer {
  readonly #world: World
  readonly #population: Population
  readonly #scheduler: Scheduler
  readonly #random: Random
  #count = 0

  constructor(world: World, population: Population, scheduler: Scheduler, random: Random) {
    this.#world = world
    this.#population = population
    this.#scheduler = scheduler
    this.#random = random
  }

  lay(order: LayingOrder): void {
    const { group, legs, lifeMs } = order
    const size = (order.sizeShares * microPerShare) as MicroShares
    this.#population.reserve(group)
    for (const { book, side, price } of legs) book.giveWay(side, price)
    this.#scheduler.after(roomMs, () => {
      const ids = legs.filter(isPriced).map((leg) => this.#submit(leg, size))
      const gone = order.laid()
      this.#scheduler.after(lifeMs, () => {
        for (const { leg, id } of ids) this.#world.cancel(leg.book.market, id)
        gone()
        this.#scheduler.after(roomMs, () => this.#population.release(group))
      })
    })
  }

  #submit(leg: PlantLeg, size: MicroShares): { readonly leg: PlantLeg; readonly id: string } {
    this.#count += 1
    const id = `laid-${this.#count}`
    const { book, side, price } = leg
    this.#world.submit(book.market, {
      id,
      owner: 'planter',
      ...orderTerms(book, side, price, this.#random),
      amount: { kind: 'shares', shares: size },
      timeInForce: 'gtc',
      postOnly: true,
    })
    return { leg, id }
  }
}

/** A side without an order has no price to join. */
function isPriced({ side, price }: PlantLeg): boolean {
  return side === bidSide ? price > 0 : price < ticksPerUsd
}
