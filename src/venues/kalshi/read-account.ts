import type { MarketId } from '../../core/market.ts'
import type { ClientOrderId, Order, VenueOrderId } from '../../core/order.ts'
import { complement, cost, negate, proceeds } from '../../core/units.ts'
import type { EpochMs } from '../../core/units.ts'
import { zeroUsd } from '../../core/units.ts'
import type { AccountSnapshot, VenueFill, VenueOpenOrder } from '../../ports/venue-gateway.ts'
import type { AccountReads } from './account-reads.ts'
import type { NetPosition, VenueFillRow, VenueOrder } from './account-wire.ts'
import type { OrderTracker } from './order-tracker.ts'
import { instrumentId } from './to-market.ts'

export type SnapshotParts = {
  readonly reads: AccountReads
  readonly tracker: OrderTracker
  /** An order of ours by our name: of this run, or of an earlier one. */
  readonly orderOf: (id: ClientOrderId) => Order | undefined
}

/** Orders looked up one by one because a fill of theirs is younger than they are listed. */
const lookupsMax = 200

/**
 * An account as Kalshi sees it. What is read is told to the tracker too: it may be news.
 *
 * The cash is what is free: Kalshi takes what a resting order may come to need out of it. Where we
 * do not know the order behind a fill, the fill is told as a purchase, of YES by a bid and of NO by
 * an ask: that is what the one signed position makes of it. docs/venues/kalshi.md, 4.4 and 8.1.
 */
export async function readAccount(parts: SnapshotParts, since: EpochMs): Promise<AccountSnapshot> {
  const { reads, tracker } = parts
  // Orders before fills: a fill is known by its order.
  const resting = await reads.restingOrders()
  const orders = [...(await reads.orders(since)), ...resting]
  const fills = await reads.fills(since)
  const positions = await reads.positions()
  const { total: cash } = await reads.cash()
  const names = await namesOf(parts, orders, fills)
  for (const row of orders) tracker.onOrder(row)
  for (const row of fills) tracker.onFill(row)
  return {
    venue: 'kalshi',
    cash,
    positions: positions.filter(({ size }) => size !== 0).map(heldOf),
    openOrders: resting.map((row) => openOrderOf(row, parts)),
    fills: fills.map((row) => fillOf(row, names.get(row.orderId), parts)),
  }
}

/** Our names of the orders behind the fills: a fill as read has only the venue's. 4.4. */
async function namesOf(
  { reads, tracker }: SnapshotParts,
  orders: readonly VenueOrder[],
  fills: readonly VenueFillRow[],
): Promise<ReadonlyMap<string, ClientOrderId>> {
  const names = new Map<string, ClientOrderId>()
  const note = ({ id, clientId }: VenueOrder): void => {
    if (clientId !== '') names.set(id, clientId as ClientOrderId)
  }
  for (const row of orders) note(row)
  const missing = new Set<string>()
  for (const { orderId } of fills) {
    const tracked = tracker.byVenueOrder(orderId)
    if (tracked !== undefined) names.set(orderId, tracked.order.id)
    else if (!names.has(orderId)) missing.add(orderId)
  }
  for (const orderId of [...missing].slice(0, lookupsMax)) {
    const row = await reads.order(orderId as VenueOrderId)
    if (row !== undefined) note(row)
  }
  return names
}

function heldOf({ ticker, size }: NetPosition): AccountSnapshot['positions'][number] {
  return size > 0
    ? { instrument: instrumentId(ticker, 'yes'), size }
    : { instrument: instrumentId(ticker, 'no'), size: negate(size) }
}

function openOrderOf(row: VenueOrder, parts: SnapshotParts): VenueOpenOrder {
  const order = row.clientId === '' ? undefined : (row.clientId as ClientOrderId)
  const ours = order === undefined ? undefined : parts.orderOf(order)
  return {
    venueOrder: row.id as VenueOrderId,
    order,
    market: row.ticker,
    instrument: ours?.instrument ?? boughtBy(row.ticker, row.side),
    filled: row.filled,
  }
}

function fillOf(
  row: VenueFillRow,
  order: ClientOrderId | undefined,
  parts: SnapshotParts,
): VenueFill {
  const ours = order === undefined ? undefined : parts.orderOf(order)
  const outcome = ours?.outcome ?? (row.side === 'bid' ? 'yes' : 'no')
  const price = outcome === 'yes' ? row.price : complement(row.price)
  const isSale = ours?.side === 'sell'
  return {
    venueOrder: row.orderId as VenueOrderId,
    order,
    instrument: ours?.instrument ?? boughtBy(row.ticker, row.side),
    fill: {
      venueTradeId: row.tradeId,
      price,
      size: row.size,
      notional: isSale ? proceeds(price, row.size) : cost(price, row.size),
      fee: row.fee ?? zeroUsd,
      liquidity: row.isTaker ? 'taker' : 'maker',
    },
  }
}

function boughtBy(ticker: MarketId, side: 'bid' | 'ask'): VenueOpenOrder['instrument'] {
  return instrumentId(ticker, side === 'bid' ? 'yes' : 'no')
}
