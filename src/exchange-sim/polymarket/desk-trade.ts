import type { Outcome } from '../../core/market.ts'
import type { Side } from '../../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { add, cost, proceeds, subtract, zeroShares } from '../../core/units.ts'
import { takerFee } from '../../core/fee.ts'
import { chargedFee } from '../fee-terms.ts'
import type { MatchKind } from '../matching-engine.ts'
import type { SimMarket } from '../sim-market.ts'

/** docs/venues/polymarket.md, 5.3. */
export type TradeStatus = 'MATCHED' | 'MINED' | 'CONFIRMED' | 'RETRYING' | 'FAILED'

/** Who stands on a side of a trade: a client with its wallet, or somebody of the population. */
export type TradeParty = {
  readonly orderId: string
  readonly owner: string
  readonly wallet: string
  readonly makerAddress: string
  readonly isClient: boolean
}

/** What one maker had of a trade, in terms of its own token. */
export type MakerPart = {
  readonly party: TradeParty
  readonly outcome: Outcome
  readonly side: Side
  readonly price: Ticks
  readonly takerPrice: Ticks
  readonly size: MicroShares
  readonly match: MatchKind
}

/** A taker's meetings at one price, settled on the chain as one. */
export type DeskTrade = {
  readonly id: string
  readonly market: SimMarket
  readonly taker: TradeParty
  readonly outcome: Outcome
  readonly side: Side
  readonly price: Ticks
  readonly size: MicroShares
  readonly makers: readonly MakerPart[]
  readonly matchedAt: EpochMs
  readonly transactionHash: string
  status: TradeStatus
  updatedAt: EpochMs
}

export function sizeOf(makers: readonly MakerPart[]): MicroShares {
  return makers.reduce((total, { size }) => add(total, size), zeroShares)
}

/** What the taker pays or gets in one meeting: rounded against it, as every plan assumes. */
export function takerMoney({ takerPrice, size }: MakerPart, side: Side): MicroUsd {
  return side === 'buy' ? cost(takerPrice, size) : proceeds(takerPrice, size)
}

export function makerMoney({ price, size, side }: MakerPart): MicroUsd {
  return side === 'buy' ? cost(price, size) : proceeds(price, size)
}

/** The taker's fee in one meeting: cut off below $0.00001. docs/venues/polymarket.md, 8.2. */
export function takerFeeOf({ takerPrice, size }: MakerPart, market: SimMarket): MicroUsd {
  const fee = takerFee(chargedFee(market.listing.fee, market.set.category), takerPrice, size)
  return fee ?? (0 as MicroUsd)
}

/** What moves from the wallet of one side when the trade settles, and what comes to it. */
export type Movement = {
  readonly wallet: string
  /** Signed: money out is negative. */
  readonly money: MicroUsd
  readonly token: string
  readonly shares: MicroShares
}

export function takerMovement(trade: DeskTrade, part: MakerPart): Movement {
  const money = takerMoney(part, trade.side)
  const fee = takerFeeOf(part, trade.market)
  const isBuy = trade.side === 'buy'
  return {
    wallet: trade.taker.wallet,
    money: (isBuy ? 0 - money - fee : subtract(money, fee)) as MicroUsd,
    token: trade.market.listing.tokens[trade.outcome],
    shares: (isBuy ? part.size : 0 - part.size) as MicroShares,
  }
}

export function makerMovement(trade: DeskTrade, part: MakerPart): Movement {
  const money = makerMoney(part)
  const isBuy = part.side === 'buy'
  return {
    wallet: part.party.wallet,
    money: (isBuy ? 0 - money : money) as MicroUsd,
    token: trade.market.listing.tokens[part.outcome],
    shares: (isBuy ? part.size : 0 - part.size) as MicroShares,
  }
}
