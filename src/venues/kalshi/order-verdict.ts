import { z } from 'zod'
import type { MicroShares } from '../../core/units.ts'
import { count } from './wire.ts'

/**
 * What the venue says of one order it was sent.
 *
 * - `accepted`: it is in; what is filled and what is left say how it stands.
 * - `rejected`: nothing happened, and nothing will.
 * - `closed`: nothing happened, since the venue takes no orders now.
 * - `duplicate`: our name of it was used before. By this order or by another, only a read can tell.
 * - `unclear`: the answer decides nothing, so the order may be live.
 */
export type OrderVerdict =
  | {
      readonly kind: 'accepted'
      readonly id: string
      readonly filled: MicroShares
      readonly remaining: MicroShares
    }
  | { readonly kind: 'rejected'; readonly reason: OrderRefusal; readonly text: string }
  | { readonly kind: 'closed'; readonly reason: string }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'unclear'; readonly text: string }

/** Why the venue refused, as a metric label. The words behind it: docs/venues/kalshi.md, 4.5. */
export type OrderRefusal =
  | 'killed'
  | 'post-only-would-cross'
  | 'balance'
  | 'tick-size'
  | 'size-too-small'
  | 'expiration'
  | 'self-trade'
  | 'market-not-ready'
  | 'order-group-limit'
  | 'risk-limit'
  | 'not-allowed'
  | 'rate-limited'
  | 'invalid'
  | 'other'

const accepted = z.object({
  order_id: z.string().min(1),
  fill_count: count,
  remaining_count: count,
})

const complaint = z.object({
  code: z.string().nullish(),
  message: z.string().nullish(),
  details: z.string().nullish(),
})
/** Three forms occur: nested, flat, and a bare word. docs/venues/kalshi.md, 4.5. */
const failure = z.union([z.object({ error: z.union([complaint, z.string()]) }), complaint])

/** Reads the answer to a new order. */
export function readVerdict(status: number, body: unknown): OrderVerdict {
  if (status === 429) return { kind: 'rejected', reason: 'rate-limited', text: 'HTTP 429' }
  if (status === 401 || status === 403) {
    return { kind: 'rejected', reason: 'not-allowed', text: wordsOf(body).join(': ') }
  }
  if (status >= 200 && status < 300) return acceptedOf(body)

  const said = refusalOf(wordsOf(body))
  if (said !== undefined) return said
  const text = `HTTP ${status} ${wordsOf(body).join(': ')}`.trim()
  // What is wrong with the call itself is a refusal. A conflict that we do not know may be with
  // the very order we sent, and a venue that is not well may have taken it first.
  const isRefusal = status >= 400 && status < 500 && status !== 408 && status !== 409
  return isRefusal ? { kind: 'rejected', reason: 'other', text } : { kind: 'unclear', text }
}

const batchItem = z.object({
  client_order_id: z.string().nullish(),
  error: z.unknown().optional(),
})
const batch = z.object({ orders: z.array(z.unknown()) })

/**
 * Reads the answer to a batch: a verdict for each of the orders it was sent, in their order.
 *
 * Each item stands by itself, and says our name of the order it is about. One that is not
 * answered may be live. docs/venues/kalshi.md, 4.2.
 */
export function readBatchVerdicts(
  status: number,
  body: unknown,
  clientIds: readonly string[],
): readonly OrderVerdict[] {
  const items = status >= 200 && status < 300 ? batch.safeParse(body).data?.orders : undefined
  // The batch as a whole was refused, or lost.
  if (items === undefined) return clientIds.map(() => readVerdict(status, body))

  const byName = new Map<string, unknown>()
  for (const [index, item] of items.entries()) {
    const named = batchItem.safeParse(item).data?.client_order_id ?? ''
    const isWhole = items.length === clientIds.length
    const name = named === '' && isWhole ? clientIds[index] : named
    if (name !== undefined && !byName.has(name)) byName.set(name, item)
  }
  return clientIds.map((id) => itemVerdict(byName.get(id)))
}

function itemVerdict(item: unknown): OrderVerdict {
  const error = batchItem.safeParse(item).data?.error
  if (error === undefined || error === null) return acceptedOf(item)
  const words = wordsOf({ error })
  return refusalOf(words) ?? { kind: 'unclear', text: words.join(': ') }
}

/** A good answer without an id is none: what it means, the venue must be asked. 11. */
function acceptedOf(body: unknown): OrderVerdict {
  const { data } = accepted.safeParse(body)
  if (data === undefined) return { kind: 'unclear', text: 'accepted, and no order in the answer' }
  const { order_id: id, fill_count: filled, remaining_count: remaining } = data
  return { kind: 'accepted', id, filled, remaining }
}

/** What an error says: its code, its details, its message. */
function wordsOf(body: unknown): readonly string[] {
  const { data } = failure.safeParse(body)
  if (data === undefined) return []
  const said = 'error' in data ? data.error : data
  if (typeof said === 'string') return [said]
  return [said.code, said.details, said.message].flatMap((word) => word ?? [])
}

function refusalOf(words: readonly string[]): OrderVerdict | undefined {
  const text = words.join(': ')
  // The details of an `invalid_order` say more than its code does.
  const names = words.map((word) =>
    word
      .trim()
      .toLowerCase()
      .replaceAll(/[\s-]+/g, '_'),
  )
  for (const name of [...names.slice(1), ...names.slice(0, 1)]) {
    if (name === 'order_already_exists') return { kind: 'duplicate' }
    if (closedWords.has(name)) return { kind: 'closed', reason: name.replaceAll('_', '-') }
    if (unclearWords.has(name)) return { kind: 'unclear', text }
    const reason = refusals.get(name)
    if (reason !== undefined && reason !== 'invalid') return { kind: 'rejected', reason, text }
  }
  const reason = names.includes('invalid_order') || names.includes('invalid_parameters')
  return reason ? { kind: 'rejected', reason: invalidity(text), text } : undefined
}

/** The venue's pauses. docs/venues/kalshi.md, 1.4 and 4.5. */
const closedWords: ReadonlySet<string> = new Set(['exchange_paused', 'trading_paused'])
/** Outcomes that nobody knows. docs/venues/kalshi.md, 4.5. */
const unclearWords: ReadonlySet<string> = new Set([
  'exchange_unavailable',
  'internal_server_error',
  'internal_error',
])

/** Codes of the REST API and their twins in capitals. docs/venues/kalshi.md, 4.5. */
const refusals: ReadonlyMap<string, OrderRefusal> = new Map([
  ['fill_or_kill_insufficient_resting_volume', 'killed'],
  ['immediate_or_cancel_insufficient_resting_volume', 'killed'],
  ['post_only_cross', 'post-only-would-cross'],
  ['insufficient_balance', 'balance'],
  ['available_balance_too_low', 'balance'],
  ['invalid_price_tick', 'tick-size'],
  ['invalid_order_size', 'size-too-small'],
  ['self_cross_attempt', 'self-trade'],
  ['market_inactive', 'market-not-ready'],
  ['market_already_closed', 'market-not-ready'],
  ['market_not_found', 'market-not-ready'],
  ['not_found', 'market-not-ready'],
  ['order_group_not_found', 'order-group-limit'],
  ['exceeded_order_group_risk_limit', 'order-group-limit'],
  ['exceeded_per_market_risk_limit', 'risk-limit'],
  ['too_many_requests', 'rate-limited'],
])

/** An `invalid_order` says only in words what is wrong with it. */
function invalidity(text: string): OrderRefusal {
  if (/expiration/i.test(text)) return 'expiration'
  return /price.*\b(tick|grid|step)\b/i.test(text) ? 'tick-size' : 'invalid'
}

/** What became of a cancel. */
export type CancelVerdict =
  /** The order is over; so much of it was still open. */
  | { readonly kind: 'cancelled'; readonly reducedBy: MicroShares }
  /** Not there: mostly it was filled or cancelled before. docs/venues/kalshi.md, 4.6. */
  | { readonly kind: 'not-there' }
  | { readonly kind: 'unclear' }

const reduced = z.object({ reduced_by: count })

export function readCancelVerdict(status: number, body: unknown): CancelVerdict {
  if (status === 404) return { kind: 'not-there' }
  const { data } = reduced.safeParse(body)
  const isDone = status >= 200 && status < 300 && data !== undefined
  return isDone ? { kind: 'cancelled', reducedBy: data.reduced_by } : { kind: 'unclear' }
}

const cancelItem = z.object({ order_id: z.string(), error: z.unknown().optional() })

/** A verdict for each order of a batch of cancels, by the venue's name of it. */
export function readBatchCancels(
  status: number,
  body: unknown,
): ReadonlyMap<string, CancelVerdict> {
  const items = status >= 200 && status < 300 ? batch.safeParse(body).data?.orders : undefined
  const verdicts = new Map<string, CancelVerdict>()
  for (const item of items ?? []) {
    const { data } = cancelItem.safeParse(item)
    if (data === undefined) continue
    const hasFailed = data.error !== undefined && data.error !== null
    const isGone = hasFailed && wordsOf({ error: data.error }).includes('not_found')
    verdicts.set(
      data.order_id,
      isGone ? { kind: 'not-there' } : readCancelVerdict(hasFailed ? 500 : 200, item),
    )
  }
  return verdicts
}
