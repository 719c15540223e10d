import { assert } from '../core/assert.ts'
import type { MarketId, VenueId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { PublicTrade } from '../core/order.ts'
import type { Nanos } from '../core/units.ts'
import { ticksPerUsd } from '../core/units.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type {
  ConnectionChange,
  FeedCodec,
  MarketLifecycle,
  ProofEvent,
} from '../ports/feed-codec.ts'
import type { Metrics } from '../ports/metrics.ts'
import type { EngineClock } from './engine-clock.ts'
import type { VenueMetrics } from './engine-metrics.ts'
import { venueMetrics } from './engine-metrics.ts'
import type { Effect } from './event.ts'
import type { FeedHealth } from './feed-health.ts'
import type { MarketCache } from './market-cache.ts'
import { booksOf } from './market-cache.ts'
import type { Phantoms } from './phantoms.ts'
import { ProofTimes } from './proof-times.ts'
import { Turn } from './turn.ts'

export type MarketDataOptions = {
  readonly cache: MarketCache
  readonly codecs: readonly FeedCodec[]
  readonly clock: EngineClock
  readonly health: FeedHealth
  /** Sightings on books that are torn or broken, which no strategy is shown. */
  readonly unseen: Phantoms
  readonly metrics: Metrics
  /** A book has changed, whatever its state. */
  readonly onBook: (book: OrderBook) => void
  /** A book has changed and may be looked at: it is whole and not broken. */
  readonly onSight: (entry: BookEntry, book: OrderBook) => void
  /** Others have traded. */
  readonly onTrade: (trade: PublicTrade) => void
  readonly onLifecycle: (venue: VenueId, event: MarketLifecycle) => void
  readonly obey: (effect: Effect) => void
}

/** One venue's way in. */
type Lane = { readonly codec: FeedCodec; readonly turn: Turn; readonly metrics: VenueMetrics }

/** Not a connection: a snapshot or an audit. */
const noConnection = -1
const nanosPerMs = 1_000_000
/** A snapshot that was asked for is not asked for again sooner. */
const snapshotRetryNanos = 2_000 * nanosPerMs

/** What takes the proof of a book, or says that it was lost. */
const losing: ReadonlySet<ProofEvent> = new Set<ProofEvent>([
  'hash-mismatch',
  'top-mismatch',
  'sequence-gap',
  'crossed',
  'negative-level',
  'off-grid',
  'grid-changed',
  'connection-lost',
])

/**
 * From bytes to books that may be looked at.
 *
 * A frame is read to its end before anybody looks: in between, a book may be crossed by half a
 * sweep. Each changed book is then shown once, and never when it is torn or broken.
 */
export class MarketData {
  readonly #options: MarketDataOptions
  readonly #lanes: ReadonlyMap<VenueId, Lane>
  readonly #proofTimes: ProofTimes = new ProofTimes()
  /** By the number of a market: when its snapshot was asked for. */
  readonly #asked: Map<number, Nanos> = new Map()
  #last: Lane | undefined

  constructor(options: MarketDataOptions) {
    this.#options = options
    this.#lanes = new Map(options.codecs.map((codec) => [codec.venue, this.#laneOf(codec)]))
    assert(this.#lanes.size === options.codecs.length, 'a venue has one codec')
  }

  get turns(): readonly Turn[] {
    return [...this.#lanes.values()].map(({ turn }) => turn)
  }

  /** What the last frame held. */
  get lastTurn(): Turn | undefined {
    return this.#last?.turn
  }

  /** Books that wait to be proven again. */
  get unprovenWaiting(): number {
    return this.#proofTimes.waiting
  }

  onFrame(venue: VenueId, connection: number, bytes: Uint8Array): void {
    const lane = this.#lane(venue)
    const { cache, clock, health } = this.#options
    lane.metrics.frames.add()
    health.heard(venue, connection, clock.now)
    lane.turn.begin(connection)
    lane.codec.onFrame(connection, bytes, cache, lane.turn)
    this.#finish(lane.turn)
  }

  onSnapshot(venue: VenueId, market: MarketId, bytes: Uint8Array): void {
    const { codec, turn } = this.#lane(venue)
    const entry = this.#options.cache.byMarket(venue, market)
    if (entry !== undefined) this.#asked.delete(entry.index)
    turn.begin(noConnection)
    codec.onSnapshot(bytes, this.#options.cache, turn)
    this.#finish(turn)
  }

  onConnection(venue: VenueId, { connection, kind, markets }: ConnectionChange): void {
    if (kind !== 'lost') return
    const { codec, turn } = this.#lane(venue)
    turn.begin(noConnection)
    codec.onConnectionLost(connection, markets, this.#options.cache, turn)
    this.#finish(turn)
  }

  /** Proves at most `budget` books of each venue anew. */
  audit(budget: number): void {
    for (const { codec, turn } of this.#lanes.values()) {
      turn.begin(noConnection)
      codec.audit(budget, this.#options.cache, turn)
      this.#finish(turn)
    }
  }

  prove(book: OrderBook): boolean {
    const entry = this.#options.cache.ownerOf(book)
    return entry !== undefined && this.#lane(entry.market.venue).codec.prove(book)
  }

  forget(entry: BookEntry): void {
    this.#asked.delete(entry.index)
    for (const book of booksOf(entry)) this.#proofTimes.forget(book)
  }

  #finish(turn: Turn): void {
    this.#note(turn)
    const { changedCount } = turn
    for (let position = 0; position < changedCount; position++) {
      const entry = turn.entryAt(position)
      const book = turn.bookAt(position)
      if (entry !== undefined && book !== undefined) this.#show(entry, book)
    }
    if (turn.refusal !== undefined) {
      this.#options.obey({ kind: 'keep-frame', venue: turn.venue, reason: turn.refusal })
    }
  }

  /** All that the frame has changed is noted before anybody looks at the first of it. */
  #note(turn: Turn): void {
    const { health, onBook } = this.#options
    const { changedCount, connection } = turn
    for (let position = 0; position < changedCount; position++) {
      const entry = turn.entryAt(position)
      const book = turn.bookAt(position)
      if (entry === undefined || book === undefined) continue
      if (connection !== noConnection) health.carried(entry, connection)
      onBook(book)
    }
  }

  #show(entry: BookEntry, book: OrderBook): void {
    const { onSight, unseen } = this.#options
    if (!book.torn && book.state !== 'broken') {
      unseen.clear(entry.index)
      onSight(entry, book)
      return
    }
    if (sumIsOff(entry)) unseen.sight(entry.index, book.torn ? 'TORN' : 'BROKEN')
    else unseen.clear(entry.index)
  }

  #laneOf(codec: FeedCodec): Lane {
    const metrics = venueMetrics(this.#options.metrics, codec.venue)
    const listener = {
      proof: (venue: VenueId, _entry: BookEntry, book: OrderBook, event: ProofEvent): void => {
        this.#onProof(venue, book, event)
      },
      needSnapshot: (venue: VenueId, entry: BookEntry): void => this.#ask(venue, entry),
      lifecycle: this.#options.onLifecycle,
      trade: this.#options.onTrade,
    }
    return { codec, metrics, turn: new Turn(codec.venue, listener, metrics) }
  }

  #lane(venue: VenueId): Lane {
    if (this.#last?.codec.venue === venue) return this.#last
    const lane = this.#lanes.get(venue)
    assert(lane !== undefined, `what a venue sends is read by its codec: ${venue}`)
    this.#last = lane
    return lane
  }

  #onProof(venue: VenueId, book: OrderBook, event: ProofEvent): void {
    const { now } = this.#options.clock
    if (book.state === 'proven') {
      const tookMs = this.#proofTimes.proven(book, now)
      if (tookMs !== undefined) this.#lanes.get(venue)?.metrics.timeToProvenMs.record(tookMs)
    } else if (losing.has(event)) {
      this.#proofTimes.lost(book, now)
    }
  }

  #ask(venue: VenueId, entry: BookEntry): void {
    const { clock, obey } = this.#options
    const asked = this.#asked.get(entry.index)
    if (asked !== undefined && clock.now - asked < snapshotRetryNanos) return
    this.#asked.set(entry.index, clock.now)
    obey({ kind: 'request-snapshot', venue, market: entry.market.id })
  }
}

/**
 * Both outcomes cost less than a dollar together, or bring more: what a crossed book looks like.
 */
function sumIsOff({ yes, no }: BookEntry): boolean {
  return yes.bestAsk + no.bestAsk < ticksPerUsd || yes.bestBid + no.bestBid > ticksPerUsd
}
