import { z } from 'zod'

import type { InstrumentId, Market, MarketId } from '../../core/market.ts'
import type { ClientOrderId, VenueOrderId } from '../../core/order.ts'
import { nanos, zeroShares } from '../../core/units.ts'
import type { EpochMs } from '../../core/units.ts'
import type { Log } from '../../ports/log.ts'
import type { AccountSnapshot, VenueFill } from '../../ports/venue-gateway.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'
import type { UserOrder, UserTrade } from './account-wire.ts'
import type { ChainClient } from './chain-client.ts'
import type { Address } from './order-hash.ts'
import { fillOf } from './order-tracker.ts'
import { executionsOf } from './trade-executions.ts'
import type { TradingClient } from './trading-client.ts'
import { expectOk } from './trading-client.ts'

export type AccountParts = {
  readonly reads: AccountReads
  readonly chain: ChainClient
  readonly data: TradingClient
  readonly funder: Address
  /** The id of our API key: by it a trade names its parties. */
  readonly owner: string
  readonly marketOf: (id: MarketId) => Market | undefined
  readonly ourOrderOf: (venueOrder: string) => ClientOrderId | undefined
  readonly log: Log
}

export type AccountReading = {
  readonly snapshot: AccountSnapshot
  readonly orders: readonly UserOrder[]
  readonly trades: readonly UserTrade[]
}

const positionRows = z.array(z.object({ asset: z.string().regex(/^\d{1,78}$/) }))
const pageRows = 500
const pagesMax = 20

/**
 * Everything of an account. Orders and trades are the operator's word; money and tokens are what
 * the chain has, so a trade that is matched and not mined yet is in the fills and not in them.
 *
 * Orders are read first: an order that is filled in between is in both, and never in neither.
 */
export async function readAccount(parts: AccountParts, since: EpochMs): Promise<AccountReading> {
  const { reads, chain, ourOrderOf } = parts
  const orders = await reads.openOrders()
  const trades = await reads.trades(since)
  const fills = trades.flatMap((trade) => fillsOf(parts, trade))
  const traded = fills.map(({ instrument }) => instrument)
  const instruments = [...new Set([...(await heldInstruments(parts)), ...traded])]
  const sizes = await chain.shares(instruments)
  const snapshot: AccountSnapshot = {
    venue: 'polymarket',
    cash: await chain.cash(),
    positions: instruments.flatMap((instrument, at) => {
      const size = sizes[at] ?? zeroShares
      return size > 0 ? [{ instrument, size }] : []
    }),
    openOrders: orders.map(({ id, market, asset_id: token, size_matched: filled }) => ({
      venueOrder: id as VenueOrderId,
      order: ourOrderOf(id),
      market: market as MarketId,
      instrument: token as InstrumentId,
      filled: filled ?? zeroShares,
    })),
    fills,
  }
  return { snapshot, orders, trades }
}

/** Our part of a trade. One that failed to settle never was. */
function fillsOf(parts: AccountParts, trade: UserTrade): readonly VenueFill[] {
  const { owner, marketOf, ourOrderOf, log } = parts
  if (trade.status === 'FAILED') return []
  const market = marketOf(trade.market as MarketId)
  if (market === undefined) {
    log.warn('a trade in a market that is not listed is left out', { market: trade.market })
    return []
  }
  const takerSide = trade.side === 'BUY' ? 'buy' : 'sell'
  return executionsOf(trade).flatMap((execution): VenueFill[] => {
    if (execution.owner !== owner) return []
    const isSameToken = execution.instrument === trade.asset_id
    const isTaker = execution.liquidity === 'taker'
    // A maker of the same token stands on the other side; of the other token, on the same.
    const side = isTaker || !isSameToken ? takerSide : takerSide === 'buy' ? 'sell' : 'buy'
    const order = ourOrderOf(execution.orderId)
    const named = { id: order ?? ('' as ClientOrderId), side, market: market.id } as const
    const { order: _, at: __, ...fill } = fillOf(execution, named, market.fee, nanos(0))
    const venueOrder = execution.orderId as VenueOrderId
    return [{ venueOrder, order, instrument: execution.instrument, fill }]
  })
}

/** What the wallet holds anything of, by the venue's own index of the chain. 2.5. */
async function heldInstruments({ data, funder }: AccountParts): Promise<readonly InstrumentId[]> {
  const held: InstrumentId[] = []
  for (let page = 0; page < pagesMax; page++) {
    const offset = String(page * pageRows)
    const query = { user: funder, limit: String(pageRows), offset, sizeThreshold: '0' }
    const call = { method: 'GET', path: '/positions', query, body: '' } as const
    const parsed = positionRows.safeParse(expectOk(call, await data.send(call, {})))
    if (!parsed.success) throw malformed('rows of another shape')
    held.push(...parsed.data.map(({ asset }) => asset as InstrumentId))
    if (parsed.data.length < pageRows) return held
  }
  throw malformed(`more than ${pagesMax} pages`)
}

function malformed(detail: string): VenueError {
  const call = 'GET /positions'
  return new VenueError({ venue: 'polymarket', call, code: 'MALFORMED', landed: 'no', detail })
}
