import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import type { ExecutionIntent, SignalLeg, TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'

export type Planned = {
  /** Counts the baskets of a run: ids follow from it, so a replay sends the same ones. */
  readonly number: number
  readonly at: Nanos
  readonly atMs: EpochMs
}

/**
 * Turns an approved signal into orders: equal shares of every leg, each all or nothing, all at
 * once.
 *
 * All or nothing leg by leg makes a basket either whole or a few whole legs, never a fraction of
 * one; what is left over then is sold again by {@link planUnwind}.
 */
export function planBasket(signal: TradeSignal, { number, at, atMs }: Planned): ExecutionIntent {
  const basket = `B${String(number).padStart(6, '0')}` as BasketId
  return {
    basket,
    purpose: 'open',
    signal,
    orders: signal.legs.map((leg, legIndex) => orderOf(basket, leg, legIndex, atMs)),
    createdAt: at,
    createdAtMs: atMs,
  }
}

function orderOf(basket: BasketId, leg: SignalLeg, legIndex: number, atMs: EpochMs): Order {
  const { venue, market, instrument, outcome, side, limit, size, rest } = leg
  return {
    id: `${basket}-${legIndex + 1}` as ClientOrderId,
    basket,
    legIndex,
    venue,
    market,
    instrument,
    outcome,
    side,
    limit,
    size,
    timeInForce: rest === undefined ? 'fok' : 'gtd',
    postOnly: rest?.postOnly ?? false,
    expiresAt: rest === undefined ? undefined : ((atMs + rest.forMs) as EpochMs),
  }
}
