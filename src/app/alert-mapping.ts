import type { MarketId, VenueId } from '../core/market.ts'
import type { ClientOrderId, Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport } from '../core/signal.ts'
import type { MicroUsd } from '../core/units.ts'
import { negate } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { advanceBasket } from '../execution/advance-basket.ts'
import type { Basket } from '../execution/basket.ts'
import { heldOf, paidFor } from '../execution/basket-position.ts'
import { oneLine } from '../telemetry/alerts/alert-message.ts'
import type { AlertInput, FilledLeg } from '../telemetry/alerts/alert-input.ts'
import type { LockedBaskets } from '../telemetry/alerts/locked-baskets.ts'

/** Orders and baskets that are followed; of the oldest beyond, less is told. */
const followedMax = 5_000

type Placed = { readonly order: Order; readonly purpose: ExecutionIntent['purpose'] }

type Followed = { readonly basket: Basket; readonly isLocked: boolean }

type BasketNote = Extract<Effect, { kind: 'note-basket' }>
type DifferenceNote = Extract<Effect, { kind: 'note-difference' }>

type TitleOf = (venue: VenueId, market: MarketId) => string

/** What the engine does, in the words of alerts. Nothing else of them knows an effect. */
export class AlertMapping {
  readonly #titleOf: TitleOf
  readonly #locked: LockedBaskets
  readonly #placed: Map<ClientOrderId, Placed> = new Map()
  readonly #baskets: Map<string, Followed> = new Map()
  readonly #states: Map<string, BasketNote['state']> = new Map()

  constructor(titleOf: TitleOf, locked: LockedBaskets) {
    this.#titleOf = titleOf
    this.#locked = locked
  }

  inputsOf(effect: Effect): readonly AlertInput[] {
    switch (effect.kind) {
      case 'plan-basket': {
        const { plan, signal } = effect
        const isLocked = signal.certificate !== undefined
        keepLatest(this.#baskets, plan.id, { basket: plan, isLocked })
        return []
      }
      case 'place-basket':
        for (const order of effect.intent.orders) {
          keepLatest(this.#placed, order.id, { order, purpose: effect.intent.purpose })
        }
        return []
      case 'note-basket':
        return this.#advance(effect)
      case 'note-report':
        return this.#filled(effect.report)
      case 'note-difference':
        return this.#dispute(effect)
      case 'note-strategy-stopped': {
        const { reason, strategy } = effect
        return [{ kind: 'strategy-stopped', strategy, reason: oneLine(reason) }]
      }
      default:
        return []
    }
  }

  /** What the engine mends by itself is no news. */
  #dispute({ difference, venue }: DifferenceNote): readonly AlertInput[] {
    switch (difference.kind) {
      case 'cash':
        return [{ kind: 'account-differs', venue, what: difference }]
      case 'shares': {
        const { ours, theirs } = difference
        const title = oneLine(this.#titleOf(venue, difference.market))
        return [{ kind: 'account-differs', venue, what: { kind: 'shares', title, ours, theirs } }]
      }
      case 'order-unknown': {
        const { market, venueOrder: order } = difference
        const title = oneLine(this.#titleOf(venue, market))
        return [{ kind: 'account-differs', venue, what: { kind: 'order-unknown', title, order } }]
      }
      case 'fill-missed':
      case 'order-gone':
      case 'opening':
        return []
    }
  }

  #advance(note: BasketNote): readonly AlertInput[] {
    const { basket, reason, state, strategy } = note
    const worst = this.#follow(note)
    const before = this.#states.get(basket)
    if (before === state) return []
    keepLatest(this.#states, basket, state)
    if (before === 'closed') this.#locked.forget(basket)
    switch (state) {
      case 'completing':
      case 'unwinding':
      case 'quarantined':
        return [{ kind: 'basket', basket, strategy, state, reason }]
      case 'closed':
        return [{ kind: 'basket-closed', basket, strategy, worst }]
      default:
        return []
    }
  }

  /**
   * Goes along with a basket, by the same function that the engine advances it with. What it is
   * worth at the least is known when it is closed; one of an earlier life is not followed.
   */
  #follow({ basket: id, event }: BasketNote): MicroUsd | undefined {
    const followed = this.#baskets.get(id)
    if (followed === undefined) return undefined
    const { basket, effects } = advanceBasket(followed.basket, event)
    this.#baskets.set(id, { ...followed, basket })
    const worst = effects.find((effect) => effect.kind === 'closed')?.result
    if (worst !== undefined && followed.isLocked) this.#lock(basket, worst)
    return worst
  }

  #lock(basket: Basket, worst: MicroUsd): void {
    const legs = basket.legs.map(({ market, outcome, side, venue }, index) => {
      const held = heldOf(basket, index)
      return { venue, market, outcome, size: side === 'buy' ? held : negate(held) }
    })
    if (legs.every(({ size }) => size === 0)) return
    const { id, strategy } = basket
    this.#locked.take({ basket: id, strategy, cash: negate(paidFor(basket)), legs, worst })
  }

  #filled({ basket, legs, strategy }: ExecutionReport): readonly AlertInput[] {
    let purpose: ExecutionIntent['purpose'] = 'open'
    const filled = legs.flatMap(({ fills, order: id }) => {
      const placed = this.#placed.get(id)
      this.#placed.delete(id)
      if (placed === undefined) return []
      purpose = placed.purpose
      const { market, outcome, side, venue } = placed.order
      const title = oneLine(this.#titleOf(venue, market))
      return fills.map(({ fee, price, size }): FilledLeg => ({
        title,
        outcome,
        side,
        price,
        size,
        fee,
      }))
    })
    return filled.length === 0 ? [] : [{ kind: 'filled', basket, strategy, purpose, legs: filled }]
  }
}

function keepLatest<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value)
  const [oldest] = map.keys()
  if (map.size > followedMax && oldest !== undefined) map.delete(oldest)
}
