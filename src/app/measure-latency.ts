import type { Clock } from '../ports/clock.ts'
import type { LatencyQuantiles } from '../venues/paper/index.ts'
import type { PaperSettings } from './config.ts'
import type { Finding } from './finding.ts'

/** Enough that the slowest of them says something, few enough to be over in seconds. */
const requestCount = 40
/** The first requests open the connection: orders go over one that stands. */
const warmupCount = 3
const requestMsMax = 5_000
/** What is assumed is let be while it is this near to what is measured. */
const farFactor = 1.5

/**
 * Times requests to a host over one connection, one after another: the way there and back.
 *
 * An order is answered after the way there and back too, so this is what its latency is set to; the
 * time that matching takes is not in it. Undefined when a request fails.
 */
export async function measureLatency(
  url: string,
  clock: Clock,
): Promise<LatencyQuantiles | undefined> {
  const times: number[] = []
  try {
    for (let count = 0; count < warmupCount + requestCount; count++) {
      const began = clock.nanos()
      const response = await fetch(url, { signal: AbortSignal.timeout(requestMsMax) })
      await response.arrayBuffer()
      if (!response.ok) return undefined
      if (count >= warmupCount) times.push((clock.nanos() - began) / 1e6)
    }
  } catch {
    // The host was reached a moment ago. That it is not now is told by the finding that is missing.
    return undefined
  }
  return quantilesOf(times)
}

/** The time that so many of these stay below, each a tenth of a millisecond or more. */
export function quantilesOf(times: readonly number[]): LatencyQuantiles {
  const sorted = times.toSorted((a, b) => a - b)
  const at = (part: number): number => {
    const index = Math.min(sorted.length - 1, Math.ceil(part * sorted.length) - 1)
    return Math.max(0.1, Math.round((sorted[Math.max(index, 0)] ?? 0) * 10) / 10)
  }
  return { p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99) }
}

/** What was measured, in words that can be set. A warning where fills on paper assume far less. */
export function latencyFinding(
  venue: { readonly name: string; readonly key: 'polymarket' | 'kalshi' },
  { p50Ms, p90Ms, p99Ms }: LatencyQuantiles,
  paper: PaperSettings,
): Finding {
  const assumedMs = paper.latency[venue.key].p50Ms ?? paper.latencyMs
  const isFar = p50Ms > assumedMs * farFactor
  const table = `p_50_ms = ${p50Ms}, p_90_ms = ${p90Ms}, p_99_ms = ${p99Ms}`
  return {
    name: `${venue.name} latency`,
    state: isFar ? 'warning' : 'ok',
    found: isFar ? `${table}; fills on paper assume ${assumedMs} ms` : table,
    remedy: isFar ? `write these three under [paper.latency.${venue.key}]` : '',
  }
}
