import type { VenueId } from '../core/market.ts'
import type { OrderLatency, PaperOptions } from '../venues/paper/index.ts'
import type { PaperSettings } from './config.ts'

/** What the configuration says of trading on paper, as the gateway takes it. */
export function paperOptionsOf(paper: PaperSettings): Omit<PaperOptions, 'books' | 'seed'> {
  const { amounts, band, cancelLatencyMs, operationMs, rivals } = paper
  const latency = (venue: VenueId): OrderLatency => latencyOf(paper, venue)
  const cancelLatency =
    cancelLatencyMs === undefined
      ? latency
      : (): OrderLatency => ({ kind: 'fixed', ms: cancelLatencyMs })
  return {
    amounts,
    band,
    rivals,
    latency,
    cancelLatency,
    // Kalshi nets pairs in its own books, at once. docs/venues/kalshi.md, 8.1.
    operationMs: (venue) => (venue === 'kalshi' ? 0 : operationMs),
  }
}

function latencyOf({ latency, latencyMs }: PaperSettings, venue: VenueId): OrderLatency {
  const { p50Ms, p90Ms, p99Ms } = latency[venue]
  if (p50Ms === undefined || p90Ms === undefined || p99Ms === undefined) {
    return { kind: 'fixed', ms: latencyMs }
  }
  return { kind: 'quantiles', p50Ms, p90Ms, p99Ms }
}
