import type { Timers } from '../../ports/clock.ts'

/**
 * Why the venue takes no orders; a metric label. docs/venues/polymarket.md, 3.9.
 *
 * - `restarting`: the matching engine (425). - `post-only`: it takes only what rests, as for a
 * while after each restart. - `disabled`, `cancel-only`: said in words (503). - `rate-limited`: we
 * have sent too much (429).
 */
export type PauseReason = 'restarting' | 'post-only' | 'disabled' | 'cancel-only' | 'rate-limited'

export type TradingPauseParts = {
  readonly timers: Timers
  readonly onStatus: (status: 'open' | 'closed', reason: string) => void
  /** Whether the venue would hear of an order, found out without one. */
  readonly probe: () => Promise<'open' | 'closed'>
}

/** Where the venue does not say how long. After it the next order finds out, at no cost. */
const waitMs: Readonly<Record<PauseReason, number>> = {
  restarting: 1_000,
  disabled: 10_000,
  'cancel-only': 30_000,
  'post-only': 5_000,
  'rate-limited': 1_000,
}
/** A longer wait is looked at again in between: the venue may be back before it said. */
const waitMsMax = 150_000

/** Tells once that the venue has closed, however many orders hear it, and once that it is back. */
export class TradingPause {
  readonly #parts: TradingPauseParts
  #cancel: (() => void) | undefined
  #isStopped = false

  constructor(parts: TradingPauseParts) {
    this.#parts = parts
  }

  get isClosed(): boolean {
    return this.#cancel !== undefined
  }

  close(reason: PauseReason, retryAfterMs: number | undefined): void {
    if (this.#isStopped) return
    if (this.#cancel === undefined) this.#parts.onStatus('closed', reason)
    this.#wait(reason, Math.min(retryAfterMs ?? waitMs[reason], waitMsMax))
  }

  stop(): void {
    this.#isStopped = true
    this.#cancel?.()
    this.#cancel = undefined
  }

  #wait(reason: PauseReason, ms: number): void {
    this.#cancel?.()
    this.#cancel = this.#parts.timers.after(ms, () => void this.#check(reason))
  }

  async #check(reason: PauseReason): Promise<void> {
    const needsProbe = reason === 'restarting' || reason === 'disabled'
    const status = needsProbe ? await this.#parts.probe() : 'open'
    if (this.#isStopped) return
    if (status === 'closed') {
      this.#wait(reason, waitMs[reason])
      return
    }
    this.#cancel = undefined
    this.#parts.onStatus('open', reason)
  }
}
