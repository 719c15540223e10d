import type { Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport } from '../core/signal.ts'
import type { Effect } from '../engine/event.ts'
import { oneLine } from '../telemetry/alerts/alert-message.ts'
import type { AlertInput, FilledLeg } from '../telemetry/alerts/alert-input.ts'

/** Baskets whose report is awaited; the oldest is forgotten, and its fills are not told. */
const placedMax = 2_000

/** What the engine does, in the words of alerts. Nothing else of them knows an effect. */
export class AlertMapping {
  readonly #titleOf: (order: Order) => string
  readonly #placed: Map<string, ExecutionIntent> = new Map()

  constructor(titleOf: (order: Order) => string) {
    this.#titleOf = titleOf
  }

  inputsOf(effect: Effect): readonly AlertInput[] {
    switch (effect.kind) {
      case 'place-basket':
        return this.#placing(effect.intent)
      case 'note-report':
        return this.#filled(effect.report)
      case 'note-strategy-stopped': {
        const { reason, strategy } = effect
        return [{ kind: 'strategy-stopped', strategy, reason: oneLine(reason) }]
      }
      default:
        return []
    }
  }

  #placing(intent: ExecutionIntent): readonly AlertInput[] {
    const { basket, purpose, signal } = intent
    this.#placed.set(basket, intent)
    const [oldest] = this.#placed.keys()
    if (this.#placed.size > placedMax && oldest !== undefined) this.#placed.delete(oldest)
    if (purpose === 'open') return []
    return [{ kind: 'basket', basket, strategy: signal.strategy, state: 'unwinding', reason: '' }]
  }

  #filled({ basket, legs, strategy }: ExecutionReport): readonly AlertInput[] {
    const intent = this.#placed.get(basket)
    if (intent === undefined) return []
    if (legs.every(({ outcome }) => outcome !== 'unknown')) this.#placed.delete(basket)
    const filled = legs.flatMap(({ fills, order: id }) => {
      const order = intent.orders.find((each) => each.id === id)
      if (order === undefined) return []
      return fills.map(({ fee, price, size }): FilledLeg => {
        const { outcome, side } = order
        return { title: oneLine(this.#titleOf(order)), outcome, side, price, size, fee }
      })
    })
    if (filled.length === 0) return []
    return [{ kind: 'filled', basket, strategy, purpose: intent.purpose, legs: filled }]
  }
}
