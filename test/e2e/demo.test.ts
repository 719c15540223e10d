import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { metricsUrlOf, startCli } from './start-cli.ts'

const Usd = z.string().regex(/^-?\d+(\.\d{1,6})?$/)
const Count = z.int().min(0)
const Summary = z.strictObject({
  mode: z.literal('simulated'),
  durationMs: Count,
  signals: Count,
  fills: Count,
  rejections: Count,
  phantoms: Count,
  ledgerBalanced: z.boolean(),
  realizedPnlUsd: Usd,
  unrealizedPnlUsd: Usd,
  feesUsd: Usd,
  framesReceived: Count,
  framesRefused: Count,
  booksProven: Count,
  booksUnproven: Count,
  booksBroken: Count,
  reconnects: Count,
  venues: z.array(z.string()),
  seed: Count,
  faults: z.array(z.string()),
  planted: Count,
  plantedFound: Count,
  plantedByKind: z.record(z.string(), Count),
  foundByKind: z.record(z.string(), Count),
  falseSignals: Count,
  lookAlikesTraded: Count,
})

function lastOf(lines: readonly string[]): z.infer<typeof Summary> {
  return Summary.parse(JSON.parse(lines.at(-1) ?? ''))
}

describe('demo', () => {
  test('finds what was planted, reports nothing else, and its ledger balances', async () => {
    const demo = startCli(['demo', '--for', '12s', '--seed', '7', '--json', '--port', '0'])
    const metricsUrl = await metricsUrlOf(demo)
    await demo.line((line) => line.includes('"fill"'))
    const metrics = await (await fetch(metricsUrl)).text()

    const { code, stdout, stderr } = await demo.ended
    const summary = lastOf(stdout)

    expect(stderr).toEqual([])
    expect(judgedIn(stdout).filter((line) => line.includes('"unfounded"'))).toEqual([])
    expect(code).toBe(0)
    expect(summary).toMatchObject({ seed: 7, faults: [], falseSignals: 0, ledgerBalanced: true })
    expect(summary).toMatchObject({ venues: ['polymarket', 'kalshi'], lookAlikesTraded: 0 })
    expect(summary.planted).toBeGreaterThan(0)
    // A busy machine may not get to read one of them in its life of half a second.
    expect(summary.plantedFound).toBeGreaterThanOrEqual(summary.planted - 1)
    expect(summary.fills).toBeGreaterThan(0)
    expect(summary.booksBroken).toBe(0)
    expect(summary.framesRefused).toBe(0)
    for (const line of stdout) expect(() => void JSON.parse(line)).not.toThrow()

    expect(seriesIn(metrics)).toEqual(expect.arrayContaining(expectedSeries))
  }, 40_000)

  test('with every fault switched on there is still no false signal', async () => {
    const demo = startCli(
      ['demo', '--for', '15s', '--seed', '7', '--faults', 'all', '--json', '--port', '0'],
      { LOG_LEVEL: 'off' },
    )

    const { code, stdout } = await demo.ended
    const summary = lastOf(stdout)

    expect(judgedIn(stdout).filter((line) => line.includes('unfounded'))).toEqual([])
    expect(code).toBe(0)
    expect(summary).toMatchObject({ falseSignals: 0, ledgerBalanced: true })
    expect(summary.faults.length).toBeGreaterThan(3)
    expect(summary.plantedFound).toBeGreaterThan(0)
    expect(summary.framesRefused).toBeGreaterThan(0)
    expect(summary.reconnects).toBeGreaterThan(0)
  }, 40_000)

  test('Ctrl-C stops it cleanly, with the summary', async () => {
    const demo = startCli(['demo', '--json', '--port', '0'])
    await demo.line((line) => line.includes('"connected') || line.includes('"signal"'))

    demo.child.kill('SIGINT')
    const { code, stdout } = await demo.ended

    expect(code).toBe(0)
    expect(lastOf(stdout).falseSignals).toBe(0)
  }, 30_000)

  test('prints plain lines without colours where standard output is no terminal', async () => {
    const demo = startCli(['demo', '--for', '3s', '--port', '0'])

    const { code, stdout } = await demo.ended
    const text = stdout.join('\n')

    expect(code).toBe(0)
    expect(text).toContain('loading')
    expect(text).toMatch(/^SIMULATED {2}\d/m)
    expect(text).toMatch(/^judged .* 0 false signals$/m)
    expect(text).not.toContain('\u001b')
  }, 30_000)
})

/** What the exchange found to be missed or unfounded: a failure shows it whole. */
function judgedIn(stdout: readonly string[]): readonly string[] {
  return stdout.filter((line) => line.startsWith('{"event":"judged"'))
}

/** `name{label,label}` of every series: what a scrape is made of, without values. */
function seriesIn(exposition: string): readonly string[] {
  const series = exposition
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.replace(/="(?:[^"\\]|\\.)*"/g, '').replace(/ .*$/, ''))
  return [...new Set(series)]
}

const expectedSeries = [
  'adapter_events_total{venue,event_type}',
  'adapter_event_latency_ms_bucket{venue,event_type,le}',
  'strategy_signals_total{strategy,venue}',
  'strategy_signal_edge_bucket{strategy,le}',
  'execution_fills_total{strategy,executor}',
  'execution_rejections_total{strategy,executor}',
  'execution_signal_to_fill_us_bucket{strategy,le}',
  'execution_e2e_latency_us_bucket{strategy,le}',
  'books{venue,state}',
  'feed_frames_total{venue}',
  'queue_depth{queue}',
]
