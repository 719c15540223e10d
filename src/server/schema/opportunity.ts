import { z } from 'zod'
import type { Level, MarketName, Outcome, Side } from './scalars.ts'
import {
  count,
  instantMs,
  level,
  marketName,
  outcome,
  ppm,
  price,
  side,
  size,
  usd,
} from './scalars.ts'

export type Realisation = 'merge' | 'split' | 'convert' | 'settlement'
const realisation: z.ZodType<Realisation> = z
  .enum(['merge', 'split', 'convert', 'settlement'])
  .meta({ id: 'Realisation', description: 'How it becomes money; only `settlement` has to wait.' })

/** A mispricing from its first sight to its end. However often it is seen, it is one. */
export type Opportunity = {
  readonly id: string
  readonly strategy: string
  readonly title: string
  readonly legCount: number
  readonly size: string
  readonly cost: string
  readonly fee: string
  readonly edge: string
  readonly edgeRate: number
  readonly peakEdgeRate: number
  readonly realisation: Realisation
  readonly state: 'open' | 'over'
  /** `seen`, `working`, `traded`, or why risk refused it. */
  readonly verdict: string
  readonly attempts: number
  readonly sightings: number
  readonly firstSeenMs: number
  readonly lastSeenMs: number
  readonly endedMs: number | null
  readonly endedBy: string | null
  /** Days until the money is back; 0 when it is at once, null when nobody knows. */
  readonly lockDays: number | null
  /** Edge over cost, times 365 by the days it is locked; null when that is at once or unknown. */
  readonly annualisedRate: number | null
}

const rowShape = {
  id: z.string(),
  strategy: z.string(),
  title: z.string(),
  legCount: count,
  size,
  cost: usd,
  fee: usd,
  edge: usd,
  edgeRate: ppm,
  peakEdgeRate: ppm,
  realisation,
  state: z.enum(['open', 'over']),
  verdict: z.string(),
  attempts: count,
  sightings: count,
  firstSeenMs: instantMs,
  lastSeenMs: instantMs,
  endedMs: instantMs.nullable(),
  endedBy: z.string().nullable(),
  lockDays: z.number().nullable(),
  annualisedRate: ppm.nullable(),
}
export const opportunity: z.ZodType<Opportunity> = z.object(rowShape).meta({ id: 'Opportunity' })

export type OpportunityLeg = {
  readonly market: MarketName
  readonly outcome: Outcome
  readonly side: Side
  readonly size: string
  readonly limit: string
  /** What is taken at each price, best first. */
  readonly taken: readonly Level[]
  /** Negative when it brings money. */
  readonly cost: string
  readonly fee: string
}
const opportunityLeg: z.ZodType<OpportunityLeg> = z
  .object({
    market: marketName,
    outcome,
    side,
    size,
    limit: price,
    taken: z.array(level),
    cost: usd,
    fee: usd,
  })
  .meta({ id: 'OpportunityLeg' })

export type PayoffState = {
  readonly name: string
  readonly payoff: string
  readonly cost: string
  readonly fee: string
  readonly profit: string
}
const payoffState: z.ZodType<PayoffState> = z
  .object({ name: z.string(), payoff: usd, cost: usd, fee: usd, profit: usd })
  .meta({ id: 'PayoffState', description: 'One way the world can turn out.' })

export type Decision = {
  readonly atMs: number
  readonly approved: boolean
  readonly reason: string
  readonly edge: string
}
const decision: z.ZodType<Decision> = z
  .object({ atMs: instantMs, approved: z.boolean(), reason: z.string(), edge: usd })
  .meta({ id: 'Decision', description: 'What risk said, and when.' })

/** An opportunity with its proof: the least profit over all states is the guaranteed edge. */
export type OpportunityDetail = Opportunity & {
  readonly group: string
  readonly legs: readonly OpportunityLeg[]
  readonly states: readonly PayoffState[]
  readonly assumptions: readonly string[]
  readonly decisions: readonly Decision[]
  readonly baskets: readonly string[]
}
export const opportunityDetail: z.ZodType<OpportunityDetail> = z
  .object({
    ...rowShape,
    group: z.string(),
    legs: z.array(opportunityLeg),
    states: z.array(payoffState),
    assumptions: z.array(z.string()),
    decisions: z.array(decision),
    baskets: z.array(z.string()),
  })
  .meta({ id: 'OpportunityDetail' })
