import type { VenueId } from '../core/market.ts'
import type { Turn } from '../engine/turn.ts'
import type { Histogram } from '../ports/metrics.ts'
import type { BucketHistogram } from '../telemetry/bucket-histogram.ts'
import { quantileOf } from '../telemetry/bucket-histogram.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'

/** What only the runtime can measure: turns by the clock, connections, refreshes. */
export class TurnMetrics {
  readonly #metrics: MetricRegistry
  readonly #turns = new Map<VenueId, BucketHistogram>()
  /** By venue and kind of message. */
  readonly #latencies = new Map<VenueId, Map<string, Histogram>>()

  constructor(metrics: MetricRegistry, venues: readonly VenueId[]) {
    this.#metrics = metrics
    for (const venue of venues) {
      this.#turns.set(venue, metrics.buckets('engine_turn_us', { venue }))
      this.#latencies.set(venue, new Map())
    }
  }

  /** A frame was read and acted upon, so long after it came in. */
  frame(venue: VenueId, tookNanos: number, turn: Turn | undefined): void {
    this.#turns.get(venue)?.record(tookNanos / 1e3)
    const latencies = this.#latencies.get(venue)
    if (turn === undefined || latencies === undefined) return
    for (let position = 0; position < turn.kindCount; position++) {
      const kind = turn.kindAt(position)
      if (kind !== undefined) this.#latencyOf(latencies, venue, kind).record(tookNanos / 1e6)
    }
  }

  connection(venue: VenueId, kind: 'open' | 'lost', reason: string): void {
    if (kind === 'open') return
    this.#metrics.counter('feed_connections_lost_total', { venue, reason }).add()
  }

  refresh(venue: VenueId, outcome: 'done' | 'failed'): void {
    this.#metrics.counter('catalogue_refreshes_total', { venue, outcome }).add()
  }

  /** How long a turn takes, in microseconds, over all venues. Undefined before the first. */
  quantile(quantile: number): number | undefined {
    const [first, ...rest] = this.#turns.values()
    if (first === undefined) return undefined
    const counts = Float64Array.from(first.counts)
    for (const { counts: more } of rest) {
      for (const [index, count] of more.entries()) counts[index] = (counts[index] ?? 0) + count
    }
    return quantileOf(first.bounds, counts, quantile)
  }

  #latencyOf(latencies: Map<string, Histogram>, venue: VenueId, kind: string): Histogram {
    const known = latencies.get(kind)
    if (known !== undefined) return known
    const made = this.#metrics.histogram('adapter_event_latency_ms', { venue, event_type: kind })
    latencies.set(kind, made)
    return made
  }
}
