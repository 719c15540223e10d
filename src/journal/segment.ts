import { createReadStream } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream'
import { promisify } from 'node:util'
import { createZstdDecompress, zstdDecompress } from 'node:zlib'

import { readSegmentHeader } from './record.ts'

/** A segment's file: plain while it is written, compressed once it is closed. */
export type SegmentFile = {
  readonly path: string
  readonly ordinal: number
  readonly compressed: boolean
}

const namePattern = /^journal-(\d{6})\.pej(\.zst)?$/

export function segmentName(ordinal: number): string {
  return `journal-${String(ordinal).padStart(6, '0')}.pej`
}

/**
 * The segments of a journal, oldest first.
 *
 * Where a crash left both forms of one segment, the plain one counts: compression was not done.
 */
export async function listSegments(directory: string): Promise<SegmentFile[]> {
  const byOrdinal = new Map<number, SegmentFile>()
  for (const name of (await readdir(directory)).toSorted()) {
    const match = namePattern.exec(name)
    if (match === null) continue

    const ordinal = Number(match[1])
    const compressed = match[2] !== undefined
    if (compressed && byOrdinal.has(ordinal)) continue
    byOrdinal.set(ordinal, { path: join(directory, name), ordinal, compressed })
  }
  return [...byOrdinal.values()].toSorted((a, b) => a.ordinal - b.ordinal)
}

const decompress = promisify(zstdDecompress)
/** A segment of the usual size comes out in one piece, and no thread copies pieces together. */
const pieceBytes = 66 * 1024 * 1024

/** The whole segment in memory: segments are bounded by the writer. */
export async function readSegment(file: SegmentFile): Promise<Buffer> {
  const bytes = await readFile(file.path)
  return file.compressed ? decompress(bytes, { chunkSize: pieceBytes }) : bytes
}

/** The number of its first record, without reading the rest. Undefined when its start is damaged. */
export async function firstNumberOf({
  path,
  compressed,
}: SegmentFile): Promise<number | undefined> {
  const source = createReadStream(path, { highWaterMark: 4_096 })
  // An error of the file ends the unpacking, where it is met below.
  const plain = compressed ? pipeline(source, createZstdDecompress(), () => {}) : source
  try {
    for await (const bytes of plain) {
      return bytes instanceof Buffer ? readSegmentHeader(bytes)?.firstNumber : undefined
    }
    return undefined
  } catch {
    // Whoever reads all of it is told what is wrong with it.
    return undefined
  } finally {
    source.destroy()
  }
}
