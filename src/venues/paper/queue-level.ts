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
  /** How far it came forward by shrinking that no trade has explained yet. */
  advanced: MicroShares
}

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
  /** Vanished without a trade so far: cancelled, or traded and not told yet. */
  #unexplained: MicroShares = zeroShares

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
    this.#places.push({ order, left: size, ahead: this.#standing, advanced: zeroShares })
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
    if (shown === 0) this.#unexplained = zeroShares
    for (const place of this.#places) place.ahead = min(place.ahead, this.#standing)
  }

  /** Somebody has traded at this price. */
  trade(size: MicroShares): readonly QueueFill[] {
    const told = min(size, this.#unexplained)
    this.#takeBack(told)
    this.#toVanish = min(add(this.#toVanish, subtract(size, told)), this.#shown)
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
    this.#unexplained = add(this.#unexplained, size)
    for (const place of this.#places) {
      const step = min(this.#stepOf(place.ahead, size, before), place.ahead)
      place.ahead = subtract(place.ahead, step)
      place.advanced = add(place.advanced, step)
    }
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

  /** What vanished before was the trade that is told of now: the step forward was another one. */
  #takeBack(told: MicroShares): void {
    if (told === 0) return
    for (const place of this.#places) {
      const back = prorateSize(place.advanced, told, this.#unexplained)
      place.advanced = subtract(place.advanced, back)
      place.ahead = add(place.ahead, back)
    }
    this.#unexplained = subtract(this.#unexplained, told)
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
