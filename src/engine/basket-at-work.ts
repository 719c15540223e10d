import { assert } from '../core/assert.ts'
import type { BasketId, ClientOrderId, Fill, Order } from '../core/order.ts'
import type { ExecutionIntent, TradeSignal } from '../core/signal.ts'
import type { Nanos } from '../core/units.ts'
import type { Basket, LegGap } from '../execution/basket.ts'

/** Orders of a basket that were sent together, and are reported together. */
export type Placement = { readonly intent: ExecutionIntent; reported: boolean }

export type AtWork = {
  basket: Basket
  readonly signal: TradeSignal
  readonly placements: Placement[]
  /** Executions as the venue told them, by order. */
  readonly fills: Map<ClientOrderId, Fill[]>
  /** Trades that may still fail to settle. */
  readonly unsettled: Set<string>
  /** Trades that have failed: told of again, by an older reading, they are still none. */
  readonly failed: Set<string>
  /** When an order was last sent or asked about, while it has not been answered. */
  readonly waiting: Map<ClientOrderId, Nanos>
  /** When the legs are priced again. */
  pricing: { readonly gaps: readonly LegGap[]; readonly due: Nanos } | undefined
  expired: boolean
  /** When it was over, and whether what it holds has been made into cash. */
  overAt: Nanos | undefined
  finished: boolean
}

/** A basket of which nothing has been sent. */
export function newAtWork(basket: Basket, signal: TradeSignal): AtWork {
  return {
    basket,
    signal,
    placements: [],
    fills: new Map(),
    unsettled: new Set(),
    failed: new Set(),
    waiting: new Map(),
    pricing: undefined,
    expired: false,
    overAt: undefined,
    finished: false,
  }
}

export function intentOf(
  { basket, signal }: AtWork,
  orders: readonly Order[],
  sent: { readonly at: Nanos; readonly atMs: ExecutionIntent['createdAtMs'] },
): ExecutionIntent {
  const [first] = orders
  const role = first === undefined ? 'open' : orderOf(basket, first.id).role
  return {
    basket: placementId(basket, role, orders),
    purpose: role,
    signal,
    orders,
    createdAt: sent.at,
    createdAtMs: sent.atMs,
  }
}

/** `B000001` opens, `B000001-R` sends the rest after a probe, `-C1` completes and `-U1` unwinds. */
function placementId(
  basket: Basket,
  role: ExecutionIntent['purpose'],
  orders: readonly Order[],
): BasketId {
  const { id, round } = basket
  switch (role) {
    case 'open':
      return isRest(basket, orders) ? (`${id}-R` as BasketId) : id
    case 'complete':
      return `${id}-C${round}` as BasketId
    case 'unwind':
      return `${id}-U${round}` as BasketId
  }
}

/** Whether a probe has gone before, be it in an earlier life. */
function isRest({ policy }: Basket, orders: readonly Order[]): boolean {
  const { sequence } = policy
  return sequence.kind === 'probe' && orders.every(({ legIndex }) => legIndex !== sequence.leg)
}

export function orderOf(basket: Basket, id: ClientOrderId): Basket['orders'][number] {
  const order = basket.orders.find((each) => each.order.id === id)
  assert(order !== undefined, `order ${id} belongs to basket ${basket.id}`)
  return order
}

export function keyOf(order: ClientOrderId, tradeId: string): string {
  return `${order} ${tradeId}`
}
