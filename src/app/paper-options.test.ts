import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from './load-config.ts'
import { paperOptionsOf } from './paper-options.ts'
import type { PaperOptions } from '../venues/paper/index.ts'

function optionsWith(paper: Record<string, unknown>): Omit<PaperOptions, 'books' | 'seed'> {
  const overrides = Object.entries(paper).map(([key, value]) => ({
    option: 'test',
    path: ['paper', ...key.split('.')],
    value,
  }))
  const { config } = loadConfig({ file: undefined, folder: '/nowhere', environment: {}, overrides })
  return paperOptionsOf(config.paper)
}

describe('trading on paper, as configured', () => {
  test('is realistic with one latency unless told otherwise', () => {
    const { amounts, band, cancelLatency, latency, operationMs, rivals } = optionsWith({})

    expect(amounts).toBe('as-the-venue')
    expect({ band, rivals }).toEqual({ band: 'realistic', rivals: true })
    expect(latency('kalshi')).toEqual({ kind: 'fixed', ms: 25 })
    expect(cancelLatency?.('kalshi')).toEqual({ kind: 'fixed', ms: 25 })
    expect([operationMs?.('polymarket'), operationMs?.('kalshi')]).toEqual([2_000, 0])
  })

  test('takes the quantiles of a venue for that venue', () => {
    const { latency } = optionsWith({
      'latency.kalshi.p_50_ms': 40,
      'latency.kalshi.p_90_ms': 90,
      'latency.kalshi.p_99_ms': 350,
      latency_ms: 7,
    })

    const kalshi = { kind: 'quantiles', p50Ms: 40, p90Ms: 90, p99Ms: 350 }
    expect(latency('kalshi')).toEqual(kalshi)
    expect(latency('polymarket')).toEqual({ kind: 'fixed', ms: 7 })
  })

  test.each([
    { 'latency.kalshi.p_50_ms': 40 },
    { 'latency.kalshi.p_50_ms': 40, 'latency.kalshi.p_90_ms': 30, 'latency.kalshi.p_99_ms': 50 },
  ])('refuses quantiles that are not three that rise: %j', (paper) => {
    expect(() => optionsWith(paper)).toThrow(ConfigError)
  })
})
