import { z } from 'zod'
import type { Approvals } from '../chain/approvals.ts'
import { contracts, sameCase } from '../chain/contracts.ts'
import type { Wallets } from '../chain/wallets.ts'
import { walletKinds } from '../chain/wallets.ts'
import type { Faults } from '../faults.ts'
import { faultRates } from '../faults.ts'
import type { ApiReply, ApiRequest, Route } from '../http-host.ts'
import { found, refused } from '../http-host.ts'
import type { ApiKey, ApiKeys } from './api-keys.ts'
import { badKey, badWalletHeaders, readApiKey, readWalletClaim } from './authenticate.ts'
import { isOpen } from './desk-order.ts'
import type { DeskTrade } from './desk-trade.ts'
import type { Heartbeats } from './heartbeats.ts'
import type { OrderDesk } from './order-desk.ts'
import { parseJson } from './order-routes.ts'
import type { Purses } from './purses.ts'
import { openOrderRow, tradeRow } from './user-messages.ts'

export type AccountRouteParts = {
  readonly keys: ApiKeys
  readonly wallets: Wallets
  readonly approvals: Approvals
  readonly desk: OrderDesk
  readonly purses: Purses
  readonly heartbeats: Heartbeats
  readonly faults: Faults
}

const pageRows = 100
const lastCursor = 'LTE='

/** Keys, reads, balances and the heartbeat. docs/venues/polymarket.md, 1.4, 3.7, 3.8 and 6. */
export function accountRoutes(parts: AccountRouteParts): readonly Route[] {
  const signed = (
    method: Route['method'],
    path: string,
    answer: (key: ApiKey, request: ApiRequest) => ApiReply,
  ): Route => ({
    method,
    path,
    answer: (request) => {
      const key = readApiKey(request, parts.keys)
      return key === undefined ? badKey : answer(key, request)
    },
  })
  return [
    ...keyRoutes(parts.keys),
    signed('GET', '/auth/api-keys', ({ address }) =>
      found({ apiKeys: parts.keys.of(address).map(({ id }) => id) }),
    ),
    signed('DELETE', '/auth/api-key', (key) => {
      parts.keys.remove(key)
      return found('OK')
    }),
    signed('GET', '/auth/ban-status/closed-only', () => found({ closed_only: false })),
    signed('GET', '/data/orders', (key, { query }) => openOrders(parts.desk, key, query)),
    signed('GET', '/data/order/:id', (key, { params }) => {
      const order = parts.desk.order(params['id'] ?? '')
      const isShown = order !== undefined && order.owner === key.id && isOpen(order)
      return found(isShown ? openOrderRow(order) : null)
    }),
    signed('GET', '/data/trades', (key, { query }) => trades(parts.desk, key, query)),
    signed('GET', '/balance-allowance', (key, request) => balance(parts, key, request, 'read')),
    signed('GET', '/balance-allowance/update', (key, request) =>
      balance(parts, key, request, 'refresh'),
    ),
    signed('POST', '/v1/heartbeats', (key, { body }) => heartbeat(parts, key, body)),
    signed('POST', '/heartbeats', (key) => {
      parts.heartbeats.feed(key.id)
      return found({ status: 'ok' })
    }),
    signed('GET', '/order-scoring', (_, { query }) =>
      found({ scoring: parts.desk.order(query.get('order_id') ?? '')?.status === 'LIVE' }),
    ),
    signed('POST', '/orders-scoring', (_, { body }) => {
      const ids = z.array(z.string()).safeParse(parseJson(body))
      if (!ids.success) return refused(400, 'Invalid orderID')
      const scores = ids.data.map((id) => [id, parts.desk.order(id)?.status === 'LIVE'])
      return found(Object.fromEntries(scores))
    }),
  ]
}

function keyRoutes(keys: ApiKeys): readonly Route[] {
  const claimed = (
    method: Route['method'],
    path: string,
    answer: (address: string, nonce: string) => ApiReply,
  ): Route => ({
    method,
    path,
    answer: async (request) => {
      const claim = await readWalletClaim(request)
      return claim === undefined ? badWalletHeaders : answer(claim.address, claim.nonce)
    },
  })
  return [
    claimed('POST', '/auth/api-key', (address, nonce) =>
      keyReply(keys.create(address, nonce), 'Could not create api key'),
    ),
    claimed('GET', '/auth/derive-api-key', (address, nonce) =>
      keyReply(keys.derive(address, nonce), 'Could not derive api key!'),
    ),
  ]
}

function keyReply(key: ApiKey | undefined, complaint: string): ApiReply {
  if (key === undefined) return refused(400, complaint)
  return found({ apiKey: key.id, secret: key.secret, passphrase: key.passphrase })
}

function openOrders(desk: OrderDesk, key: ApiKey, query: URLSearchParams): ApiReply {
  const [id, market, asset] = [query.get('id'), query.get('market'), query.get('asset_id')]
  const rows = desk.orders().filter((order) => {
    if (order.owner !== key.id || !isOpen(order)) return false
    if (id !== null && order.id !== id) return false
    if (market !== null && order.market.listing.conditionId !== market) return false
    return asset === null || order.token === asset
  })
  return page(rows, query, openOrderRow)
}

function trades(desk: OrderDesk, key: ApiKey, query: URLSearchParams): ApiReply {
  const [id, market, asset] = [query.get('id'), query.get('market'), query.get('asset_id')]
  const before = Number(query.get('before') ?? Number.MAX_SAFE_INTEGER)
  const after = Number(query.get('after') ?? 0)
  const rows = desk.trades().filter((trade) => {
    const seconds = Math.floor(trade.matchedAt / 1000)
    if (!isPartyTo(trade, key.id) || seconds < after || seconds > before) return false
    if (id !== null && trade.id !== id) return false
    if (market !== null && trade.market.listing.conditionId !== market) return false
    return asset === null || tokensOf(trade).includes(asset)
  })
  return page(rows, query, (trade) => tradeRow(trade, key.id))
}

export function isPartyTo({ taker, makers }: DeskTrade, owner: string): boolean {
  return taker.owner === owner || makers.some(({ party }) => party.owner === owner)
}

function tokensOf({ market, outcome, makers }: DeskTrade): readonly string[] {
  const { tokens } = market.listing
  return [tokens[outcome], ...makers.map((part) => tokens[part.outcome])]
}

function page<Row>(
  rows: readonly Row[],
  query: URLSearchParams,
  write: (row: Row) => unknown,
): ApiReply {
  const cursor = query.get('next_cursor') ?? ''
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64').toString('utf8'))
  if (cursor === lastCursor || !Number.isSafeInteger(start) || start < 0) {
    return found({ limit: pageRows, count: 0, next_cursor: lastCursor, data: [] })
  }
  const shown = rows.slice(start, start + pageRows)
  const end = start + shown.length
  const next = end >= rows.length ? lastCursor : Buffer.from(String(end)).toString('base64')
  return found({
    limit: pageRows,
    count: shown.length,
    next_cursor: next,
    data: shown.map(write),
  })
}

function balance(
  { wallets, approvals, purses }: AccountRouteParts,
  key: ApiKey,
  { query }: ApiRequest,
  what: 'read' | 'refresh',
): ApiReply {
  const kind = walletKinds[Number(query.get('signature_type') ?? 0)]
  const wallet =
    kind === 'eoa' ? key.address : wallets.of(key.address).find((one) => one.kind === kind)?.address
  const type = query.get('asset_type')
  const token = query.get('token_id') ?? ''
  if (type !== 'COLLATERAL' && token === '') return refused(400, 'Invalid asset type')
  if (wallet === undefined) return found({ balance: '0', allowances: {} })

  const isMoney = type === 'COLLATERAL'
  if (what === 'refresh') purses.refresh(wallet, isMoney ? undefined : token)
  const amount = isMoney ? purses.usd(wallet) : purses.tokens(wallet, token)
  const spenders = [contracts.exchange, contracts.negRiskExchange]
  const allowances = spenders.map((spender) => {
    if (isMoney) return [spender, String(approvals.allowance(wallet, spender))]
    return [spender, approvals.isApprovedForAll(sameCase(wallet), spender) ? '1' : '0']
  })
  return found({
    balance: String(Math.max(0, amount)),
    allowances: Object.fromEntries(allowances) as Record<string, string>,
  })
}

const HeartbeatSchema = z.object({ heartbeat_id: z.string().nullish() })

function heartbeat({ heartbeats, faults }: AccountRouteParts, key: ApiKey, body: string): ApiReply {
  const parsed = HeartbeatSchema.safeParse(parseJson(body === '' ? '{}' : body))
  if (!parsed.success) return refused(400, 'Invalid Heartbeat ID')
  // Lost on its way in: the sender hears nothing, and the switch is not fed.
  if (faults.strikes('heartbeat-lost', faultRates.heartbeatLost)) {
    return { status: 504, body: null, isLost: true }
  }
  const { kind, id } = heartbeats.beat(key.id, parsed.data.heartbeat_id ?? '')
  if (kind === 'beaten') return found({ heartbeat_id: id })
  return { status: 400, body: { error_msg: 'Invalid Heartbeat ID', heartbeat_id: id } }
}
