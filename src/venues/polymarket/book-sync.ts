import type { Resolution } from '../../core/market.ts'
import type { BookSide, OrderBook } from '../../core/order-book.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { complement, ppm, ticksPerUsd } from '../../core/units.ts'
import type { BookTable } from '../../ports/book-table.ts'
import type { ProofEvent, TurnSink } from '../../ports/feed-codec.ts'
import type { BookAudit } from './book-audit.ts'
import { BookTrack } from './book-track.ts'
import type { EventBatch } from './event-batch.ts'
import { eventKind, eventNames, hashWords, unknownToken, untold } from './event-batch.ts'
import { pairsAgree } from './mirrored-pair.ts'
import type { RestFacts } from './read-json.ts'
import { lastRowOf, SnapshotOrder } from './snapshot-order.ts'
import { holdsSameLevels, replaceLevels } from './snapshot-levels.ts'
import type { TokenMarks } from './token-marks.ts'
import type { Token, TokenTable } from './token-table.ts'
import type { MarketResolvedMessage } from './wire.ts'

/**
 * Turns what messages say into books, and decides what may be believed.
 *
 * A mirrored market has one book, in YES terms; the second entry of each change is the same change
 * told for NO, and must agree. docs/venues/polymarket.md, 4.5 and 9.
 */
export class BookSync {
  readonly #tokens: TokenTable
  readonly #marks: TokenMarks
  readonly #audit: BookAudit
  readonly #order: SnapshotOrder
  readonly #tracks: (BookTrack | undefined)[] = []
  readonly #byBook: Map<OrderBook, BookTrack> = new Map()
  /** Messages about tokens that no book of ours belongs to: news of markets we do not follow. */
  unknownCount: number = 0
  #tidyNext = 0

  constructor(tokens: TokenTable, marks: TokenMarks, audit: BookAudit) {
    this.#tokens = tokens
    this.#marks = marks
    this.#audit = audit
    this.#order = new SnapshotOrder(tokens, audit)
  }

  trackOfBook(book: OrderBook): BookTrack | undefined {
    return this.#byBook.get(book)
  }

  trackOf(token: number): BookTrack {
    return this.#tracks[token] ?? this.#makeTrack(token)
  }

  tracks(): Iterable<BookTrack> {
    return this.#byBook.values()
  }

  /**
   * Whether a batch can be applied as a whole: each change of a mirrored market told twice, and
   * the same both times. Gives the reason of refusal.
   */
  refusalOf(batch: EventBatch, books: BookTable): string | undefined {
    for (let event = 0; event < batch.eventCount; event++) {
      const kind = batch.kind[event]
      if (kind === eventKind.change) {
        if (!this.#isToldAlike(batch, event)) return 'pair-disagrees'
      }
      const detail = batch.detail[event]
      if (detail?.kind === 'of-market' && this.#isStrange(batch, event)) {
        if (books.byMarket('polymarket', detail.market) !== undefined) return 'market-mismatch'
      }
    }
    return undefined
  }

  apply(
    batch: EventBatch,
    connection: number,
    books: BookTable,
    sink: TurnSink,
    facts?: RestFacts,
  ): void {
    for (let event = 0; event < batch.eventCount; event++) {
      const kind = batch.kind[event] as number
      sink.event(eventNames[kind] as string)
      if (kind === eventKind.change) this.#applyChange(batch, event, connection, sink)
      else if (kind === eventKind.book) this.#applyBook(batch, event, connection, sink, facts)
      else this.#applyOther(batch, event, books, sink)
    }
  }

  /** Nothing is believed of the book until a snapshot is in. */
  breakBook = (track: BookTrack, reason: ProofEvent, sink: TurnSink): void => {
    const { book, entry } = track
    const isNew = !track.awaiting || book.state !== 'broken'
    book.markWhole()
    book.mark('broken')
    if (!isNew) return

    track.await()
    sink.proof(entry, book, reason)
    sink.needSnapshot(entry)
    this.#audit.enqueue(track)
  }

  /** Looks at one market, another each time, and forgets it when the books no longer have it. */
  tidy(): void {
    if (this.#tokens.count === 0) return
    this.#tidyNext = (this.#tidyNext + 2) % this.#tokens.count
    if (this.#tokens.has(this.#tidyNext) && !this.#tokens.isCurrent(this.#tidyNext)) {
      this.#forget(this.#tidyNext)
    }
  }

  connectionLost(track: BookTrack, sink: TurnSink): void {
    const { book, entry } = track
    track.await()
    for (const token of track.tokens) this.#marks.forget(token)
    book.markWhole()
    book.mark('unproven')
    sink.proof(entry, book, 'connection-lost')
  }

  #forget(index: number): void {
    for (const token of [index & ~1, index | 1]) {
      const track = this.#tracks[token]
      if (track !== undefined) {
        track.retired = true
        this.#byBook.delete(track.book)
      }
      this.#tracks[token] = undefined
      this.#marks.reset(token)
    }
    this.#tokens.forget(index)
  }

  /**
   * The number of a token whose book is still the one we know; else of its new book, or unknown.
   *
   * A market may leave the catalogue and come back, with another book.
   */
  #current(index: number): number {
    if (index === unknownToken || !this.#tokens.has(index)) return unknownToken
    if (this.#tokens.isCurrent(index)) return index

    const { id } = this.#tokens.at(index)
    this.#forget(index)
    return this.#tokens.byId(id)
  }

  #makeTrack(index: number): BookTrack {
    this.#marks.ensure(this.#tokens.count)
    const { where } = this.#tokens.at(index)
    const isShared = where.entry.yes.book === where.entry.no.book
    const tokens = isShared ? [index & ~1, index | 1] : [index]
    const track = new BookTrack(where.entry, where.book, tokens)
    for (const token of tokens) this.#tracks[token] = track
    this.#byBook.set(where.book, track)
    return track
  }

  #isToldAlike(batch: EventBatch, event: number): boolean {
    const token = batch.rowToken[batch.rowStart[event] as number] as number
    if (batch.rowStart[event] === batch.rowEnd[event] || token === unknownToken) return true
    return this.trackOf(token).tokens.length === 1 || pairsAgree(batch, event)
  }

  /** A change or a book of a market whose tokens, or one of them, we do not know. */
  #isStrange(batch: EventBatch, event: number): boolean {
    if (batch.kind[event] === eventKind.book) return batch.token[event] === unknownToken

    const end = batch.rowEnd[event] as number
    for (let row = batch.rowStart[event] as number; row < end; row++) {
      if (batch.rowToken[row] === unknownToken) return true
    }
    return false
  }

  #applyChange(batch: EventBatch, event: number, connection: number, sink: TurnSink): void {
    const start = batch.rowStart[event] as number
    const end = batch.rowEnd[event] as number
    if (start === end) return

    const token = batch.rowToken[start] as number
    if (!this.#tokens.has(token)) {
      this.unknownCount++
      return
    }
    const track = this.trackOf(token)
    track.connection = connection
    this.#step(track, token, batch, event, sink)
    if (track.tokens.length === 2) return

    // Separate books: an entry for the other token is a change of the other book.
    for (let row = start + 1; row < end; row++) {
      const other = batch.rowToken[row] as number
      if (other === token) continue
      this.#step(this.trackOf(other), other, batch, event, sink)
      return
    }
  }

  /** Applies one message's entries for `token`, unless they are old, or must wait. */
  #step(track: BookTrack, token: number, batch: EventBatch, event: number, sink: TurnSink): void {
    const { book, entry } = track
    if (track.awaiting) {
      track.keep(batch, event)
      return
    }
    if (!track.anchored && this.#order.isStale(track, batch, event)) {
      sink.proof(entry, book, 'stale-change')
      return
    }
    const start = batch.rowStart[event] as number
    if (book.torn && !this.#isSameStep(batch, event, token)) {
      // The sweep is over and the book still is not what was advertised: a message is missing.
      this.breakBook(track, book.crossed ? 'crossed' : 'top-mismatch', sink)
      track.keep(batch, event)
      return
    }

    const end = batch.rowEnd[event] as number
    const isAlone = track.tokens.length === 1
    let last = start
    for (let row = start; row < end; row++) {
      const rowToken = batch.rowToken[row] as number
      // Told for the other token, it is the same change; or, where books are separate, not ours.
      if (rowToken !== token && isAlone) continue
      this.#marks.note(rowToken, batch.timestamp, event, batch.rowHash, row)
      if (rowToken !== token) continue
      last = row
      if (!this.#setLevel(track, batch, row)) {
        if (this.#tokens.isCurrent(token)) this.breakBook(track, 'off-grid', sink)
        else this.#forget(token)
        return
      }
    }
    this.#settle(track, batch, last, sink)
  }

  #setLevel(track: BookTrack, batch: EventBatch, row: number): boolean {
    const { book } = track
    const token = batch.rowToken[row] as number
    const price = batch.rowPrice[row] as Ticks
    if (!book.holds(price)) return false

    const side = batch.rowSide[row] as BookSide
    const size = batch.rowSize[row] as MicroShares
    if (this.#tokens.mirrorOf(token) === 1) {
      book.set((1 - side) as BookSide, complement(price), size)
    } else book.set(side, price, size)
    this.#marks.touch(token, price)
    return true
  }

  /** Compares the book with the advertised top: equal, it is whole; else a sweep goes on. */
  #settle(track: BookTrack, batch: EventBatch, row: number, sink: TurnSink): void {
    const { book, entry } = track
    let bid = batch.rowBestBid[row] as number
    let ask = batch.rowBestAsk[row] as number
    if (this.#tokens.mirrorOf(batch.rowToken[row] as number) === 1) {
      const mirroredAsk = bid === untold ? untold : ticksPerUsd - bid
      bid = ask === untold ? untold : ticksPerUsd - ask
      ask = mirroredAsk
    }
    const isWhole =
      !book.crossed &&
      (bid === untold || bid === book.bestBid) &&
      (ask === untold || ask === book.bestAsk)
    if (!isWhole) book.markTorn()
    else if (book.torn) {
      book.markWhole()
      sink.proof(entry, book, 'sweep')
    }
    if (!track.queued) this.#audit.enqueue(track)
    sink.changed(entry, book)
  }

  /** Whether a message continues the step of the last one: same time, same hash. 4.5. */
  #isSameStep(batch: EventBatch, event: number, token: number): boolean {
    const row = lastRowOf(batch, event, token)
    return this.#marks.isSame(token, batch.timestamp, event, batch.rowHash, row)
  }

  #applyBook(
    batch: EventBatch,
    event: number,
    connection: number,
    sink: TurnSink,
    facts: RestFacts | undefined,
  ): void {
    const token = this.#current(batch.token[event] as number)
    if (token === unknownToken) {
      this.unknownCount++
      return
    }
    const track = this.trackOf(token)
    if (connection >= 0) track.connection = connection
    // The two books of a first dump may be of different moments: the newer one stays.
    const at = batch.timestamp[event] as number
    const isOld = track.tokens.some((one) => at < (this.#marks.at[one] as number))
    if (isOld && !track.awaiting) {
      sink.proof(track.entry, track.book, 'stale-change')
      return
    }
    if (facts !== undefined) {
      track.sizeMin = facts.sizeMin
      track.negRisk = facts.negRisk
    }
    const tick = batch.tick[event] as number
    if (tick !== untold && tick !== track.book.resolution) this.#regrid(track, tick as Ticks, sink)
    batch.token[event] = token
    this.#takeSnapshot(track, token, batch, event, sink)
  }

  #takeSnapshot(
    track: BookTrack,
    token: number,
    batch: EventBatch,
    event: number,
    sink: TurnSink,
  ): void {
    const { book, entry } = track
    const isSameStep = this.#marks.isSame(token, batch.timestamp, event, batch.bookHash, event)
    const isConfirmed =
      isSameStep &&
      book.state === 'proven' &&
      holdsSameLevels(book, batch, event, this.#tokens.mirrorOf(token))
    for (const other of track.tokens) {
      if (other !== token && !isSameStep) this.#marks.forget(other)
    }
    this.#marks.note(token, batch.timestamp, event, batch.bookHash, event)
    track.snapshotAt = batch.timestamp[event] as number
    track.snapshotToken = token
    track.snapshotHash.set(batch.bookHash.subarray(event * hashWords, (event + 1) * hashWords))
    if (batch.lastTrade[event] !== untold) track.lastTrade = batch.lastTrade[event] as number
    if (!isConfirmed && !replaceLevels(book, batch, event, this.#tokens.mirrorOf(token))) {
      this.breakBook(track, 'off-grid', sink)
      return
    }

    if (book.torn) {
      book.markWhole()
      sink.proof(entry, book, 'sweep')
    }
    sink.proof(entry, book, 'snapshot')
    const wasAwaiting = track.awaiting
    track.awaiting = false
    track.anchored = isSameStep && !wasAwaiting
    track.doubtAt = 0
    if (book.crossed) {
      this.breakBook(track, 'crossed', sink)
      return
    }
    if (!isConfirmed) this.#judgeSnapshot(track, sink)
    if (wasAwaiting) this.#replayPending(track, sink)
    if (!track.awaiting) this.#audit.enqueue(track)
    sink.changed(entry, book)
  }

  /** A snapshot is believed when its hash can be recomputed; else it waits for the audit. */
  #judgeSnapshot(track: BookTrack, sink: TurnSink): void {
    const { book, entry } = track
    const isProven = this.#audit.verify(track) === 'match'
    book.mark(isProven ? 'proven' : 'unproven')
    sink.proof(entry, book, isProven ? 'hash-verified' : 'hash-mismatch')
  }

  #replayPending(track: BookTrack, sink: TurnSink): void {
    if (track.hasGap) {
      this.breakBook(track, 'sequence-gap', sink)
      return
    }
    const pending = track.takePending()
    if (pending === undefined) return
    for (let event = 0; event < pending.eventCount; event++) {
      const first = pending.rowToken[pending.rowStart[event] as number] as number
      const token = track.tokens.includes(first) ? first : (track.tokens[0] as number)
      this.#step(track, token, pending, event, sink)
    }
  }

  #regrid(track: BookTrack, tick: Ticks, sink: TurnSink): void {
    const { book, entry } = track
    const grid = uniformGrid(tick)
    book.regrid(grid)
    track.await()
    for (const token of track.tokens) this.#marks.forget(token)
    sink.proof(entry, book, 'grid-changed')
    sink.lifecycle({ kind: 'grid-changed', market: entry.market.id, grid })
  }

  #applyOther(batch: EventBatch, event: number, books: BookTable, sink: TurnSink): void {
    const detail = batch.detail[event]
    if (detail?.kind === 'new-market') {
      sink.lifecycle({ kind: 'listed', market: detail.message.market })
      return
    }
    if (detail?.kind === 'resolved') {
      resolve(detail.message, books, sink)
      return
    }
    const index = batch.token[event] as number
    if (!this.#tokens.has(index)) {
      this.unknownCount++
      return
    }
    const token = this.#tokens.at(index)
    const kind = batch.kind[event]
    if (kind === eventKind.trade) this.#applyTrade(batch, event, token, sink)
    else if (kind === eventKind.bestBidAsk) this.#applyBest(batch, event, token)
    else if (kind === eventKind.tickSize) {
      const track = this.trackOf(index)
      if (batch.tick[event] === track.book.resolution) return
      this.#regrid(track, batch.tick[event] as Ticks, sink)
      sink.needSnapshot(track.entry)
    }
  }

  #applyTrade(batch: EventBatch, event: number, token: Token, sink: TurnSink): void {
    const row = batch.rowStart[event] as number
    const track = this.trackOf(token.index)
    const price = batch.rowPrice[row] as Ticks
    this.#marks.noteTrade(token.index, price)
    // A hash that could not be explained may be explained by this trade.
    track.failedVersion = -1
    sink.trade({
      venue: 'polymarket',
      market: token.where.entry.market.id,
      outcome: token.where.outcome,
      side: batch.rowSide[row] === 0 ? 'buy' : 'sell',
      price,
      size: batch.rowSize[row] as MicroShares,
      venueTime: batch.timestamp[event] as EpochMs,
    })
  }

  /** An advertised top that the book does not show is a doubt: the audit gives it time. */
  #applyBest(batch: EventBatch, event: number, token: Token): void {
    const track = this.trackOf(token.index)
    const at = batch.timestamp[event] as number
    if (track.awaiting || at < (this.#marks.at[token.index] as number)) return

    const row = batch.rowStart[event] as number
    const bid = batch.rowBestBid[row] as Ticks
    const ask = batch.rowBestAsk[row] as Ticks
    const { mirrored } = token.where
    const bookBid = mirrored ? complement(ask) : bid
    const bookAsk = mirrored ? complement(bid) : ask
    const { book } = track
    if (bookBid === book.bestBid && bookAsk === book.bestAsk) {
      track.doubtAt = 0
      return
    }
    track.doubtAt = at
    track.doubtBid = bookBid
    track.doubtAsk = bookAsk
    this.#audit.enqueue(track)
  }
}

function resolve(message: MarketResolvedMessage, books: BookTable, sink: TurnSink): void {
  const entry = books.byMarket('polymarket', message.market)
  if (entry === undefined) return

  const { yes, no } = entry.market
  const winner = message.winning_asset_id
  if (winner !== yes.id && winner !== no.id) {
    sink.refused('unknown-winner')
    return
  }
  const resolution: Resolution = { yesValue: ppm(winner === yes.id ? 1_000_000 : 0) }
  sink.lifecycle({ kind: 'resolved', market: message.market, resolution })
}
