import { JournalError } from './journal-reader.ts'
import type { RecordType } from './record.ts'
import {
  blockChecksum,
  blockHeaderBytes,
  formatVersion,
  readBlockHeader,
  readSegmentHeader,
  recordHeaderBytes,
  recordType,
  segmentHeaderBytes,
} from './record.ts'

/** Sees each record of a segment. Arguments, not an object: millions of records go by. */
export type RecordVisitor = {
  /** The bytes are the visitor's until the next piece is taken. */
  frame(venueIndex: number, connection: number, at: number, bytes: Uint8Array): void
  text(type: Exclude<RecordType, 'frame'>, bytes: Uint8Array): void
}

const textTypes: Readonly<Record<number, Exclude<RecordType, 'frame'>>> = {
  [recordType.header]: 'header',
  [recordType.event]: 'event',
  [recordType.effect]: 'effect',
  [recordType.note]: 'note',
}

/** A block of the usual size that two pieces share is put together in here. */
const heldBytesUsual = 512 * 1024

/**
 * Shows every record of one segment in order, as fast as it goes.
 *
 * For what feeds on recordings. It takes the segment in pieces, cut anywhere, and reads them where
 * they lie; only a block that two pieces share is copied. At the first byte that is not as it was
 * written it stops and says where: `readJournal` tells more. What came before has been shown.
 * Bytes that are `checked` by other means, as those of a compressed segment are by the end of it,
 * are not summed again.
 */
export class SegmentScanner {
  readonly #visitor: RecordVisitor
  readonly #trust: 'checked' | 'unchecked'
  #held: Buffer = Buffer.alloc(heldBytesUsual)
  #heldBytes = 0
  /** Where in the segment the next block, or what is held of it, begins. */
  #offset = 0
  #faultAt: number | undefined
  #firstNumber: number | undefined
  #nextNumber: number | undefined

  constructor(visitor: RecordVisitor, trust: 'checked' | 'unchecked' = 'unchecked') {
    this.#visitor = visitor
    this.#trust = trust
  }

  /** The first byte of what could not be read; undefined while all could. */
  get faultAt(): number | undefined {
    return this.#faultAt
  }

  /** The numbers of the first record that was shown, and of the one after the last. */
  get firstNumber(): number | undefined {
    return this.#firstNumber
  }

  get nextNumber(): number | undefined {
    return this.#nextNumber
  }

  take(piece: Buffer): void {
    let offset = this.#heldBytes > 0 ? this.#complete(piece) : 0
    while (offset < piece.length && this.#faultAt === undefined) {
      const size = this.#sizeAt(piece, offset, piece.length)
      if (offset + size > piece.length) {
        this.#hold(piece, offset, piece.length)
        return
      }
      this.#read(piece, offset, size)
      offset += size
    }
  }

  /** There are no more pieces: what is held is no whole block. */
  end(): void {
    if (this.#heldBytes > 0 || this.#offset < segmentHeaderBytes) this.#faultAt ??= this.#offset
  }

  /** Fills up the block of which the beginning is held; gives where the rest of the piece begins. */
  #complete(piece: Buffer): number {
    let taken = 0
    while (this.#heldBytes > 0 && this.#faultAt === undefined) {
      const size = this.#sizeAt(this.#held, 0, this.#heldBytes)
      if (size === this.#heldBytes) {
        this.#heldBytes = 0
        this.#read(this.#held, 0, size)
        return taken
      }
      if (taken === piece.length) return taken
      const until = Math.min(piece.length, taken + size - this.#heldBytes)
      this.#hold(piece, taken, until)
      taken = until
    }
    return taken
  }

  #hold(piece: Buffer, from: number, until: number): void {
    const needed = this.#heldBytes + until - from
    if (needed > this.#held.length) {
      const larger = Buffer.alloc(2 * needed)
      this.#held.copy(larger, 0, 0, this.#heldBytes)
      this.#held = larger
    }
    piece.copy(this.#held, this.#heldBytes, from, until)
    this.#heldBytes = needed
  }

  /** The bytes of the block at `offset`, or so many as are needed to know. */
  #sizeAt(bytes: Buffer, offset: number, end: number): number {
    if (this.#offset === 0) return segmentHeaderBytes
    if (offset + blockHeaderBytes > end) return blockHeaderBytes
    const header = readBlockHeader(bytes, offset)
    return blockHeaderBytes + (header?.bodyBytes ?? 0)
  }

  #read(bytes: Buffer, offset: number, size: number): void {
    const isFirst = this.#offset === 0
    const isRead = isFirst ? isSegment(bytes) : this.#readBlock(bytes, offset, size)
    if (isRead) this.#offset += size
    else this.#faultAt = this.#offset
  }

  #readBlock(bytes: Buffer, offset: number, size: number): boolean {
    const block = bytes.subarray(offset, offset + size)
    const header = readBlockHeader(block, 0)
    if (header === undefined) return false
    if (this.#trust === 'unchecked' && blockChecksum(block) !== header.checksum) return false
    const { firstNumber, recordCount } = header
    if (this.#nextNumber !== undefined && this.#nextNumber !== firstNumber) return false
    this.#firstNumber ??= firstNumber
    this.#nextNumber = firstNumber + recordCount
    return showRecords(block, this.#visitor)
  }
}

function isSegment(bytes: Buffer): boolean {
  const header = readSegmentHeader(bytes)
  if (header === undefined) return false
  if (header.version > formatVersion) {
    throw new JournalError(`format ${header.version} is newer than ${formatVersion}`)
  }
  return true
}

/** Shows the records of a block. False at one that the writer cannot have made. */
function showRecords(block: Buffer, visitor: RecordVisitor): boolean {
  const { buffer, byteOffset, length } = block
  const view = new DataView(buffer, byteOffset, length)
  let offset = blockHeaderBytes
  while (offset < length) {
    const from = offset + recordHeaderBytes
    if (from > length) return false
    const type = view.getUint8(offset)
    const payloadBytes = view.getUint32(offset + 4, true)
    if (from + payloadBytes > length) return false
    const payload = new Uint8Array(buffer, byteOffset + from, payloadBytes)
    if (type === recordType.frame) {
      const connection = view.getUint16(offset + 2, true)
      visitor.frame(
        view.getUint8(offset + 1),
        connection,
        view.getFloat64(offset + 8, true),
        payload,
      )
    } else {
      const name = textTypes[type]
      if (name === undefined) return false
      visitor.text(name, payload)
    }
    offset = from + payloadBytes
  }
  return true
}
