import type { MarketId } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { Nanos } from '../core/units.ts'
import type { BookTable } from '../ports/book-table.ts'
import type { Clock } from '../ports/clock.ts'
import type { FeedCodec, TurnSink } from '../ports/feed-codec.ts'
import type { Histogram, Metrics } from '../ports/metrics.ts'

/** Taking the time costs a hundredth of the work or so: it is taken of one frame in eight. */
const timedEvery = 8

/**
 * A codec whose way from bytes into books is taken by the clock, for one frame in so many.
 *
 * It tells where the time of a turn goes: what came before the decoder, the decoder and the book,
 * and what the strategies and the desk made of it.
 */
export class TimedCodec implements FeedCodec {
  readonly #codec: FeedCodec
  readonly #clock: Clock
  readonly #wire: Histogram
  readonly #decode: Histogram
  readonly #decide: Histogram
  readonly #order: Histogram
  #count = 0
  #startedAt = 0
  #endedAt = 0

  constructor(codec: FeedCodec, clock: Clock, metrics: Metrics) {
    const { venue } = codec
    this.#codec = codec
    this.#clock = clock
    this.#wire = metrics.histogram('path_stage_us', { venue, stage: 'wire' })
    this.#decode = metrics.histogram('path_stage_us', { venue, stage: 'decode' })
    this.#decide = metrics.histogram('path_stage_us', { venue, stage: 'decide' })
    this.#order = metrics.histogram('path_stage_us', { venue, stage: 'order' })
  }

  get venue(): FeedCodec['venue'] {
    return this.#codec.venue
  }

  onFrame(connection: number, bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#count = (this.#count + 1) % timedEvery
    if (this.#count !== 0) {
      this.#codec.onFrame(connection, bytes, books, sink)
      return
    }
    this.#startedAt = this.#clock.nanos()
    this.#codec.onFrame(connection, bytes, books, sink)
    this.#endedAt = this.#clock.nanos()
  }

  /** The turn of the last frame is over: it came in at `receivedAt`, and all was done at `doneAt`. */
  turned(receivedAt: Nanos, doneAt: Nanos): void {
    if (this.#startedAt === 0) return
    this.#wire.record((this.#startedAt - receivedAt) / 1e3)
    this.#decode.record((this.#endedAt - this.#startedAt) / 1e3)
    this.#decide.record((doneAt - this.#endedAt) / 1e3)
    this.#startedAt = 0
  }

  /** Orders go out that a frame has led to, which came in at `receivedAt`. */
  placed(receivedAt: Nanos): void {
    this.#order.record((this.#clock.nanos() - receivedAt) / 1e3)
  }

  onSnapshot(bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    this.#codec.onSnapshot(bytes, books, sink)
  }

  onConnectionLost(
    connection: number,
    markets: readonly MarketId[],
    books: BookTable,
    sink: TurnSink,
  ): void {
    this.#codec.onConnectionLost(connection, markets, books, sink)
  }

  audit(budget: number, books: BookTable, sink: TurnSink): number {
    return this.#codec.audit(budget, books, sink)
  }

  prove(book: OrderBook): boolean {
    return this.#codec.prove(book)
  }

  layers(): ReturnType<FeedCodec['layers']> {
    return this.#codec.layers()
  }
}
