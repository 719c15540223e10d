import { describe, expect, test } from 'vitest'
import type { DemoSummary } from '../app/summary.ts'
import { describeSummary } from './describe-summary.ts'
import { textWidth } from './text-width.ts'

const demo: DemoSummary = {
  mode: 'simulated',
  durationMs: 3_600_123,
  signals: 12_345,
  fills: 67_890,
  rejections: 1_234,
  phantoms: 567,
  ledgerBalanced: true,
  realizedPnlUsd: '-12345.678901',
  unrealizedPnlUsd: '12345.678901',
  feesUsd: '1234.56789',
  framesReceived: 123_456_789,
  framesRefused: 0,
  booksProven: 10_000,
  booksUnproven: 100,
  booksBroken: 10,
  reconnects: 2,
  venues: ['polymarket'],
  seed: 7,
  faults: ['disconnect'],
  planted: 100,
  plantedFound: 99,
  plantedByKind: { 'cross-outcome': 50, 'outcome-basket-yes': 50 },
  foundByKind: { 'cross-outcome': 50, 'outcome-basket-yes': 49 },
  falseSignals: 0,
  lookAlikesTraded: 0,
}

describe('describeSummary', () => {
  test('is judged by what was planted, and says how to see the same again', () => {
    const text = describeSummary(demo).join('\n')

    expect(text).toContain('found 99 of 100 planted mispricings, 0 false signals')
    expect(text).toContain('outcome-basket-yes 49 of 50')
    expect(text).toContain('-$12345.678901 realized')
    expect(text).toContain('--seed 7 --faults disconnect')
  })

  test('fits a terminal of 80 columns', () => {
    for (const line of describeSummary(demo)) expect(textWidth(line)).toBeLessThanOrEqual(80)
  })

  test('a ledger that is off cannot be overlooked', () => {
    const text = describeSummary({ ...demo, ledgerBalanced: false }).join('\n')

    expect(text).toContain('DOES NOT BALANCE')
  })
})
