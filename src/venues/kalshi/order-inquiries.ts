import type { ClientOrderId } from '../../core/order.ts'
import type { EpochMs } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'
import type { VenueOrder } from './account-wire.ts'
import type { OrderTracker, Tracked } from './order-tracker.ts'

export type InquiryParts = {
  readonly tracker: OrderTracker
  readonly reads: AccountReads
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** Between two looks at the same order. */
  readonly quietMs: number
  /** How far the venue's clock may be ahead of ours. */
  readonly skewMs: number
}

/** Clocks differ: an order is looked for from so long before it was sent. */
const marginMs = 600_000
/** Looks that miss an order of which the venue has told its name, before it is called lost. */
const namedAbsencesMax = 5
/** The waits between two looks double up to this. */
const waitMsMax = 30_000

/**
 * Finds out what became of orders, and asks until it is known.
 *
 * There is no read by our name, so an order of which the venue has not told its own name is looked
 * for among those of its market. One that is not found is believed not to be there only when two
 * reads say so that are younger than the sending: the reads trail the engine.
 * docs/venues/kalshi.md, 1.4 and 4.6.
 */
export class OrderInquiries {
  readonly #parts: InquiryParts
  readonly #asking: Map<ClientOrderId, () => void> = new Map()
  #isStopped = false

  constructor(parts: InquiryParts) {
    this.#parts = parts
  }

  /** Asks at once. An order that is being asked about is not asked about twice. */
  ask(id: ClientOrderId): void {
    if (!this.#asking.has(id)) this.#after(id, 0, 0, 0)
  }

  /** Asks in a while, unless the channel has told by then. */
  askIn(delayMs: number, id: ClientOrderId): void {
    if (!this.#asking.has(id)) this.#after(id, delayMs, 0, 0)
  }

  stop(): void {
    this.#isStopped = true
    for (const cancel of this.#asking.values()) cancel()
    this.#asking.clear()
  }

  async #look(id: ClientOrderId, absentCount: number, round: number): Promise<void> {
    const { tracker, reads, log } = this.#parts
    const tracked = tracker.find(id)
    if (tracked === undefined || tracked.done) return this.#end(id)
    let absences = absentCount
    try {
      const row = await this.#find(tracked)
      if (row === undefined) {
        if (await this.#areReadsFresh(tracked)) absences++
      } else {
        for (const fill of await reads.fillsOf(row.id)) tracker.onFill(fill)
        tracker.onOrder(row)
        absences = 0
      }
      // The channel may have told meanwhile, whatever the reads say.
      if (absences >= 2 && !this.#hasName(id)) tracker.onAbsent(id)
      else if (absences === namedAbsencesMax) {
        // It was there once: only a person can tell what became of it.
        log.error('an order that the venue had named is not found', { order: id })
      }
      if (row?.status === 'resting') return this.#end(id)
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      log.warn('an order could not be asked about; it is asked again', { order: id, error })
    }
    const waitMs = Math.min(waitMsMax, this.#parts.quietMs * 2 ** Math.min(round, 10))
    this.#after(id, waitMs, absences, round + 1)
  }

  #hasName(id: ClientOrderId): boolean {
    return this.#parts.tracker.find(id)?.venueOrder !== undefined
  }

  async #find({ order, sentAt, venueOrder }: Readonly<Tracked>): Promise<VenueOrder | undefined> {
    const { reads } = this.#parts
    if (venueOrder !== undefined) return reads.order(venueOrder)
    const since = (sentAt - marginMs) as EpochMs
    const rows = await reads.orders(since, order.market)
    return rows.find(({ clientId }) => clientId === order.id)
  }

  async #areReadsFresh({ sentAt }: Readonly<Tracked>): Promise<boolean> {
    const { clock, quietMs, reads, skewMs } = this.#parts
    const asOf = await reads.asOf()
    if (asOf === undefined || clock.epochMs() - sentAt < quietMs) return false
    return asOf > sentAt + skewMs
  }

  #after(id: ClientOrderId, delayMs: number, absentCount: number, round: number): void {
    if (this.#isStopped) return
    const cancel = this.#parts.timers.after(delayMs, () => {
      void this.#look(id, absentCount, round)
    })
    this.#asking.set(id, cancel)
  }

  #end(id: ClientOrderId): void {
    this.#asking.delete(id)
  }
}
