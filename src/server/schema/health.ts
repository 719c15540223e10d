import { z } from 'zod'
import { count, instantMs } from './scalars.ts'

export type Histogram = {
  readonly name: string
  readonly help: string
  readonly labels: Readonly<Record<string, string>>
  /** Upper bounds, in the unit of the name. */
  readonly bounds: readonly number[]
  /** One more than there are bounds: the last is for what is above all of them. */
  readonly counts: readonly number[]
  readonly count: number
  readonly p50: number | null
  readonly p90: number | null
  readonly p99: number | null
}
const quantile = z.number().nullable()
const histogram: z.ZodType<Histogram> = z
  .object({
    name: z.string(),
    help: z.string(),
    labels: z.record(z.string(), z.string()),
    bounds: z.array(z.number()),
    counts: z.array(count),
    count,
    p50: quantile,
    p90: quantile,
    p99: quantile,
  })
  .meta({ id: 'Histogram' })

export type Metric = {
  readonly name: string
  readonly help: string
  readonly kind: 'counter' | 'gauge'
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }[]
}
const metric: z.ZodType<Metric> = z
  .object({
    name: z.string(),
    help: z.string(),
    kind: z.enum(['counter', 'gauge']),
    series: z.array(z.object({ labels: z.record(z.string(), z.string()), value: z.number() })),
  })
  .meta({ id: 'Metric' })

export type Health = {
  readonly atMs: number
  readonly histograms: readonly Histogram[]
  readonly metrics: readonly Metric[]
}
export const health: z.ZodType<Health> = z
  .object({ atMs: instantMs, histograms: z.array(histogram), metrics: z.array(metric) })
  .meta({ id: 'Health' })

export type LogLine = {
  readonly number: number
  readonly atMs: number
  readonly level: string
  readonly room: string
  readonly message: string
  /** The fields of the line, as JSON. Secrets were taken out before it was written. */
  readonly fields: string
}
export const logLine: z.ZodType<LogLine> = z
  .object({
    number: count,
    atMs: instantMs,
    level: z.string(),
    room: z.string(),
    message: z.string(),
    fields: z.string(),
  })
  .meta({ id: 'LogLine' })
