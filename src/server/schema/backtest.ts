import { z } from 'zod'
import { count, instantMs, usd } from './scalars.ts'

export type Backtest = {
  readonly id: string
  readonly madeAtMs: number
  readonly recording: string
  readonly fromMs: number
  readonly untilMs: number
  readonly strategies: readonly string[]
  readonly latencyMs: number
  readonly seed: number
  readonly capital: string
  readonly realised: string
  readonly unrealised: string
  readonly fees: string
  readonly drawdownMax: string
  readonly ledgerBalanced: boolean
  readonly signals: number
  readonly baskets: number
  readonly fills: number
  readonly rejections: number
  readonly phantoms: number
  /** There is a page to open. */
  readonly hasReport: boolean
}
const rowShape = {
  id: z.string(),
  madeAtMs: instantMs,
  recording: z.string(),
  fromMs: instantMs,
  untilMs: instantMs,
  strategies: z.array(z.string()),
  latencyMs: z.number(),
  seed: z.number(),
  capital: usd,
  realised: usd,
  unrealised: usd,
  fees: usd,
  drawdownMax: usd,
  ledgerBalanced: z.boolean(),
  signals: count,
  baskets: count,
  fills: count,
  rejections: count,
  phantoms: count,
  hasReport: z.boolean(),
}
export const backtest: z.ZodType<Backtest> = z.object(rowShape).meta({ id: 'Backtest' })

export type BacktestStrategy = {
  readonly name: string
  readonly realised: string
  readonly fees: string
  readonly episodes: number
  readonly taken: number
  /** Edge taken by edge seen; null when nothing was seen. */
  readonly captureRate: number | null
}
const backtestStrategy: z.ZodType<BacktestStrategy> = z
  .object({
    name: z.string(),
    realised: usd,
    fees: usd,
    episodes: count,
    taken: count,
    captureRate: z.number().nullable(),
  })
  .meta({ id: 'BacktestStrategy' })

export type BacktestDetail = Backtest & {
  readonly equity: readonly { readonly atMs: number; readonly equityUsd: number }[]
  readonly byStrategy: readonly BacktestStrategy[]
  readonly refusals: Readonly<Record<string, number>>
}
export const backtestDetail: z.ZodType<BacktestDetail> = z
  .object({
    ...rowShape,
    equity: z.array(z.object({ atMs: instantMs, equityUsd: z.number() })),
    byStrategy: z.array(backtestStrategy),
    refusals: z.record(z.string(), z.number()),
  })
  .meta({ id: 'BacktestDetail' })

export type BacktestList = {
  readonly folder: string
  readonly backtests: readonly Backtest[]
  /** Files of the folder that do not read, and why. */
  readonly refused: readonly string[]
}
export const backtestList: z.ZodType<BacktestList> = z
  .object({ folder: z.string(), backtests: z.array(backtest), refused: z.array(z.string()) })
  .meta({ id: 'BacktestList' })
