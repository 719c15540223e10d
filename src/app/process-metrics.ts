import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'

/** Kinds of collection by their number in Node: perf_hooks, `NODE_PERFORMANCE_GC_*`. */
const collectionKinds: Readonly<Record<number, string>> = {
  1: 'minor',
  4: 'major',
  8: 'incremental',
  16: 'weakcb',
}

/** Counts what this process uses. The function that is returned stops it. */
export function watchProcess(metrics: MetricRegistry): () => void {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  delay.enable()
  const collections = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { detail } = entry as { readonly detail?: { readonly kind?: number } }
      const kind = collectionKinds[detail?.kind ?? 0] ?? 'other'
      metrics.histogram('nodejs_gc_duration_seconds', { kind }).record(entry.duration / 1000)
    }
  })
  collections.observe({ entryTypes: ['gc'] })

  metrics.gauge('process_start_time_seconds', {}).set(performance.timeOrigin / 1000)
  metrics.gauge('nodejs_version_info', { version: process.version }).set(1)
  const cpu = metrics.counter('process_cpu_seconds_total', {})
  let counted = 0
  metrics.beforeReading(() => {
    const { user, system } = process.cpuUsage()
    const seconds = (user + system) / 1e6
    cpu.add(seconds - counted)
    counted = seconds

    const memory = process.memoryUsage()
    metrics.gauge('process_resident_memory_bytes', {}).set(memory.rss)
    metrics.gauge('nodejs_heap_size_used_bytes', {}).set(memory.heapUsed)
    metrics.gauge('nodejs_heap_size_total_bytes', {}).set(memory.heapTotal)
    metrics.gauge('nodejs_external_memory_bytes', {}).set(memory.external)

    for (const percentile of [50, 90, 99]) {
      const lag = delay.count === 0 ? 0 : delay.percentile(percentile) / 1e9
      metrics.gauge('nodejs_eventloop_lag_seconds', { percentile: String(percentile) }).set(lag)
    }
    delay.reset()
  })
  return () => {
    delay.disable()
    collections.disconnect()
  }
}
