import { assert } from '../core/assert.ts'
import type { RecordType } from './record.ts'
import {
  blockChecksum,
  blockHeaderBytes,
  readBlockHeader,
  readSegmentHeader,
  recordHeaderBytes,
  recordType,
  segmentHeaderBytes,
} from './record.ts'

/** Sees each record of a segment. Arguments, not an object: millions of records go by. */
export type RecordVisitor = {
  frame(venueIndex: number, connection: number, at: number, bytes: Uint8Array): void
  text(type: Exclude<RecordType, 'frame'>, bytes: Uint8Array): void
}

const textTypes: Readonly<Record<number, Exclude<RecordType, 'frame'>>> = {
  [recordType.header]: 'header',
  [recordType.event]: 'event',
  [recordType.effect]: 'effect',
  [recordType.note]: 'note',
}

/**
 * Shows every record of a whole segment in order, as fast as it goes, and gives their count.
 *
 * For what feeds on recordings. At the first byte that is not as it was written it stops and says
 * where: `readJournal` tells more. What came before has been shown. Bytes that were `checked` by
 * other means, as those of a compressed segment are when it is unpacked, are not summed again.
 */
export function scanSegment(
  bytes: Buffer,
  visitor: RecordVisitor,
  trust: 'checked' | 'unchecked' = 'unchecked',
): SegmentScan {
  if (readSegmentHeader(bytes) === undefined) return { recordCount: 0, faultAt: 0 }

  let recordCount = 0
  let offset = segmentHeaderBytes
  while (offset < bytes.length) {
    const header = readBlockHeader(bytes, offset)
    if (header === undefined) return { recordCount, faultAt: offset }
    const start = offset + blockHeaderBytes
    const end = start + header.bodyBytes
    if (end > bytes.length) return { recordCount, faultAt: offset }
    const block = bytes.subarray(offset, end)
    if (trust === 'unchecked' && blockChecksum(block) !== header.checksum) {
      return { recordCount, faultAt: offset }
    }
    scanBlock(bytes, start, end, visitor)
    recordCount += header.recordCount
    offset = end
  }
  return { recordCount, faultAt: undefined }
}

export type SegmentScan = {
  readonly recordCount: number
  /** The first byte of what could not be read; undefined when all could. */
  readonly faultAt: number | undefined
}

/** The checksum has vouched for the block, so its inside is as the writer made it. */
function scanBlock(bytes: Buffer, start: number, end: number, visitor: RecordVisitor): void {
  let offset = start
  while (offset < end) {
    const type = bytes[offset] ?? 0
    const from = offset + recordHeaderBytes
    const until = from + bytes.readUInt32LE(offset + 4)
    const payload = bytes.subarray(from, until)
    if (type === recordType.frame) {
      const connection = bytes.readUInt16LE(offset + 2)
      visitor.frame(bytes[offset + 1] ?? 0, connection, bytes.readDoubleLE(offset + 8), payload)
    } else {
      const name = textTypes[type]
      assert(name !== undefined, `a record has a type that this program writes: ${type}`)
      visitor.text(name, payload)
    }
    offset = until
  }
}
