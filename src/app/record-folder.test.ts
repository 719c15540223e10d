import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'

import type { StoredPart } from './record-folder.ts'
import {
  FolderInUseError,
  lockFolder,
  partNameAt,
  partsToRemove,
  removePart,
  storedParts,
} from './record-folder.ts'

const places: string[] = []

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

function emptyPlace(): string {
  const place = mkdtempSync(path.join(tmpdir(), 'recording-'))
  places.push(place)
  return place
}

function part(startedAtMs: number, bytes: number): StoredPart {
  const directory = partNameAt(startedAtMs)
  return { directory, startedAtMs, segmentCount: 1, bytes, plainBytes: 0 }
}

describe('retention', () => {
  const hour = 3_600_000
  const parts = [part(0, 10), part(hour, 20), part(2 * hour, 30)]

  test.each([
    { name: 'nothing goes without a limit', retention: {}, gone: 0 },
    { name: 'a part goes when it ended too long ago', retention: { keepMs: 1.5 * hour }, gone: 1 },
    { name: 'a part at the very limit of age stays', retention: { keepMs: 2 * hour }, gone: 0 },
    { name: 'the oldest go until the rest fits', retention: { bytesMax: 50 }, gone: 1 },
    { name: 'at the very limit of bytes all stay', retention: { bytesMax: 60 }, gone: 0 },
    { name: 'the part that is written stays', retention: { keepMs: 1, bytesMax: 1 }, gone: 2 },
  ])('$name', ({ retention, gone }) => {
    const removed = partsToRemove(parts, retention, 3 * hour)

    expect(removed).toEqual(parts.slice(0, gone))
  })

  test('takes from the front only, never the last, and no more than it must', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(sizes, fc.nat(1_000), (bytes, bytesMax) => {
        const all = bytes.map((size, index) => part(index * hour, size))
        const total = (of: readonly StoredPart[]) => of.reduce((sum, one) => sum + one.bytes, 0)

        const gone = partsToRemove(all, { bytesMax }, all.length * hour)
        const rest = all.slice(gone.length)

        expect(gone).toEqual(all.slice(0, gone.length))
        expect(rest.length).toBeGreaterThan(0)
        expect(total(rest) <= bytesMax || rest.length === 1).toBe(true)
        const needless = gone.length > 0 && total(all.slice(gone.length - 1)) <= bytesMax
        expect(needless).toBe(false)
      }),
    )
  })
})

describe('a folder of parts', () => {
  test('lists its parts by time, with what they take, and nothing else', async () => {
    const place = emptyPlace()
    const [late, early] = [partNameAt(90_000), partNameAt(1_000)]
    for (const name of [late, early, 'notes']) mkdirSync(path.join(place, name))
    writeFileSync(path.join(place, late, 'journal-000001.pej.zst'), 'xyz')
    writeFileSync(path.join(place, late, 'journal-000002.pej'), 'plain')

    const parts = await storedParts(place)

    expect(parts).toEqual([
      {
        directory: path.join(place, early),
        startedAtMs: 1_000,
        segmentCount: 0,
        bytes: 0,
        plainBytes: 0,
      },
      {
        directory: path.join(place, late),
        startedAtMs: 90_000,
        segmentCount: 2,
        bytes: 8,
        plainBytes: 5,
      },
    ])
  })

  test('keeps what somebody else has put into a part that is removed', async () => {
    const place = emptyPlace()
    const directory = path.join(place, partNameAt(0))
    mkdirSync(directory)
    writeFileSync(path.join(directory, 'journal-000001.pej'), 'x')
    writeFileSync(path.join(directory, 'mine.txt'), 'x')

    for (const stored of await storedParts(place)) await removePart(stored)

    expect(existsSync(path.join(directory, 'journal-000001.pej'))).toBe(false)
    expect(existsSync(path.join(directory, 'mine.txt'))).toBe(true)
  })

  test('lets one recorder in, and the next one when that is gone', async () => {
    const place = emptyPlace()
    const first = { pid: 1, isAlive: () => true }
    const second = { pid: 2, isAlive: () => true }
    const later = { pid: 2, isAlive: () => false }

    const release = await lockFolder(place, first)

    await expect(lockFolder(place, second)).rejects.toThrow(FolderInUseError)
    release()
    const releaseSecond = await lockFolder(place, second)
    releaseSecond()
    await lockFolder(place, first)
    await expect(lockFolder(place, later)).resolves.toBeTypeOf('function')
  })
})
