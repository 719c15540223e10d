import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { metricCatalog } from './metric-catalog.ts'
import { MetricRegistry } from './metric-registry.ts'
import { writeExposition } from './write-exposition.ts'

const definitions = [
  { name: 'frames_total', kind: 'counter', help: 'Frames.', labels: ['venue'] },
  { name: 'depth', kind: 'gauge', help: 'A \\ and\na line.', labels: [] },
  { name: 'turn_us', kind: 'histogram', help: 'Turns.', labels: ['venue'], buckets: [0.5, 10] },
] as const

describe('MetricRegistry', () => {
  test('asking twice gives the same handle', () => {
    const metrics = new MetricRegistry(definitions)

    metrics.counter('frames_total', { venue: 'a' }).add()
    metrics.counter('frames_total', { venue: 'a' }).add(2)

    expect(metrics.total('frames_total')).toBe(3)
  })

  test.each([
    ['a name that is not in the catalogue', 'made_up', { venue: 'a' }],
    ['another kind than the catalogue says', 'depth', {}],
    ['a label too few', 'frames_total', {}],
    ['a label too many', 'frames_total', { venue: 'a', market: 'b' }],
  ])('refuses %s', (_, name, labels) => {
    const metrics = new MetricRegistry(definitions)

    expect(() => metrics.counter(name, labels)).toThrow(name)
  })

  test('a label by market runs into the limit before it fills the memory', () => {
    const metrics = new MetricRegistry(definitions)

    const labelByMarket = (): void => {
      for (let market = 0; market < 10_000; market++) {
        metrics.counter('frames_total', { venue: String(market) })
      }
    }

    expect(labelByMarket).toThrow('at most 2000 series')
  })

  test('what is cheaper to ask is asked before each reading', () => {
    const metrics = new MetricRegistry(definitions)
    let asked = 0
    metrics.beforeReading(() => metrics.gauge('depth', {}).set(++asked))

    writeExposition(metrics.read())

    expect(writeExposition(metrics.read())).toContain('depth 2\n')
  })
})

describe('writeExposition', () => {
  test('writes the text format 0.0.4', () => {
    const metrics = new MetricRegistry(definitions)
    metrics.counter('frames_total', { venue: 'a "b" \\ c\nd' }).add(7)
    metrics.gauge('depth', {}).set(-0.5)
    const turns = metrics.histogram('turn_us', { venue: 'a' })
    for (const value of [0.25, 3, 4, 400]) turns.record(value)

    expect(writeExposition(metrics.read())).toBe(
      [
        '# HELP frames_total Frames.',
        '# TYPE frames_total counter',
        String.raw`frames_total{venue="a \"b\" \\ c\nd"} 7`,
        String.raw`# HELP depth A \\ and\na line.`,
        '# TYPE depth gauge',
        'depth -0.5',
        '# HELP turn_us Turns.',
        '# TYPE turn_us histogram',
        'turn_us_bucket{venue="a",le="0.5"} 1',
        'turn_us_bucket{venue="a",le="10"} 3',
        'turn_us_bucket{venue="a",le="+Inf"} 4',
        'turn_us_sum{venue="a"} 407.25',
        'turn_us_count{venue="a"} 4',
        '',
      ].join('\n'),
    )
  })

  test('a family is there before it first counts', () => {
    const text = writeExposition(new MetricRegistry(metricCatalog).read())

    for (const [name, kind] of firstEight) {
      expect(text).toContain(`# HELP ${name} `)
      expect(text).toContain(`# TYPE ${name} ${kind}\n`)
    }
  })

  test('promtool has nothing to say against a full exposition', ({ skip }) => {
    const promtool = spawnSync('promtool', ['--version'])
    if (promtool.error !== undefined) {
      console.log('skipped: promtool is not installed; it comes with Prometheus')
      skip()
    }
    const metrics = new MetricRegistry(metricCatalog)
    for (const { name, kind, labels } of metricCatalog) {
      const values = Object.fromEntries(labels.map((label) => [label, 'a "b" \\ c']))
      if (kind === 'counter') metrics.counter(name, values).add(3)
      if (kind === 'gauge') metrics.gauge(name, values).set(1.5)
      if (kind === 'histogram') metrics.histogram(name, values).record(0.02)
    }

    const input = writeExposition(metrics.read())
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input })

    // The first description named its metrics with _ms and _us; ours stand beside them alike.
    const complaints = `${stdout.toString()}${stderr.toString()}`
      .split('\n')
      .filter((line) => !line.endsWith('metric names should not contain abbreviated units'))
    expect(complaints.join('\n')).toBe('')
    // 3: it read everything, and has only advice.
    expect([0, 3]).toContain(status)
  })
})

const firstEight = [
  ['adapter_events_total', 'counter'],
  ['adapter_event_latency_ms', 'histogram'],
  ['strategy_signals_total', 'counter'],
  ['strategy_signal_edge', 'histogram'],
  ['execution_fills_total', 'counter'],
  ['execution_rejections_total', 'counter'],
  ['execution_signal_to_fill_us', 'histogram'],
  ['execution_e2e_latency_us', 'histogram'],
] as const
