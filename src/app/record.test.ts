import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import { afterAll, describe, expect, test } from 'vitest'

import { runBacktest } from './backtest.ts'
import type { Machine } from './machine.ts'
import { thisMachine } from './machine.ts'
import type { RecordLimits, RecordSummary } from './record.ts'
import { runRecorder } from './record.ts'
import type { RecordStatus } from './record-status.ts'
import { verifyRecording } from './record-verify.ts'
import { replayDirectory } from './replay.ts'
import { UnreachableError } from './unreachable-error.ts'

const place = mkdtempSync(path.join(tmpdir(), 'recorder-'))
const machine: Machine = { ...thisMachine, environment: {}, folder: place }
const limits: RecordLimits = { partMs: 3_600_000, freeBytesMin: 1_000, whenFull: 'stop' }

afterAll(() => rmSync(place, { recursive: true, force: true }))

type Recorded = { readonly summary: RecordSummary; readonly statuses: readonly RecordStatus[] }

async function record(
  into: string,
  forMs: number,
  more: Partial<RecordLimits> = {},
): Promise<Recorded> {
  const statuses: RecordStatus[] = []
  const summary = await runRecorder({
    machine,
    configFile: undefined,
    into,
    demoSeed: 3,
    forMs,
    limits: { ...limits, ...more },
    stop: new AbortController().signal,
    watcher: {
      statusEveryMs: 200,
      progress: () => undefined,
      status: (status) => void statuses.push(status),
    },
  })
  return { summary, statuses }
}

describe('a recording of the simulated exchange', { timeout: 60_000 }, () => {
  test('goes on where it was left, marks the gap, replays, and can be traded', async () => {
    const first = await record('days', 2_500)
    const second = await record('days', 2_500)

    const folder = path.join(place, 'days')
    const report = await verifyRecording(folder)
    const parts = readdirSync(folder).toSorted()
    const replayed = await Promise.all(
      parts.map((part) =>
        replayDirectory({ directory: path.join(folder, part), machine, speed: 'full' }),
      ),
    )
    const backtest = await runBacktest({ directory: folder, changes: [], proofs: 'recorded' })

    expect(first.summary).toMatchObject({ endedBy: 'time-is-up', parts: 1, gaps: 0 })
    expect(second.summary).toMatchObject({ endedBy: 'time-is-up', parts: 2, gaps: 1 })
    expect(first.statuses.at(-1)?.eventsPerSecond).toBeGreaterThan(0)
    expect(first.summary.compressionRatio).toBeGreaterThan(2)
    expect(report).toMatchObject({ sound: true, faults: [] })
    expect(report.gaps.map(({ kind }) => kind)).toEqual(['not-recording'])
    expect(report.parts.map(({ endedBy }) => endedBy)).toEqual(['time-is-up', 'time-is-up'])
    for (const { venues } of report.parts) {
      for (const { framesRefused, books } of venues) {
        expect(framesRefused).toBe(0)
        expect(books.proven).toBeGreaterThan(0)
      }
    }
    // Nothing has traded, nothing differs, and yet a backtest has strategies to try.
    expect(replayed.map(({ divergence }) => divergence)).toEqual([null, null])
    expect(replayed.every(({ kernel }) => kernel.engine.view.signalCount === 0)).toBe(true)
    expect(backtest.strategies).toContain('outcome-basket')
    expect(backtest.recording.frames).toBe(report.frames)
  })

  test('of several parts misses nothing between them', async () => {
    const { summary } = await record('parts', 7_500, { partMs: 2_000 })

    const report = await verifyRecording(path.join(place, 'parts'))

    expect(summary.parts).toBeGreaterThan(1)
    expect(report.gaps).toEqual([])
    expect(report.parts[0]?.endedBy).toBe('next-part')
  })

  test('ends by itself, and soundly, where too little is free on the disk', async () => {
    const { summary } = await record('full', 30_000, { freeBytesMin: Number.MAX_SAFE_INTEGER })

    const report = await verifyRecording(path.join(place, 'full'))

    expect(summary.endedBy).toBe('disk-nearly-full')
    expect(report.sound).toBe(true)
    expect(report.parts[0]?.endedBy).toBe('disk-nearly-full')
  })

  test('ends at its limit of bytes', async () => {
    const { summary } = await record('limited', 30_000, { bytesMax: 600_000 })

    expect(summary.endedBy).toBe('bytes-limit')
  })

  test('of a venue that does not answer leaves nothing behind', async () => {
    const config = path.join(place, 'nowhere.toml')
    const nowhere = 'http://127.0.0.1:9'
    writeFileSync(
      config,
      `[venues.kalshi]\nenabled = false\n[venues.polymarket]\ngamma_url = "${nowhere}"\n`,
    )

    const recording = runRecorder({
      machine,
      configFile: config,
      into: 'nowhere',
      demoSeed: undefined,
      forMs: 1_000,
      limits,
      stop: new AbortController().signal,
      watcher: { statusEveryMs: 200, progress: () => undefined, status: () => undefined },
    })

    await expect(recording).rejects.toThrow(UnreachableError)
    expect(readdirSync(path.join(place, 'nowhere'))).toEqual([])
  })

  test('that was damaged is found so', async () => {
    await record('damaged', 1_500)
    const folder = path.join(place, 'damaged')
    const [part = ''] = readdirSync(folder)
    const file = path.join(folder, part, 'journal-000001.pej.zst')
    const bytes = readFileSync(file)
    bytes[bytes.length - 6] = (bytes[bytes.length - 6] ?? 0) ^ 1
    writeFileSync(file, bytes)

    const report = await verifyRecording(folder)

    expect(report.sound).toBe(false)
    expect(report.faults.map(({ kind }) => kind)).toEqual(['damaged'])
  })
})
