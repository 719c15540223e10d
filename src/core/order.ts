import type { InstrumentId, MarketId, Outcome, VenueId } from './market.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ticks, Unit } from './units.ts'

/** Our name of an order, known before it is sent. */
export type ClientOrderId = Unit<string, 'ClientOrderId'>
/** The venue's name of an order. */
export type VenueOrderId = Unit<string, 'VenueOrderId'>
export type BasketId = Unit<string, 'BasketId'>

export type Side = 'buy' | 'sell'

/** The side that undoes an order of this one. */
export function oppositeSide(side: Side): Side {
  return side === 'buy' ? 'sell' : 'buy'
}

/**
 * - `fok`: all of it at once, or nothing. - `ioc`: what is there, the rest is cancelled.
 * - `gtc`: rests until filled or cancelled. - `gtd`: rests until an instant.
 */
export type TimeInForce = 'fok' | 'ioc' | 'gtc' | 'gtd'

export type Order = {
  readonly id: ClientOrderId
  readonly basket: BasketId
  readonly legIndex: number
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly outcome: Outcome
  readonly side: Side
  /** The worst price we accept. */
  readonly limit: Ticks
  readonly size: MicroShares
  readonly timeInForce: TimeInForce
  readonly postOnly: boolean
  readonly expiresAt: EpochMs | undefined
}

/** One execution of one of our orders. */
export type Fill = {
  readonly order: ClientOrderId
  readonly venueTradeId: string
  readonly price: Ticks
  readonly size: MicroShares
  /** What the size cost or brought, before the fee. */
  readonly notional: MicroUsd
  readonly fee: MicroUsd
  readonly liquidity: 'maker' | 'taker'
  readonly at: Nanos
}

/** Somebody's execution on the tape. */
export type PublicTrade = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly outcome: Outcome
  /** The side of the taker. */
  readonly side: Side
  readonly price: Ticks
  readonly size: MicroShares
  readonly venueTime: EpochMs
}
