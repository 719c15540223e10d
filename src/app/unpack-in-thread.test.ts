import { readFileSync, writeFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from 'vitest'
import type { Nanos } from '../core/units.ts'
import { compressSegment } from '../journal/compress-segment.ts'
import type { WrittenJournal } from '../journal/fixtures/written-journal.ts'
import { writtenJournal } from '../journal/fixtures/written-journal.ts'
import type { SegmentFile } from '../journal/segment.ts'
import { listSegments } from '../journal/segment.ts'
import { unpackSegment } from '../journal/unpack-segment.ts'
import { unpackInThread } from './unpack-in-thread.ts'

const written: WrittenJournal[] = []

afterEach(() => {
  for (const journal of written.splice(0)) journal.remove()
})

/** Four segments of several pieces each; all but the last are compressed. */
async function segments(): Promise<readonly SegmentFile[]> {
  const journal = writtenJournal(
    (writer) => {
      for (let number = 0; number < 9_000; number++) {
        const text = String(Math.imul(number, 0x9e3779b1)).repeat(100)
        writer.appendFrame(0, 0, Buffer.from(text), number as Nanos)
      }
    },
    { segmentBytes: 2_500_000, blockBytes: 100_000 },
  )
  written.push(journal)
  for (const { path } of (await listSegments(journal.directory)).slice(0, -1)) {
    await compressSegment(path)
  }
  return listSegments(journal.directory)
}

async function joined(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const copies: Buffer[] = []
  for await (const piece of pieces) copies.push(Buffer.from(piece))
  return Buffer.concat(copies)
}

describe('segments that are unpacked in a thread', () => {
  test('are byte for byte what they are here', async () => {
    const files = await segments()
    const thread = unpackInThread(files)

    for (const file of files) {
      const there = await joined(thread.unpack(file))

      expect(there.equals(await joined(unpackSegment(file)))).toBe(true)
    }
    await thread.stop()
    expect(files.length).toBeGreaterThan(3)
  })

  test('may be left early or left out', async () => {
    const files = await segments()
    const [first, , third] = files
    if (first === undefined || third === undefined) throw new Error('there are three segments')
    const thread = unpackInThread(files)

    for await (const piece of thread.unpack(first)) if (piece.length > 0) break
    const there = await joined(thread.unpack(third))

    expect(there.equals(await joined(unpackSegment(third)))).toBe(true)
    await thread.stop()
  })

  test('that have changed are told of, and the next one comes', async () => {
    const files = await segments()
    const [first, second] = files
    if (first === undefined || second === undefined) throw new Error('there are two segments')
    const bytes = readFileSync(first.path)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1
    writeFileSync(first.path, bytes)
    const thread = unpackInThread(files)

    await expect(joined(thread.unpack(first))).rejects.toThrow('cannot be unpacked')
    const there = await joined(thread.unpack(second))

    expect(there.equals(await joined(unpackSegment(second)))).toBe(true)
    await thread.stop()
  })
})
