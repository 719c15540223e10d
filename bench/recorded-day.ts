import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { writeHeader } from '../src/app/journal-header.ts'
import { configSchema } from '../src/app/config-schema.ts'
import type { EpochMs, Nanos } from '../src/core/units.ts'
import { compressSegment } from '../src/journal/compress-segment.ts'
import { writeEvent } from '../src/journal/engine-text.ts'
import { JournalWriter, journalWriterDefaults } from '../src/journal/journal-writer.ts'
import { makeCorpus } from './polymarket-corpus.ts'

export type RecordedDay = {
  readonly directory: string
  readonly events: number
  readonly bytes: number
  remove(): void
}

const nanosPerFrame = 1_000_000
const framesPerTimer = 50

/** A recording of made-up frames, a thousand a second: what a busy feed leaves behind. */
export async function recordDay(frameCount: number, marketCount: number): Promise<RecordedDay> {
  const segments: string[] = []
  const directory = mkdtempSync(path.join(tmpdir(), 'recorded-day-'))
  const { markets, snapshots, frames } = makeCorpus({
    seed: 7,
    marketCount,
    frameCount,
    bookPercent: 1,
    tradePercent: 5,
  })
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    directory,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: (segment) => void segments.push(segment),
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  const startedAtMs = 1_790_000_000_000
  let at = 1_000_000 as Nanos
  const config = configSchema.parse({})
  const venues = ['polymarket'] as const
  writer.appendText(
    'header',
    writeHeader({ program: 'bench', startedAtMs, venues, config, relations: [], register: [] }),
    at,
  )
  const change = { venue: 'polymarket', markets, sets: [], gone: [] } as const
  writer.appendText('event', writeEvent({ kind: 'start', at, atMs: startedAtMs as EpochMs }), at)
  writer.appendText('event', writeEvent({ kind: 'catalogue', change, at }), at)

  let events = 2
  for (const [index, frame] of [...snapshots, ...frames].entries()) {
    at = (at + nanosPerFrame) as Nanos
    writer.appendFrame(0, 0, frame, at)
    events++
    if (index % framesPerTimer !== 0) continue
    writer.appendText('event', writeEvent({ kind: 'timer', at }), at)
    events++
  }
  writer.close()
  for (const segment of segments) await compressSegment(segment)
  const { bytesWritten: bytes } = writer
  return {
    directory,
    events,
    bytes,
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
