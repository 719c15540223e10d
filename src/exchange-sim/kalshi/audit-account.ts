import { formatPrice, formatSize, formatUsd } from '../../core/decimal.ts'
import type { AuditedOrder, VenueAudit } from '../venue-audit.ts'
import { doubledIntents } from '../venue-audit.ts'
import type { KalshiDesk } from './kalshi-desk.ts'
import type { KalshiOrder } from './kalshi-order.ts'

/** What the venue knows of an account. */
export function auditAccount(desk: KalshiDesk, keyId: string): VenueAudit {
  const orders = desk.ordersOf(keyId).map(auditedOrder)
  const portfolio = desk.portfolio(keyId)
  return {
    venue: 'kalshi',
    account: keyId,
    orders,
    fills: desk.fillsOf(keyId).map((fill) => ({
      trade: fill.id,
      venueOrder: fill.order.id,
      instrument: fill.order.market.listing.conditionId,
      side: fill.order.request.side,
      liquidity: fill.isTaker ? 'taker' : 'maker',
      price: formatPrice(fill.price),
      size: formatSize(fill.size),
      fee: formatUsd(fill.fee),
      status: 'CONFIRMED',
    })),
    cash: formatUsd(portfolio.cash),
    positions: [...portfolio.positions()].flatMap(([instrument, { size }]) =>
      size === 0 ? [] : [{ instrument, size: formatSize(size) }],
    ),
    doubledOrders: doubledIntents(orders),
    pendingFills: 0,
  }
}

function auditedOrder(order: KalshiOrder): AuditedOrder {
  return {
    venueOrder: order.id,
    intent: order.request.clientOrderId,
    instrument: order.market.listing.conditionId,
    side: order.request.side,
    status: order.status,
    size: formatSize(order.count),
    filled: formatSize(order.filled),
  }
}
