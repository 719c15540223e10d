import type { BookSide } from '../../core/order-book.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement } from '../../core/units.ts'
import type { BookAudit } from './book-audit.ts'
import type { BookTrack } from './book-track.ts'
import type { EventBatch } from './event-batch.ts'
import { hashWords } from './event-batch.ts'
import { hashText } from './token-marks.ts'
import type { TokenTable } from './token-table.ts'

/** Tells changes that a snapshot already holds from those that follow it: both come after it. */
export class SnapshotOrder {
  readonly #tokens: TokenTable
  readonly #audit: BookAudit

  constructor(tokens: TokenTable, audit: BookAudit) {
    this.#tokens = tokens
    this.#audit = audit
  }

  /**
   * Whether a change is already in the snapshot that came before it.
   *
   * The venue's time decides, and within the snapshot's own millisecond the hash: the change that
   * led to the snapshot has its hash, and of any other we ask which hash the book has after it.
   */
  isStale(track: BookTrack, batch: EventBatch, event: number): boolean {
    const timestamp = batch.timestamp[event] as number
    if (timestamp < track.snapshotAt) return true
    track.anchored = timestamp > track.snapshotAt || track.snapshotHash[0] === 0
    if (track.anchored) return false

    const row = lastRowOf(batch, event, track.snapshotToken)
    const from = row * hashWords
    const isSnapshots = track.snapshotHash.every((word, i) => word === batch.rowHash[from + i])
    if (isSnapshots && batch.rowToken[row] === track.snapshotToken) {
      track.anchored = true
      return true
    }
    track.anchored = this.#leadsOn(track, batch, event)
    return !track.anchored
  }

  /** Whether the change, made to the book as it is, gives the hash that the change tells. */
  #leadsOn(track: BookTrack, batch: EventBatch, event: number): boolean {
    const row = lastRowOf(batch, event, track.snapshotToken)
    const token = batch.rowToken[row] as number
    const { book } = track
    const price = batch.rowPrice[row] as Ticks
    if (!track.tokens.includes(token) || !book.holds(price)) return false

    const mirror = this.#tokens.mirrorOf(token)
    const side = ((batch.rowSide[row] as number) ^ mirror) as BookSide
    const at = mirror === 1 ? complement(price) : price
    const before = book.sizeAt(side, at)
    book.set(side, at, batch.rowSize[row] as MicroShares)
    const timestamp = batch.timestamp[event] as number
    const leadsOn = this.#audit.isHashOf(track, token, timestamp, hashText(batch.rowHash, row))
    if (!leadsOn) book.set(side, at, before)
    return leadsOn
  }
}

/** The last entry of a message for this token, or its first when it has none. */
export function lastRowOf(batch: EventBatch, event: number, token: number): number {
  let row = (batch.rowEnd[event] as number) - 1
  while (row > (batch.rowStart[event] as number) && batch.rowToken[row] !== token) row--
  return row
}
