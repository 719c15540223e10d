import { z } from 'zod'
import type { MarketName } from './scalars.ts'
import { count, instantMs, marketName, size, usd, venueId } from './scalars.ts'

export type OperationKind = 'split' | 'merge' | 'convert' | 'redeem'
const operationKind: z.ZodType<OperationKind> = z
  .enum(['split', 'merge', 'convert', 'redeem'])
  .meta({ id: 'OperationKind' })

export type OperationState = 'sent' | 'submitted' | 'final' | 'failed' | 'unknown'
export const operationState: z.ZodType<OperationState> = z
  .enum(['sent', 'submitted', 'final', 'failed', 'unknown'])
  .meta({
    id: 'OperationState',
    description:
      '`submitted`: the venue has it. `final`: money and shares have moved. `unknown`: it may ' +
      'have happened; balances decide.',
  })

/** Tokens into money, or money into tokens, at the venue itself. */
export type Operation = {
  readonly id: string
  readonly kind: OperationKind
  readonly venue: string
  /** What it is about: one market, or those whose NO is converted. */
  readonly markets: readonly MarketName[]
  /** Null where it is all there is. */
  readonly size: string | null
  readonly basket: string | null
  readonly strategy: string
  readonly state: OperationState
  /** Why it failed, or is not known; empty otherwise. */
  readonly reason: string
  /** The venue's own name of it: a transaction; empty until there is one. */
  readonly reference: string
  /** Cash that came in, negative when it left us; null until it is final. */
  readonly cashIn: string | null
  readonly tries: number
  readonly sentMs: number
  readonly doneMs: number | null
}
export const operation: z.ZodType<Operation> = z
  .object({
    id: z.string(),
    kind: operationKind,
    venue: venueId,
    markets: z.array(marketName),
    size: size.nullable(),
    basket: z.string().nullable(),
    strategy: z.string(),
    state: operationState,
    reason: z.string(),
    reference: z.string(),
    cashIn: usd.nullable(),
    tries: count,
    sentMs: instantMs,
    doneMs: instantMs.nullable(),
  })
  .meta({ id: 'Operation' })
