import { z } from 'zod'

import { parseDecimal } from '../../core/decimal.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'

/**
 * What the venue says of one order it was sent.
 *
 * `matched`: filled at once, in whole or in part; the amounts say how much, the user channel says
 * at which prices. `delayed`: held before matching; the answer comes on the user channel.
 * `unclear`: the answer fits nothing we know, so the order may be live.
 */
export type OrderVerdict =
  | { readonly kind: 'live'; readonly id: string }
  | { readonly kind: 'delayed'; readonly id: string }
  | {
      readonly kind: 'matched'
      readonly id: string
      /** What we got and gave, in millionths of shares or dollars by side. */
      readonly taking: number
      readonly making: number
      readonly tradeIds: readonly string[]
    }
  | { readonly kind: 'rejected'; readonly reason: OrderRefusal; readonly text: string }
  | { readonly kind: 'unclear'; readonly text: string }

/**
 * Why the venue refused, as a metric label. The words behind it: docs/venues/polymarket.md, 3.9.
 */
export type OrderRefusal =
  | 'killed'
  | 'post-only-would-cross'
  | 'post-only-mode'
  | 'balance'
  | 'tick-size'
  | 'size-too-small'
  | 'precision'
  | 'duplicate'
  | 'market-not-ready'
  | 'not-allowed'
  | 'signature'
  | 'expiration'
  | 'unmatched'
  | 'other'

const text = z.string().nullish()

const placedOrder = z.object({
  success: z.boolean().optional(),
  error: text,
  errorMsg: text,
  orderID: text,
  status: text,
  makingAmount: text,
  takingAmount: text,
  tradeIDs: z.array(z.string()).nullish(),
})

type PlacedOrder = z.infer<typeof placedOrder>

/** Reads the answer to `POST /order`, or one item of the answer to `POST /orders`. */
export function readVerdict(body: unknown): OrderVerdict {
  const parsed = placedOrder.safeParse(body)
  if (!parsed.success) return { kind: 'unclear', text: 'the answer has another shape' }

  const answer = parsed.data
  const complaint = answer.error || answer.errorMsg || ''
  // An item of a batch may say success and carry an error all the same.
  if (complaint !== '') return { kind: 'rejected', reason: refusalOf(complaint), text: complaint }
  if (answer.success !== true || !answer.orderID) {
    return { kind: 'unclear', text: `status ${answer.status ?? 'none'} without an order id` }
  }
  return accepted(answer, answer.orderID)
}

function accepted(answer: PlacedOrder, id: string): OrderVerdict {
  switch (answer.status?.toLowerCase()) {
    case 'live':
      return { kind: 'live', id }
    case 'delayed':
      return { kind: 'delayed', id }
    case 'unmatched':
      // Its delay ended without a match; the documents and the client disagree on whether it rests.
      return { kind: 'unclear', text: 'unmatched' }
    case 'matched': {
      const taking = parseDecimal(answer.takingAmount ?? '', 6)
      const making = parseDecimal(answer.makingAmount ?? '', 6)
      if (taking === undefined || making === undefined) {
        return { kind: 'unclear', text: 'matched without amounts' }
      }
      return { kind: 'matched', id, taking, making, tradeIds: answer.tradeIDs ?? [] }
    }
    default:
      return { kind: 'unclear', text: `status ${answer.status ?? 'none'}` }
  }
}

/** Where the words are exact in the venue's own client, they are compared whole. */
const exactRefusals: ReadonlyMap<string, OrderRefusal> = new Map([
  ["order couldn't be fully filled. FOK orders are fully filled or killed.", 'killed'],
  [
    'no orders found to match with FAK order. FAK orders are partially filled or killed if no match is found.',
    'killed',
  ],
  ['FOK orders are filled or killed', 'killed'],
  ['there are no matching orders', 'killed'],
  ['invalid post-only order: order crosses book', 'post-only-would-cross'],
  ['post-only mode: only post-only orders and cancels are allowed', 'post-only-mode'],
  ['invalid expiration', 'expiration'],
  ['invalid signature', 'signature'],
  ['order_version_mismatch', 'signature'],
  ['the market is not yet ready to process new orders', 'market-not-ready'],
  ['order match delayed due to market conditions', 'market-not-ready'],
])

const refusalPatterns: readonly (readonly [RegExp, OrderRefusal])[] = [
  [/not enough balance|allowance is not enough/, 'balance'],
  [/breaks minimum tick size rule/, 'tick-size'],
  [/lower than the minimum|min size: \$/, 'size-too-small'],
  [/^invalid amounts/, 'precision'],
  [/is invalid\. Duplicated\.$/, 'duplicate'],
  [/crosses the book$/, 'post-only-would-cross'],
  [/address banned|closed only mode|maker address not allowed|owner of the API KEY/, 'not-allowed'],
  [/trading is currently (disabled|cancel-only)/i, 'market-not-ready'],
]

export function refusalOf(words: string): OrderRefusal {
  const exact = exactRefusals.get(words)
  if (exact !== undefined) return exact
  return refusalPatterns.find(([pattern]) => pattern.test(words))?.[1] ?? 'other'
}

/** A matched order's shares and money, by its side. */
export function matchedAmounts(
  side: 'buy' | 'sell',
  verdict: Extract<OrderVerdict, { kind: 'matched' }>,
): { readonly size: MicroShares; readonly notional: MicroUsd } {
  return side === 'buy'
    ? { size: verdict.taking as MicroShares, notional: verdict.making as MicroUsd }
    : { size: verdict.making as MicroShares, notional: verdict.taking as MicroUsd }
}
