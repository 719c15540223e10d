import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'

import { afterEach, describe, expect, test } from 'vitest'
import { formatUsd } from '../core/decimal.ts'
import { runBacktest } from './backtest.ts'
import { thisMachine } from './machine.ts'
import { replayDirectory } from './replay.ts'

const golden = path.resolve(import.meta.dirname, '../../test/golden/calm')
const places: string[] = []

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function emptyPlace(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'backtest-'))
  places.push(place)
  return place
}

function backtest(directory: string, more: Partial<Parameters<typeof runBacktest>[0]> = {}) {
  return runBacktest({ directory, changes: [], proofs: 'recorded', ...more })
}

describe('a backtest', () => {
  test('of a run on paper, with its latency and seed, earns the same to the micro-dollar', async () => {
    const { kernel } = await replayDirectory({
      directory: golden,
      machine: thisMachine,
      speed: 'full',
    })
    const { view } = kernel.engine

    const result = await backtest(golden)

    expect(result.fills).toBeGreaterThan(0)
    expect(result).toMatchObject({
      realizedPnlUsd: formatUsd(view.realised),
      unrealizedPnlUsd: formatUsd(view.unrealised),
      feesUsd: formatUsd(view.fees),
      signals: view.signalCount,
      fills: view.fillCount,
      ledgerBalanced: true,
    })
  })

  test('attributes all that was earned to strategies', async () => {
    const result = await backtest(golden)

    const earned = Object.values(result.byStrategy).map(({ realizedUsd }) => Number(realizedUsd))
    expect(earned.reduce((sum, usd) => sum + usd, 0)).toBeCloseTo(Number(result.realizedPnlUsd), 6)
  })

  test('does not know what comes later: another future leaves what was done before as it was', async () => {
    const whole = await backtest(golden)
    const first = whole.trades[0]
    const place = emptyPlace()
    cpSync(golden, place, { recursive: true })
    const packed = path.join(place, 'journal-000001.pej.zst')
    const bytes = zstdDecompressSync(readFileSync(packed))
    rmSync(packed)
    // Half of the recording is enough to hold the first trade, and the other half never happens.
    writeFileSync(path.join(place, 'journal-000001.pej'), bytes.subarray(0, bytes.length / 2))

    const halved = await backtest(place)

    expect(halved.recording.events).toBeLessThan(whole.recording.events)
    expect(halved.trades).toEqual(whole.trades.slice(0, halved.trades.length))
    expect(halved.trades.length === 0 || first !== undefined).toBe(true)
  })

  test('takes settings that replace the recorded ones, and refuses those that are none', async () => {
    const changes = [{ path: ['strategies', 'crossOutcome', 'enabled'], text: 'false' }]

    const without = await backtest(golden, { changes })
    const wrong = backtest(golden, { changes: [{ path: ['strategies', 'nobody'], text: '1' }] })

    expect(without.strategies).not.toContain('cross-outcome')
    await expect(wrong).rejects.toThrow('there is no strategies.nobody')
  })

  test('trades only within its window', async () => {
    const { recording } = await backtest(golden)
    const window = { fromMs: recording.untilMs - 1_000, untilMs: recording.untilMs - 500 }

    const { trades } = await backtest(golden, { window })

    for (const { atMs } of trades) expect(atMs).toBeGreaterThanOrEqual(window.fromMs)
  })

  test('of a recording in parts goes through them on one time line', async () => {
    const place = emptyPlace()
    cpSync(golden, path.join(place, 'a'), { recursive: true })
    cpSync(golden, path.join(place, 'b'), { recursive: true })

    const twice = await backtest(place)

    // Both began at the same instant, so the second takes over from the first at once.
    expect(twice.recording.parts).toBe(2)
    expect(twice.ledgerBalanced).toBe(true)
  })
})
