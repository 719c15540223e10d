import { formatSize } from '../../core/decimal.ts'
import type { MarketId } from '../../core/market.ts'
import type { Order, TimeInForce, VenueOrderId } from '../../core/order.ts'
import type { PriceGrid } from '../../core/price-grid.ts'
import { isOnGrid } from '../../core/price-grid.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement } from '../../core/units.ts'

/** A command of the socket, as text. docs/venues/kalshi.md, 5.2. */
export type Command = string

export type Channel = 'orderbook_delta' | 'trade' | 'ticker' | 'market_lifecycle_v2'

/**
 * Opens the subscription of a channel, or adds to the one that is open.
 *
 * In which price the NO side comes is always said: the venue means to change what it does when it
 * is not. docs/venues/kalshi.md, 5.4.
 */
export function subscribe(id: number, channel: Channel, tickers: readonly MarketId[]): Command {
  const markets = channel === 'market_lifecycle_v2' ? {} : { market_tickers: tickers }
  const price = channel === 'orderbook_delta' ? { use_yes_price: true } : {}
  return command(id, 'subscribe', { channels: [channel], ...markets, ...price })
}

/** Channels of one's own account. docs/venues/kalshi.md, 5.3. */
export type PrivateChannel = 'fill' | 'user_orders' | 'market_positions' | 'order_group_updates'

/** Opens a channel of one's own account, for all markets. */
export function subscribePrivate(id: number, channel: PrivateChannel): Command {
  return command(id, 'subscribe', { channels: [channel] })
}

/** Changes the markets of a subscription, or asks for their books anew without changing it. */
export function updateSubscription(
  id: number,
  action: 'add_markets' | 'delete_markets' | 'get_snapshot',
  sid: number,
  tickers: readonly MarketId[],
): Command {
  return command(id, 'update_subscription', { sids: [sid], market_tickers: tickers, action })
}

export function listSubscriptions(id: number): Command {
  return JSON.stringify({ id, cmd: 'list_subscriptions' })
}

function command(id: number, cmd: string, params: object): Command {
  return JSON.stringify({ id, cmd, params })
}

/** The side and the price of an order on the one book, which is of YES. */
export type BookTerms = { readonly side: 'bid' | 'ask'; readonly price: Ticks }

/**
 * Who buys NO at q asks for YES at 1 − q, and who sells NO at q bids for YES at 1 − q. Exact: the
 * price is mirrored in whole ticks. docs/venues/kalshi.md, 4.2.
 */
export function bookTerms({ outcome, side, limit }: OrderTerms): BookTerms {
  const isBid = (outcome === 'yes') === (side === 'buy')
  return { side: isBid ? 'bid' : 'ask', price: outcome === 'yes' ? limit : complement(limit) }
}

export type OrderTerms = Pick<Order, 'outcome' | 'side' | 'limit'>

/** The body of a new order. docs/venues/kalshi.md, 4.2. */
export type OrderBody = {
  readonly ticker: string
  readonly client_order_id: string
  readonly side: 'bid' | 'ask'
  readonly count: string
  readonly price: string
  readonly time_in_force: 'fill_or_kill' | 'good_till_canceled' | 'immediate_or_cancel'
  readonly self_trade_prevention_type: 'taker_at_cross'
  readonly post_only: boolean
  readonly cancel_order_on_pause: boolean
  readonly expiration_time?: number
  readonly order_group_id?: string
}

/** What stands in every order that is sent, whatever the order. */
export type OrderSettings = {
  /** The group an order belongs to. docs/venues/kalshi.md, 4.3. */
  readonly group: string | undefined
  /** A resting order is taken out when trading pauses, and not left for whoever is first after. */
  readonly cancelOnPause: boolean
}

/** Why an order cannot be said in the venue's terms; a metric label. */
export type EncodeRefusal = 'off-grid' | 'size-precision' | 'no-expiration' | 'id-too-long'

/**
 * An order as the venue takes it. Nothing is rounded: what the venue's grid and hundredths cannot
 * say is refused, since a basket needs the same shares on every leg.
 *
 * Where we would meet ourselves, the order that comes is cut off, and what rests stays: it is the
 * one of which others know.
 *
 * `reduce_only` is never sent. A position is one signed number, so a sale of YES next to a position
 * in NO of our own is as right as the other way round, and capped it would leave a leg naked.
 */
export function encodeOrder(
  order: Order,
  grid: PriceGrid,
  { group, cancelOnPause }: OrderSettings,
): OrderBody | EncodeRefusal {
  const { side, price } = bookTerms(order)
  if (!isOnGrid(grid, price)) return 'off-grid'
  if (order.size <= 0 || order.size % hundredth !== 0) return 'size-precision'
  if (order.id.length > clientIdLengthMax) return 'id-too-long'
  const rests = order.timeInForce === 'gtc' || order.timeInForce === 'gtd'
  if (order.timeInForce === 'gtd' && order.expiresAt === undefined) return 'no-expiration'
  return {
    ticker: order.market,
    client_order_id: order.id,
    side,
    count: countText(order.size),
    price: priceText(price),
    time_in_force: wireTimeInForce(order.timeInForce),
    self_trade_prevention_type: 'taker_at_cross',
    post_only: order.postOnly,
    cancel_order_on_pause: rests && cancelOnPause,
    // Whole seconds, and rather one too early than one too late.
    ...(order.timeInForce === 'gtd' && order.expiresAt !== undefined
      ? { expiration_time: Math.floor(order.expiresAt / 1000) }
      : {}),
    ...(group === undefined ? {} : { order_group_id: group }),
  }
}

export function encodeBatch(orders: readonly OrderBody[]): string {
  return JSON.stringify({ orders })
}

/** An order to be cancelled. Its id alone does not name its shard. docs/venues/kalshi.md, 3.6. */
export type CancelTerms = { readonly venueOrder: VenueOrderId; readonly market: MarketId }

export function encodeCancels(orders: readonly CancelTerms[]): string {
  return JSON.stringify({
    orders: orders.map(({ venueOrder, market }) => ({
      order_id: venueOrder,
      market_ticker: market,
    })),
  })
}

/** Another price and another total, filled included. docs/venues/kalshi.md, 4.2. */
export type AmendTerms = { readonly limit: Ticks; readonly size: MicroShares }

export type AmendBody = Pick<OrderBody, 'ticker' | 'side' | 'price' | 'count' | 'client_order_id'>

/** The body of a change to a resting order. Its name stays: no second name is ever given. */
export function encodeAmend(
  order: Pick<Order, 'id' | 'market' | 'outcome' | 'side'>,
  grid: PriceGrid,
  { limit, size }: AmendTerms,
): AmendBody | EncodeRefusal {
  const { side, price } = bookTerms({ ...order, limit })
  if (!isOnGrid(grid, price)) return 'off-grid'
  if (size <= 0 || size % hundredth !== 0) return 'size-precision'
  return {
    ticker: order.market,
    side,
    price: priceText(price),
    count: countText(size),
    client_order_id: order.id,
  }
}

/** Contracts come in hundredths. docs/venues/kalshi.md, 3.4. */
const hundredth = 10_000
/** docs/venues/kalshi.md, 4.2. */
const clientIdLengthMax = 64

function wireTimeInForce(timeInForce: TimeInForce): OrderBody['time_in_force'] {
  switch (timeInForce) {
    case 'fok':
      return 'fill_or_kill'
    case 'ioc':
      return 'immediate_or_cancel'
    case 'gtc':
    case 'gtd':
      return 'good_till_canceled'
  }
}

/** "0.5600". The price lies above $0 and below $1. */
function priceText(price: Ticks): string {
  return `0.${String(price).padStart(4, '0')}`
}

/** "10.00". The size is whole hundredths. */
function countText(size: MicroShares): string {
  const [whole = '0', fraction = ''] = formatSize(size).split('.')
  return `${whole}.${fraction.padEnd(2, '0')}`
}
