import type { Fill } from '../core/order.ts'
import type { LegReport } from '../core/signal.ts'
import type { BasketOrder } from './basket.ts'
import { filledOf } from './basket-position.ts'

/** What became of an order of a basket, with its executions as the venue told them. */
export function legReport(order: BasketOrder, fills: readonly Fill[]): LegReport {
  return {
    order: order.order.id,
    venueOrder: undefined,
    outcome: outcomeOf(order),
    reason: order.reason === 'filled' ? '' : order.reason,
    fills,
  }
}

function outcomeOf(order: BasketOrder): LegReport['outcome'] {
  const filled = filledOf(order)
  if (filled >= order.order.size) return 'filled'
  if (order.state !== 'done') return 'unknown'
  if (filled > 0) return 'partly-filled'
  return order.reason === 'not-attempted' ? 'not-attempted' : 'rejected'
}
