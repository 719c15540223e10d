import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import { createZstdDecompress } from 'node:zlib'

import type { SegmentFile } from './segment.ts'

/**
 * So small that what another thread has unpacked is still in the processor's cache when it is
 * read, and so large that handing it over costs nothing for each of its thousand records.
 */
export const pieceBytes: number = 1024 * 1024

/**
 * The bytes of a segment in order, piece by piece; the next is unpacked while one is used.
 *
 * Two pieces are in memory, whatever the size of the segment. The checksum of a compressed segment
 * stands at its end: when it does not fit, what it was about has been given already.
 */
export async function* unpackSegment(file: SegmentFile): AsyncGenerator<Buffer> {
  const source = createReadStream(file.path, { highWaterMark: pieceBytes })
  try {
    if (!file.compressed) {
      for await (const piece of source) yield piece as Buffer
      return
    }
    const unpacked = createZstdDecompress({ chunkSize: pieceBytes })
    // Its failure is told by the stream that is read from.
    pipeline(source, unpacked, () => {})
    for await (const piece of unpacked) yield piece as Buffer
  } catch (error) {
    const code = unpackingCode(error)
    if (code === undefined) throw error
    throw new UnpackingError(`the compressed segment cannot be unpacked: ${code}`, { cause: error })
  } finally {
    source.destroy()
  }
}

/** How the decompressor says that bytes are not what was compressed. Undefined for what else. */
function unpackingCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return code.startsWith('ZSTD_') || code.startsWith('Z_') ? code : undefined
}

/** A compressed segment of which a byte has changed, or which ends too soon. */
export class UnpackingError extends Error {
  override readonly name = 'UnpackingError'
}
