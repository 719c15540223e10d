import type { Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'

export type WatchParts = {
  readonly reads: AccountReads
  readonly timers: Timers
  readonly log: Log
  /** While the exchange trades, and while it does not. */
  readonly everyMs: { readonly open: number; readonly closed: number }
  onStatus(status: 'open' | 'closed', reason: string): void
}

/**
 * Whether the exchange takes orders. It pauses on Thursdays and otherwise without a word, so it is
 * asked now and then, and often while it is closed. docs/venues/kalshi.md, 1.4.
 */
export class ExchangeWatch {
  readonly #parts: WatchParts
  #isClosed = false
  #cancel: () => void = () => undefined
  #isStopped = false

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  start(): void {
    this.#next()
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel()
  }

  /** An order was refused because the exchange is paused. */
  onRefusal(reason: string): void {
    this.#change('closed', reason)
    this.#cancel()
    this.#next()
  }

  async #look(): Promise<void> {
    try {
      const { exchange_active: isUp, trading_active: trades } = await this.#parts.reads.status()
      if (isUp && trades) this.#change('open', 'trading')
      else this.#change('closed', isUp ? 'trading-paused' : 'exchange-paused')
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      // No answer says nothing of trading: orders that meet a dead host tell it themselves.
      this.#parts.log.warn('the exchange did not tell its status', { error })
    }
    this.#next()
  }

  #change(status: 'open' | 'closed', reason: string): void {
    if ((status === 'closed') === this.#isClosed) return
    this.#isClosed = status === 'closed'
    this.#parts.onStatus(status, reason)
  }

  #next(): void {
    if (this.#isStopped) return
    const { everyMs, timers } = this.#parts
    const delayMs = this.#isClosed ? everyMs.closed : everyMs.open
    this.#cancel = timers.after(delayMs, () => void this.#look())
  }
}
