import { assert } from '../core/assert.ts'
import type { Counter, Gauge, Histogram, Labels, Metrics } from '../ports/metrics.ts'
import { BucketHistogram } from './bucket-histogram.ts'
import type { MetricDefinition } from './metric-catalog.ts'

/** More label values than this means that somebody labels by market or by order. */
const seriesMax = 2_000

/**
 * The numbers of one process, kept as plain fields so that counting costs a store.
 *
 * Only what the catalogue defines can be counted: a name that was made up on the spot has no help
 * text, no board and no alarm.
 */
export class MetricRegistry implements Metrics {
  readonly #families: ReadonlyMap<string, MetricFamily>
  readonly #collectors: (() => void)[] = []

  constructor(definitions: readonly MetricDefinition[]) {
    this.#families = new Map(
      definitions.map((definition) => [definition.name, { definition, series: new Map() }]),
    )
  }

  counter(name: string, labels: Labels): Counter {
    return this.#series(name, 'counter', labels, () => new Value()).value
  }

  gauge(name: string, labels: Labels): Gauge {
    return this.#series(name, 'gauge', labels, () => new Value()).value
  }

  histogram(name: string, labels: Labels): Histogram {
    return this.buckets(name, labels)
  }

  /** The same histogram as {@link histogram}, to read quantiles from. */
  buckets(name: string, labels: Labels): BucketHistogram {
    const { buckets } = this.#family(name, 'histogram').definition
    return this.#series(name, 'histogram', labels, () => new BucketHistogram(buckets ?? [])).value
  }

  /** Runs `collect` before each reading: for what is cheaper to ask than to keep. */
  beforeReading(collect: () => void): void {
    this.#collectors.push(collect)
  }

  /** Every family of the catalogue, those without a series included, fresh. */
  read(): Iterable<MetricFamily> {
    for (const collect of this.#collectors) collect()
    return this.#families.values()
  }

  /** The sum of a counter or gauge over all its series; zero when it has none. */
  total(name: string): number {
    const family = this.#families.get(name)
    assert(family !== undefined, `a metric is in the catalogue: ${name}`)
    let sum = 0
    for (const { value } of family.series.values()) if (value instanceof Value) sum += value.current
    return sum
  }

  #family(name: string, kind: MetricDefinition['kind']): MetricFamily {
    const family = this.#families.get(name)
    assert(family !== undefined, `a metric is in the catalogue: ${name}`)
    const { definition } = family
    assert(definition.kind === kind, `${name} is a ${definition.kind}, and was asked as ${kind}`)
    return family
  }

  #series<T extends Value | BucketHistogram>(
    name: string,
    kind: MetricDefinition['kind'],
    labels: Labels,
    make: () => T,
  ): { readonly labels: Labels; readonly value: T } {
    const { definition, series } = this.#family(name, kind)
    const values = definition.labels.map((label) => {
      const value = labels[label]
      assert(value !== undefined, `${name} is labelled with ${label}`)
      return value
    })
    assert(
      Object.keys(labels).length === values.length,
      `${name} is labelled with ${definition.labels.join(', ')}: ${Object.keys(labels).join(', ')}`,
    )

    const key = values.join('\u0000')
    const known = series.get(key)
    if (known !== undefined) return known as { readonly labels: Labels; readonly value: T }
    assert(series.size < seriesMax, `${name} has at most ${seriesMax} series`)
    const made = { labels, value: make() }
    series.set(key, made)
    return made
  }
}

export type MetricFamily = {
  readonly definition: MetricDefinition
  readonly series: Map<string, MetricSeries>
}

export type MetricSeries = { readonly labels: Labels; readonly value: Value | BucketHistogram }

/** A number that is counted up, or set. */
export class Value implements Counter, Gauge {
  current = 0

  add(count = 1): void {
    this.current += count
  }

  set(value: number): void {
    this.current = value
  }
}
