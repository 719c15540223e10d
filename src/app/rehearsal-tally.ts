import { formatUsd } from '../core/decimal.ts'
import type { BasketId, ClientOrderId } from '../core/order.ts'
import type { MicroUsd } from '../core/units.ts'
import { max, zeroUsd } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { Effect } from '../engine/event.ts'
import type { Runtime } from './runtime.ts'

/** Counts what becomes of baskets and orders, out of the effects of a run. */
export class RehearsalTally {
  readonly #closed: Set<BasketId> = new Set()
  readonly #unwound: Set<BasketId> = new Set()
  readonly #quarantined: Set<BasketId> = new Set()
  readonly #unknown: Set<ClientOrderId> = new Set()
  readonly #resolved: Set<ClientOrderId> = new Set()
  #exposureMax: MicroUsd = zeroUsd
  #view: (() => EngineView) | undefined

  /** From now on the exposure is watched. */
  watch(runtime: Runtime): void {
    this.#view = () => runtime.view
  }

  observe(effect: Effect): void {
    switch (effect.kind) {
      case 'note-basket':
        this.#onBasket(effect)
        return
      case 'note-entry': {
        const exposure = this.#view?.().exposure
        if (exposure !== undefined) this.#exposureMax = max(this.#exposureMax, exposure)
        return
      }
      default:
    }
  }

  result(): {
    readonly basketsClosed: number
    readonly basketsUnwound: number
    readonly basketsQuarantined: number
    readonly unknownResolved: number
    readonly exposureMaxUsd: string
  } {
    return {
      basketsClosed: this.#closed.size,
      basketsUnwound: this.#unwound.size,
      basketsQuarantined: this.#quarantined.size,
      unknownResolved: this.#resolved.size,
      exposureMaxUsd: formatUsd(this.#exposureMax),
    }
  }

  #onBasket({ basket, event, state }: Extract<Effect, { kind: 'note-basket' }>): void {
    if (state === 'closed') this.#closed.add(basket)
    if (state === 'unwinding') this.#unwound.add(basket)
    if (state === 'quarantined') this.#quarantined.add(basket)
    else this.#quarantined.delete(basket)
    if (event.kind === 'order-timed-out') this.#unknown.add(event.order)
    const isKnown = event.kind === 'order-done' || event.kind === 'order-live'
    if (isKnown && this.#unknown.has(event.order)) this.#resolved.add(event.order)
  }
}
