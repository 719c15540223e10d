import { complement } from '../../core/units.ts'
import type { Ticks } from '../../core/units.ts'
import type { ProofEvent, TurnSink } from '../../ports/feed-codec.ts'
import { BookProof } from './book-proof.ts'
import type { BookTrack } from './book-track.ts'
import { neverTraded, untold } from './event-batch.ts'
import { lastTradeCodes } from './last-trade.ts'
import type { TokenMarks } from './token-marks.ts'
import type { TokenTable } from './token-table.ts'

/** A sweep is over within milliseconds; a book torn for longer lacks a message. */
const tornRoundsMax = 4
/** As long as a trade's own message may trail the book it changed, and more. 12, v2#117. */
const mismatchRoundsMax = 20
/** A snapshot that was asked for so long ago is asked for again. */
const awaitRoundsMax = 200

/** Declares a book broken and asks for a snapshot of it. */
export type BreakBook = (track: BookTrack, reason: ProofEvent, sink: TurnSink) => void

/**
 * Proves books by their hash, off the hot path: on demand, and in rounds with a budget.
 *
 * Books that changed queue up; each round takes as many as the budget allows, oldest first.
 */
export class BookAudit {
  readonly #tokens: TokenTable
  readonly #marks: TokenMarks
  readonly #proof: BookProof = new BookProof()
  #queue: BookTrack[] = []
  #waiting: BookTrack[] = []
  verifiedCount: number = 0
  mismatchCount: number = 0

  constructor(tokens: TokenTable, marks: TokenMarks) {
    this.#tokens = tokens
    this.#marks = marks
  }

  enqueue(track: BookTrack): void {
    if (track.queued) return
    track.queued = true
    track.auditRounds = 0
    this.#waiting.push(track)
  }

  /** Whether the book is the one whose hash the venue last gave. */
  verify(track: BookTrack): 'match' | 'mismatch' | 'no-hash' {
    const { version } = track.book
    if (track.provenVersion === version) return 'match'
    if (track.failedVersion === version) return 'mismatch'

    const token = this.#latest(track)
    if (token === undefined) return 'no-hash'
    if (!this.#matches(track, token)) {
      track.failedVersion = version
      this.mismatchCount++
      return 'mismatch'
    }
    track.provenVersion = version
    this.verifiedCount++
    return 'match'
  }

  /** Whether the book is proven now, to its last level. */
  prove(track: BookTrack): boolean {
    const { book } = track
    if (book.state !== 'proven' || book.torn || track.doubtAt > 0) return false
    if (this.verify(track) === 'match') return true

    this.enqueue(track)
    return false
  }

  /** Gives every book in the queue its turn, until `budget` hashes are computed. */
  round(budget: number, sink: TurnSink, breakBook: BreakBook): number {
    const batch = this.#waiting
    this.#waiting = this.#queue
    this.#queue = batch
    let checked = 0
    for (const [index, track] of batch.entries()) {
      if (checked === budget) {
        this.#waiting.push(...batch.slice(index))
        break
      }
      track.queued = false
      if (track.retired) continue
      const isHashed = track.provenVersion !== track.book.version
      if (this.#isUnsettled(track, sink, breakBook)) this.#again(track)
      if (isHashed && !track.awaiting) checked++
    }
    batch.length = 0
    return checked
  }

  /** One book's turn. True when it must have another. */
  #isUnsettled(track: BookTrack, sink: TurnSink, breakBook: BreakBook): boolean {
    const { book, entry } = track
    if (track.awaiting) {
      // Only a broken book has asked for its snapshot; the others wait for their subscription.
      if (book.state !== 'broken') return false
      if (track.auditRounds < awaitRoundsMax) return true
      track.auditRounds = 0
      sink.needSnapshot(entry)
      return true
    }
    if (book.torn || this.#isDoubted(track)) {
      if (track.auditRounds < tornRoundsMax) return true
      breakBook(track, book.crossed ? 'crossed' : 'top-mismatch', sink)
      return true
    }
    switch (this.verify(track)) {
      case 'match':
        if (book.state === 'unproven') book.mark('proven')
        sink.proof(entry, book, 'hash-verified')
        return false
      case 'no-hash':
        return false
      case 'mismatch':
        return this.#isMismatchUnsettled(track, sink, breakBook)
    }
  }

  #isMismatchUnsettled(track: BookTrack, sink: TurnSink, breakBook: BreakBook): boolean {
    const { book, entry } = track
    if (track.auditRounds >= mismatchRoundsMax) {
      breakBook(track, 'hash-mismatch', sink)
      return true
    }
    if (book.state === 'proven') {
      // The last trade price may be still on its way: no trade until then, but no snapshot either.
      book.mark('unproven')
      sink.proof(entry, book, 'hash-mismatch')
    }
    return true
  }

  #isDoubted(track: BookTrack): boolean {
    if (track.doubtAt === 0) return false

    const { book } = track
    const isShown = book.bestBid === track.doubtBid && book.bestAsk === track.doubtAsk
    const isOld = track.tokens.some((token) => (this.#marks.at[token] as number) > track.doubtAt)
    if (isShown || isOld) track.doubtAt = 0
    return track.doubtAt > 0
  }

  #again(track: BookTrack): void {
    if (track.queued) return
    track.queued = true
    track.auditRounds++
    this.#waiting.push(track)
  }

  /** The token that the newest message with a hash was about. */
  #latest(track: BookTrack): number | undefined {
    let latest: number | undefined
    for (const token of track.tokens) {
      if (!this.#marks.hasHash(token)) continue
      const at = this.#marks.at[token] as number
      if (latest === undefined || at > (this.#marks.at[latest] as number)) latest = token
    }
    return latest
  }

  #matches(track: BookTrack, token: number): boolean {
    const at = this.#marks.at[token] as number
    return this.isHashOf(track, token, at, this.#marks.hashText(token))
  }

  /** Whether this is the hash of the book as it is now, told at that time for that token. */
  isHashOf(track: BookTrack, index: number, timestamp: number, hash: string): boolean {
    const { entry, book } = track
    const token = this.#tokens.at(index)
    const facts = {
      market: entry.market.id,
      asset: token.id,
      timestamp,
      sizeMin: track.sizeMin ?? entry.market.sizeMin,
      tick: book.resolution,
      negRisk: track.negRisk ?? entry.market.negRisk,
    }
    this.#proof.write(facts, book, token.where.mirrored ? 'mirrored' : 'direct')
    const known = track.lastTrade === untold ? neverTraded : track.lastTrade
    if (this.#proof.digest(known) === hash) {
      track.lastTrade = known
      return true
    }
    for (const lastTrade of this.#lastTrades(track)) {
      if (this.#proof.digest(lastTrade) !== hash) continue
      track.lastTrade = lastTrade
      return true
    }
    return false
  }

  /**
   * What the last trade may be besides the one we know: where a trade may just have been.
   *
   * The book's hash tells of a trade before the trade's own message does. 4.7.
   */
  #lastTrades(track: BookTrack): ReadonlySet<number> {
    const guesses = new Set<number>()
    for (const token of track.tokens) {
      for (const price of this.#marks.recentPrices(token) as Ticks[]) {
        for (const code of lastTradeCodes(price)) guesses.add(code)
        for (const code of lastTradeCodes(complement(price))) guesses.add(code)
      }
    }
    return guesses
  }
}
