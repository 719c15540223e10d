import { z } from 'zod'
import { parseDecimal } from '../../core/decimal.ts'
import type { MicroShares } from '../../core/units.ts'
import { zeroShares } from '../../core/units.ts'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultDelays, faultRates } from '../faults.ts'
import type { ApiReply, ApiRequest, Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { World } from '../world.ts'
import type { Accounts } from './accounts.ts'
import type { ExchangeState } from './exchange-mode.ts'
import { contracts } from './fixed-point.ts'
import type { Complaint, KalshiDesk } from './kalshi-desk.ts'
import type { KalshiOrder } from './kalshi-order.ts'
import { createdJson } from './kalshi-order.ts'
import { apiPath, marketOf } from './listing-routes.ts'
import type { OrderGroup } from './order-groups.ts'
import { parseAmend, parseDecrease, parseOrderRequest } from './order-request.ts'

export type KalshiOrderParts = {
  readonly world: World
  readonly accounts: Accounts
  readonly desk: KalshiDesk
  readonly faults: Faults
  readonly timers: ExchangeTimers
  readonly state: ExchangeState
  /** Breaks the channels of accounts. */
  readonly cut: () => void
  /** A group was made, met its limit, was reset, or ended. */
  readonly onGroup: (group: OrderGroup, event: string) => void
}

/** Whose call it is: the gate before it has checked the signature. */
type Answer = (keyId: string, request: ApiRequest) => ApiReply

/** The code of a pause over REST is not known; on FIX it is this one in capitals. 4.5. */
const pausedReply = (code: string): ApiReply => ({
  status: 409,
  body: { error: { code, message: code.replaceAll('_', ' ') } },
})

const unservedReply: ApiReply = { status: 503, body: { error: { code: 'exchange_unavailable' } } }
const failedReply: ApiReply = { status: 500, body: { error: { code: 'internal_server_error' } } }

const notFound: Complaint = { status: 404, code: 'not_found' }
const badBody: Complaint = { status: 400, code: 'invalid_parameters' }

const BatchSchema = z.object({ orders: z.array(z.unknown()).min(1) })
const CancelItemSchema = z.object({
  order_id: z.string(),
  market_ticker: z.string().optional(),
  exchange_index: z.number().int().optional(),
})
const LimitSchema = z.object({
  contracts_limit: z.number().int().optional(),
  contracts_limit_fp: z.string().optional(),
})

/** Everything that writes orders. docs/venues/kalshi.md, 4.2 and 4.3. */
export function kalshiOrderRoutes(parts: KalshiOrderParts): readonly Route[] {
  const signed = (method: Route['method'], path: string, answer: Answer): Route => ({
    method,
    path: `${apiPath}/portfolio${path}`,
    answer: (request) => {
      const identity = parts.accounts.identify(request)
      if (identity.kind !== 'account') return complain({ ...badBody, code: 'unauthorized' })
      return method === 'GET'
        ? answer(identity.account.keyId, request)
        : write(parts, request, () => answer(identity.account.keyId, request))
    },
  })
  const { desk } = parts
  return [
    signed('POST', '/events/orders/batched', (keyId, { body }) => createMany(parts, keyId, body)),
    signed('DELETE', '/events/orders/batched', (keyId, { body }) => cancelMany(desk, keyId, body)),
    signed('POST', '/events/orders/:id/amend', (keyId, request) => amend(desk, keyId, request)),
    signed('POST', '/events/orders/:id/decrease', (keyId, request) =>
      decrease(desk, keyId, request),
    ),
    signed('POST', '/events/orders', (keyId, { body }) => createOne(parts, keyId, body)),
    signed('DELETE', '/events/orders', (keyId) => {
      for (const order of desk.ordersOf(keyId)) {
        if (order.market.isOpen) desk.cancel(order, undefined)
      }
      return found({})
    }),
    signed('DELETE', '/events/orders/:id', (keyId, { params }) => {
      const reply = cancelOne(desk, keyId, params['id'] ?? '')
      return 'code' in reply ? complain(reply) : found(reply)
    }),
    ...groupRoutes(parts, signed),
  ]
}

function groupRoutes(
  { desk, onGroup }: KalshiOrderParts,
  signed: (method: Route['method'], path: string, answer: Answer) => Route,
): readonly Route[] {
  const one = (
    method: Route['method'],
    path: string,
    answer: (group: OrderGroup, request: ApiRequest) => ApiReply,
  ): Route =>
    signed(method, `/order_groups/:id${path}`, (keyId, request) => {
      const group = desk.groups.find(keyId, request.params['id'] ?? '')
      return group === undefined ? complain(notFound) : answer(group, request)
    })
  return [
    signed('POST', '/order_groups/create', (keyId, { body }) => {
      const limit = parseLimit(body)
      if (limit === undefined) return complain(badBody)
      const group = desk.groups.create(keyId, limit)
      onGroup(group, 'created')
      return { status: 201, body: { order_group_id: group.id, subaccount: 0, exchange_index: 0 } }
    }),
    signed('GET', '/order_groups', (keyId) =>
      found({
        order_groups: desk.groups
          .of(keyId)
          .map(({ id, isTriggered }) => ({ id, is_auto_cancel_enabled: !isTriggered })),
      }),
    ),
    one('GET', '', (group) =>
      found({
        is_auto_cancel_enabled: !group.isTriggered,
        contracts_limit_fp: contracts(group.limit),
        orders: desk
          .ordersOf(group.keyId)
          .filter(({ request, status }) => request.group === group.id && status === 'resting')
          .map(({ id }) => id),
        exchange_index: 0,
      }),
    ),
    one('DELETE', '', (group) => {
      desk.trigger(group)
      desk.groups.remove(group)
      onGroup(group, 'deleted')
      return found({})
    }),
    one('PUT', '/reset', (group) => {
      desk.groups.reset(group)
      onGroup(group, 'reset')
      return found({})
    }),
    one('PUT', '/trigger', (group) => {
      desk.trigger(group)
      return found({})
    }),
    one('PUT', '/limit', (group, { body }) => {
      const limit = parseLimit(body)
      if (limit === undefined) return complain(badBody)
      group.limit = limit
      onGroup(group, 'limit_updated')
      return found({})
    }),
  ]
}

/** Whole contracts, 1 to 1,000,000. docs/venues/kalshi.md, 4.3. */
function parseLimit(body: string): MicroShares | undefined {
  const { data } = LimitSchema.safeParse(parseJson(body))
  const text = data?.contracts_limit_fp ?? data?.contracts_limit?.toString()
  const value = text === undefined ? undefined : parseDecimal(text, 6)
  if (value === undefined || value < 1_000_000 || value > 1_000_000_000_000) return undefined
  return value % 1_000_000 === 0 ? (value as MicroShares) : undefined
}

function create(
  { world, desk }: KalshiOrderParts,
  keyId: string,
  value: unknown,
): KalshiOrder | Complaint {
  const request = parseOrderRequest(value)
  if (request === undefined) return badBody
  const market = marketOf(world, request.ticker)
  // A shard that is named must be the market's.
  const isHere = request.shard === undefined || request.shard <= 0
  if (market === undefined || !isHere) return notFound
  const outcome = desk.create(keyId, market, request)
  return outcome.kind === 'done' ? outcome.order : outcome.complaint
}

function createOne(parts: KalshiOrderParts, keyId: string, body: string): ApiReply {
  const made = create(parts, keyId, parseJson(body))
  return 'code' in made ? complain(made) : { status: 201, body: createdJson(made) }
}

/** Each item by itself: what one is refused does not touch the others. */
function createMany(parts: KalshiOrderParts, keyId: string, body: string): ApiReply {
  const { data } = BatchSchema.safeParse(parseJson(body))
  if (data === undefined) return complain(badBody)
  const orders = data.orders.map((item) => {
    const made = create(parts, keyId, item)
    if (!('code' in made)) return createdJson(made)
    const { data: named } = z.object({ client_order_id: z.string() }).safeParse(item)
    return { ...named, error: errorOf(made) }
  })
  return { status: 201, body: { orders } }
}

function cancelOne(desk: KalshiDesk, keyId: string, id: string): object | Complaint {
  const order = desk.orderOf(keyId, id)
  if (order?.status !== 'resting') return notFound
  // After the close nothing can be cancelled. docs/venues/kalshi.md, 3.2.
  if (!order.market.isOpen) return { status: 409, code: 'market_inactive' }
  const reduced = desk.cancel(order, undefined)
  return {
    order_id: id,
    client_order_id: order.request.clientOrderId ?? '',
    reduced_by: contracts(reduced),
    ts_ms: order.updatedAt,
  }
}

function cancelMany(desk: KalshiDesk, keyId: string, body: string): ApiReply {
  const { data } = z.object({ orders: z.array(CancelItemSchema) }).safeParse(parseJson(body))
  if (data === undefined) return complain(badBody)
  const orders = data.orders.map(({ order_id: id }) => {
    const reply = cancelOne(desk, keyId, id)
    if (!isComplaint(reply)) return reply
    return { order_id: id, reduced_by: contracts(zeroShares), error: errorOf(reply) }
  })
  return found({ orders })
}

function amend(desk: KalshiDesk, keyId: string, { params, body }: ApiRequest): ApiReply {
  const order = desk.orderOf(keyId, params['id'] ?? '')
  if (order?.status !== 'resting') return complain(notFound)
  const request = parseAmend(parseJson(body))
  if (request === undefined) return complain(badBody)
  const { ticker, side } = request
  if (ticker !== order.market.listing.conditionId) {
    return complain({ status: 400, code: 'order_ticker_mismatch' })
  }
  if (side !== order.request.side) return complain({ status: 400, code: 'order_side_mismatch' })
  const outcome = desk.amend(order, request)
  return outcome.kind === 'done' ? found(createdJson(outcome.order)) : complain(outcome.complaint)
}

function decrease(desk: KalshiDesk, keyId: string, { params, body }: ApiRequest): ApiReply {
  const order = desk.orderOf(keyId, params['id'] ?? '')
  if (order?.status !== 'resting') return complain(notFound)
  const remaining = parseDecrease(parseJson(body), order.remaining)
  if (remaining === undefined) return complain(badBody)
  desk.decrease(order, remaining)
  return found({
    order_id: order.id,
    client_order_id: order.request.clientOrderId ?? '',
    remaining_count: contracts(order.remaining),
    ts_ms: order.updatedAt,
  })
}

/** A write: refused in a pause, or spoilt, or done. */
function write(
  parts: KalshiOrderParts,
  { method, path }: ApiRequest,
  answer: () => ApiReply,
): ApiReply | Promise<ApiReply> {
  const { mode } = parts.state
  const isCancel = method === 'DELETE'
  const isOfGroup = path.includes('/order_groups')
  if (mode === 'exchange-paused') return pausedReply('exchange_paused')
  if (mode === 'trading-paused' && !isCancel && !isOfGroup) return pausedReply('trading_paused')

  const mishap = parts.state.nextMishap()
  if (mishap === 'limited') return { status: 429, body: { error: 'too many requests' } }
  if (mishap === 'unserved' || !parts.state.isReachable) return unservedReply
  const isLost = mishap === undefined && strikesLine(parts)
  const reply = answer()
  if (mishap === 'lost') return { ...reply, isLost: true }
  if (mishap === 'failed') return failedReply
  return endOf(parts, reply, isLost)
}

/** Whether the answer will be lost. A line that breaks mostly takes the channel with it. */
function strikesLine({ cut, faults }: KalshiOrderParts): boolean {
  const isLost = faults.strikes('lost-reply', faultRates.lostReply)
  if (isLost && faults.strikes('lost-reply', faultRates.lostChannel)) cut()
  return isLost
}

/** What happened has happened; its answer may be late, or lost. */
async function endOf(
  { faults, timers }: KalshiOrderParts,
  reply: ApiReply,
  isLost: boolean,
): Promise<ApiReply> {
  if (faults.strikes('late-reply', faultRates.lateReply)) {
    const delayMs = faults.delayMs(faultDelays.lateReply)
    await new Promise<void>((resolve) => {
      timers.after(delayMs, resolve)
    })
  }
  if (!isLost) return reply
  // A broken connection and an error of the server say the same: nothing.
  return faults.pick([{ ...reply, isLost: true }, failedReply])
}

function complain(complaint: Complaint): ApiReply {
  return { status: complaint.status, body: { error: errorOf(complaint) } }
}

function errorOf({ code, details }: Complaint): object {
  const message = code.replaceAll('_', ' ')
  return details === undefined ? { code, message } : { code, message, details }
}

function isComplaint(value: object): value is Complaint {
  return 'code' in value
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
