import { crc32 } from 'node:zlib'

import { assert } from '../core/assert.ts'

/**
 * How records lie in a segment. docs/journal-format.md describes every byte.
 *
 * A segment is a row of blocks; a block is a header and whole records. The checksum is the
 * block's, so that a frame on the hot path costs a copy and nothing else.
 */
export const formatVersion = 1
export const segmentMagic: Buffer = Buffer.from('PEJ1', 'latin1')
export const segmentHeaderBytes = 16
export const blockHeaderBytes = 24
export const recordHeaderBytes = 16

const blockMagic = 0x4b4c4245

/** The kind of a record, as it is written. Numbers are never given a second meaning. */
export const recordType = { header: 1, frame: 2, event: 3, effect: 4, note: 5 } as const
export type RecordType = keyof typeof recordType

export type JournalRecord = {
  /** Counts from 1, over all segments, without a hole. */
  readonly number: number
  readonly type: RecordType
  readonly venueIndex: number
  readonly connection: number
  /** Monotonic nanoseconds. */
  readonly at: number
  readonly payload: Uint8Array
}

export type BlockHeader = {
  readonly firstNumber: number
  readonly recordCount: number
  readonly bodyBytes: number
  readonly checksum: number
}

export function writeSegmentHeader(target: Buffer, firstNumber: number): void {
  segmentMagic.copy(target, 0)
  target.writeUInt32LE(formatVersion, 4)
  target.writeDoubleLE(firstNumber, 8)
}

/** Undefined when the bytes do not open a segment of this format. */
export function readSegmentHeader(
  source: Buffer,
): { readonly version: number; readonly firstNumber: number } | undefined {
  if (source.length < segmentHeaderBytes) return undefined
  if (source.compare(segmentMagic, 0, 4, 0, 4) !== 0) return undefined
  return { version: source.readUInt32LE(4), firstNumber: source.readDoubleLE(8) }
}

/** Fills in the header in front of a body that is already in place. */
export function writeBlockHeader(block: Buffer, firstNumber: number, recordCount: number): void {
  assert(block.length >= blockHeaderBytes, 'a block has room for its header')
  block.writeUInt32LE(blockMagic, 0)
  block.writeUInt32LE(block.length - blockHeaderBytes, 4)
  block.writeUInt32LE(recordCount, 8)
  block.writeDoubleLE(firstNumber, 12)
  block.writeUInt32LE(blockChecksum(block), 20)
}

/** Undefined when the bytes at `offset` do not begin a block. */
export function readBlockHeader(source: Buffer, offset: number): BlockHeader | undefined {
  if (offset + blockHeaderBytes > source.length) return undefined
  if (source.readUInt32LE(offset) !== blockMagic) return undefined
  return {
    bodyBytes: source.readUInt32LE(offset + 4),
    recordCount: source.readUInt32LE(offset + 8),
    firstNumber: source.readDoubleLE(offset + 12),
    checksum: source.readUInt32LE(offset + 20),
  }
}

/** Over the header up to the checksum itself, and the body. */
export function blockChecksum(block: Buffer): number {
  const head = crc32(block.subarray(4, 20))
  return crc32(block.subarray(blockHeaderBytes), head)
}

/** Writes the header of a record; its payload follows at `offset + recordHeaderBytes`. */
export function writeRecordHeader(
  block: Buffer,
  offset: number,
  type: RecordType,
  venueIndex: number,
  connection: number,
  payloadBytes: number,
  at: number,
): void {
  block[offset] = recordType[type]
  block[offset + 1] = venueIndex
  block[offset + 2] = connection & 0xff
  block[offset + 3] = connection >>> 8
  block.writeUInt32LE(payloadBytes, offset + 4)
  block.writeDoubleLE(at, offset + 8)
}

/** The records of a block's body. Undefined when the body does not hold what its header says. */
export function readRecords(body: Buffer, header: BlockHeader): JournalRecord[] | undefined {
  const records: JournalRecord[] = []
  let offset = 0
  while (offset < body.length) {
    if (offset + recordHeaderBytes > body.length) return undefined
    const type = typeOf(body[offset] ?? 0)
    const payloadBytes = body.readUInt32LE(offset + 4)
    const start = offset + recordHeaderBytes
    if (type === undefined || start + payloadBytes > body.length) return undefined

    records.push({
      number: header.firstNumber + records.length,
      type,
      venueIndex: body[offset + 1] ?? 0,
      connection: body.readUInt16LE(offset + 2),
      at: body.readDoubleLE(offset + 8),
      payload: body.subarray(start, start + payloadBytes),
    })
    offset = start + payloadBytes
  }
  return records.length === header.recordCount ? records : undefined
}

function typeOf(code: number): RecordType | undefined {
  switch (code) {
    case recordType.header:
      return 'header'
    case recordType.frame:
      return 'frame'
    case recordType.event:
      return 'event'
    case recordType.effect:
      return 'effect'
    case recordType.note:
      return 'note'
    default:
      return undefined
  }
}
