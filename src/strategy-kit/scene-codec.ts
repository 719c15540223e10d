import type { VenueId } from '../core/market.ts'
import type { BookTable } from '../ports/book-table.ts'
import type { FeedCodec, TurnSink } from '../ports/feed-codec.ts'

/** What a message of a scene does to the books. */
export type SceneMessage = (books: BookTable, sink: TurnSink) => void

/** A venue that says what a test tells it to, and whose books are proven as long as it says so. */
export class SceneCodec implements FeedCodec {
  readonly venue: VenueId
  #next: SceneMessage | undefined

  constructor(venue: VenueId) {
    this.venue = venue
  }

  /** The message that the next frame holds. */
  say(message: SceneMessage): void {
    this.#next = message
  }

  onFrame(_connection: number, _bytes: Uint8Array, books: BookTable, sink: TurnSink): void {
    const message = this.#next
    this.#next = undefined
    message?.(books, sink)
  }

  onSnapshot(): void {}

  onConnectionLost(): void {}

  audit(): number {
    return 0
  }

  prove(): boolean {
    return true
  }

  layers(): { readonly template: number; readonly scanner: number; readonly schema: number } {
    return { template: 0, scanner: 0, schema: 0 }
  }
}
