import type { ReactNode } from 'react'
import type { Histogram } from '../../../src/server/schema/health.ts'
import { count } from '../format.ts'

export type HistogramChartProps = {
  readonly series: readonly Histogram[]
  readonly title: string
  readonly unitOf: (value: number) => string
}

/** How long something takes: a bar a bucket, and the quantiles in words. */
export function HistogramChart({ series, title, unitOf }: HistogramChartProps): ReactNode {
  const merged = merge(series)
  const total = merged.counts.reduce((sum, each) => sum + each, 0)
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((quantile) => quantileOf(merged, quantile))
  const used = usedRange(merged.counts)
  const most = Math.max(1, ...merged.counts)
  return (
    <article className="histogram">
      <header>
        <h3>{title}</h3>
        <span className="muted">{count(total)}</span>
      </header>
      {total === 0 ? (
        <p className="muted histogram-none">nothing yet</p>
      ) : (
        <>
          <div className="bars" aria-hidden="true">
            {merged.counts.slice(used.from, used.to).map((each, index) => {
              const bucket = used.from + index
              return (
                <span
                  key={bucket}
                  title={`${rangeText(merged.bounds, bucket, unitOf)}: ${count(each)}`}
                  // The square root, so that a rare slow one can be seen beside many fast ones.
                  style={{ height: `${Math.sqrt(each / most) * 100}%` }}
                />
              )
            })}
          </div>
          <div className="bars-ends muted" aria-hidden="true">
            <span>{unitOf(used.from === 0 ? 0 : (merged.bounds[used.from - 1] ?? 0))}</span>
            <span>{unitOf(merged.bounds[used.to - 1] ?? merged.bounds.at(-1) ?? 0)}</span>
          </div>
          <dl className="quantiles">
            <Quantile name="Median" text={unitOf(p50 ?? 0)} />
            <Quantile name="p90" text={unitOf(p90 ?? 0)} />
            <Quantile name="p99" text={unitOf(p99 ?? 0)} />
          </dl>
        </>
      )}
    </article>
  )
}

function Quantile({ name, text }: { readonly name: string; readonly text: string }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  )
}

type Merged = { readonly bounds: readonly number[]; readonly counts: readonly number[] }

/** Series of one name have the same bounds. */
function merge(series: readonly Histogram[]): Merged {
  const bounds = series[0]?.bounds ?? []
  const counts = Array.from({ length: bounds.length + 1 }, (_, bucket) =>
    series.reduce((sum, { counts }) => sum + (counts[bucket] ?? 0), 0),
  )
  return { bounds, counts }
}

/** The buckets from the first to the last that holds anything, with one to spare on each side. */
function usedRange(counts: readonly number[]): { readonly from: number; readonly to: number } {
  const first = counts.findIndex((each) => each > 0)
  const last = counts.findLastIndex((each) => each > 0)
  return { from: Math.max(0, first - 1), to: Math.min(counts.length, last + 2) }
}

function quantileOf({ bounds, counts }: Merged, quantile: number): number {
  const total = counts.reduce((sum, each) => sum + each, 0)
  const rank = quantile * total
  let below = 0
  for (const [bucket, bound] of bounds.entries()) {
    const here = counts[bucket] ?? 0
    if (here > 0 && below + here >= rank) {
      const from = bucket === 0 ? 0 : (bounds[bucket - 1] ?? 0)
      return from + ((bound - from) * (rank - below)) / here
    }
    below += here
  }
  return bounds.at(-1) ?? 0
}

function rangeText(
  bounds: readonly number[],
  bucket: number,
  unitOf: (value: number) => string,
): string {
  const to = bounds[bucket]
  const from = bucket === 0 ? 0 : (bounds[bucket - 1] ?? 0)
  return to === undefined ? `above ${unitOf(from)}` : `${unitOf(from)} to ${unitOf(to)}`
}
