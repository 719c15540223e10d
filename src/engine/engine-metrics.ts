import type { VenueId } from '../core/market.ts'
import type { Counter, Histogram, Labels, Metrics } from '../ports/metrics.ts'

/** Handles of counters that share a name and all labels but one. Asked for once, then a look-up. */
function counters(metrics: Metrics, name: string, labels: Labels, last: string) {
  const known = new Map<string, Counter>()
  return (value: string): Counter => {
    let counter = known.get(value)
    if (counter === undefined) {
      counter = metrics.counter(name, { ...labels, [last]: value })
      known.set(value, counter)
    }
    return counter
  }
}

export type CounterOf = (label: string) => Counter

/** What is counted of one venue's feed. */
export type VenueMetrics = {
  readonly frames: Counter
  readonly event: CounterOf
  readonly refused: CounterOf
  readonly proof: CounterOf
  readonly timeToProvenMs: Histogram
}

export function venueMetrics(metrics: Metrics, venue: VenueId): VenueMetrics {
  return {
    frames: metrics.counter('feed_frames_total', { venue }),
    event: counters(metrics, 'adapter_events_total', { venue }, 'event_type'),
    refused: counters(metrics, 'feed_frames_refused_total', { venue }, 'reason'),
    proof: counters(metrics, 'book_proof_events_total', { venue }, 'event'),
    timeToProvenMs: metrics.histogram('book_time_to_proven_ms', { venue }),
  }
}

/** What is counted of one strategy, and of the orders that come of it. */
export type StrategyMetrics = {
  readonly passes: CounterOf
  readonly phantoms: CounterOf
  readonly refusals: CounterOf
  readonly signals: CounterOf
  readonly edge: Histogram
  readonly fills: Counter
  readonly rejections: Counter
  readonly signalToFillUs: Histogram
  readonly e2eLatencyUs: Histogram
}

export function strategyMetrics(
  metrics: Metrics,
  strategy: string,
  executor: string,
): StrategyMetrics {
  return {
    passes: counters(metrics, 'strategy_passes_total', { strategy }, 'reason'),
    phantoms: counters(metrics, 'phantoms_total', { strategy }, 'cause'),
    refusals: counters(metrics, 'risk_refusals_total', { strategy }, 'reason'),
    signals: counters(metrics, 'strategy_signals_total', { strategy }, 'venue'),
    edge: metrics.histogram('strategy_signal_edge', { strategy }),
    fills: metrics.counter('execution_fills_total', { strategy, executor }),
    rejections: metrics.counter('execution_rejections_total', { strategy, executor }),
    signalToFillUs: metrics.histogram('execution_signal_to_fill_us', { strategy }),
    e2eLatencyUs: metrics.histogram('execution_e2e_latency_us', { strategy }),
  }
}
