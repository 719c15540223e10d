import { z } from 'zod'
import type { MarketName } from './scalars.ts'
import { instantMs, marketName, price } from './scalars.ts'

export type PairState = 'candidate' | 'confirmed' | 'withdrawn' | 'rejected'
const pairState: z.ZodType<PairState> = z
  .enum(['candidate', 'confirmed', 'withdrawn', 'rejected'])
  .meta({ id: 'PairState', description: 'Only what is `confirmed` may trade.' })

export type PairVerdict = 'same' | 'complement' | 'one-directional' | 'not-same' | 'unknown'
const pairVerdict: z.ZodType<PairVerdict> = z
  .enum(['same', 'complement', 'one-directional', 'not-same', 'unknown'])
  .meta({ id: 'PairVerdict', description: 'What the rules of both are to each other.' })

/** Two markets of two venues that may be the same question. */
export type Pair = {
  readonly id: string
  readonly state: PairState
  readonly verdict: PairVerdict
  readonly first: MarketName
  readonly second: MarketName
  /** How alike they look; only for ordering. */
  readonly score: number
}
const rowShape = {
  id: z.string(),
  state: pairState,
  verdict: pairVerdict,
  first: marketName,
  second: marketName,
  score: z.number(),
}
export const pair: z.ZodType<Pair> = z.object(rowShape).meta({ id: 'Pair' })

export type PairList = {
  readonly pairs: readonly Pair[]
  /** Markets of the first and of the second venue that were looked through. */
  readonly looked: readonly number[]
}
export const pairList: z.ZodType<PairList> = z
  .object({ pairs: z.array(pair), looked: z.array(z.int()) })
  .meta({ id: 'PairList' })

export type PairSide = {
  readonly market: MarketName
  readonly outcomes: readonly string[]
  readonly rules: string
  readonly source: string
  readonly closesAtMs: number | null
  readonly bid: string | null
  readonly ask: string | null
}
const pairSide: z.ZodType<PairSide> = z
  .object({
    market: marketName,
    outcomes: z.array(z.string()),
    rules: z.string(),
    source: z.string(),
    closesAtMs: instantMs.nullable(),
    bid: price.nullable(),
    ask: price.nullable(),
  })
  .meta({ id: 'PairSide' })

export type PairFinding = {
  readonly dimension: string
  readonly detail: string
  readonly kind: 'same' | 'veto' | 'unknown' | 'one-way' | 'allow'
  /** What a person must allow by name. */
  readonly allowance: string | null
}
const pairFinding: z.ZodType<PairFinding> = z
  .object({
    dimension: z.string(),
    detail: z.string(),
    kind: z.enum(['same', 'veto', 'unknown', 'one-way', 'allow']),
    allowance: z.string().nullable(),
  })
  .meta({ id: 'PairFinding' })

export type PairScenario = {
  readonly what: string
  readonly first: string
  readonly second: string
}
const pairScenario: z.ZodType<PairScenario> = z
  .object({ what: z.string(), first: z.string(), second: z.string() })
  .meta({ id: 'PairScenario', description: 'How they could pay differently.' })

export type PairDetail = Pair & {
  readonly orientation: 'same' | 'complement'
  readonly sides: readonly PairSide[]
  readonly findings: readonly PairFinding[]
  readonly allowances: readonly string[]
  readonly scenarios: readonly PairScenario[]
  readonly decidedBy: string | null
  readonly decidedAtMs: number | null
  readonly note: string | null
}
export const pairDetail: z.ZodType<PairDetail> = z
  .object({
    ...rowShape,
    orientation: z.enum(['same', 'complement']),
    sides: z.array(pairSide),
    findings: z.array(pairFinding),
    allowances: z.array(z.string()),
    scenarios: z.array(pairScenario),
    decidedBy: z.string().nullable(),
    decidedAtMs: instantMs.nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'PairDetail' })

export type ConfirmPairRequest = {
  readonly by: string
  readonly allow: readonly string[]
  readonly note: string
}
export const confirmPairRequest: z.ZodType<ConfirmPairRequest> = z
  .strictObject({
    by: z.string().trim().min(1).max(100),
    allow: z.array(z.string().max(40)).max(20),
    note: z.string().max(500),
  })
  .meta({ id: 'ConfirmPairRequest', description: 'The word of a person who has read both rules.' })

export type RejectPairRequest = { readonly by: string; readonly because: string }
export const rejectPairRequest: z.ZodType<RejectPairRequest> = z
  .strictObject({
    by: z.string().trim().min(1).max(100),
    because: z.string().max(500),
  })
  .meta({ id: 'RejectPairRequest' })

export type PairDecision = { readonly message: string; readonly pair: PairDetail }
export const pairDecision: z.ZodType<PairDecision> = z
  .object({ message: z.string(), pair: pairDetail })
  .meta({ id: 'PairDecision' })
