import type { Outcome } from '../../core/market.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import type { Side } from '../../core/order.ts'
import { zeroShares, zeroUsd } from '../../core/units.ts'
import type { SimMarket } from '../sim-market.ts'
import type { OrderMessage, OrderType } from './order-message.ts'
import type { OrderTerms } from './order-rules.ts'

/** docs/venues/polymarket.md, 3.7. What is none of the others is told with its own words. */
export type DeskOrderStatus =
  | 'LIVE'
  | 'MATCHED'
  | 'DELAYED'
  | 'CANCELED'
  | 'CANCELED_MARKET_RESOLVED'
  | 'INVALID'

/** An order of a client, from the moment it was taken. Only the desk changes it. */
export type DeskOrder = {
  readonly id: string
  /** The API key it came with. */
  readonly owner: string
  /** The funds holder, in lower case. */
  readonly wallet: string
  /** As it was written. */
  readonly makerAddress: string
  readonly market: SimMarket
  readonly outcome: Outcome
  readonly token: string
  readonly side: Side
  readonly price: Ticks
  readonly size: MicroShares
  readonly money: MicroUsd
  readonly orderType: OrderType
  readonly postOnly: boolean
  readonly expiration: string
  readonly metadata: string
  readonly createdAt: EpochMs
  status: DeskOrderStatus
  matched: MicroShares
  /** What was paid or got for it, without fees. */
  turnover: MicroUsd
  readonly trades: string[]
}

export function deskOrder(
  id: string,
  message: OrderMessage,
  terms: OrderTerms,
  place: { readonly market: SimMarket; readonly outcome: Outcome; readonly at: EpochMs },
): DeskOrder {
  const { order, owner, orderType, postOnly } = message
  return {
    id,
    owner,
    wallet: order.maker.toLowerCase(),
    makerAddress: order.maker,
    market: place.market,
    outcome: place.outcome,
    token: order.tokenId,
    side: terms.side,
    price: terms.price,
    size: terms.size,
    money: terms.money,
    orderType,
    postOnly,
    expiration: order.expiration,
    metadata: order.metadata,
    createdAt: place.at,
    status: 'LIVE',
    matched: zeroShares,
    turnover: zeroUsd,
    trades: [],
  }
}

/** Whether it rests, or is held before it may. */
export function isOpen({ status }: DeskOrder): boolean {
  return status === 'LIVE' || status === 'DELAYED'
}

/** FOK and FAK never rest, and a purchase of theirs is counted in dollars. 7.5. */
export function isMarketOrder({ orderType }: DeskOrder): boolean {
  return orderType === 'FOK' || orderType === 'FAK'
}
