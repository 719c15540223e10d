import type { BookTable } from '../../ports/book-table.ts'
import type { BookFrame } from './book-frame.ts'
import { FrameScanner } from './scan.ts'
import type {
  Envelope,
  OrderbookDelta,
  OrderbookSnapshot,
  Refused,
  RefusedBook,
  RestBook,
} from './wire.ts'
import { parseFrame, readDelta, readSnapshot } from './wire.ts'

/**
 * What a frame holds.
 *
 * `book`: a change or a snapshot, laid into {@link FrameDecoder.frame}. `unread`: one of these that
 * does not fit its schema. `books`: the body of a poll. `message`: anything else with a type.
 */
export type Decoded =
  | { readonly kind: 'book' }
  | { readonly kind: 'unread'; readonly message: Envelope; readonly refused: RefusedBook }
  | { readonly kind: 'message'; readonly message: Envelope }
  | { readonly kind: 'books'; readonly books: readonly RestBook[] }
  | Refused

const book: Decoded = { kind: 'book' }

/** Reads frames by the fastest layer that can: template, scanner, or JSON and the schema. */
export class FrameDecoder {
  readonly #scanner: FrameScanner = new FrameScanner()
  /** The book message read last. */
  readonly frame: BookFrame = this.#scanner.frame
  templateCount = 0
  scannerCount = 0
  schemaCount = 0

  decode(bytes: Uint8Array, books: BookTable): Decoded {
    if (this.#scanner.readTemplate(bytes, books)) {
      this.templateCount++
      return book
    }
    if (this.#scanner.readGeneric(bytes, books)) {
      this.scannerCount++
      return book
    }
    this.schemaCount++
    return this.#decodeJson(bytes, books)
  }

  #decodeJson(bytes: Uint8Array, books: BookTable): Decoded {
    const parsed = parseFrame(bytes)
    if (parsed.kind !== 'message') return parsed

    const { message } = parsed
    if (message.type !== 'orderbook_delta' && message.type !== 'orderbook_snapshot') return parsed
    const read = message.type === 'orderbook_delta' ? readDelta(message) : readSnapshot(message)
    if (read.kind === 'refused') return { kind: 'unread', message, refused: read }
    fillFrame(this.frame, read, books)
    return book
  }
}

/** What the schema read, laid into the frame that the scanner would have filled. */
export function fillFrame(
  frame: BookFrame,
  read:
    | { readonly kind: 'delta'; readonly value: OrderbookDelta }
    | { readonly kind: 'snapshot'; readonly value: OrderbookSnapshot },
  books: BookTable,
): void {
  frame.kind = read.kind
  frame.sid = read.value.sid
  frame.seq = read.value.seq
  frame.entry = books.byMarket('kalshi', read.value.msg.market_ticker)
  frame.yesCount = 0
  frame.noCount = 0
  if (read.kind === 'delta') {
    const { msg } = read.value
    frame.side = msg.side
    frame.price = msg.price_dollars
    frame.change = msg.delta_fp
    return
  }
  const { yes_dollars_fp: yes, no_dollars_fp: no } = read.value.msg
  frame.yesCount = yes?.length ?? 0
  frame.noCount = no?.length ?? 0
  let at = 0
  for (const [price, size] of [...(yes ?? []), ...(no ?? [])]) {
    frame.levels[at++] = price
    frame.levels[at++] = size
  }
}
