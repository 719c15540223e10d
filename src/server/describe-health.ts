import { BucketHistogram } from '../telemetry/bucket-histogram.ts'
import type { MetricFamily } from '../telemetry/metric-registry.ts'
import { Value } from '../telemetry/metric-registry.ts'
import type { Health, Histogram, Metric } from './schema/health.ts'

/** All metrics in the words of the API. */
export function describeHealth(families: Iterable<MetricFamily>, atMs: number): Health {
  const histograms: Histogram[] = []
  const metrics: Metric[] = []
  for (const { definition, series } of families) {
    const { name, help, kind } = definition
    if (kind === 'histogram') {
      for (const { labels, value } of series.values()) {
        if (value instanceof BucketHistogram) {
          histograms.push({ name, help, labels, ...distribution(value) })
        }
      }
    } else {
      const values = [...series.values()].flatMap(({ labels, value }) =>
        value instanceof Value ? [{ labels, value: value.current }] : [],
      )
      metrics.push({ name, help, kind, series: values })
    }
  }
  return { atMs, histograms, metrics }
}

function distribution(histogram: BucketHistogram): Omit<Histogram, 'name' | 'help' | 'labels'> {
  return {
    bounds: [...histogram.bounds],
    counts: [...histogram.counts],
    count: histogram.count,
    p50: histogram.quantile(0.5) ?? null,
    p90: histogram.quantile(0.9) ?? null,
    p99: histogram.quantile(0.99) ?? null,
  }
}
