import { fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Nanos } from '../src/core/units.ts'
import { JournalWriter, journalWriterDefaults } from '../src/journal/journal-writer.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave } from './bench-case.ts'

const framesPerSlice = 2_000
const frameBytes = 640
const syncs = 100

/** What a journal costs the thread that trades: against a write for each frame. */
export const journalCases: readonly BenchCase[] = [
  {
    name: 'journal append',
    group: 'journal',
    baseline: 'one write to the file for each frame',
    run: append,
  },
]

function append(): BenchResult {
  const directory = mkdtempSync(path.join(tmpdir(), 'journal-bench-'))
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    directory,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: (segment) => rmSync(segment),
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  const frame = Buffer.alloc(frameBytes, 'x')
  const plain = openSync(path.join(directory, 'plain'), 'w')
  try {
    const result = interleave({
      opsPerSlice: framesPerSlice,
      rounds: 30,
      candidate: () => {
        for (let index = 0; index < framesPerSlice; index++) {
          writer.appendFrame(0, 0, frame, index as Nanos)
        }
      },
      baseline: () => {
        for (let index = 0; index < framesPerSlice; index++) writeSync(plain, frame)
      },
    })
    return {
      ...result,
      more: {
        eventsPerSecond: Math.round(1e9 / result.nsPerOp),
        bytesPerEvent: frameBytes,
        syncMsP99: syncP99(plain, frame),
      },
    }
  } finally {
    writer.close()
    rmSync(directory, { recursive: true, force: true })
  }
}

/** A sync after a small write, as every 50 ms: it never happens on the thread that trades. */
function syncP99(file: number, frame: Buffer): number {
  const took = Array.from({ length: syncs }, () => {
    writeSync(file, frame)
    const start = performance.now()
    fdatasyncSync(file)
    return performance.now() - start
  }).toSorted((a, b) => a - b)
  return Math.round((took[Math.floor(syncs * 0.99)] ?? 0) * 100) / 100
}
