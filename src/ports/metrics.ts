/** A count that only grows. Adding to one is a store: it may stand on the hot path. */
export interface Counter {
  add(count?: number): void
}

export interface Gauge {
  set(value: number): void
}

export interface Histogram {
  record(value: number): void
}

export type Labels = Readonly<Record<string, string>>

/**
 * Where numbers for people and alarms go. Write-only: nothing is ever decided by a metric.
 *
 * Asking twice for the same name and labels gives the same handle; ask once and keep it.
 */
export interface Metrics {
  counter(name: string, labels: Labels): Counter
  gauge(name: string, labels: Labels): Gauge
  histogram(name: string, labels: Labels): Histogram
}
