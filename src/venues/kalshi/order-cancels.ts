import type { ClientOrderId } from '../../core/order.ts'
import type { Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { CancelTerms } from './encode.ts'
import { encodeCancels } from './encode.ts'
import type { OrderInquiries } from './order-inquiries.ts'
import type { OrderTracker } from './order-tracker.ts'
import type { CancelVerdict } from './order-verdict.ts'
import { readBatchCancels, readCancelVerdict } from './order-verdict.ts'
import type { TradingCall, TradingClient } from './trading-client.ts'
import { batchPath, ordersPath } from './trading-client.ts'

export type CancelParts = {
  readonly client: TradingClient
  readonly tracker: OrderTracker
  readonly inquiries: OrderInquiries
  readonly timers: Timers
  readonly log: Log
  /** When an answer or the channel should have told by. */
  readonly echoMs: number
}

/** In tokens. docs/venues/kalshi.md, 1.3. */
const cancelCost = 2
/** A cancel is worth waiting for: its order does harm meanwhile. */
const patienceMs = 5_000
/** The waits between two tries of one cancel double up to this. To cancel twice does no harm. */
const retryMsMax = 5_000
/** Tries of one cancel: several minutes, longer than a restart of the venue. */
const triesMax = 60

type Cancel = CancelTerms & { readonly order: ClientOrderId }

/**
 * Cancels: those of one turn in one call, each tried until the order is known to be over.
 *
 * The answer to a cancel that finds nothing is no news of the order: mostly it was filled just
 * before, so it is asked about. docs/venues/kalshi.md, 4.6.
 */
export class OrderCancels {
  readonly #parts: CancelParts
  /** Wanted, and how often tried. Those the venue has not named yet wait for their name. */
  readonly #wanted: Map<ClientOrderId, number> = new Map()
  readonly #now: Set<ClientOrderId> = new Set()
  readonly #waits: Set<() => void> = new Set()

  constructor(parts: CancelParts) {
    this.#parts = parts
  }

  cancel(order: ClientOrderId): void {
    const tracked = this.#parts.tracker.find(order)
    if (tracked === undefined || tracked.done) return
    this.#wanted.set(order, 0)
    this.#soon(order)
  }

  /** The venue has told its name of an order: what waited for it goes. */
  onNamed(order: ClientOrderId): void {
    if (this.#wanted.has(order)) this.#soon(order)
  }

  onDone(order: ClientOrderId): void {
    this.#wanted.delete(order)
  }

  stop(): void {
    for (const cancel of this.#waits) cancel()
    this.#waits.clear()
    this.#wanted.clear()
  }

  #soon(order: ClientOrderId): void {
    this.#now.add(order)
    if (this.#now.size === 1) queueMicrotask(() => this.#send())
  }

  #send(): void {
    const { client, tracker } = this.#parts
    const cancels = [...this.#now].flatMap((order): readonly Cancel[] => {
      const tracked = tracker.find(order)
      if (tracked?.venueOrder === undefined || tracked.done) return []
      return [{ order, venueOrder: tracked.venueOrder, market: tracked.order.market }]
    })
    this.#now.clear()
    const most = client.batchMax(cancelCost)
    for (let first = 0; first < cancels.length; first += most) {
      void this.#delete(cancels.slice(first, first + most))
    }
  }

  async #delete(cancels: readonly Cancel[]): Promise<void> {
    const [first] = cancels
    if (first === undefined) return
    const call = cancels.length === 1 ? oneCancel(first) : manyCancels(cancels)
    let verdicts: ReadonlyMap<string, CancelVerdict> = new Map()
    try {
      const { status, body } = await this.#parts.client.send(call)
      verdicts =
        cancels.length === 1
          ? new Map([[first.venueOrder, readCancelVerdict(status, body)]])
          : readBatchCancels(status, body)
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      this.#parts.log.warn('a cancel had no answer', { orders: cancels.length, error })
    }
    for (const { order, venueOrder } of cancels) {
      this.#onVerdict(order, verdicts.get(venueOrder) ?? { kind: 'unclear' })
    }
  }

  #onVerdict(order: ClientOrderId, verdict: CancelVerdict): void {
    const { echoMs, inquiries, tracker } = this.#parts
    tracker.onCancel(order, verdict)
    const tracked = tracker.find(order)
    if (tracked === undefined || tracked.done) return
    // Its fills are missing, or it is not known how it ended.
    if (verdict.kind !== 'unclear') inquiries.askIn(echoMs, order)
    if (verdict.kind !== 'cancelled') this.#again(order)
  }

  #again(order: ClientOrderId): void {
    const { echoMs, inquiries, log, timers } = this.#parts
    const tries = (this.#wanted.get(order) ?? 0) + 1
    this.#wanted.set(order, tries)
    if (tries >= triesMax) {
      log.error('a cancel was tried too often; the order is asked about', { order, tries })
      this.#wanted.delete(order)
      inquiries.ask(order)
      return
    }
    const delayMs = Math.min(retryMsMax, echoMs * 2 ** Math.min(tries - 1, 16))
    const cancel = timers.after(delayMs, () => {
      this.#waits.delete(cancel)
      if (this.#wanted.has(order)) this.#soon(order)
    })
    this.#waits.add(cancel)
  }
}

function oneCancel({ venueOrder, market }: Cancel): TradingCall {
  const path = `${ordersPath}/${venueOrder}`
  const query = { market_ticker: market }
  return { method: 'DELETE', path, query, body: '', cost: cancelCost, patienceMs }
}

function manyCancels(cancels: readonly Cancel[]): TradingCall {
  const body = encodeCancels(cancels)
  const cost = cancelCost * cancels.length
  return { method: 'DELETE', path: batchPath, body, cost, patienceMs }
}
