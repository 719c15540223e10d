import { z } from 'zod'

import type { UsedLimit } from '../../risk/limit-use.ts'
import { usedLimits } from '../../risk/limit-use.ts'
import { count, instantMs, usd, venueId } from './scalars.ts'

export type Badge = 'SIMULATED' | 'PAPER' | 'LIVE' | 'REPLAY'
const badge: z.ZodType<Badge> = z
  .enum(['SIMULATED', 'PAPER', 'LIVE', 'REPLAY'])
  .meta({ id: 'Badge', description: 'What the money is: only LIVE is real.' })

export type Run = {
  /** Another one after each start of the server. */
  readonly id: string
  readonly badge: Badge
  readonly title: string
  readonly version: string
  readonly startedAtMs: number
  /** When it will stop by itself; null when it runs on. */
  readonly endsAtMs: number | null
  /** Whether everything is written down, for `/api/journal`. */
  readonly keepsJournal: boolean
}
const run: z.ZodType<Run> = z
  .object({
    id: z.string(),
    badge,
    title: z.string(),
    version: z.string(),
    startedAtMs: instantMs,
    endsAtMs: instantMs.nullable(),
    keepsJournal: z.boolean(),
  })
  .meta({ id: 'Run' })

export type TradingState = 'running' | 'paused' | 'killed'
const tradingState: z.ZodType<TradingState> = z
  .enum(['running', 'paused', 'killed'])
  .meta({ id: 'TradingState', description: '`killed` lasts until the next start.' })

export type Feed = {
  readonly venue: string
  readonly mode: 'socket' | 'polling'
  readonly connectionsOpen: number
  readonly connectionsWanted: number
  readonly markets: number
  readonly reconnects: number
}
export const feed: z.ZodType<Feed> = z
  .object({
    venue: venueId,
    mode: z.enum(['socket', 'polling']),
    connectionsOpen: count,
    connectionsWanted: count,
    markets: count,
    reconnects: count,
  })
  .meta({ id: 'Feed' })

export type BookCounts = {
  readonly proven: number
  readonly unproven: number
  readonly broken: number
}
const bookCounts: z.ZodType<BookCounts> = z
  .object({ proven: count, unproven: count, broken: count })
  .meta({ id: 'BookCounts' })

export type Traffic = {
  readonly frames: number
  readonly framesRefused: number
  readonly framesPerSecond: number
  readonly eventsPerSecond: number
  readonly turnP50Us: number | null
  readonly turnP99Us: number | null
  /** Changes that people were not shown one by one, because there were too many. */
  readonly conflated: number
}
const traffic: z.ZodType<Traffic> = z
  .object({
    frames: count,
    framesRefused: count,
    framesPerSecond: z.number().min(0),
    eventsPerSecond: z.number().min(0),
    turnP50Us: z.number().nullable(),
    turnP99Us: z.number().nullable(),
    conflated: count,
  })
  .meta({ id: 'Traffic' })

export type Counts = {
  readonly signals: number
  readonly fills: number
  readonly rejections: number
  readonly phantoms: number
  readonly openOpportunities: number
  readonly openBaskets: number
  readonly ordersOut: number
}
const counts: z.ZodType<Counts> = z
  .object({
    signals: count,
    fills: count,
    rejections: count,
    phantoms: count,
    openOpportunities: count,
    openBaskets: count,
    ordersOut: count,
  })
  .meta({ id: 'Counts' })

export type Money = {
  readonly capital: string
  /** Capital and all profit and loss, realised or not. */
  readonly equity: string
  readonly cash: string
  readonly realised: string
  readonly unrealised: string
  readonly fees: string
  readonly exposure: string
  readonly ledgerBalanced: boolean
}
const moneyShape = {
  capital: usd,
  equity: usd,
  cash: usd,
  realised: usd,
  unrealised: usd,
  fees: usd,
  exposure: usd,
  ledgerBalanced: z.boolean(),
}
const money: z.ZodType<Money> = z.object(moneyShape).meta({ id: 'Money' })

export type StrategyProfit = {
  readonly strategy: string
  /** From what is closed or settled: what it brought beyond its cost, fees of buys in. */
  readonly gained: string
  /** All that was paid, those of shares that are held among them. */
  readonly fees: string
  /** What was gained, less the fees of sales. */
  readonly realised: string
}
const strategyProfit: z.ZodType<StrategyProfit> = z
  .object({ strategy: z.string(), gained: usd, fees: usd, realised: usd })
  .meta({ id: 'StrategyProfit' })

export type ProfitAndLoss = Money & { readonly byStrategy: readonly StrategyProfit[] }
export const profitAndLoss: z.ZodType<ProfitAndLoss> = z
  .object({ ...moneyShape, byStrategy: z.array(strategyProfit) })
  .meta({ id: 'ProfitAndLoss' })

export type LimitName = UsedLimit | 'orderNotionalMax'
export const limitName: z.ZodType<LimitName> = z
  .enum([...usedLimits, 'orderNotionalMax'])
  .meta({ id: 'LimitName' })

export type Limit = {
  readonly name: LimitName
  readonly unit: 'usd' | 'count'
  /** Null where a use makes no sense: of the largest order there is none. */
  readonly used: string | null
  readonly max: string
}
export const limit: z.ZodType<Limit> = z
  .object({
    name: limitName,
    unit: z.enum(['usd', 'count']),
    used: usd.nullable(),
    max: usd,
  })
  .meta({ id: 'Limit' })

export type StrategyStatus = {
  readonly name: string
  readonly state: 'running' | 'stopped'
  /** Why it is stopped; empty while it runs. */
  readonly reason: string
  readonly evaluations: number
  readonly opportunities: number
  readonly openOpportunities: number
  readonly phantoms: number
  readonly parameters: Readonly<Record<string, string>>
}
const strategyStatus: z.ZodType<StrategyStatus> = z
  .object({
    name: z.string(),
    state: z.enum(['running', 'stopped']),
    reason: z.string(),
    evaluations: count,
    opportunities: count,
    openOpportunities: count,
    phantoms: count,
    parameters: z.record(z.string(), z.string()),
  })
  .meta({ id: 'StrategyStatus' })

/** Where a run stands. Its parts are sent again when they change, each as a whole. */
export type RunStatus = {
  readonly nowMs: number
  readonly run: Run
  readonly trading: TradingState
  readonly feeds: readonly Feed[]
  readonly books: BookCounts
  readonly traffic: Traffic
  readonly counts: Counts
  readonly money: Money
  readonly limits: readonly Limit[]
  readonly strategies: readonly StrategyStatus[]
}

const parts = {
  nowMs: instantMs,
  run,
  trading: tradingState,
  feeds: z.array(feed),
  books: bookCounts,
  traffic,
  counts,
  money,
  limits: z.array(limit),
  strategies: z.array(strategyStatus),
}

export const runStatus: z.ZodType<RunStatus> = z.object(parts).meta({ id: 'RunStatus' })

/** The parts that have changed. */
export type StatusChange = { readonly [Part in keyof RunStatus]?: RunStatus[Part] | undefined }

export const statusChange: z.ZodType<StatusChange> = z
  .object(parts)
  .partial()
  .meta({ id: 'StatusChange' })

export const equityPoint: z.ZodType<EquityPoint> = z
  .object({ atMs: instantMs, realised: usd, unrealised: usd })
  .meta({ id: 'EquityPoint' })

export type EquityPoint = {
  readonly atMs: number
  readonly realised: string
  readonly unrealised: string
}
