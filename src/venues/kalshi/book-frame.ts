import type { BookEntry } from '../../ports/book-table.ts'

/**
 * What one frame of the order book channel says; a single object, overwritten by each frame.
 *
 * Prices are ticks and sizes micro-shares as the frame has them: the NO side in whichever price
 * the subscription asked for. docs/venues/kalshi.md, 5.4.
 */
export class BookFrame {
  kind: 'delta' | 'snapshot' = 'delta'
  sid = 0
  seq = 0
  /** The book it is about. Undefined when we keep none of this name. */
  entry: BookEntry | undefined = undefined
  side: 'yes' | 'no' = 'yes'
  price = 0
  change = 0
  /** Price and size of each level of a snapshot, YES side first. */
  readonly levels: Float64Array = new Float64Array(4 * levelCountMax)
  yesCount = 0
  noCount = 0
}

/** Levels of one side at most: every price between $0 and $1, and one too many to be seen. */
export const levelCountMax = 10_000
