import { z } from 'zod'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultDelays, faultRates } from '../faults.ts'
import type { ApiReply, ApiRequest, Route } from '../http-host.ts'
import { found, refused } from '../http-host.ts'
import type { ApiKey, ApiKeys } from './api-keys.ts'
import { badKey, readApiKey } from './authenticate.ts'
import type { DeskOrder } from './desk-order.ts'
import type { OrderDesk } from './order-desk.ts'
import type { IntakeAnswer, OrderIntake } from './order-intake.ts'
import type { BucketName, SignerBuckets } from './signer-buckets.ts'
import type { TradingStatus } from './trading-status.ts'
import { postOnlyWords } from './trading-status.ts'

export type OrderRouteParts = {
  readonly keys: ApiKeys
  readonly intake: OrderIntake
  readonly desk: OrderDesk
  readonly status: TradingStatus
  readonly buckets: SignerBuckets
  readonly faults: Faults
  readonly timers: ExchangeTimers
  /** Breaks the user channels. */
  readonly cut: () => void
}

const batchMax = 15
/** The documents say 1000, the clients 3000. docs/venues/polymarket.md, 3.6. */
const cancelMax = 1000

const CancelSchema = z.object({ orderID: z.string() })
const CancelManySchema = z.array(z.string())
const CancelMarketSchema = z.object({
  market: z.string().optional(),
  asset_id: z.string().optional(),
})

/** The calls that place and cancel orders. docs/venues/polymarket.md, 3.4 to 3.6. */
export function orderRoutes(parts: OrderRouteParts): readonly Route[] {
  const { keys, desk, status } = parts
  const signed = (
    method: Route['method'],
    path: string,
    answer: (key: ApiKey, request: ApiRequest) => ApiReply | Promise<ApiReply>,
  ): Route => ({
    method,
    path,
    answer: async (request) => {
      const key = readApiKey(request, keys)
      if (key === undefined) return badKey
      const isLost = strikesLine(parts)
      return endOf(parts, await answer(key, request), isLost)
    },
  })
  const cancelling = (
    path: string,
    pick: (key: ApiKey, request: ApiRequest) => readonly string[] | ApiReply,
  ): Route =>
    signed('DELETE', path, (key, request) => {
      const down = status.refusesAll()
      if (down !== undefined) return down
      const ids = pick(key, request)
      if (!isList(ids)) return ids
      return admitted(parts, key, 'cancels', Math.max(1, ids.length), () =>
        found(cancelAll(desk, key, ids)),
      )
    })
  return [
    signed('POST', '/order', (key, request) => placeOne(parts, key, request)),
    signed('POST', '/orders', (key, request) => placeMany(parts, key, request)),
    cancelling('/order', (_, { body }) => {
      const parsed = CancelSchema.safeParse(parseJson(body))
      return parsed.success ? [parsed.data.orderID] : refused(400, 'Invalid orderID')
    }),
    cancelling('/orders', (_, { body }) => {
      const parsed = CancelManySchema.safeParse(parseJson(body))
      if (!parsed.success) return refused(400, 'Invalid orderID')
      if (parsed.data.length <= cancelMax) return parsed.data
      return refused(400, `Too many orders in payload, max allowed: ${cancelMax}`)
    }),
    cancelling('/cancel-all', (key) => idsOf(desk, key, () => true)),
    cancelling('/cancel-market-orders', (key, { body }) => {
      const parsed = CancelMarketSchema.safeParse(parseJson(body === '' ? '{}' : body))
      if (!parsed.success) return refused(400, 'Invalid order payload')
      const { market, asset_id: asset } = parsed.data
      return idsOf(desk, key, (order) => {
        if (market !== undefined && order.market.listing.conditionId !== market) return false
        return asset === undefined || order.token === asset
      })
    }),
  ]
}

async function placeOne(
  parts: OrderRouteParts,
  key: ApiKey,
  { body }: ApiRequest,
): Promise<ApiReply> {
  const down = parts.status.refusesOrders()
  if (down !== undefined) return down
  return admitted(parts, key, 'orders', 1, async () => {
    const answer = await parts.intake.submit(key, parseJson(body))
    if (answer.kind === 'taken') return found(answer.body)
    return answer.error === postOnlyWords ? parts.status.refusesTaker() : refused(400, answer.error)
  })
}

async function placeMany(
  parts: OrderRouteParts,
  key: ApiKey,
  { body }: ApiRequest,
): Promise<ApiReply> {
  const down = parts.status.refusesOrders()
  if (down !== undefined) return down
  const items = z.array(z.unknown()).min(1).safeParse(parseJson(body))
  if (!items.success) return refused(400, 'Invalid order payload')
  const { length } = items.data
  if (length > batchMax) {
    return refused(400, `Too many orders in payload: ${length}, max allowed: ${batchMax}`)
  }
  return admitted(parts, key, 'orders', length, async () => {
    const answers = await Promise.all(items.data.map((item) => parts.intake.submit(key, item)))
    return found(answers.map(batchItem))
  })
}

/** One verdict of a batch: a refusal may well say "success". 3.5. */
function batchItem(answer: IntakeAnswer): unknown {
  if (answer.kind === 'taken') return answer.body
  return {
    errorMsg: answer.error,
    orderID: '',
    takingAmount: '',
    makingAmount: '',
    status: '',
    success: answer.error === postOnlyWords,
  }
}

/** Answers when the signer may do as much now, and otherwise says how long to wait. 1.3. */
async function admitted(
  { buckets, faults }: OrderRouteParts,
  key: ApiKey,
  name: BucketName,
  count: number,
  answer: () => ApiReply | Promise<ApiReply>,
): Promise<ApiReply> {
  const isShut = name === 'orders' && faults.strikes('signer-limit', faultRates.signerLimit)
  const admission = buckets.take(key.address, name, isShut ? Number.POSITIVE_INFINITY : count)
  if (admission.kind === 'refused') return admission.reply
  const reply = await answer()
  return { ...reply, headers: { ...admission.headers, ...reply.headers } }
}

/** Whether the answer will be lost. A line that breaks mostly takes the user channel with it. */
function strikesLine({ cut, faults }: OrderRouteParts): boolean {
  const isLost = faults.strikes('lost-reply', faultRates.lostReply)
  if (isLost && faults.strikes('lost-reply', faultRates.lostChannel)) cut()
  return isLost
}

/** What happened has happened; its answer may be late, or lost. */
async function endOf(
  { faults, timers }: OrderRouteParts,
  reply: ApiReply,
  isLost: boolean,
): Promise<ApiReply> {
  if (faults.strikes('late-reply', faultRates.lateReply)) {
    const delayMs = faults.delayMs(faultDelays.lateReply)
    await new Promise<void>((resolve) => {
      timers.after(delayMs, resolve)
    })
  }
  return isLost ? { ...reply, isLost: true } : reply
}

function cancelAll(desk: OrderDesk, key: ApiKey, ids: readonly string[]): unknown {
  const canceled: string[] = []
  const notCanceled: Record<string, string> = {}
  for (const id of new Set(ids)) {
    const order = desk.order(id)
    // Another key's order is as good as none.
    const reason =
      order !== undefined && order.owner !== key.id
        ? 'Order not found or already canceled'
        : desk.cancel(id, 'CANCELED')
    if (reason === undefined) canceled.push(id)
    else notCanceled[id] = reason
  }
  return { canceled, not_canceled: notCanceled }
}

function idsOf(
  desk: OrderDesk,
  key: ApiKey,
  wanted: (order: DeskOrder) => boolean,
): readonly string[] {
  return desk
    .orders()
    .filter((order) => order.owner === key.id && order.status === 'LIVE' && wanted(order))
    .map(({ id }) => id)
}

function isList(value: readonly string[] | ApiReply): value is readonly string[] {
  return Array.isArray(value)
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
