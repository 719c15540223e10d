import type { ReactNode } from 'react'
import type { Health } from '../../../src/server/schema/health.ts'
import { bytes, count, dash, micros } from '../format.ts'
import { useRun } from '../stream/use-stream.ts'

/** Memory, the event loop, and what the engine has seen in all. */
export function ProcessFacts({ known }: { readonly known: Health }): ReactNode {
  const traffic = useRun(({ status }) => status.traffic)
  const { phantoms } = useRun(({ status }) => status.counts)
  return (
    <dl className="facts">
      <dt>Memory</dt>
      <dd>
        {bytes(valueOf(known, 'process_resident_memory_bytes'))} resident,{' '}
        {bytes(valueOf(known, 'nodejs_heap_size_used_bytes'))} of heap
      </dd>
      <dt>Event loop</dt>
      <dd>
        late by {lag(known, '50')} at the median, {lag(known, '99')} at p99
      </dd>
      <dt>CPU</dt>
      <dd>{valueOf(known, 'process_cpu_seconds_total').toFixed(1)} s in all</dd>
      <dt>Frames</dt>
      <dd>{count(traffic.frames)} received</dd>
      <dt>Phantoms</dt>
      <dd>{count(phantoms)} sightings that were an error, and not traded</dd>
      <dt>Conflated</dt>
      <dd>
        {traffic.conflated === 0
          ? 'nothing: every change was shown'
          : `${count(traffic.conflated)} changes not shown one by one`}
      </dd>
      <dt>Node</dt>
      <dd>{labelOf(known, 'nodejs_version_info', 'version')}</dd>
    </dl>
  )
}

function valueOf({ metrics }: Health, name: string): number {
  return metrics.find((metric) => metric.name === name)?.series[0]?.value ?? 0
}

function labelOf({ metrics }: Health, name: string, label: string): string {
  return metrics.find((metric) => metric.name === name)?.series[0]?.labels[label] ?? dash
}

function lag({ metrics }: Health, percentile: string): string {
  const series = metrics.find(({ name }) => name === 'nodejs_eventloop_lag_seconds')?.series
  const found = series?.find(({ labels }) => labels['percentile'] === percentile)
  return found === undefined ? dash : micros(found.value * 1e6)
}
