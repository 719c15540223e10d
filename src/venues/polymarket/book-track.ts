import type { OrderBook } from '../../core/order-book.ts'
import type { MicroShares } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import { EventBatch, eventKind, hashWords, untold } from './event-batch.ts'

/** Changes kept aside while a snapshot is on its way: seconds of the busiest book. */
const pendingMax = 512

/** A price change kept until the snapshot it follows is in. */
type PendingChange = {
  readonly timestamp: number
  readonly rows: readonly PendingRow[]
}
type PendingRow = {
  readonly token: number
  readonly side: number
  readonly price: number
  readonly size: number
  readonly bestBid: number
  readonly bestAsk: number
  readonly hash: Float64Array
}

/** What we know of one book besides its levels: what vouches for it, and what is still to come. */
export class BookTrack {
  readonly entry: BookEntry
  readonly book: OrderBook
  /** The tokens whose messages move this book: both of a mirrored market, first YES. */
  readonly tokens: readonly number[]
  connection: number = -1
  /** The market has left the books; whoever still holds the track lets it go. */
  retired: boolean = false
  /** No snapshot vouches for the levels: changes are kept aside, not applied. */
  awaiting: boolean = true

  snapshotAt: number = 0
  snapshotToken: number = -1
  readonly snapshotHash: Float64Array = new Float64Array(hashWords)
  /** What comes is known to be newer than the snapshot. */
  anchored: boolean = false

  /** The last trade of the market, as `last-trade.ts` encodes it, or untold. Part of the hash. */
  lastTrade: number = untold
  /** As `GET /book` told them; until then the catalogue's. */
  sizeMin: MicroShares | undefined
  negRisk: boolean | undefined

  /** It waits in the queue of the audit. */
  queued: boolean = false
  /** Rounds of the audit that found it torn, in doubt, without a snapshot, or not its hash. */
  auditRounds: number = 0
  /** The version of the book whose hash was found right, or wrong. */
  provenVersion: number = -1
  failedVersion: number = -1
  /** A best bid and ask were advertised, at that time, that the book does not show. */
  doubtAt: number = 0
  doubtBid: number = 0
  doubtAsk: number = 0

  #pending: PendingChange[] = []
  #droppedAt = 0

  constructor(entry: BookEntry, book: OrderBook, tokens: readonly number[]) {
    this.entry = entry
    this.book = book
    this.tokens = tokens
  }

  /** Waits for a snapshot, with nothing kept yet. */
  await(): void {
    this.awaiting = true
    this.anchored = false
    this.doubtAt = 0
    this.#pending = []
    this.#droppedAt = 0
  }

  keep(batch: EventBatch, event: number): void {
    if (this.#pending.length === pendingMax) {
      this.#droppedAt = this.#pending.shift()?.timestamp ?? 0
    }
    this.#pending.push(pendingChange(batch, event))
  }

  /** Whether a change newer than the snapshot had to be dropped: the book cannot be made up. */
  get hasGap(): boolean {
    return this.#droppedAt >= this.snapshotAt
  }

  /** The changes kept, as a batch, or undefined when there are none. They are kept no longer. */
  takePending(): EventBatch | undefined {
    const pending = this.#pending
    this.#pending = []
    return pending.length === 0 ? undefined : batchOf(pending)
  }
}

function pendingChange(batch: EventBatch, event: number): PendingChange {
  const rows: PendingRow[] = []
  const end = batch.rowEnd[event] as number
  for (let row = batch.rowStart[event] as number; row < end; row++) {
    rows.push({
      token: batch.rowToken[row] as number,
      side: batch.rowSide[row] as number,
      price: batch.rowPrice[row] as number,
      size: batch.rowSize[row] as number,
      bestBid: batch.rowBestBid[row] as number,
      bestAsk: batch.rowBestAsk[row] as number,
      hash: batch.rowHash.slice(row * hashWords, (row + 1) * hashWords),
    })
  }
  return { timestamp: batch.timestamp[event] as number, rows }
}

function batchOf(changes: readonly PendingChange[]): EventBatch {
  const rowCount = changes.reduce((count, { rows }) => count + rows.length, 0)
  const batch = new EventBatch(changes.length, Math.max(rowCount, 1))
  for (const { timestamp, rows } of changes) {
    const event = batch.eventCount++
    batch.kind[event] = eventKind.change
    batch.timestamp[event] = timestamp
    batch.rowStart[event] = batch.rowCount
    for (const row of rows) {
      const index = batch.rowCount++
      batch.rowToken[index] = row.token
      batch.rowSide[index] = row.side
      batch.rowPrice[index] = row.price
      batch.rowSize[index] = row.size
      batch.rowBestBid[index] = row.bestBid
      batch.rowBestAsk[index] = row.bestAsk
      batch.rowHash.set(row.hash, index * hashWords)
    }
    batch.rowEnd[event] = batch.rowCount
  }
  return batch
}
