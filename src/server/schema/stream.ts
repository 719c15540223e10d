import { z } from 'zod'
import type { Basket } from './basket.ts'
import { basket } from './basket.ts'
import type { MarketBooks } from './market.ts'
import { marketBooks } from './market.ts'
import type { Operation } from './operation.ts'
import { operation } from './operation.ts'
import type { Opportunity } from './opportunity.ts'
import { opportunity } from './opportunity.ts'
import type { Fill, Position } from './portfolio.ts'
import { fill, position } from './portfolio.ts'
import type { RunStatus, StatusChange } from './run-status.ts'
import { runStatus, statusChange } from './run-status.ts'
import { count } from './scalars.ts'

/** What a watcher knows of a run at one number of the stream. Lists have the latest first. */
export type RunState = {
  readonly status: RunStatus
  readonly opportunities: readonly Opportunity[]
  readonly baskets: readonly Basket[]
  readonly fills: readonly Fill[]
  readonly operations: readonly Operation[]
  readonly positions: readonly Position[]
}
export const runState: z.ZodType<RunState> = z
  .object({
    status: runStatus,
    opportunities: z.array(opportunity),
    baskets: z.array(basket),
    fills: z.array(fill),
    operations: z.array(operation),
    positions: z.array(position),
  })
  .meta({ id: 'RunState' })

/**
 * What has changed since the number before. What is in a list is new or replaces what had its id;
 * `gone` names what was dropped from the end. Positions come as a whole.
 */
export type RunChange = {
  readonly status?: StatusChange | undefined
  readonly opportunities?: readonly Opportunity[] | undefined
  readonly baskets?: readonly Basket[] | undefined
  readonly fills?: readonly Fill[] | undefined
  readonly operations?: readonly Operation[] | undefined
  readonly positions?: readonly Position[] | undefined
  readonly gone?: readonly string[] | undefined
}
export const runChange: z.ZodType<RunChange> = z
  .object({
    status: statusChange.optional(),
    opportunities: z.array(opportunity).optional(),
    baskets: z.array(basket).optional(),
    fills: z.array(fill).optional(),
    operations: z.array(operation).optional(),
    positions: z.array(position).optional(),
    gone: z.array(z.string()).optional(),
  })
  .meta({ id: 'RunChange' })

/**
 * What the server sends.
 *
 * `resumed` answers a watcher that named the number it has: the changes since then follow. `books`
 * have no number: they are the latest of the markets this watcher looks at.
 */
export type StreamMessage =
  | {
      readonly kind: 'snapshot'
      readonly run: string
      readonly sequence: number
      readonly state: RunState
    }
  | { readonly kind: 'resumed'; readonly run: string; readonly sequence: number }
  | { readonly kind: 'change'; readonly sequence: number; readonly change: RunChange }
  | { readonly kind: 'books'; readonly books: readonly MarketBooks[] }

export const streamMessage: z.ZodType<StreamMessage> = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('snapshot'),
      run: z.string(),
      sequence: count,
      state: runState,
    }),
    z.object({ kind: z.literal('resumed'), run: z.string(), sequence: count }),
    z.object({ kind: z.literal('change'), sequence: count, change: runChange }),
    z.object({ kind: z.literal('books'), books: z.array(marketBooks) }),
  ])
  .meta({ id: 'StreamMessage' })

/** At most so many markets at once, each as "venue:id". */
export const watchedMax = 16

/** What a watcher sends: the markets whose books it looks at. */
export type WatchRequest = { readonly watch: readonly string[] }
export const watchRequest: z.ZodType<WatchRequest> = z
  .strictObject({ watch: z.array(z.string().max(200)).max(watchedMax) })
  .meta({ id: 'WatchRequest' })
