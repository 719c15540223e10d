import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { zstdDecompress } from 'node:zlib'

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
