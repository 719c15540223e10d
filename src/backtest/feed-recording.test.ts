import { readFileSync, rmSync, writeFileSync } from 'node:fs'

import { afterEach, describe, expect, test } from 'vitest'

import type { EpochMs, Nanos } from '../core/units.ts'
import type { EngineEvent } from '../engine/event.ts'
import { writeEvent } from '../journal/engine-text.ts'
import { compressSegment } from '../journal/compress-segment.ts'
import type { WrittenJournal } from '../journal/fixtures/written-journal.ts'
import { writtenJournal } from '../journal/fixtures/written-journal.ts'
import type { StartEvent } from '../journal/read-opening.ts'
import type { SegmentFile } from '../journal/segment.ts'
import { listSegments } from '../journal/segment.ts'
import { feedRecording } from './feed-recording.ts'

const nanosPerMs = 1_000_000
const written: WrittenJournal[] = []

afterEach(() => {
  for (const journal of written.splice(0)) journal.remove()
})

function startAt(atMs: number): StartEvent {
  return { kind: 'start', at: 5 as Nanos, atMs: atMs as EpochMs }
}

/** A part that began at this millisecond: a frame a millisecond, three segments and more. */
async function part(atMs: number, { frameBytes = 50, segmentBytes = 2_000 } = {}) {
  const journal = writtenJournal(
    (writer) => {
      const { at } = startAt(atMs)
      writer.appendText('event', writeEvent(startAt(atMs)), at)
      for (let ms = 1; ms <= 100; ms++) {
        const now = (at + ms * nanosPerMs) as Nanos
        writer.appendFrame(0, 3, Buffer.from(`${atMs + ms}`.padEnd(frameBytes)), now)
        if (ms % 10 === 0) writer.seal()
        if (ms === 50) writer.appendText('effect', '{"kind":"anything"}', now)
      }
      const last = (at + 100 * nanosPerMs) as Nanos
      writer.appendText('event', writeEvent({ kind: 'timer', at: last }), last)
    },
    { segmentBytes },
  )
  written.push(journal)
  return {
    start: startAt(atMs),
    venues: ['kalshi'] as const,
    segments: await listSegments(journal.directory),
  }
}

/** What an engine is fed, frames as the millisecond that is in them and the one they came at. */
async function fed(parts: readonly Awaited<ReturnType<typeof part>>[]) {
  const frames: [number, number][] = []
  const events: EngineEvent[] = []
  const span = await feedRecording({
    parts,
    intake: {
      process: (event) => events.push(event),
      onFrame: (_venue, _connection, bytes, at) => {
        const text = Buffer.from(bytes).toString()
        frames.push([Number(text), Math.floor(at / nanosPerMs)])
      },
    },
    onPause: () => {},
  })
  return { frames, events: events.map(({ kind }) => kind), span }
}

function nth(segments: readonly SegmentFile[], index: number): SegmentFile {
  const file = segments[index]
  if (file === undefined) throw new Error(`there is a segment ${index}`)
  return file
}

describe('a recording that is fed to an engine', () => {
  test('gives what came in, in its order and at its time, and nothing that came out', async () => {
    const { frames, events, span } = await fed([await part(1_000)])

    expect(frames).toEqual(Array.from({ length: 100 }, (_, index) => [1_001 + index, index + 1]))
    expect(events).toEqual(['start', 'timer'])
    expect(span).toEqual({
      eventCount: 102,
      frameCount: 100,
      fromMs: 1_000,
      untilMs: 1_100,
      faults: [],
    })
  })

  test('puts parts on one time line, where the later one takes over', async () => {
    const { frames, span } = await fed([await part(1_000), await part(1_060)])

    expect(frames.map(([inside]) => inside)).toEqual([
      ...Array.from({ length: 59 }, (_, index) => 1_001 + index),
      ...Array.from({ length: 100 }, (_, index) => 1_061 + index),
    ])
    for (const [inside, at] of frames) expect(at).toBe(inside - 1_000)
    expect(span).toMatchObject({ fromMs: 1_000, untilMs: 1_160, faults: [] })
  })

  test('notes a segment that is missing, and goes on', async () => {
    const one = await part(1_000)
    const gone = nth(one.segments, 1)
    rmSync(gone.path)

    const { frames, span } = await fed([
      { ...one, segments: one.segments.filter((file) => file !== gone) },
    ])

    expect(span.faults).toHaveLength(1)
    expect(span.faults[0]).toMatch(/record \d+ was expected, \d+ was there/)
    expect(frames.at(-1)).toEqual([1_100, 100])
    expect(frames.length).toBeLessThan(100)
  })

  test('notes where a segment has changed, and leaves out the rest of it', async () => {
    const one = await part(1_000)
    const { path } = nth(one.segments, 0)
    const bytes = readFileSync(path)
    bytes[bytes.length - 1] = 0
    writeFileSync(path, bytes)

    const { frames, span } = await fed([one])

    expect(span.faults).toHaveLength(1)
    expect(span.faults[0]).toContain(`${path}, byte `)
    expect(frames.length).toBe(90)
  })

  test('notes a changed compressed segment that is left before its end', async () => {
    // Several megabytes, so that it is handed over in more than one piece.
    const one = await part(1_000, { frameBytes: 40_000, segmentBytes: 10_000_000 })
    const packed = await compressSegment(nth(one.segments, 0).path)
    const bytes = readFileSync(packed)
    // The checksum stands at the very end.
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(packed, bytes)
    const file = { ...nth(one.segments, 0), path: packed, compressed: true }

    const { span } = await fed([{ ...one, segments: [file] }, await part(1_010)])

    expect(span.faults).toHaveLength(1)
    expect(span.faults[0]).toContain(packed)
  })
})
