import { formatUsd } from '../../core/decimal.ts'
import { add, max, negate, subtract, zeroShares, zeroUsd } from '../../core/units.ts'
import type { ApiReply, ApiRequest, Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { World } from '../world.ts'
import type { Accounts } from './accounts.ts'
import type { ExchangeState } from './exchange-mode.ts'
import { centsOf, contracts } from './fixed-point.ts'
import type { KalshiDesk, SettlementRow } from './kalshi-desk.ts'
import { fillJson, orderJson, six } from './kalshi-order.ts'
import { apiPath } from './listing-routes.ts'
import { iso } from './market-json.ts'
import { listOf, pageOf } from './pages.ts'
import type { KalshiPosition } from './portfolio.ts'

const rows = { normal: 100, most: 1000 }

/** What an account has and did. docs/venues/kalshi.md, 4.4. */
export function portfolioRoutes(
  world: World,
  accounts: Accounts,
  desk: KalshiDesk,
  state: ExchangeState,
): readonly Route[] {
  const signed = (
    path: string,
    answer: (keyId: string, request: ApiRequest) => ApiReply,
  ): Route => ({
    method: 'GET',
    path: `${apiPath}/portfolio${path}`,
    answer: (request) => {
      const identity = accounts.identify(request)
      if (identity.kind === 'account') return answer(identity.account.keyId, request)
      return { status: 401, body: { error: { code: 'authentication_error' } } }
    },
  })
  return [
    signed('/balance', (keyId) => found(balanceJson(world, desk, keyId))),
    signed('/orders/:id', (keyId, { params }) => {
      const order = desk.orderOf(keyId, params['id'] ?? '')
      if (order !== undefined && order.createdAt <= state.readsUntil())
        return found({ order: orderJson(order) })
      return { status: 404, body: { error: { code: 'not_found' } } }
    }),
    signed('/orders', (keyId, { query }) => {
      const tickers = listOf(query, 'ticker')
      const status = query.get('status')
      const wanted = desk.ordersOf(keyId).filter((order) => {
        if (status !== null && order.status !== status) return false
        if (order.createdAt > state.readsUntil()) return false
        if (!isBetween(query, order.createdAt)) return false
        return tickers.length === 0 || tickers.includes(order.market.listing.conditionId)
      })
      const { page, cursor } = pageOf(wanted, query, rows)
      return found({ orders: page.map(orderJson), cursor })
    }),
    signed('/fills', (keyId, { query }) => {
      const tickers = listOf(query, 'ticker')
      const id = query.get('order_id')
      const wanted = desk.fillsOf(keyId).filter(({ order, at }) => {
        if (id !== null && order.id !== id) return false
        if (at > state.readsUntil()) return false
        if (!isBetween(query, at)) return false
        return tickers.length === 0 || tickers.includes(order.market.listing.conditionId)
      })
      const { page, cursor } = pageOf(wanted, query, rows)
      return found({ fills: page.map(fillJson), cursor })
    }),
    signed('/positions', (keyId, { query }) => {
      const tickers = listOf(query, 'ticker')
      const wanted = [...desk.portfolio(keyId).positions()].filter(
        ([ticker]) => tickers.length === 0 || tickers.includes(ticker),
      )
      const { page, cursor } = pageOf(wanted, query, rows)
      const positions = page.map(([ticker, position]) => positionJson(world, ticker, position))
      return found({ market_positions: positions, event_positions: [], cursor })
    }),
    signed('/settlements', (keyId, { query }) => {
      const tickers = listOf(query, 'ticker')
      const wanted = desk.settlementsOf(keyId).filter(({ market }) => {
        return tickers.length === 0 || tickers.includes(market.listing.conditionId)
      })
      const { page, cursor } = pageOf(wanted, query, rows)
      return found({ settlements: page.map(settlementJson), cursor })
    }),
  ]
}

function isBetween(query: URLSearchParams, at: number): boolean {
  const [from, until] = [query.get('min_ts'), query.get('max_ts')]
  if (from !== null && at < Number(from) * 1000) return false
  return until === null || at <= Number(until) * 1000
}

function balanceJson(world: World, desk: KalshiDesk, keyId: string): object {
  const cash = desk.available(keyId)
  const dollarsText = formatUsd(cash)
  return {
    balance: centsOf(cash),
    balance_dollars: Number(dollarsText).toFixed(4),
    portfolio_value: centsOf(desk.portfolio(keyId).cash),
    updated_ts: Math.floor(world.now() / 1000),
    balance_breakdown: [{ exchange_index: 0, balance: Number(dollarsText).toFixed(4) }],
  }
}

/** docs/venues/kalshi.md, 5.5. */
export function positionMessage(position: KalshiPosition): object {
  return {
    position_fp: contracts(position.size),
    position_cost_dollars: six(max(subtract(position.paid, position.received), zeroUsd)),
    realized_pnl_dollars: six(zeroUsd),
    fees_paid_dollars: six(position.fees),
    position_fee_cost_dollars: six(position.fees),
    volume_fp: contracts(zeroShares),
  }
}

function positionJson(world: World, ticker: string, position: KalshiPosition): object {
  const exposure = max(subtract(position.paid, position.received), zeroUsd)
  return {
    ticker,
    exchange_index: 0,
    total_traded_dollars: six(add(position.paid, position.received)),
    position_fp: contracts(position.size),
    market_exposure_dollars: six(exposure),
    realized_pnl_dollars: six(zeroUsd),
    fees_paid_dollars: six(position.fees),
    last_updated_ts: iso(world.now()),
  }
}

function settlementJson({ market, size, paid, revenue, fees, at }: SettlementRow): object {
  const isYes = size > 0
  return {
    ticker: market.listing.conditionId,
    exchange_index: 0,
    event_ticker: market.set.slug,
    market_result: market.winner ?? '',
    yes_count_fp: contracts(max(size, zeroShares)),
    yes_total_cost_dollars: six(isYes ? paid : zeroUsd),
    no_count_fp: contracts(max(negate(size), zeroShares)),
    no_total_cost_dollars: six(isYes ? zeroUsd : paid),
    revenue: centsOf(revenue),
    settled_time: iso(at),
    fee_cost: six(fees),
  }
}
