import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import type { Nanos } from '../core/units.ts'
import { writtenJournal } from './fixtures/written-journal.ts'
import type { RecordVisitor } from './scan-segment.ts'
import { SegmentScanner } from './scan-segment.ts'
import { segmentName } from './segment.ts'

/** A segment of some twenty blocks, one of them larger than the rest together. */
const segment = segmentOf()

function segmentOf(): Buffer {
  const { directory, remove } = writtenJournal((writer) => {
    writer.appendText('header', '{"program":"test"}', 1 as Nanos)
    for (let number = 1; number <= 300; number++) {
      writer.appendFrame(number % 3, 7, Buffer.from(`{"number":${number}}`), (number * 10) as Nanos)
      if (number % 16 === 0) writer.seal()
      if (number === 200) writer.appendText('note', 'x'.repeat(20_000), 0 as Nanos)
    }
  })
  const bytes = readFileSync(join(directory, segmentName(1)))
  remove()
  return bytes
}

/** What is seen of a segment that comes in pieces of these sizes, over and over. */
function scan(bytes: Buffer, sizes: readonly number[], trust?: 'checked') {
  const seen: unknown[] = []
  const text = (of: Uint8Array): string => Buffer.from(of).toString()
  const visitor: RecordVisitor = {
    frame: (venueIndex, connection, at, of) => seen.push([venueIndex, connection, at, text(of)]),
    text: (type, of) => seen.push([type, text(of)]),
  }
  const scanner = new SegmentScanner(visitor, trust)
  let from = 0
  for (let index = 0; from < bytes.length && scanner.faultAt === undefined; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length
    // A copy that is spoilt after it was taken, as memory is that is used again.
    const piece = Buffer.from(bytes.subarray(from, from + size))
    scanner.take(piece)
    piece.fill(0xff)
    from += size
  }
  scanner.end()
  return { seen, faultAt: scanner.faultAt }
}

const whole = scan(segment, [segment.length])

describe('a segment that is scanned', () => {
  test('shows every record in its order', () => {
    expect(whole.faultAt).toBeUndefined()
    expect(whole.seen).toHaveLength(302)
    expect(whole.seen[0]).toEqual(['header', '{"program":"test"}'])
    expect(whole.seen[1]).toEqual([1, 7, 10, '{"number":1}'])
    expect(whole.seen.at(-1)).toEqual([0, 7, 3000, '{"number":300}'])
  })

  test('shows the same wherever it is cut into pieces', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6_000 }), { minLength: 1, maxLength: 20 })

    fc.assert(
      fc.property(sizes, (cuts) => {
        expect(scan(segment, cuts)).toEqual(whole)
      }),
    )
  })

  test('stops at a changed byte, and has shown what was before it', () => {
    const place = fc.integer({ min: 16, max: segment.length - 1 })

    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = Buffer.from(segment)
        changed[at] = (changed[at] ?? 0) ^ bits

        const { seen, faultAt } = scan(changed, [3_000])

        expect(faultAt).toBeLessThanOrEqual(at)
        expect(seen).toEqual(whole.seen.slice(0, seen.length))
      }),
      { numRuns: 300 },
    )
  })

  test('is not misled by changed bytes that nobody has summed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: segment.length - 1 }), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(segment)
        changed[at] = byte

        expect(() => scan(changed, [3_000], 'checked')).not.toThrow(RangeError)
      }),
      { numRuns: 300 },
    )
  })

  test('stops where a block is missing', () => {
    const second = segment.indexOf('EBLK', segment.indexOf('EBLK') + 1)
    const third = segment.indexOf('EBLK', second + 1)
    const without = Buffer.concat([segment.subarray(0, second), segment.subarray(third)])

    expect(scan(without, [3_000]).faultAt).toBe(second)
  })

  test('ends where it was cut off', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: segment.length - 1 }), (length) => {
        const { seen, faultAt } = scan(segment.subarray(0, length), [1_000])

        expect(seen).toEqual(whole.seen.slice(0, seen.length))
        // Cut between two blocks it is whole: nothing is known to be missing.
        if (faultAt !== undefined) expect(faultAt).toBeLessThanOrEqual(length)
      }),
      { numRuns: 300 },
    )
  })

  test('of a newer format is not read', () => {
    const newer = Buffer.from(segment)
    newer[4] = 99

    expect(() => scan(newer, [1_000])).toThrow('format 99 is newer')
  })
})
