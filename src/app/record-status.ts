import type { Clock } from '../ports/clock.ts'
import type { StoredPart } from './record-folder.ts'
import type { RecordedPart } from './record-part.ts'
import type { BookCounts, FeedView } from './run-view.ts'

/** Where a recording stands. Plain data: it is the `--json` of the command. */
export type RecordStatus = RecordSizes & {
  readonly elapsedMs: number
  /** The folder of the part that is written. */
  readonly part: string
  readonly feeds: readonly FeedView[]
  /** Of this run: frames, and the messages in them that were understood. */
  readonly frames: number
  readonly framesRefused: number
  readonly events: number
  readonly eventsPerSecond: number
  /** What this run has written, before compression. */
  readonly bytesWritten: number
  readonly bytesPerSecond: number
  readonly books: BookCounts
  /** Null while there are no books. */
  readonly booksProvenShare: number | null
  /** Connections that were lost, and the time before this run where it goes on. */
  readonly gaps: number
  readonly partsRemoved: number
  /** Until recording ends for want of space. */
  readonly diskLeftBytes: number
}

export type RecordSizes = {
  readonly parts: number
  readonly segments: number
  /** On disk, of all that is in the folder. */
  readonly diskBytes: number
  /** What this run wrote by what it takes on disk. Null before a segment has been compressed. */
  readonly compressionRatio: number | null
}

type Counts = { frames: number; framesRefused: number; events: number; bytes: number }

/** Counts over all parts of a run, and how fast they grow. */
export class RecordMeter {
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #ended: Counts = { frames: 0, framesRefused: 0, events: 0, bytes: 0 }
  #gaps = 0
  #partsRemoved = 0
  #last: { readonly at: number; readonly events: number; readonly bytes: number }
  #rates = { events: 0, bytes: 0 }
  #firstPart: string | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#startedAt = clock.nanos()
    this.#last = { at: this.#startedAt, events: 0, bytes: 0 }
  }

  countGap(): void {
    this.#gaps++
  }

  countRemoved(): void {
    this.#partsRemoved++
  }

  /** A part will not grow any more. */
  endPart(part: RecordedPart): void {
    this.#ended.frames += part.frameCount
    this.#ended.framesRefused += part.refusedCount
    this.#ended.events += part.messageCount
    this.#ended.bytes += part.bytesWritten
  }

  status(part: RecordedPart, stored: readonly StoredPart[], diskLeftBytes: number): RecordStatus {
    this.#firstPart ??= part.directory
    const { frames, framesRefused, events, bytes } = this.#ended
    const all = {
      frames: frames + part.frameCount,
      framesRefused: framesRefused + part.refusedCount,
      events: events + part.messageCount,
      bytesWritten: bytes + part.bytesWritten,
    }
    this.#measure(all.events, all.bytesWritten)
    const books = part.books()
    const bookCount = books.proven + books.unproven + books.broken
    return {
      elapsedMs: Math.round((this.#clock.nanos() - this.#startedAt) / 1e6),
      part: part.directory,
      feeds: part.feeds(),
      ...all,
      eventsPerSecond: Math.round(this.#rates.events),
      bytesPerSecond: Math.round(this.#rates.bytes),
      books,
      booksProvenShare: bookCount === 0 ? null : Math.floor((1e4 * books.proven) / bookCount) / 1e4,
      gaps: this.#gaps,
      partsRemoved: this.#partsRemoved,
      ...this.sizes(stored, part),
      diskLeftBytes,
    }
  }

  sizes(stored: readonly StoredPart[], part: RecordedPart): RecordSizes {
    const mine = stored.filter(({ directory }) => directory >= (this.#firstPart ?? part.directory))
    const diskBytes = stored.reduce((sum, { bytes }) => sum + bytes, 0)
    const written = this.#ended.bytes + part.bytesWritten
    const plain = mine.reduce((sum, { plainBytes }) => sum + plainBytes, 0)
    const packed = mine.reduce((sum, { bytes }) => sum + bytes, 0) - plain
    const isPacked = this.#partsRemoved === 0 && packed > 0 && written > plain
    return {
      parts: stored.length,
      segments: stored.reduce((sum, { segmentCount }) => sum + segmentCount, 0),
      diskBytes,
      compressionRatio: isPacked ? Math.round((100 * (written - plain)) / packed) / 100 : null,
    }
  }

  /** Over the time since it was last looked; nothing at once after the last look. */
  #measure(events: number, bytes: number): void {
    const at = this.#clock.nanos()
    const seconds = (at - this.#last.at) / 1e9
    if (seconds < 0.2) return
    this.#rates = {
      events: (events - this.#last.events) / seconds,
      bytes: (bytes - this.#last.bytes) / seconds,
    }
    this.#last = { at, events, bytes }
  }
}
