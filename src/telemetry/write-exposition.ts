import type { Labels } from '../ports/metrics.ts'
import type { BucketHistogram } from './bucket-histogram.ts'
import type { MetricFamily } from './metric-registry.ts'
import { Value } from './metric-registry.ts'

export const expositionContentType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * The numbers in Prometheus' text format 0.0.4.
 *
 * A family without a series shows its HELP and TYPE, so that it is known before it first counts.
 */
export function writeExposition(families: Iterable<MetricFamily>): string {
  const lines: string[] = []
  for (const { definition, series } of families) {
    lines.push(`# HELP ${definition.name} ${escapeHelp(definition.help)}`)
    lines.push(`# TYPE ${definition.name} ${definition.kind}`)
    for (const { labels, value } of series.values()) {
      if (value instanceof Value) {
        lines.push(`${definition.name}${writeLabels(labels)} ${writeNumber(value.current)}`)
      } else {
        writeHistogram(lines, definition.name, labels, value)
      }
    }
  }
  lines.push('')
  return lines.join('\n')
}

function writeHistogram(
  lines: string[],
  name: string,
  labels: Labels,
  histogram: BucketHistogram,
): void {
  let below = 0
  for (const [index, bound] of histogram.bounds.entries()) {
    below += histogram.counts[index] ?? 0
    lines.push(`${name}_bucket${writeLabels({ ...labels, le: writeNumber(bound) })} ${below}`)
  }
  lines.push(`${name}_bucket${writeLabels({ ...labels, le: '+Inf' })} ${histogram.count}`)
  lines.push(`${name}_sum${writeLabels(labels)} ${writeNumber(histogram.sum)}`)
  lines.push(`${name}_count${writeLabels(labels)} ${histogram.count}`)
}

function writeLabels(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function writeNumber(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  if (value === Number.NEGATIVE_INFINITY) return '-Inf'
  return String(value)
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
