import { formatUsd } from '../../core/decimal.ts'
import type { OrderFees } from '../../core/order-fees.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { add, complement, cost } from '../../core/units.ts'
import type { SimMarket } from '../sim-market.ts'
import { averageOf, contracts, dollars } from './fixed-point.ts'
import { iso } from './market-json.ts'
import type { KalshiOrderRequest } from './order-request.ts'

/** An order of an account. Only the desk changes it. */
export type KalshiOrder = {
  readonly id: string
  readonly keyId: string
  readonly market: SimMarket
  readonly request: KalshiOrderRequest
  readonly createdAt: EpochMs
  readonly fees: OrderFees
  price: Ticks
  /** All that was asked for, less what was taken back. */
  count: MicroShares
  status: 'resting' | 'canceled' | 'executed'
  reason: string | undefined
  updatedAt: EpochMs
  filled: MicroShares
  remaining: MicroShares
  takerCost: MicroUsd
  makerCost: MicroUsd
  takerFees: MicroUsd
  makerFees: MicroUsd
}

export type KalshiFill = {
  readonly id: string
  readonly order: KalshiOrder
  readonly price: Ticks
  readonly size: MicroShares
  readonly isTaker: boolean
  readonly fee: MicroUsd
  readonly at: EpochMs
  readonly position: MicroShares
}

/** Where an order stands on the one book: docs/venues/kalshi.md, 4.2. */
function direction({ request }: KalshiOrder): object {
  const isBid = request.side === 'buy'
  return { outcome_side: isBid ? 'yes' : 'no', book_side: isBid ? 'bid' : 'ask' }
}

/** An order as the reads list it. docs/venues/kalshi.md, 4.2. */
export function orderJson(order: KalshiOrder): object {
  return {
    ...commonJson(order),
    user_id: order.keyId,
    no_price_dollars: dollars(complement(order.price)),
    type: 'limit',
    created_time: iso(order.createdAt),
    last_update_time: iso(order.updatedAt),
    subaccount_number: 0,
  }
}

/** The same as the user channel tells it. docs/venues/kalshi.md, 5.5. */
export function userOrderBody(order: KalshiOrder): { type: string; msg: object } {
  const msg = {
    ...commonJson(order),
    user_id: order.keyId,
    side: 'yes',
    is_yes: order.request.side === 'buy',
    created_time: iso(order.createdAt),
    created_ts_ms: order.createdAt,
    last_updated_ts_ms: order.updatedAt,
    subaccount_number: 0,
    ...(order.reason === undefined ? {} : { last_update_reason: order.reason }),
  }
  return { type: 'user_order', msg }
}

function commonJson(order: KalshiOrder): object {
  const { request } = order
  return {
    order_id: order.id,
    client_order_id: request.clientOrderId ?? '',
    ticker: order.market.listing.conditionId,
    ...direction(order),
    exchange_index: 0,
    status: order.status,
    yes_price_dollars: dollars(order.price),
    fill_count_fp: contracts(order.filled),
    remaining_count_fp: contracts(order.remaining),
    initial_count_fp: contracts(order.count),
    taker_fill_cost_dollars: six(order.takerCost),
    maker_fill_cost_dollars: six(order.makerCost),
    taker_fees_dollars: six(order.takerFees),
    maker_fees_dollars: six(order.makerFees),
    self_trade_prevention_type: request.selfTrade,
    ...(request.group === undefined ? {} : { order_group_id: request.group }),
    ...(request.expiration === undefined
      ? {}
      : { expiration_time: iso(request.expiration * 1000) }),
  }
}

/** docs/venues/kalshi.md, 4.4. */
export function fillJson(fill: KalshiFill): object {
  const { order, price } = fill
  return {
    fill_id: fill.id,
    trade_id: fill.id,
    order_id: order.id,
    ticker: order.market.listing.conditionId,
    market_ticker: order.market.listing.conditionId,
    exchange_index: 0,
    ...direction(order),
    count_fp: contracts(fill.size),
    yes_price_dollars: dollars(price),
    no_price_dollars: dollars(complement(price)),
    is_taker: fill.isTaker,
    fee_cost: six(fill.fee),
    created_time: iso(fill.at),
    ts: Math.floor(fill.at / 1000),
    subaccount_number: 0,
  }
}

/** docs/venues/kalshi.md, 5.5. */
export function fillBody(fill: KalshiFill): { type: string; msg: object } {
  const { order } = fill
  const isBid = order.request.side === 'buy'
  const msg = {
    trade_id: fill.id,
    order_id: order.id,
    client_order_id: order.request.clientOrderId ?? '',
    market_ticker: order.market.listing.conditionId,
    exchange_index: 0,
    is_taker: fill.isTaker,
    side: isBid ? 'yes' : 'no',
    yes_price_dollars: dollars(fill.price),
    count_fp: contracts(fill.size),
    fee_cost: six(fill.fee),
    action: 'buy',
    ts: Math.floor(fill.at / 1000),
    ts_ms: fill.at,
    post_position_fp: contracts(fill.position),
    purchased_side: isBid ? 'yes' : 'no',
    ...direction(order),
    subaccount: 0,
  }
  return { type: 'fill', msg }
}

/** The answer to a call that creates or amends. docs/venues/kalshi.md, 4.2. */
export function createdJson(order: KalshiOrder): object {
  return {
    order_id: order.id,
    ...(order.request.clientOrderId === undefined
      ? {}
      : { client_order_id: order.request.clientOrderId }),
    fill_count: contracts(order.filled),
    remaining_count: contracts(order.remaining),
    ...(order.filled === 0 ? {} : averages(order)),
    ts_ms: order.updatedAt,
  }
}

/** By the contract: the price in four decimals, the fee in four. */
function averages(order: KalshiOrder): object {
  return {
    average_fill_price: averageOf(add(order.takerCost, order.makerCost), order.filled),
    average_fee_paid: averageOf(add(order.takerFees, order.makerFees), order.filled),
  }
}

/** What a fill is worth at its YES price: what the sums of an order count. */
export function worthOf(price: Ticks, size: MicroShares): MicroUsd {
  return cost(price, size)
}

/** Money with six decimals, as fees and costs are written. */
export function six(money: MicroUsd): string {
  const text = formatUsd(money)
  const [whole = '0', fraction = ''] = text.split('.')
  return `${whole}.${fraction.padEnd(6, '0')}`
}
