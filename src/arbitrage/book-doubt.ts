import type { OrderBook } from '../core/order-book.ts'
import type { Pass } from '../core/signal.ts'
import { pass } from '../core/signal.ts'

/**
 * Why what a book shows may not be believed at this moment; each is a label of phantoms.
 *
 * - `TORN`: a sweep is applied in part. - `BROKEN`: something did not fit since the last snapshot.
 * - `UNPROVEN`: nothing vouches for it, or the proof at this moment failed.
 * - `STALE`: its feed has been silent for too long. - `CROSSED`: a bid stands at or above an ask.
 */
export type BookDoubt = 'TORN' | 'BROKEN' | 'UNPROVEN' | 'STALE' | 'CROSSED'

/** To pass because of a doubt. None of these says that the mispricing is over: we could not see. */
export const doubtPass: Readonly<Record<BookDoubt, Pass>> = {
  TORN: pass('torn'),
  BROKEN: pass('broken'),
  UNPROVEN: pass('unproven'),
  STALE: pass('stale'),
  CROSSED: pass('crossed'),
}

/** What can be told about a book at no cost. */
export function doubtOfBook(book: OrderBook): BookDoubt | undefined {
  if (book.torn) return 'TORN'
  if (book.state === 'broken') return 'BROKEN'
  if (book.state === 'unproven') return 'UNPROVEN'
  return undefined
}
