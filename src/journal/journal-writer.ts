import {
  closeSync,
  fdatasync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

import { assert } from '../core/assert.ts'
import type { Nanos } from '../core/units.ts'
import type { Journal, JournalTextType } from '../ports/journal.ts'
import type { RecordType } from './record.ts'
import {
  blockHeaderBytes,
  recordHeaderBytes,
  segmentHeaderBytes,
  writeBlockHeader,
  writeRecordHeader,
  writeSegmentHeader,
} from './record.ts'
import { segmentName } from './segment.ts'

export type JournalWriterOptions = {
  readonly directory: string
  /** A block is written when it holds so much, or when {@link JournalWriter.commit} is called. */
  readonly blockBytes: number
  /** A segment is closed when it has grown past this. */
  readonly segmentBytes: number
  /** Below so much free space, {@link JournalWriter.spaceLow} is true and trading must stop. */
  readonly reserveBytes: number
  /** Where to go on: one past the last number and segment of what is there already. */
  readonly firstNumber: number
  readonly firstOrdinal: number
  /** Told when a segment is complete and will not change again. */
  readonly onSegmentClosed: (path: string) => void
  /** Told when the disk refuses. Nothing is recorded after it, so nothing may be traded. */
  readonly onFailure: (cause: unknown) => void
}

/** Far beyond any record, far below what a length of 32 bits can say. */
const recordBytesMax = 1024 * 1024 * 1024

type JournalSizes = Pick<JournalWriterOptions, 'blockBytes' | 'segmentBytes' | 'reserveBytes'>

export const journalWriterDefaults: JournalSizes = {
  blockBytes: 256 * 1024,
  segmentBytes: 64 * 1024 * 1024,
  reserveBytes: 256 * 1024 * 1024,
}

/**
 * Appends records to segments on disk.
 *
 * Durability: what was appended is with the operating system after {@link commit} or {@link seal}
 * (it survives our death), and on the disk when the sync that `commit` starts is done (it
 * survives the machine's). The caller commits every 50 ms, and seals before each order.
 */
export class JournalWriter implements Journal {
  readonly #options: JournalWriterOptions
  #block: Buffer
  #used: number = blockHeaderBytes
  #recordCount = 0
  #nextNumber: number
  #ordinal: number
  #file = -1
  #path = ''
  #segmentSize = 0
  #bytesWritten = 0
  #syncing = false
  #failed = false

  constructor(options: JournalWriterOptions) {
    this.#options = options
    this.#block = Buffer.alloc(options.blockBytes)
    this.#nextNumber = options.firstNumber
    this.#ordinal = options.firstOrdinal
  }

  /** Creates the directory and the first segment. Throws what the file system says. */
  open(): void {
    mkdirSync(this.#options.directory, { recursive: true, mode: 0o700 })
    this.#openSegment()
  }

  get nextNumber(): number {
    return this.#nextNumber
  }

  get bytesWritten(): number {
    return this.#bytesWritten
  }

  get failed(): boolean {
    return this.#failed
  }

  appendFrame(venueIndex: number, connection: number, bytes: Uint8Array, at: Nanos): void {
    this.#append('frame', venueIndex, connection, bytes, at)
  }

  appendText(type: JournalTextType, text: string, at: Nanos): void {
    this.#append(type, 0, 0, Buffer.from(text, 'utf8'), at)
  }

  seal(): void {
    if (this.#recordCount > 0 && !this.#failed) this.#writeBlock()
  }

  /** Seals, and starts a sync unless one is under way. */
  commit(): void {
    this.seal()
    if (this.#syncing || this.#failed || this.#file < 0) return
    this.#syncing = true
    fdatasync(this.#file, (cause) => {
      this.#syncing = false
      // A segment that was closed meanwhile was synced as it was closed.
      if (cause !== null && cause.code !== 'EBADF') this.#fail(cause)
    })
  }

  /** Whether the disk is nearly full. To ask is a system call: once a second is enough. */
  spaceLow(): boolean {
    const { bavail, bsize } = statfsSync(this.#options.directory)
    return bavail * bsize < this.#options.reserveBytes
  }

  close(): void {
    this.seal()
    if (this.#file >= 0) this.#closeSegment()
  }

  #append(
    type: RecordType,
    venueIndex: number,
    connection: number,
    bytes: Uint8Array,
    at: Nanos,
  ): void {
    if (this.#failed) return
    const needed = recordHeaderBytes + bytes.length
    if (this.#used + needed > this.#block.length) this.seal()
    if (this.#used + needed > this.#block.length) this.#growBlock(needed)

    writeRecordHeader(this.#block, this.#used, type, venueIndex, connection, bytes.length, at)
    this.#block.set(bytes, this.#used + recordHeaderBytes)
    this.#used += needed
    this.#recordCount++
    this.#nextNumber++
  }

  /** A list of markets is far larger than a frame. The block keeps the room for the next one. */
  #growBlock(needed: number): void {
    assert(this.#recordCount === 0, 'a block grows while it is empty')
    assert(needed <= recordBytesMax, `a record has a size that a block can say: ${needed}`)
    this.#block = Buffer.alloc(blockHeaderBytes + needed)
  }

  #writeBlock(): void {
    const block = this.#block.subarray(0, this.#used)
    writeBlockHeader(block, this.#nextNumber - this.#recordCount, this.#recordCount)
    this.#write(block)
    this.#used = blockHeaderBytes
    this.#recordCount = 0
    if (this.#segmentSize >= this.#options.segmentBytes && !this.#failed) {
      this.#closeSegment()
      this.#openSegment()
    }
  }

  #write(bytes: Buffer): void {
    try {
      let done = 0
      while (done < bytes.length) done += writeSync(this.#file, bytes, done)
      this.#segmentSize += bytes.length
      this.#bytesWritten += bytes.length
    } catch (cause) {
      this.#fail(cause)
    }
  }

  #openSegment(): void {
    this.#path = join(this.#options.directory, segmentName(this.#ordinal))
    // Never over an old segment: a wrong ordinal would erase a record.
    this.#file = openSync(this.#path, 'wx', 0o600)
    this.#segmentSize = 0
    const header = Buffer.alloc(segmentHeaderBytes)
    writeSegmentHeader(header, this.#nextNumber)
    this.#write(header)
  }

  #closeSegment(): void {
    fdatasyncSync(this.#file)
    closeSync(this.#file)
    this.#file = -1
    this.#ordinal++
    this.#options.onSegmentClosed(this.#path)
  }

  #fail(cause: unknown): void {
    if (this.#failed) return
    this.#failed = true
    this.#options.onFailure(cause)
  }
}
