import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

import type { Nanos } from '../core/units.ts'
import { compressSegment } from './compress-segment.ts'
import type { JournalItem } from './journal-reader.ts'
import { readJournal } from './journal-reader.ts'
import { JournalWriter, journalWriterDefaults } from './journal-writer.ts'
import { recoverJournal } from './recover-journal.ts'
import { listSegments, segmentName } from './segment.ts'

const places: string[] = []
let directory = ''

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'journal-'))
  places.push(directory)
})

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function openWriter(options: { first?: number; ordinal?: number; segmentBytes?: number } = {}) {
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    blockBytes: 4096,
    segmentBytes: options.segmentBytes ?? journalWriterDefaults.segmentBytes,
    directory,
    firstNumber: options.first ?? 1,
    firstOrdinal: options.ordinal ?? 1,
    onSegmentClosed: () => {},
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  return writer
}

async function readAll(): Promise<JournalItem[]> {
  const items: JournalItem[] = []
  for await (const item of readJournal(directory)) items.push(item)
  return items
}

function texts(items: readonly JournalItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'record' ? [Buffer.from(item.record.payload).toString('utf8')] : [],
  )
}

function faults(items: readonly JournalItem[]): string[] {
  return items.flatMap((item) => (item.kind === 'fault' ? [item.fault.kind] : []))
}

function writeNotes(writer: JournalWriter, from: number, count: number): void {
  for (let index = from; index < from + count; index++) {
    writer.appendText('note', `note ${index}`, index as Nanos)
    if (index % 7 === 0) writer.seal()
  }
}

describe('a journal', () => {
  test('gives back what was appended, numbered without a hole, over many segments', async () => {
    const writer = openWriter({ segmentBytes: 2000 })
    writer.appendFrame(1, 513, Buffer.from('{"a":1}'), 42 as Nanos)
    writeNotes(writer, 1, 200)
    writer.close()

    const items = await readAll()

    expect((await listSegments(directory)).length).toBeGreaterThan(2)
    expect(faults(items)).toEqual([])
    expect(items[0]).toEqual({
      kind: 'record',
      record: {
        number: 1,
        type: 'frame',
        venueIndex: 1,
        connection: 513,
        at: 42,
        payload: Buffer.from('{"a":1}'),
      },
    })
    expect(texts(items).slice(1)).toEqual(Array.from({ length: 200 }, (_, i) => `note ${i + 1}`))
  })

  test('loses at most what was not sealed when the writer dies, and goes on after it', async () => {
    const writer = openWriter()
    writeNotes(writer, 1, 21)
    writer.appendText('note', 'never sealed', 0 as Nanos)

    const recovery = await recoverJournal(directory)
    const next = openWriter({ first: recovery.nextNumber, ordinal: recovery.nextOrdinal })
    next.appendText('note', 'after', 0 as Nanos)
    next.close()

    expect(recovery).toMatchObject({ nextNumber: 22, nextOrdinal: 2, cut: undefined, faults: [] })
    const items = await readAll()
    expect(faults(items)).toEqual([])
    expect(texts(items).at(-1)).toBe('after')
  })

  test('finds a changed byte wherever it is', async () => {
    const writer = openWriter()
    writeNotes(writer, 1, 50)
    writer.close()
    const path = join(directory, segmentName(1))
    const whole = readFileSync(path)

    await fc.assert(
      fc.asyncProperty(
        fc.nat(whole.length - 17),
        fc.integer({ min: 1, max: 255 }),
        async (at, bits) => {
          const changed = Buffer.from(whole)
          changed[at + 16] = (changed[at + 16] ?? 0) ^ bits
          writeFileSync(path, changed)

          expect(faults(await readAll())).not.toEqual([])
        },
      ),
      { numRuns: 200 },
    )
  })

  test('cut anywhere, gives a true beginning and says that the end is torn', async () => {
    const writer = openWriter()
    writeNotes(writer, 1, 50)
    writer.close()
    const path = join(directory, segmentName(1))
    const whole = readFileSync(path)
    const complete = texts(await readAll())

    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 16, max: whole.length }), async (length) => {
        writeFileSync(path, whole)
        truncateSync(path, length)

        const recovery = await recoverJournal(directory)
        const kept = texts(await readAll())

        expect(kept).toEqual(complete.slice(0, kept.length))
        expect(recovery.nextNumber).toBe(kept.length + 1)
        expect(faults(await readAll())).toEqual([])
      }),
      { numRuns: 200 },
    )
  })

  test('takes a record that is larger than a block', async () => {
    const writer = openWriter()
    writer.appendText('note', 'before', 0 as Nanos)
    writer.appendText('event', 'x'.repeat(20_000), 0 as Nanos)
    writer.appendText('note', 'after', 0 as Nanos)
    writer.close()

    const kept = texts(await readAll())

    expect(kept.map(({ length }) => length)).toEqual([6, 20_000, 5])
  })

  test('reads compressed segments like plain ones, and finds a changed byte in them', async () => {
    const writer = openWriter({ segmentBytes: 2000 })
    writeNotes(writer, 1, 200)
    writer.close()
    const plain = texts(await readAll())

    for (const { path } of await listSegments(directory)) await compressSegment(path)
    const packed = await readAll()
    const first = (await listSegments(directory))[0]?.path ?? ''
    const bytes = readFileSync(first)
    bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1
    writeFileSync(first, bytes)
    const changed = await readAll()

    expect((await listSegments(directory)).every(({ compressed }) => compressed)).toBe(true)
    expect(texts(packed)).toEqual(plain)
    expect(faults(packed)).toEqual([])
    expect(faults(changed)).toContain('damaged')
  })

  test('counts the plain segment where a crash has left both forms', async () => {
    const writer = openWriter()
    writeNotes(writer, 1, 20)
    writer.close()
    const path = join(directory, segmentName(1))
    writeFileSync(`${path}.zst`, 'half of what it should be')

    const items = await readAll()

    expect(faults(items)).toEqual([])
    expect(texts(items)).toHaveLength(20)
  })

  test('never writes over a segment that is there', () => {
    openWriter().close()

    expect(() => openWriter()).toThrow(/EEXIST/)
  })
})
