import { describe, expect, test } from 'vitest'
import type { FillView, OpportunityView, RunView } from '../app/run-view.ts'
import { epochMs, microShares, microUsd, ppm, ticks } from '../core/units.ts'
import { colorInk, noInk } from './ink.ts'
import { renderView } from './render-view.ts'
import { textWidth } from './text-width.ts'

const opportunity: OpportunityView = {
  strategy: 'outcome-basket',
  title: 'Who wins the 2026 世界 cup, and by how many goals in the end? \u{1f3c6}\u{1f3c6}',
  edge: microUsd(1_050_000),
  edgeRate: ppm(21_000),
  legs: 3,
  size: microShares(50_000_000),
  verdict: 'taken',
  atMs: epochMs(1_700_000_000_000),
}

const fill: FillView = {
  strategy: 'outcome-basket',
  title: 'Will France win?',
  outcome: 'yes',
  side: 'buy',
  price: ticks(3_100),
  size: microShares(50_000_000),
  fee: microUsd(0),
  atMs: epochMs(1_700_000_000_000),
}

const view: RunView = {
  badge: 'SIMULATED',
  title: 'demo, seed 7, faults: none',
  elapsedMs: 12_345,
  forMs: 30_000,
  metricsUrl: 'http://127.0.0.1:9000/metrics',
  loginUrl: 'http://127.0.0.1:9000/login?code=once',
  feeds: [{ venue: 'polymarket', mode: 'socket', open: 3, wanted: 3, markets: 600, reconnects: 0 }],
  books: { proven: 598, unproven: 1, broken: 1 },
  phantoms: 3,
  framesReceived: 123_456,
  framesRefused: 0,
  framesPerSecond: 1_234,
  eventsPerSecond: 5_678,
  turnP50Us: 12.3,
  turnP99Us: 4_321,
  signals: 12,
  fills: 24,
  rejections: 1,
  realized: microUsd(1_230_000),
  unrealized: microUsd(-450_001),
  fees: microUsd(0),
  ledgerBalanced: true,
  openCount: 1,
  opportunities: Array.from({ length: 30 }, () => opportunity),
  lastFills: Array.from({ length: 30 }, () => fill),
}

const at80 = { columns: 80, rows: 24, ink: noInk }

describe('renderView', () => {
  test.each([
    [80, 24],
    [120, 50],
    [60, 12],
    [200, 10],
  ])('fits %i columns and %i rows, with and without colours', (columns, rows) => {
    for (const ink of [noInk, colorInk]) {
      const lines = renderView(view, 'warn polymarket: a socket was silent', { columns, rows, ink })

      expect(lines.length).toBeLessThanOrEqual(rows)
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns)
    }
  })

  test('says first what the money is', () => {
    expect(renderView(view, '', at80)[0]).toMatch(/^\[SIMULATED\] .* 00:12 \/ 00:30$/)
    expect(renderView({ ...view, badge: 'PAPER' }, '', at80)[0]).toMatch(/^\[PAPER\]/)
  })

  test('shows books by state, turns, trades and money', () => {
    const text = renderView(view, '', at80).join('\n')

    expect(text).toContain('598 proven  1 unproven  1 broken')
    expect(text).toContain('p50 12 µs  p99 4.3 ms')
    expect(text).toContain('12 signals  24 fills  1 rejections  +$1.23 realized  -$0.46 open')
  })

  test('a ledger that is off is said in the picture', () => {
    const text = renderView({ ...view, ledgerBalanced: false }, '', { ...at80, columns: 120 })

    expect(text.join('\n')).toContain('LEDGER OFF')
  })

  test('without colours there is no escape sequence', () => {
    expect(renderView(view, '', at80).join('')).not.toContain('\u001b')
  })

  test('fills the terminal and no more, however little there is to show', () => {
    const empty = { ...view, opportunities: [], lastFills: [] }

    expect(renderView(empty, '', at80)).toHaveLength(24)
  })
})
