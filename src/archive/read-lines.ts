import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

import { ImportError } from './import-source.ts'

/** A line longer than this is no line of an archive of messages. */
const lineBytesMax = 64 * 1024 * 1024
const newline = 0x0a

/**
 * The lines of a file, unpacked if its name ends in .gz or .zst, without their newlines.
 *
 * The bytes are good until the next line is asked for. An empty line is given too.
 */
export async function* readLines(file: string): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0)
  for await (const piece of unpacked(file)) {
    let from = 0
    const bytes = held.length === 0 ? (piece as Buffer) : Buffer.concat([held, piece as Buffer])
    for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, from)) {
      yield bytes.subarray(from, at)
      from = at + 1
    }
    held = bytes.subarray(from)
    if (held.length > lineBytesMax) throw new ImportError(`${file}: a line has no end`)
  }
  if (held.length > 0) yield held
}

function unpacked(file: string): Readable {
  const source = createReadStream(file, { highWaterMark: 1024 * 1024 })
  const unpack = file.endsWith('.gz')
    ? createGunzip()
    : file.endsWith('.zst')
      ? createZstdDecompress()
      : undefined
  if (unpack === undefined) return source
  // Its failure is told by the stream that is read from.
  pipeline(source, unpack, () => {})
  return unpack
}
