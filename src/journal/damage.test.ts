import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import type { Nanos } from '../core/units.ts'
import { compressSegment } from './compress-segment.ts'
import type { JournalFault } from './journal-reader.ts'
import { JournalError, readJournal } from './journal-reader.ts'
import { JournalWriter, journalWriterDefaults } from './journal-writer.ts'
import { recoverJournal } from './recover-journal.ts'
import { SegmentScanner } from './scan-segment.ts'
import type { SegmentFile } from './segment.ts'
import { listSegments } from './segment.ts'
import { UnpackingError, unpackSegment } from './unpack-segment.ts'

/**
 * Journals that something has happened to. Whatever it was, reading never crashes, and what is lost
 * is named.
 */
type Damage =
  | { readonly kind: 'cut'; readonly at: number }
  | { readonly kind: 'flip'; readonly at: number; readonly bits: number }
  | { readonly kind: 'zeros'; readonly at: number; readonly length: number }
  | { readonly kind: 'insert'; readonly at: number; readonly length: number }
  | { readonly kind: 'remove' }

type Blow = { readonly segment: number; readonly damage: Damage }

const recordCount = 400
const place = mkdtempSync(path.join(tmpdir(), 'damage-'))
const whole = path.join(place, 'whole')
const hurt = path.join(place, 'hurt')
let segmentCount = 0

beforeAll(async () => {
  openWriter(whole, 1, 1, (writer) => {
    for (let index = 1; index <= recordCount; index++) {
      writer.appendText('note', noteOf(index), index as Nanos)
      if (index % 7 === 0) writer.seal()
    }
  })
  const segments = await listSegments(whole)
  segmentCount = segments.length
  // Some are packed, as they are in earnest; the last is plain.
  for (const [index, file] of segments.entries()) {
    if (index % 2 === 0 && index < segments.length - 1) await compressSegment(file.path)
  }
})

afterAll(() => rmSync(place, { recursive: true, force: true }))

const fraction = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.record({ kind: fc.constant('cut' as const), at: fraction }),
  fc.record({
    kind: fc.constant('flip' as const),
    at: fraction,
    bits: fc.integer({ min: 1, max: 255 }),
  }),
  fc.record({
    kind: fc.constant('zeros' as const),
    at: fraction,
    length: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fraction,
    length: fc.integer({ min: 1, max: 400 }),
  }),
  fc.record({ kind: fc.constant('remove' as const) }),
)
const blows: fc.Arbitrary<readonly Blow[]> = fc.array(fc.record({ segment: fc.nat(99), damage }), {
  minLength: 1,
  maxLength: 3,
})

describe('a damaged journal', { timeout: 60_000 }, () => {
  test('is read without a crash, and nothing is missing without a word', async () => {
    await fc.assert(
      fc.asyncProperty(blows, async (given) => {
        await hurtWith(given)

        const { numbers, texts, faults } = await readAll(hurt)

        // Numbers only go up, so nothing is given twice.
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b))
        const isBeginning = texts.every((text, index) => text === noteOf(index + 1))
        // A journal that was cut between two blocks is a shorter journal, and a true one.
        if (!isBeginning) expect(faults.length).toBeGreaterThan(0)
        expect(faults.length).toBeGreaterThanOrEqual(missingRuns(numbers))
      }),
      { numRuns: 120 },
    )
  })

  test('is never given to what feeds on it with a changed record that it calls whole', async () => {
    await fc.assert(
      fc.asyncProperty(blows, async (given) => {
        await hurtWith(given)

        for (const file of await listSegments(hurt)) {
          const { texts, isFaulty } = await scan(file)
          if (isFaulty) continue
          const numbers = texts.map(numberOf)
          // Without a fault, what is shown is a row of records as they were written.
          expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index))
        }
      }),
      { numRuns: 80 },
    )
  })

  test('is gone on with after what was torn is cut off', async () => {
    await fc.assert(
      fc.asyncProperty(blows, async (given) => {
        await hurtWith(given)
        if ((await listSegments(hurt)).length === 0) return

        const recovery = await recoverJournal(hurt)
        openWriter(hurt, recovery.nextNumber, recovery.nextOrdinal, (writer) =>
          writer.appendText('note', 'after', 0 as Nanos),
        )
        const { texts, faults } = await readAll(hurt)

        expect(texts.at(-1)).toBe('after')
        expect(faults.some(({ kind }) => kind === 'torn-tail')).toBe(false)
      }),
      { numRuns: 80 },
    )
  })
})

function noteOf(number: number): string {
  return `note ${number} ${'x'.repeat(number % 23)}`
}

function numberOf(text: string): number {
  const number = Number(text.split(' ')[1])
  expect(text).toBe(noteOf(number))
  return number
}

function openWriter(
  directory: string,
  firstNumber: number,
  firstOrdinal: number,
  write: (writer: JournalWriter) => void,
): void {
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    blockBytes: 4096,
    segmentBytes: 3000,
    directory,
    firstNumber,
    firstOrdinal,
    onSegmentClosed: () => {},
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  write(writer)
  writer.close()
}

async function hurtWith(given: readonly Blow[]): Promise<void> {
  expect(segmentCount).toBeGreaterThan(3)
  rmSync(hurt, { recursive: true, force: true })
  cpSync(whole, hurt, { recursive: true })
  const segments = await listSegments(hurt)
  for (const { segment, damage: done } of given) {
    const file = segments[segment % segments.length]?.path ?? ''
    if (!existsSync(file)) continue
    if (done.kind === 'remove') rmSync(file)
    else writeFileSync(file, damaged(readFileSync(file), done))
  }
}

function damaged(bytes: Buffer, done: Exclude<Damage, { kind: 'remove' }>): Buffer {
  const at = Math.floor(done.at * bytes.length)
  switch (done.kind) {
    case 'cut':
      return bytes.subarray(0, at)
    case 'flip':
      bytes[at] = (bytes[at] ?? 0) ^ done.bits
      return bytes
    case 'zeros':
      return bytes.fill(0, at, Math.min(bytes.length, at + done.length))
    case 'insert':
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(done.length, 'EBLK'),
        bytes.subarray(at),
      ])
  }
}

type Seen = { numbers: number[]; texts: string[]; faults: JournalFault[] }

/** A version that is newer than ours is no crash: it is said so, and nothing is read. */
async function readAll(directory: string): Promise<Seen> {
  const seen: Seen = { numbers: [], texts: [], faults: [] }
  try {
    for await (const item of readJournal(directory)) {
      if (item.kind === 'fault') seen.faults.push(item.fault)
      else {
        seen.numbers.push(item.record.number)
        seen.texts.push(Buffer.from(item.record.payload).toString('utf8'))
      }
    }
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    const { message: detail } = error
    seen.faults.push({ kind: 'damaged', path: directory, offset: 0, detail })
  }
  return seen
}

/** Runs of numbers that are missing before or between records that are there. */
function missingRuns(numbers: readonly number[]): number {
  return numbers.filter((number, index) => index > 0 && number !== (numbers[index - 1] ?? 0) + 1)
    .length
}

async function scan(file: SegmentFile): Promise<{ texts: string[]; isFaulty: boolean }> {
  const texts: string[] = []
  const scanner = new SegmentScanner({
    frame: () => {},
    text: (_, bytes) => void texts.push(Buffer.from(bytes).toString('utf8')),
  })
  try {
    for await (const piece of unpackSegment(file)) scanner.take(piece)
    scanner.end()
  } catch (error) {
    if (!(error instanceof UnpackingError) && !(error instanceof JournalError)) throw error
    return { texts, isFaulty: true }
  }
  return { texts, isFaulty: scanner.faultAt !== undefined }
}
