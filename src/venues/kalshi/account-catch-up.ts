import type { EpochMs } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'
import type { OrderInquiries } from './order-inquiries.ts'
import type { OrderTracker } from './order-tracker.ts'

export type CatchUpParts = {
  readonly tracker: OrderTracker
  readonly reads: AccountReads
  readonly inquiries: OrderInquiries
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  readonly echoMs: number
}

/** The account is read from so long before we last heard, since clocks differ. */
const marginMs = 60_000
/** The waits between two tries double up to this. */
const retryMsMax = 15_000

/**
 * Reads what the channels of the account may have missed, until it has been read.
 *
 * They have no replay, and most have no numbers. docs/venues/kalshi.md, 5.6.
 */
export class AccountCatchUp {
  readonly #parts: CatchUpParts
  #heardAt: EpochMs
  /** Since when something may have been missed. */
  #missedFrom: EpochMs | undefined
  #isReading = false
  #tries = 0
  #cancel: () => void = () => undefined
  #isStopped = false

  constructor(parts: CatchUpParts) {
    this.#parts = parts
    this.#heardAt = parts.clock.epochMs()
  }

  /** The channel has told something. */
  onHeard(): void {
    this.#heardAt = this.#parts.clock.epochMs()
  }

  /** From here on something is missed, until it is read. */
  onLost(): void {
    this.#missedFrom ??= this.#heardAt
  }

  /** What is missed while it reads, it reads in another round. */
  start(): void {
    this.#missedFrom ??= this.#heardAt
    if (!this.#isReading && !this.#isStopped) void this.#round()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  async #round(): Promise<void> {
    const from = this.#missedFrom
    if (from === undefined) return
    this.#isReading = true
    this.#missedFrom = undefined
    let waitMs = 0
    try {
      await this.#read((from - marginMs) as EpochMs)
      this.#tries = 0
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      const { echoMs, log } = this.#parts
      log.warn('the account could not be read; it is read again', { error })
      this.#missedFrom = from
      waitMs = Math.min(retryMsMax, echoMs * 2 ** Math.min(this.#tries++, 10))
    }
    this.#isReading = false
    if (this.#isStopped || this.#missedFrom === undefined) return
    this.#cancel()
    this.#cancel = this.#parts.timers.after(waitMs, () => this.start())
  }

  async #read(since: EpochMs): Promise<void> {
    const { echoMs, inquiries, reads, tracker } = this.#parts
    // Orders before fills: a fill as read is known by its order.
    const orders = [...(await reads.restingOrders()), ...(await reads.orders(since))]
    const fills = await reads.fills(since)
    const seen = new Set(orders.map(({ id }) => id))
    for (const row of orders) tracker.onOrder(row)
    for (const row of fills) tracker.onFill(row)
    for (const { order, venueOrder } of tracker.open()) {
      // What was placed long ago and rests no more is in none of these lists.
      if (venueOrder !== undefined && !seen.has(venueOrder)) inquiries.ask(order.id)
      else if (tracker.lacksFills(order.id)) inquiries.askIn(echoMs, order.id)
    }
  }
}
