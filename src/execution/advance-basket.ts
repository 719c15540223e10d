import { assert } from '../core/assert.ts'
import { oppositeSide } from '../core/order.ts'
import type { ClientOrderId, Order } from '../core/order.ts'
import { min, subtract } from '../core/units.ts'
import type { MicroShares, Ticks } from '../core/units.ts'
import type {
  Basket,
  BasketEffect,
  BasketEvent,
  BasketOrder,
  BasketState,
  LegQuote,
  OrderRole,
  OrderState,
} from './basket.ts'
import { gapsOf, heldOf, isEven, paidFor, payoffAt } from './basket-position.ts'
import { chooseRecovery } from './choose-recovery.ts'

export type Step = { readonly basket: Basket; readonly effects: readonly BasketEffect[] }

/**
 * Advances a basket by one event. Pure: the same events always give the same effects.
 *
 * While the fate of any of its orders is unknown, a basket sends nothing: to send again could
 * double a leg, to unwind the others could leave it naked.
 */
export function advanceBasket(basket: Basket, event: BasketEvent): Step {
  switch (event.kind) {
    case 'start':
      return start(basket)
    case 'order-live':
      return settleChange(basket, withState(basket, event.order, 'live', ''))
    case 'order-filled':
      return settleChange(basket, withFill(basket, event.order, event.fill))
    case 'order-done':
      return settleChange(basket, withState(basket, event.order, 'done', event.reason))
    case 'order-timed-out':
      return timedOut(basket, event.order)
    case 'fill-reversed':
      return settle(withoutFill(basket, event.order, event.tradeId))
    case 'priced':
      return recover(basket, event.quotes)
    case 'expired':
      return { basket, effects: cancelLive(basket) }
    case 'released':
      return close({ ...basket, state: 'closed' })
  }
}

function start(basket: Basket): Step {
  assert(basket.state === 'planned', `a basket starts once: ${basket.id} is ${basket.state}`)
  const { sequence } = basket.policy
  if (sequence.kind === 'parallel') return send(basket, 'working', basket.orders)

  const probe = basket.orders.filter(({ order }) => order.legIndex === sequence.leg)
  return send(basket, 'probing', probe)
}

function timedOut(basket: Basket, id: ClientOrderId): Step {
  const known = orderOf(basket, id)
  // Silence after the end says nothing new.
  if (known.state === 'done') return { basket, effects: [] }

  const next = withState(basket, id, 'unknown', '')
  return {
    basket: { ...next, state: 'reconciling' },
    effects: [{ kind: 'query-order', order: id }],
  }
}

/** What was known already changes nothing: a message that comes twice is harmless. */
function settleChange(before: Basket, after: Basket): Step {
  return after === before ? { basket: before, effects: [] } : settle(after)
}

/** What follows once the book of orders has changed. */
function settle(basket: Basket): Step {
  if (basket.orders.some(({ state }) => state === 'unknown')) {
    return { basket: { ...basket, state: 'reconciling' }, effects: [] }
  }
  if (basket.orders.some(({ state }) => state === 'sent' || state === 'live')) {
    const state = basket.state === 'reconciling' ? resumed(basket) : basket.state
    return { basket: { ...basket, state }, effects: [] }
  }
  if (basket.orders.some(({ state }) => state === 'planned')) return afterProbe(basket)

  const gaps = gapsOf(basket)
  if (isEven(gaps)) return close(basket)
  return { basket: { ...basket, state: 'pricing' }, effects: [{ kind: 'price-legs', gaps }] }
}

/** The probe is done: the other legs go out at what it filled, or not at all. */
function afterProbe(basket: Basket): Step {
  const { sequence } = basket.policy
  const held = sequence.kind === 'probe' ? heldOf(basket, sequence.leg) : (0 as MicroShares)
  const rest = basket.orders.filter(({ state }) => state === 'planned')
  if (held > 0) {
    return send(
      basket,
      'working',
      rest.map((each) => resized(each, min(held, each.order.size))),
    )
  }

  const abandoned = rest.reduce(
    (next, { order }) => withState(next, order.id, 'done', 'not-attempted'),
    basket,
  )
  return settle(abandoned)
}

/** Legs are unequal: complete or unwind, whichever loses less, within what may be lost. */
function recover(basket: Basket, quotes: readonly LegQuote[]): Step {
  if (basket.state !== 'pricing') return { basket, effects: [] }
  if (basket.round >= basket.policy.roundsMax) return quarantine(basket, 'rounds-used-up')

  const choice = chooseRecovery(basket, quotes)
  if (choice.kind === 'none') return askAgain(basket, choice.reason)

  const round = basket.round + 1
  const role: OrderRole = choice.kind
  const orders = choice.legs.map(({ leg, size, limit }) =>
    recoveryOrder(basket, leg, role, round, size, limit),
  )
  const next = { ...basket, round, orders: [...basket.orders, ...orders] }
  return send(next, role === 'complete' ? 'completing' : 'unwinding', orders)
}

/** Depth comes back: the books are asked again, but not for ever. */
function askAgain(basket: Basket, reason: string): Step {
  const next = { ...basket, refusedQuotes: basket.refusedQuotes + 1 }
  if (next.refusedQuotes >= basket.policy.quotesMax) return quarantine(next, reason)
  return { basket: next, effects: [{ kind: 'price-legs', gaps: gapsOf(next) }] }
}

function recoveryOrder(
  basket: Basket,
  leg: number,
  role: OrderRole,
  round: number,
  size: MicroShares,
  limit: Ticks,
): BasketOrder {
  const planned = basket.legs[leg]
  assert(planned !== undefined, `a quote is for a leg of the basket: ${leg}`)
  const { venue, market, instrument, outcome, side } = planned
  const order: Order = {
    id: `${basket.id}-${leg}-${role}-${round}` as ClientOrderId,
    basket: basket.id,
    legIndex: leg,
    venue,
    market,
    instrument,
    outcome,
    side: role === 'unwind' ? oppositeSide(side) : side,
    limit,
    size,
    timeInForce: 'ioc',
    postOnly: false,
    expiresAt: undefined,
  }
  return { order, role, state: 'planned', reason: '', fills: [] }
}

function send(basket: Basket, state: BasketState, orders: readonly BasketOrder[]): Step {
  const sent = new Map(orders.map((each) => [each.order.id, { ...each, state: 'sent' as const }]))
  const next = {
    ...basket,
    state,
    orders: basket.orders.map((each) => sent.get(each.order.id) ?? each),
  }
  return {
    basket: next,
    effects: [{ kind: 'place-orders', orders: orders.map(({ order }) => order) }],
  }
}

function close(basket: Basket): Step {
  const leg = basket.legs.findIndex(({ target }) => target > 0)
  const result = subtract(payoffAt(basket, leg, heldOf(basket, leg)), paidFor(basket))
  return { basket: { ...basket, state: 'closed' }, effects: [{ kind: 'closed', result }] }
}

function quarantine(basket: Basket, reason: string): Step {
  return {
    basket: { ...basket, state: 'quarantined' },
    effects: [{ kind: 'quarantined', reason }],
  }
}

function cancelLive(basket: Basket): BasketEffect[] {
  return basket.orders
    .filter(({ state }) => state === 'live')
    .map(({ order }) => ({ kind: 'cancel-order', order: order.id }))
}

/** What a basket goes back to when the last unknown order is known and some are still out. */
function resumed(basket: Basket): BasketState {
  const open = basket.orders.find(({ state }) => state === 'sent' || state === 'live')
  switch (open?.role) {
    case 'complete':
      return 'completing'
    case 'unwind':
      return 'unwinding'
    case 'open':
    case undefined:
      return basket.orders.some(({ state }) => state === 'planned') ? 'probing' : 'working'
  }
}

function withFill(basket: Basket, id: ClientOrderId, fill: BasketOrder['fills'][number]): Basket {
  const known = orderOf(basket, id)
  if (known.fills.some(({ tradeId }) => tradeId === fill.tradeId)) return basket

  return replaced(basket, { ...known, fills: [...known.fills, fill] })
}

function withoutFill(basket: Basket, id: ClientOrderId, tradeId: string): Basket {
  const known = orderOf(basket, id)
  return replaced(basket, {
    ...known,
    fills: known.fills.filter((fill) => fill.tradeId !== tradeId),
  })
}

function withState(basket: Basket, id: ClientOrderId, state: OrderState, reason: string): Basket {
  const known = orderOf(basket, id)
  // What is done stays done: a late "live" must not bring an order back.
  if (known.state === 'done' || known.state === state) return basket
  return replaced(basket, { ...known, state, reason })
}

function replaced(basket: Basket, order: BasketOrder): Basket {
  return {
    ...basket,
    orders: basket.orders.map((each) => (each.order.id === order.order.id ? order : each)),
  }
}

function resized(order: BasketOrder, size: MicroShares): BasketOrder {
  return { ...order, order: { ...order.order, size } }
}

function orderOf(basket: Basket, id: ClientOrderId): BasketOrder {
  const order = basket.orders.find((each) => each.order.id === id)
  assert(order !== undefined, `order ${id} belongs to basket ${basket.id}`)
  return order
}
