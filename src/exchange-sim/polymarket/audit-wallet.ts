import { formatPrice, formatSize, formatUsd } from '../../core/decimal.ts'
import { zeroUsd } from '../../core/units.ts'
import { sameCase } from '../chain/contracts.ts'
import type { TokenLedger } from '../chain/token-ledger.ts'
import type { AuditedFill, AuditedOrder, VenueAudit } from '../venue-audit.ts'
import { doubledIntents } from '../venue-audit.ts'
import type { DeskOrder } from './desk-order.ts'
import type { DeskTrade, MakerPart } from './desk-trade.ts'
import { takerFeeOf } from './desk-trade.ts'
import type { OrderDesk } from './order-desk.ts'

const noMark = `0x${'0'.repeat(64)}`

/** What the venue and the chain know of a wallet. */
export function auditWallet(desk: OrderDesk, ledger: TokenLedger, address: string): VenueAudit {
  const wallet = sameCase(address)
  const orders = desk.orders().filter((order) => order.wallet === wallet)
  const rows = orders.map(auditedOrder)
  const fills = desk.trades().flatMap((trade) => fillsOf(trade, wallet))
  return {
    venue: 'polymarket',
    account: wallet,
    orders: rows,
    fills,
    cash: formatUsd(ledger.usdOf(wallet)),
    positions: [...ledger.holdings(wallet)]
      .filter(([, size]) => size > 0)
      .map(([instrument, size]) => ({ instrument, size: formatSize(size) })),
    doubledOrders: doubledIntents(rows),
    pendingFills: fills.filter(({ status }) => status === 'MATCHED' || status === 'RETRYING')
      .length,
  }
}

/** A client marks an order in its metadata: the field is signed and the venue ignores it. 7.1. */
function auditedOrder(order: DeskOrder): AuditedOrder {
  return {
    venueOrder: order.id,
    intent: order.metadata === noMark ? undefined : order.metadata,
    instrument: order.token,
    side: order.side,
    status: order.status,
    size: formatSize(order.size),
    filled: formatSize(order.matched),
  }
}

/** One fill for each meeting with another order, as a client books them. */
function fillsOf(trade: DeskTrade, wallet: string): readonly AuditedFill[] {
  return trade.makers.flatMap((part) => [
    ...(trade.taker.wallet === wallet ? [takerFill(trade, part)] : []),
    ...(part.party.wallet === wallet ? [makerFill(trade, part)] : []),
  ])
}

function takerFill(trade: DeskTrade, part: MakerPart): AuditedFill {
  return {
    trade: `${trade.id}:${part.party.orderId}`,
    venueOrder: trade.taker.orderId,
    instrument: trade.market.listing.tokens[trade.outcome],
    side: trade.side,
    liquidity: 'taker',
    price: formatPrice(part.takerPrice),
    size: formatSize(part.size),
    fee: formatUsd(takerFeeOf(part, trade.market)),
    status: trade.status,
  }
}

function makerFill(trade: DeskTrade, part: MakerPart): AuditedFill {
  return {
    trade: `${trade.id}:${part.party.orderId}`,
    venueOrder: part.party.orderId,
    instrument: trade.market.listing.tokens[part.outcome],
    side: part.side,
    liquidity: 'maker',
    price: formatPrice(part.price),
    size: formatSize(part.size),
    fee: formatUsd(zeroUsd),
    status: trade.status,
  }
}
