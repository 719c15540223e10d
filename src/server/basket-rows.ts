import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { Fill, Order } from '../core/order.ts'
import type { ExecutionIntent } from '../core/signal.ts'
import type { MicroShares } from '../core/units.ts'
import { add, zeroShares } from '../core/units.ts'
import type { BasketOrder } from '../execution/basket.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import type { Basket, BasketLeg, BasketResult, PlacedOrder } from './schema/basket.ts'
import type { MarketName } from './schema/scalars.ts'

export function sentLeg(
  order: Order,
  purpose: ExecutionIntent['purpose'],
  market: MarketName,
  sentAfterUs: number,
): BasketLeg {
  return {
    order: order.id,
    purpose,
    market,
    outcome: order.outcome,
    side: order.side,
    limit: formatPrice(order.limit),
    size: formatSize(order.size),
    filled: '0',
    fee: '0',
    state: 'sent',
    reason: '',
    sentAfterUs,
    liveAfterUs: null,
    doneAfterUs: null,
    fills: [],
  }
}

/** An order of an earlier run: what it filled is known, at which price is not. */
export function keptLeg(
  { order, role, state, reason, fills }: BasketOrder,
  market: MarketName,
): BasketLeg {
  const filled = fills.reduce<MicroShares>((sum, { size }) => add(sum, size), zeroShares)
  const leg = { ...sentLeg(order, role, market, 0), filled: formatSize(filled) }
  if (filled >= order.size) return { ...leg, state: 'filled', doneAfterUs: 0 }
  if (state === 'done') {
    return { ...leg, state: doneState(leg, reason), reason, doneAfterUs: 0 }
  }
  return { ...leg, state: state === 'live' ? 'live' : 'unknown' }
}

/** What the executions of an order come to. */
export type FillSums = { readonly filled: string; readonly fee: string; readonly isWhole: boolean }

/** A leg after the venue has said something of it. `sums` counts all executions so far. */
export function answeredLeg(
  leg: BasketLeg,
  update: OrderUpdate,
  sums: FillSums,
  usAt: (instant: number) => number,
  at: number,
): BasketLeg {
  const { filled, fee, isWhole } = sums
  switch (update.kind) {
    case 'live':
      return { ...leg, state: 'live', liveAfterUs: leg.liveAfterUs ?? usAt(at) }
    case 'filled': {
      const fills = [...leg.fills, fillRow(update.fill, usAt)]
      const doneAfterUs = isWhole ? usAt(update.fill.at) : leg.doneAfterUs
      const state = isWhole ? 'filled' : 'partly-filled'
      return { ...leg, state, filled, fee, fills, doneAfterUs }
    }
    case 'done':
      return {
        ...leg,
        state: doneState(leg, update.reason),
        reason: update.reason === 'filled' ? '' : update.reason,
        doneAfterUs: leg.doneAfterUs ?? usAt(at),
      }
    case 'unknown':
      return { ...leg, state: 'unknown', reason: update.reason }
    case 'fill-reversed': {
      const fills = leg.fills.filter(({ trade }) => trade !== update.tradeId)
      return { ...leg, state: 'partly-filled', reason: 'fill-reversed', filled, fee, fills }
    }
    case 'fill-settled':
      return leg
  }
}

function fillRow(fill: Fill, usAt: (instant: number) => number): BasketLeg['fills'][number] {
  return {
    trade: fill.venueTradeId,
    price: formatPrice(fill.price),
    size: formatSize(fill.size),
    fee: formatUsd(fill.fee),
    afterUs: usAt(fill.at),
  }
}

function doneState({ state, filled }: BasketLeg, reason: string): BasketLeg['state'] {
  if (state === 'filled') return 'filled'
  if (filled !== '0') return 'partly-filled'
  if (reason === 'not-attempted' || reason === 'cancelled') return reason
  return 'rejected'
}

/** What a closed basket came to, by what its orders did. */
export function resultOf(legs: readonly BasketLeg[]): BasketResult {
  const traded = legs.filter(({ filled }) => filled !== '0')
  if (traded.length === 0) return 'empty'
  if (traded.some(({ purpose }) => purpose === 'unwind')) return 'unwound'
  const opened = legs.filter(({ purpose }) => purpose === 'open')
  const isWhole = opened.every(({ state }) => state === 'filled')
  return isWhole || traded.some(({ purpose }) => purpose === 'complete') ? 'complete' : 'uneven'
}

export function ordersOf({ id, strategy, receivedMs, legs }: Basket): readonly PlacedOrder[] {
  const msAfter = (us: number): number => Math.floor(receivedMs + us / 1_000)
  return legs.map(
    ({ order, sentAfterUs, doneAfterUs, liveAfterUs: _live, fills: _fills, ...leg }) => ({
      id: order,
      basket: id,
      strategy,
      ...leg,
      sentMs: msAfter(sentAfterUs),
      doneMs: doneAfterUs === null ? null : msAfter(doneAfterUs),
    }),
  )
}
