import { formatPrice, formatSize } from '../../core/decimal.ts'
import type { EpochMs } from '../../core/units.ts'
import type { Outcome } from '../../core/market.ts'
import type { SimMarket } from '../sim-market.ts'
import type { DeskOrder } from './desk-order.ts'
import type { DeskTrade, MakerPart } from './desk-trade.ts'
import type { OrderEventKind } from './order-desk.ts'

/** An order event of the user channel. docs/venues/polymarket.md, 5.1. */
export function orderEvent(
  order: DeskOrder,
  kind: OrderEventKind,
  at: EpochMs,
  words: string | undefined,
): unknown {
  return {
    asset_id: order.token,
    associate_trades: order.trades.length === 0 ? null : [...order.trades],
    created_at: seconds(order.createdAt),
    event_type: 'order',
    expiration: order.expiration,
    id: order.id,
    maker_address: order.makerAddress,
    market: order.market.listing.conditionId,
    order_owner: order.owner,
    order_type: order.orderType,
    original_size: formatSize(order.size),
    outcome: outcomeName(order.market, order.outcome),
    owner: order.owner,
    price: formatPrice(order.price),
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    size_matched: formatSize(order.matched),
    status: words ?? order.status,
    timestamp: String(at),
    type: kind,
    // A kill leaves out what the order never had, and counts a purchase in dollars.
    ...(words === undefined ? {} : killedParts(order)),
  }
}

function killedParts(order: DeskOrder): Readonly<Record<string, unknown>> {
  const inDollars = order.side === 'buy'
  return {
    associate_trades: [],
    created_at: '',
    size_matched: '',
    outcome: '',
    original_size: formatSize(
      inDollars ? (order.money as number as typeof order.size) : order.size,
    ),
  }
}

/** A trade event, as one of those who had a part in it is told. 5.2. */
export function tradeEvent(trade: DeskTrade, reader: string, at: EpochMs): unknown {
  return {
    ...tradeParts(trade, reader),
    event_type: 'trade',
    status: trade.status,
    timestamp: String(at),
    trade_owner: trade.taker.owner,
    type: 'TRADE',
  }
}

/** A trade as the reads list it. 3.7: there its status has a prefix. */
export function tradeRow(trade: DeskTrade, reader: string): unknown {
  return {
    ...tradeParts(trade, reader),
    status: `TRADE_STATUS_${trade.status}`,
    match_time_nano: `${trade.matchedAt}000000`,
    err_msg: trade.status === 'FAILED' ? 'transaction reverted' : '',
  }
}

function tradeParts(trade: DeskTrade, reader: string): Readonly<Record<string, unknown>> {
  const { market, taker } = trade
  return {
    asset_id: market.listing.tokens[trade.outcome],
    bucket_index: 0,
    fee_rate_bps: '0',
    id: trade.id,
    last_update: seconds(trade.updatedAt),
    maker_address: taker.makerAddress,
    maker_orders: trade.makers.map((part) => makerOrder(market, part)),
    market: market.listing.conditionId,
    match_time: seconds(trade.matchedAt),
    outcome: outcomeName(market, trade.outcome),
    owner: taker.owner,
    price: formatPrice(trade.price),
    side: trade.side === 'buy' ? 'BUY' : 'SELL',
    size: formatSize(trade.size),
    taker_order_id: taker.orderId,
    trader_side: taker.owner === reader ? 'TAKER' : 'MAKER',
    transaction_hash: trade.transactionHash,
  }
}

function makerOrder(market: SimMarket, part: MakerPart): unknown {
  return {
    asset_id: market.listing.tokens[part.outcome],
    fee_rate_bps: '0',
    maker_address: part.party.makerAddress,
    matched_amount: formatSize(part.size),
    order_id: part.party.orderId,
    outcome: outcomeName(market, part.outcome),
    outcome_index: part.outcome === 'yes' ? 0 : 1,
    owner: part.party.owner,
    price: formatPrice(part.price),
    side: part.side === 'buy' ? 'BUY' : 'SELL',
  }
}

/** An open order as the reads list it. 3.7. */
export function openOrderRow(order: DeskOrder): unknown {
  return {
    id: order.id,
    status: order.status,
    owner: order.owner,
    maker_address: order.makerAddress,
    market: order.market.listing.conditionId,
    asset_id: order.token,
    side: order.side === 'buy' ? 'BUY' : 'SELL',
    original_size: formatSize(order.size),
    size_matched: formatSize(order.matched),
    price: formatPrice(order.price),
    associate_trades: [...order.trades],
    outcome: outcomeName(order.market, order.outcome),
    created_at: Math.floor(order.createdAt / 1000),
    expiration: order.expiration,
    order_type: order.orderType,
  }
}

export function outcomeName({ listing }: SimMarket, outcome: Outcome): string {
  return listing.outcomes[outcome === 'yes' ? 0 : 1]
}

function seconds(at: EpochMs): string {
  return String(Math.floor(at / 1000))
}
