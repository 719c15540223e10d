import type { Order } from '../core/order.ts'
import type { ExecutionReport } from '../core/signal.ts'
import type { MicroShares } from '../core/units.ts'
import { add, zeroShares } from '../core/units.ts'

/** How much of an order was filled, by the report that answers it. */
export function filledSize({ id }: Order, { legs }: ExecutionReport): MicroShares {
  const fills = legs.find((leg) => leg.order === id)?.fills ?? []
  return fills.reduce<MicroShares>((total, { size }) => add(total, size), zeroShares)
}
