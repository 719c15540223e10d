import type { ClientOrderId } from '../../core/order.ts'
import type { MicroShares } from '../../core/units.ts'
import { add, max, min, prorateSize, subtract, zeroShares } from '../../core/units.ts'
import type { QueueRule } from './bands.ts'

/** One of our orders in the queue of a price. */
type Place = {
  readonly order: ClientOrderId
  left: MicroShares
  /** What others have in front of it. */
  ahead: MicroShares
}

/** What a level has lost without a trade being told of, and how far that brought our orders. */
type Loss = { left: MicroShares; readonly steps: Map<ClientOrderId, MicroShares> }

/** So many losses may still turn out to be trades: the word of one comes a moment later. */
const lossesMax = 4

/** An order of ours that others have traded with. */
export type QueueFill = { readonly order: ClientOrderId; readonly size: MicroShares }

/**
 * The queue at one price of one side: what the venue shows there, and where our orders stand in it.
 *
 * The venue shows only the others. An order joins behind all of them; trades at the price bring it
 * forward, and what is cancelled does by the rule of the band. A trade and the shrinking of its
 * level come as two messages, in either order, and are counted once.
 */
export class QueueLevel {
  readonly #rule: QueueRule
  readonly #places: Place[] = []
  #shown: MicroShares
  /** Traded, but still in what was shown last. */
  #toVanish: MicroShares = zeroShares
  /** Cancelled, or traded and not told yet; the newest last. */
  readonly #losses: Loss[] = []

  constructor(shown: MicroShares, rule: QueueRule) {
    this.#shown = shown
    this.#rule = rule
  }

  get isEmpty(): boolean {
    return this.#places.length === 0
  }

  /** Our orders, the first in the queue first. */
  orders(): readonly ClientOrderId[] {
    return this.#places.map(({ order }) => order)
  }

  /** What others have in front of an order. */
  ahead(order: ClientOrderId): MicroShares | undefined {
    return this.#places.find((place) => place.order === order)?.ahead
  }

  join(order: ClientOrderId, size: MicroShares): void {
    this.#places.push({ order, left: size, ahead: this.#standing })
  }

  leave(order: ClientOrderId): void {
    const index = this.#places.findIndex((place) => place.order === order)
    if (index >= 0) this.#places.splice(index, 1)
  }

  /** Some of an order was filled otherwise: the other side came to it. */
  reduce(order: ClientOrderId, size: MicroShares): void {
    const place = this.#places.find((each) => each.order === order)
    if (place !== undefined) place.left = subtract(place.left, size)
    this.#dropFilled()
  }

  /** The venue shows this much now. */
  follow(shown: MicroShares): void {
    const gone = subtract(this.#shown, shown)
    if (gone > 0) {
      const traded = min(gone, this.#toVanish)
      this.#toVanish = subtract(this.#toVanish, traded)
      const before = subtract(subtract(this.#shown, traded), this.#toVanish)
      this.#cancel(min(subtract(gone, traded), before), before)
    }
    this.#shown = shown
    this.#toVanish = min(this.#toVanish, shown)
    for (const place of this.#places) place.ahead = min(place.ahead, this.#standing)
  }

  /** Somebody has traded at this price. */
  trade(size: MicroShares): readonly QueueFill[] {
    const untold = this.#explain(size)
    this.#toVanish = min(add(this.#toVanish, untold), this.#shown)
    return this.#meet(size)
  }

  /** Somebody has traded beyond this price, so nobody is left in front. */
  passed(size: MicroShares): readonly QueueFill[] {
    for (const place of this.#places) place.ahead = zeroShares
    return this.#meet(size)
  }

  /** What others still have here, as far as we know. */
  get #standing(): MicroShares {
    return subtract(this.#shown, this.#toVanish)
  }

  #cancel(size: MicroShares, before: MicroShares): void {
    if (size === 0) return
    const steps = new Map<ClientOrderId, MicroShares>()
    for (const place of this.#places) {
      const step = min(this.#stepOf(place.ahead, size, before), place.ahead)
      place.ahead = subtract(place.ahead, step)
      steps.set(place.order, step)
    }
    this.#losses.push({ left: size, steps })
    if (this.#losses.length > lossesMax) this.#losses.shift()
  }

  #stepOf(ahead: MicroShares, size: MicroShares, before: MicroShares): MicroShares {
    switch (this.#rule) {
      case 'ahead':
        return size
      case 'proportional':
        return prorateSize(size, min(ahead, before), before)
      case 'behind':
        return max(subtract(size, subtract(before, ahead)), zeroShares)
    }
  }

  /**
   * What vanished a moment ago was the trade that is told of now: the steps it brought are taken
   * back, and the trade brings its own. Says how much of the trade is still to vanish.
   */
  #explain(size: MicroShares): MicroShares {
    let left = size
    for (let loss = this.#losses.at(-1); loss !== undefined; loss = this.#losses.at(-1)) {
      const told = min(left, loss.left)
      for (const place of this.#places) {
        const step = loss.steps.get(place.order) ?? zeroShares
        const back = this.#backOf(step, told, loss.left)
        loss.steps.set(place.order, subtract(step, back))
        place.ahead = add(place.ahead, back)
      }
      loss.left = subtract(loss.left, told)
      left = subtract(left, told)
      if (loss.left > 0) return zeroShares
      this.#losses.pop()
    }
    return left
  }

  #backOf(step: MicroShares, told: MicroShares, loss: MicroShares): MicroShares {
    switch (this.#rule) {
      case 'ahead':
        // With all the luck there is, somebody has left besides.
        return zeroShares
      case 'proportional':
        return prorateSize(step, told, loss)
      case 'behind':
        return min(step, told)
    }
  }

  /** A trade goes through the queue: through what others have, and through our orders in it. */
  #meet(size: MicroShares): readonly QueueFill[] {
    const fills: QueueFill[] = []
    let left = size
    let others = zeroShares
    for (const place of this.#places) {
      const before = min(left, max(subtract(place.ahead, others), zeroShares))
      others = add(others, before)
      left = subtract(left, before)
      const filled = min(left, place.left)
      if (filled > 0) fills.push({ order: place.order, size: filled })
      place.left = subtract(place.left, filled)
      left = subtract(left, filled)
    }
    for (const place of this.#places) {
      place.ahead = min(subtract(place.ahead, min(place.ahead, others)), this.#standing)
    }
    this.#dropFilled()
    return fills
  }

  #dropFilled(): void {
    for (let index = this.#places.length - 1; index >= 0; index--) {
      if (this.#places[index]?.left === 0) this.#places.splice(index, 1)
    }
  }
}
