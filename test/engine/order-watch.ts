import type { ClientOrderId } from '../../src/core/order.ts'
import type { Effect } from '../../src/engine/event.ts'
import type { Basket } from '../../src/execution/basket.ts'
import type { FickleVenue } from './fickle-venue.ts'

/**
 * Looks over the shoulder of an engine: whether an order is sent while another of its basket is not
 * known of, or sent twice, or sent for a basket that nobody has planned.
 */
export class OrderWatch {
  readonly faults: string[] = []
  readonly #plans: Map<string, Basket> = new Map()
  readonly #states: Map<string, string> = new Map()
  readonly #released: Set<string> = new Set()
  readonly #sent: Map<ClientOrderId, string> = new Map()
  /** Asked about and not heard of since, with the basket of each. */
  readonly #asked: Map<ClientOrderId, string> = new Map()

  observe(effect: Effect): void {
    switch (effect.kind) {
      case 'plan-basket':
        this.#plans.set(effect.plan.id, effect.plan)
        return
      case 'note-basket':
        this.#states.set(effect.basket, effect.state)
        if (effect.event.kind === 'released') this.#released.add(effect.basket)
        return
      case 'query-order':
        this.#asked.set(effect.order, this.#sent.get(effect.order) ?? '')
        return
      case 'note-order': {
        const { update } = effect
        if (update.kind === 'live' || update.kind === 'done') this.#asked.delete(update.order)
        return
      }
      case 'place-basket':
        for (const { basket, id } of effect.intent.orders) this.#onOrder(id, basket)
        return
      default:
    }
  }

  #onOrder(id: ClientOrderId, basket: string): void {
    if (this.#sent.has(id)) this.faults.push(`${id} was sent twice`)
    if (!this.#plans.has(basket)) this.faults.push(`${id} is of no plan`)
    for (const [asked, of] of this.#asked) {
      if (of === basket) this.faults.push(`${id} was sent while ${asked} was unknown`)
    }
    this.#sent.set(id, basket)
  }

  /** Plans that have closed of themselves. */
  closed(): readonly Basket[] {
    return [...this.#plans.values()].filter(
      ({ id }) => this.#states.get(id) === 'closed' && !this.#released.has(id),
    )
  }

  /** What a closed basket comes to at the least, by what its venue has done. */
  resultOf({ id, legs, payoff }: Basket, venue: FickleVenue): number {
    const trades = venue.tradesOf(id)
    const held = legs.map(({ side }, leg) =>
      trades
        .filter(({ order }) => order.legIndex === leg)
        .reduce((sum, { order, size }) => sum + (order.side === side ? size : -size), 0),
    )
    const [first = 0] = held
    if (held.some((size) => size !== first)) this.faults.push(`${id} closed with ${held.join()}`)
    const paid = trades.reduce((sum, trade) => sum + trade.paid, 0)
    return Math.floor((payoff * first) / (legs[0]?.target ?? 1)) - paid
  }
}
