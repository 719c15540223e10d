import type { BookSide } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import { isOnGrid } from '../../core/price-grid.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { complement } from '../../core/units.ts'
import type { BookEntry, BookTable } from '../../ports/book-table.ts'
import type { ProofEvent, TurnSink } from '../../ports/feed-codec.ts'
import type { BookFrame } from './book-frame.ts'
import { SubscriptionSequence } from './book-proof.ts'
import type { RestBook } from './wire.ts'

/**
 * In which price the NO side of a subscription is told: `yes` when it was asked for with
 * `use_yes_price: true`, `own` otherwise. docs/venues/kalshi.md, 5.4.
 */
export type NoSidePrice = 'yes' | 'own'

/** Frames of its subscription for which a book may stay crossed, as a match is told in parts. */
const crossedFramesMax = 16
/** A book that waits for a snapshot asks again after so many changes that it had to ignore. */
const ignoredPerRequest = 32
/** And after so many audits, if it hears nothing. */
const auditsPerRequest = 16
/**
 * Keeps the books of Kalshi as its order book channel tells them, and knows which to believe.
 *
 * A book is proven from a snapshot on, as long as no number of its subscription is missing and
 * every change fits. All else leaves it broken, and asking for a snapshot.
 */
export class BookSync {
  readonly #noSidePrice: NoSidePrice
  /**
   * The order book subscription of each connection. Kalshi keeps one for each channel, and a new
   * one takes the place of the old. docs/venues/kalshi.md, 5.2.
   */
  readonly #subscriptions: Map<number, SubscriptionSequence> = new Map()
  #latest: SubscriptionSequence | undefined = undefined
  /** By the number of the book: the subscription that carried its snapshot. */
  readonly #carriers: (SubscriptionSequence | undefined)[] = []
  /** By the number of the book: the number of the frame that crossed it. */
  readonly #crossedAt: number[] = []
  readonly #auditOfCrossing: number[] = []
  readonly #ignored: number[] = []
  readonly #waiting: Set<number> = new Set()
  #audits = 0

  constructor(noSidePrice: NoSidePrice) {
    this.#noSidePrice = noSidePrice
  }

  /** Applies a delta or a snapshot. */
  apply(connection: number, frame: BookFrame, books: BookTable, sink: TurnSink): void {
    const latest = this.#latest
    const sequence =
      latest !== undefined && latest.sid === frame.sid && latest.connection === connection
        ? latest
        : this.#open(connection, frame.sid, books, sink)
    if (sequence === undefined) {
      sink.refused('old-subscription')
      return
    }
    const { entry } = frame
    if (!this.#isNew(sequence, frame, books, sink)) {
      if (entry !== undefined) sink.proof(entry, entry.yes.book, 'stale-change')
      return
    }
    if (entry === undefined) {
      sink.refused('unknown-market')
      return
    }
    if (frame.kind === 'delta') this.#change(sequence, frame, entry, sink)
    else this.#replace(sequence, frame, entry, sink)
  }

  /** Takes note of a frame that changes no book but uses up a number. */
  countControl(connection: number, frame: Numbered, books: BookTable, sink: TurnSink): void {
    const sequence = this.#current(connection, frame.sid)
    if (sequence === undefined) return

    const verdict = sequence.note(frame.seq, controlContent, frame.length, 0)
    if (verdict === 'gap' || verdict === 'renumbered') {
      this.#breakAll(sequence, 'sequence-gap', books, sink)
    }
  }

  /**
   * A frame of an order book subscription could not be read: what it changed is lost.
   *
   * Without a market it could have changed any book of the subscription.
   */
  countUnread(
    connection: number,
    frame: Numbered,
    entry: BookEntry | undefined,
    books: BookTable,
    sink: TurnSink,
  ): void {
    this.countControl(connection, frame, books, sink)
    const sequence = this.#current(connection, frame.sid)
    if (sequence === undefined) return

    if (entry === undefined) this.#breakAll(sequence, 'sequence-gap', books, sink)
    else if (sequence.books.has(entry.index)) this.#break(entry, 'sequence-gap', sink)
  }

  /** A message of which not even the number could be read: it may have been of any book. */
  onUnreadable(connection: number, books: BookTable, sink: TurnSink): void {
    const sequence = this.#subscriptions.get(connection)
    if (sequence !== undefined) this.#breakAll(sequence, 'sequence-gap', books, sink)
  }

  /** The venue opened an order book subscription. One that was open starts its numbers anew. */
  onSubscribed(connection: number, sid: number, books: BookTable, sink: TurnSink): void {
    const known = this.#current(connection, sid)
    if (known === undefined) {
      if (this.#open(connection, sid, books, sink) === undefined) sink.refused('old-subscription')
      return
    }
    this.#breakAll(known, 'sequence-gap', books, sink)
    known.restart()
  }

  /** The venue told what a subscription still covers: nothing vouches for the other books. */
  onUpdated(
    connection: number,
    sid: number,
    tickers: ReadonlySet<string>,
    books: BookTable,
    sink: TurnSink,
  ): void {
    const sequence = this.#current(connection, sid)
    if (sequence === undefined) return
    for (const index of sequence.books) {
      const entry = books.at(index)
      if (entry === undefined || !tickers.has(entry.market.id)) this.#leave(index, books, sink)
    }
  }

  /** A subscription has ended: nothing vouches for its books. */
  onUnsubscribed(connection: number, sid: number, books: BookTable, sink: TurnSink): void {
    const sequence = this.#current(connection, sid)
    if (sequence !== undefined) this.#leaveAll(sequence, books, sink)
  }

  onConnectionLost(connection: number, books: BookTable, sink: TurnSink): void {
    const sequence = this.#subscriptions.get(connection)
    if (sequence === undefined) return

    this.#leaveAll(sequence, books, sink)
    this.#subscriptions.delete(connection)
    if (this.#latest === sequence) this.#latest = undefined
  }

  /** Whether the order book channel, and not a poll, keeps this book. */
  isCarried(entry: BookEntry): boolean {
    return this.#carriers[entry.index] !== undefined
  }

  /**
   * Replaces a book by what REST told: as it was when asked for, and nothing vouches for it since.
   */
  replaceByPoll(entry: BookEntry, polled: RestBook, sink: TurnSink): void {
    const { book } = entry.yes
    if (this.isCarried(entry)) {
      sink.proof(entry, book, 'stale-change')
      return
    }
    book.clear()
    book.mark('unproven')
    const { yes_dollars: yes, no_dollars: no } = polled.orderbook_fp
    for (const [price, size] of yes ?? []) {
      if (!this.#place(entry, bidSide, price, size, sink)) return
    }
    for (const [price, size] of no ?? []) {
      if (!this.#place(entry, askSide, complement(price), size, sink)) return
    }
    if (book.crossed) {
      this.#break(entry, 'crossed', sink)
      return
    }
    sink.proof(entry, book, 'snapshot')
    sink.changed(entry, book)
  }

  /** Asks again for the snapshots that have not come, and gives up on books that stay crossed. */
  audit(budget: number, books: BookTable, sink: TurnSink): number {
    this.#audits++
    let checked = 0
    for (const index of this.#waiting) {
      if (checked >= budget) break
      checked++
      const entry = books.at(index)
      if (entry === undefined || entry.yes.book.state === 'proven') {
        if (entry?.yes.book.torn !== true) this.#waiting.delete(index)
        else if (this.#audits > (this.#auditOfCrossing[index] ?? 0) + 1) {
          this.#break(entry, 'crossed', sink)
        }
      } else if (this.#audits % auditsPerRequest === 0) sink.needSnapshot(entry)
    }
    return checked
  }

  #current(connection: number, sid: number): SubscriptionSequence | undefined {
    const sequence = this.#subscriptions.get(connection)
    return sequence?.sid === sid ? sequence : undefined
  }

  /**
   * The subscription of this sid, opened if it is new. Undefined if a later one has replaced it:
   * sids grow, and what still comes under an old one is older than what we have.
   */
  #open(
    connection: number,
    sid: number,
    books: BookTable,
    sink: TurnSink,
  ): SubscriptionSequence | undefined {
    const known = this.#subscriptions.get(connection)
    if (known !== undefined && sid < known.sid) return undefined
    if (known !== undefined && sid > known.sid) this.#leaveAll(known, books, sink)

    const sequence = known?.sid === sid ? known : new SubscriptionSequence(connection, sid)
    this.#subscriptions.set(connection, sequence)
    this.#latest = sequence
    return sequence
  }

  /** Whether a book frame continues its subscription, or at least is not one we had. */
  #isNew(
    sequence: SubscriptionSequence,
    frame: BookFrame,
    books: BookTable,
    sink: TurnSink,
  ): boolean {
    const index = frame.entry === undefined ? -1 : frame.entry.index
    const verdict =
      frame.kind === 'delta'
        ? sequence.note(
            frame.seq,
            2 * index,
            frame.side === 'yes' ? frame.price : -frame.price,
            frame.change,
          )
        : sequence.note(frame.seq, 2 * index + 1, frame.yesCount, sumOfLevels(frame))
    switch (verdict) {
      case 'next':
        return true
      case 'gap':
      case 'renumbered':
        this.#breakAll(sequence, 'sequence-gap', books, sink)
        return true
      case 'seen':
      case 'late':
        return false
    }
  }

  #change(
    sequence: SubscriptionSequence,
    frame: BookFrame,
    entry: BookEntry,
    sink: TurnSink,
  ): void {
    const { book } = entry.yes
    const carrier = this.#carriers[entry.index]
    if (carrier !== sequence || book.state !== 'proven') {
      // Another connection may carry the book, and carry it well.
      if (carrier === sequence || book.state !== 'proven') this.#ignore(entry, sink)
      return
    }
    const yes = frame.side === 'yes'
    const price = (
      yes || this.#noSidePrice === 'yes' ? frame.price : complement(frame.price as Ticks)
    ) as Ticks
    if (!isPlaceable(entry, price)) {
      sink.refused('off-grid')
      this.#break(entry, 'off-grid', sink)
      return
    }
    if (!book.change(yes ? bidSide : askSide, price, frame.change as MicroShares)) {
      this.#break(entry, 'negative-level', sink)
      return
    }
    if (book.crossed) this.#onCrossed(sequence, entry, sink)
    else if (book.torn) book.markWhole()
    sink.changed(entry, book)
  }

  /**
   * A match is told level by level, so a book may be crossed for a moment; nobody looks meanwhile.
   * One that stays so is a wrong copy.
   */
  #onCrossed(sequence: SubscriptionSequence, entry: BookEntry, sink: TurnSink): void {
    const { book } = entry.yes
    if (!book.torn) {
      book.markTorn()
      this.#crossedAt[entry.index] = sequence.last
      this.#auditOfCrossing[entry.index] = this.#audits
      this.#waiting.add(entry.index)
      sink.proof(entry, book, 'crossed')
      return
    }
    const since = sequence.last - (this.#crossedAt[entry.index] ?? 0)
    if (since >= crossedFramesMax) this.#break(entry, 'crossed', sink)
  }

  #replace(
    sequence: SubscriptionSequence,
    frame: BookFrame,
    entry: BookEntry,
    sink: TurnSink,
  ): void {
    const { book } = entry.yes
    this.#carriers[entry.index]?.books.delete(entry.index)
    this.#carriers[entry.index] = sequence
    sequence.books.add(entry.index)
    book.clear()
    book.markWhole()
    book.mark('unproven')

    const count = frame.yesCount + frame.noCount
    for (let index = 0; index < count; index++) {
      const told = frame.levels[2 * index] as Ticks
      const size = frame.levels[2 * index + 1] as MicroShares
      const yes = index < frame.yesCount
      const price = yes || this.#noSidePrice === 'yes' ? told : complement(told)
      if (!this.#place(entry, yes ? bidSide : askSide, price, size, sink)) return
    }
    if (book.crossed) {
      this.#break(entry, 'crossed', sink)
      return
    }
    book.mark('proven')
    this.#waiting.delete(entry.index)
    this.#ignored[entry.index] = 0
    sink.proof(entry, book, 'snapshot')
    sink.changed(entry, book)
  }

  /** Sets a level of a snapshot. A level that cannot be right breaks the book. */
  #place(
    entry: BookEntry,
    side: BookSide,
    price: Ticks,
    size: MicroShares,
    sink: TurnSink,
  ): boolean {
    const { book } = entry.yes
    if (!isPlaceable(entry, price)) {
      sink.refused('off-grid')
      this.#break(entry, 'off-grid', sink)
      return false
    }
    if (book.sizeAt(side, price) !== 0) {
      sink.refused('level-twice')
      this.#break(entry, 'off-grid', sink)
      return false
    }
    book.set(side, price, size)
    return true
  }

  #ignore(entry: BookEntry, sink: TurnSink): void {
    const { index } = entry
    const count = this.#ignored[index] ?? 0
    this.#ignored[index] = count + 1
    this.#waiting.add(index)
    if (count % ignoredPerRequest === 0) sink.needSnapshot(entry)
  }

  #break(entry: BookEntry, why: ProofEvent, sink: TurnSink): void {
    const { book } = entry.yes
    book.mark('broken')
    book.markWhole()
    this.#ignored[entry.index] = 1
    this.#waiting.add(entry.index)
    sink.proof(entry, book, why)
    sink.needSnapshot(entry)
  }

  #breakAll(
    sequence: SubscriptionSequence,
    why: ProofEvent,
    books: BookTable,
    sink: TurnSink,
  ): void {
    for (const index of sequence.books) {
      const entry = books.at(index)
      if (entry !== undefined) this.#break(entry, why, sink)
    }
  }

  #leaveAll(sequence: SubscriptionSequence, books: BookTable, sink: TurnSink): void {
    for (const index of sequence.books) this.#leave(index, books, sink)
  }

  /** Nothing carries the book any more. */
  #leave(index: number, books: BookTable, sink: TurnSink): void {
    this.#carriers[index]?.books.delete(index)
    this.#carriers[index] = undefined
    this.#waiting.delete(index)
    const entry = books.at(index)
    if (entry === undefined) return

    const { book } = entry.yes
    book.mark('unproven')
    book.markWhole()
    sink.proof(entry, book, 'connection-lost')
  }
}

/** A frame by its place in the sequence; its length in bytes tells it from a repeated one. */
type Numbered = { readonly sid: number; readonly seq: number; readonly length: number }

/** What stands for the content of a control frame, besides its length. */
const controlContent = -3

/** Whether the market's grid has this price: a level elsewhere could never be traded or removed. */
function isPlaceable(entry: BookEntry, price: Ticks): boolean {
  if (!entry.yes.book.holds(price)) return false
  const { grid } = entry.market
  return grid.bands.length === 1 || isOnGrid(grid, price)
}

/** Tells snapshots of one market apart, as far as that matters. */
function sumOfLevels(frame: BookFrame): number {
  const end = 2 * (frame.yesCount + frame.noCount)
  let sum = 0
  for (let index = 0; index < end; index++) sum += (index + 1) * (frame.levels[index] ?? 0)
  return sum
}
