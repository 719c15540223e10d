import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { zstdDecompressSync } from 'node:zlib'

import { afterEach, describe, expect, test } from 'vitest'
import { thisMachine } from '../../src/app/machine.ts'
import { replayDirectory } from '../../src/app/replay.ts'
import { Random } from '../../src/core/random.ts'

const folder = import.meta.dirname
const names = readdirSync(folder).filter((name) => !name.includes('.'))
const places: string[] = []

afterEach(() => {
  for (const place of places.splice(0)) rmSync(place, { recursive: true, force: true })
})

/** A copy of a golden journal, its segment plain, so that bytes of it can be changed. */
function plainCopy(name: string): { directory: string; segment: string; bytes: Buffer } {
  const directory = mkdtempSync(path.join(tmpdir(), 'golden-'))
  places.push(directory)
  cpSync(path.join(folder, name), directory, { recursive: true })
  const packed = path.join(directory, 'journal-000001.pej.zst')
  const bytes = zstdDecompressSync(readFileSync(packed))
  rmSync(packed)
  const segment = path.join(directory, 'journal-000001.pej')
  writeFileSync(segment, bytes)
  return { directory, segment, bytes }
}

async function replay(directory: string) {
  const { kernel: _kernel, header: _header, ...result } = await replayDirectory({
    directory,
    machine: thisMachine,
    speed: 'full',
  })
  return result
}

describe.each(names)('the golden journal %s', (name) => {
  test('gives the recorded effects again, byte for byte', async () => {
    const { events, effects, divergence, faults } = await replay(path.join(folder, name))

    expect({ divergence, faults }).toEqual({ divergence: null, faults: [] })
    expect(events).toBeGreaterThan(1_000)
    expect(effects).toBeGreaterThan(20)
  })

  test('is small enough to be kept', () => {
    const place = path.join(folder, name)
    const sizes = readdirSync(place).map((file) => statSync(path.join(place, file)).size)

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200 * 1024)
  })

  test('with one byte changed anywhere after the header is found out', async () => {
    const { directory, segment, bytes } = plainCopy(name)
    const random = new Random(1)
    const firstFrame = bytes.indexOf('"price_changes"')

    for (let round = 0; round < 4; round++) {
      const changed = Buffer.from(bytes)
      const at = random.integer(firstFrame, bytes.length - 1)
      changed[at] = (changed[at] ?? 0) ^ 1
      writeFileSync(segment, changed)

      const { divergence } = await replay(directory)

      expect(divergence).not.toBeNull()
    }
  })

  test('cut off anywhere replays as far as it goes, and does not differ', async () => {
    const { directory, segment, bytes } = plainCopy(name)
    const random = new Random(2)
    const firstFrame = bytes.indexOf('"price_changes"')

    for (let round = 0; round < 4; round++) {
      const length = random.integer(firstFrame, bytes.length - 1)
      writeFileSync(segment, bytes.subarray(0, length))

      const { divergence } = await replay(directory)

      // The cut may fall between an event and its effects: those are then missing, and nothing
      // else.
      expect(divergence === null || divergence.kind === 'extra-effect').toBe(true)
    }
  })
})
