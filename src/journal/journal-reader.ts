import type { JournalRecord } from './record.ts'
import {
  blockChecksum,
  blockHeaderBytes,
  formatVersion,
  readBlockHeader,
  readRecords,
  readSegmentHeader,
  segmentHeaderBytes,
} from './record.ts'
import type { SegmentFile } from './segment.ts'
import { firstNumberOf, listSegments, readSegment } from './segment.ts'

/**
 * A place where the journal is not what was written.
 *
 * - `torn-tail`: the last block of the last segment is not whole, as a crash leaves it.
 * - `checksum`: a block's bytes have changed since; its records are given all the same.
 * - `damaged`: bytes that are no block; reading goes on at the next one, and records are missing.
 * - `hole`: numbers are missing between blocks.
 */
export type JournalFault = {
  readonly kind: 'torn-tail' | 'checksum' | 'damaged' | 'hole'
  readonly path: string
  readonly offset: number
  readonly detail: string
}

export type JournalItem =
  | { readonly kind: 'record'; readonly record: JournalRecord }
  | { readonly kind: 'fault'; readonly fault: JournalFault }

/**
 * Everything in a journal, in order, faults where they are met.
 *
 * Nothing is skipped without a fault that says so. Memory holds two segments at a time.
 */
export async function* readJournal(directory: string): AsyncGenerator<JournalItem> {
  for await (const items of readJournalBlocks(directory)) yield* items
}

/** As {@link readJournal}, all of a block at once: for whoever goes through millions of records. */
export async function* readJournalBlocks(
  directory: string,
): AsyncGenerator<readonly JournalItem[]> {
  const files = await listSegments(directory)
  if (files.length === 0) throw new JournalError(`no journal in ${directory}: no journal-*.pej`)
  yield* readSegments(files, firstNumber)
}

/** As {@link readJournal}, from the segment on that holds the record of that number. */
export async function* readJournalFrom(
  directory: string,
  number: number,
): AsyncGenerator<JournalItem> {
  const files = await listSegments(directory)
  let start = 0
  for (let place = files.length - 1; place > 0 && start === 0; place--) {
    const file = files[place]
    const first = file === undefined ? undefined : await firstNumberOf(file)
    if (first !== undefined && first <= number) start = place
  }
  const expected = start === 0 ? firstNumber : -1
  for await (const items of readSegments(files.slice(start), expected)) yield* items
}

/** The number of a journal's first record: one that begins with another has lost its beginning. */
const firstNumber = 1

/**
 * The next segment is read and unpacked while one is used.
 *
 * `firstExpected` is the number that the first record should have; negative when nobody knows.
 */
async function* readSegments(
  files: readonly SegmentFile[],
  firstExpected: number,
): AsyncGenerator<readonly JournalItem[]> {
  let expected = firstExpected
  let coming: Promise<Buffer | string> | undefined
  for (const [index, file] of files.entries()) {
    const bytes = await (coming ?? unpacked(file))
    const next = files[index + 1]
    coming = next === undefined ? undefined : unpacked(next)
    // Whoever stops early never asks for the next one, and its failure is then nobody's.
    coming?.catch((error: unknown) => error)
    if (typeof bytes === 'string') {
      yield [fault('damaged', file, 0, bytes)]
      continue
    }
    const header = readSegmentHeader(bytes)
    if (header === undefined) {
      yield [fault('damaged', file, 0, `the file does not begin with PEJ1`)]
      continue
    }
    if (header.version > formatVersion) {
      throw new JournalError(
        `${file.path}: format ${header.version} is newer than ${formatVersion}, which this reads`,
      )
    }
    for (const items of readBlocks(file, bytes, file === files.at(-1))) {
      const first = items.find((item) => item.kind === 'record')?.record.number
      const last = items.at(-1)
      if (first !== undefined && expected >= 0 && first !== expected) {
        yield [fault('hole', file, 0, `record ${expected} was expected, ${first} was there`)]
      }
      if (last?.kind === 'record') expected = last.record.number + 1
      yield items
    }
  }
}

/** The bytes of a segment, or why they cannot be had. */
function unpacked(file: SegmentFile): Promise<Buffer | string> {
  return readSegment(file).catch(unpackable)
}

/** A compressed segment of which a byte has changed. What else goes wrong is not the journal's. */
function unpackable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (!code.startsWith('ZSTD_') && !code.startsWith('Z_') && code !== 'ERR_BUFFER_TOO_LARGE')
    throw error
  return `the compressed segment cannot be unpacked: ${code}`
}

/** Block by block. The records of one are numbered without a hole. */
function* readBlocks(
  file: SegmentFile,
  bytes: Buffer,
  isLast: boolean,
): Generator<readonly JournalItem[]> {
  let offset = segmentHeaderBytes
  while (offset < bytes.length) {
    const header = readBlockHeader(bytes, offset)
    const end = header === undefined ? 0 : offset + blockHeaderBytes + header.bodyBytes
    if (header === undefined || end > bytes.length) {
      const next = findBlock(bytes, offset + 1)
      if (next < 0) {
        const kind = isLast ? 'torn-tail' : 'damaged'
        yield [fault(kind, file, offset, `${bytes.length - offset} bytes do not make a block`)]
        return
      }
      yield [fault('damaged', file, offset, `${next - offset} bytes are no block`)]
      offset = next
      continue
    }

    const block = bytes.subarray(offset, end)
    const items: JournalItem[] = []
    if (blockChecksum(block) !== header.checksum) {
      const detail = `the block of record ${header.firstNumber} has changed`
      items.push(fault('checksum', file, offset, detail))
    }
    const records = readRecords(block.subarray(blockHeaderBytes), header)
    if (records === undefined)
      items.push(fault('damaged', file, offset, 'the block holds no whole records'))
    else for (const record of records) items.push({ kind: 'record', record })
    yield items
    offset = end
  }
}

function findBlock(bytes: Buffer, from: number): number {
  for (
    let at = bytes.indexOf('EBLK', from, 'latin1');
    at >= 0;
    at = bytes.indexOf('EBLK', at + 1, 'latin1')
  ) {
    const header = readBlockHeader(bytes, at)
    const end =
      header === undefined ? Number.POSITIVE_INFINITY : at + blockHeaderBytes + header.bodyBytes
    if (header !== undefined && end <= bytes.length) {
      if (blockChecksum(bytes.subarray(at, end)) === header.checksum) return at
    }
  }
  return -1
}

function fault(
  kind: JournalFault['kind'],
  file: SegmentFile,
  offset: number,
  detail: string,
): JournalItem {
  return { kind: 'fault', fault: { kind, path: file.path, offset, detail } }
}

/** The journal cannot be read at all. */
export class JournalError extends Error {
  override readonly name = 'JournalError'
}
