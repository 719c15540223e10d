import type { ClientOrderId } from '../../core/order.ts'
import type { EpochMs } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'
import type { OrderTracker } from './order-tracker.ts'

export type OrderSearchParts = {
  readonly tracker: OrderTracker
  readonly reads: AccountReads
  readonly log: Log
  readonly after: (delayMs: number, run: () => void) => void
  /** Whether a request that carries the order is still on its way. */
  readonly isInFlight: (id: ClientOrderId) => boolean
}

/** A search that finds nothing is made again after this; the second time it counts. */
const quietMs = 3_000
/** Trades are read from so long before the order was sent, since clocks differ. */
const readMarginMs = 60_000

/**
 * Finds out what became of an order: in the list of what is open, and in the trades.
 *
 * What is in neither, twice, with a quiet while in between and nothing under way, is over or never
 * landed: the venue shows an order by its id only while it is open. docs/venues/polymarket.md, 3.7.
 */
export class OrderSearch {
  readonly #parts: OrderSearchParts
  readonly #asked: Set<ClientOrderId> = new Set()

  constructor(parts: OrderSearchParts) {
    this.#parts = parts
  }

  /** Asked again while a search is under way, it is the same search. */
  start(id: ClientOrderId): void {
    if (this.#asked.has(id)) return
    this.#asked.add(id)
    void this.#look(id, 'first')
  }

  async #look(id: ClientOrderId, time: 'first' | 'second'): Promise<void> {
    const { tracker, reads, log, isInFlight } = this.#parts
    const sought = tracker.openOrder(id)
    if (sought === undefined) return this.#end(id)
    // Read before the calls: a request that ends while we look may have landed behind our back.
    const wasInFlight = isInFlight(id)
    try {
      const open = await reads.openOrder(sought.venueOrder)
      const trades = await reads.trades(epochMs(sought.sentAt - readMarginMs))
      for (const trade of trades) tracker.onTrade(trade)
      if (open !== undefined) tracker.onFound(open)
      if (open !== undefined || tracker.openOrder(id) === undefined) return this.#end(id)
      if (time === 'second' && !wasInFlight) {
        this.#end(id)
        tracker.onAbsent(id)
        return
      }
      this.#again(id, wasInFlight ? 'first' : 'second')
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      log.warn('an order could not be asked about; it is asked again', { order: id, error })
      this.#again(id, time)
    }
  }

  #again(id: ClientOrderId, time: 'first' | 'second'): void {
    this.#parts.after(quietMs, () => void this.#look(id, time))
  }

  #end(id: ClientOrderId): void {
    this.#asked.delete(id)
  }
}

/** From when the account is read after a gap that began at `heardAt`. */
export function readFrom(heardAt: EpochMs): EpochMs {
  return epochMs(Math.max(0, heardAt - readMarginMs))
}
