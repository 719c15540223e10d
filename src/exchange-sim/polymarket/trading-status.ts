import type { EpochMs } from '../../core/units.ts'
import type { ExchangeClock } from '../exchange-clock.ts'
import type { ApiReply } from '../http-host.ts'
import { refused } from '../http-host.ts'

/** What the venue as a whole takes. docs/venues/polymarket.md, 3.9. */
export type TradingMode = 'open' | 'cancel-only' | 'disabled'

/** After every restart only orders that rest are taken, for so long. */
export const postOnlyMsDefault = 120_000

export const postOnlyWords = 'post-only mode: only post-only orders and cancels are allowed'

/** Whether the venue trades at all, and what it says when it does not. */
export class TradingStatus {
  readonly #clock: ExchangeClock
  #mode: TradingMode = 'open'
  #downUntil = 0
  #postOnlyUntil = 0

  constructor(clock: ExchangeClock) {
    this.#clock = clock
  }

  set(mode: TradingMode): void {
    this.#mode = mode
  }

  /** The engine goes down now, and comes back taking only orders that rest. */
  restart(downMs: number, postOnlyMs: number): void {
    this.#downUntil = this.#clock.epochMs() + downMs
    this.#postOnlyUntil = this.#downUntil + postOnlyMs
  }

  /** What refuses every order now, or undefined. */
  refusesOrders(): ApiReply | undefined {
    if (this.#mode === 'cancel-only') {
      return refused(
        503,
        'Trading is currently cancel-only. New orders are not accepted, but cancels are allowed.',
      )
    }
    return this.refusesAll()
  }

  /** What refuses even a cancel now, or undefined. */
  refusesAll(): ApiReply | undefined {
    if (this.#mode === 'disabled') {
      return refused(503, 'Trading is currently disabled. Check polymarket.com for updates')
    }
    return this.#clock.epochMs() < this.#downUntil
      ? refused(425, 'the matching engine is restarting')
      : undefined
  }

  get isPostOnly(): boolean {
    return this.#clock.epochMs() < this.#postOnlyUntil
  }

  /** The answer to an order that would not rest. */
  refusesTaker(): ApiReply {
    const left = Math.ceil((this.#postOnlyUntil - this.#clock.epochMs()) / 1000)
    return {
      status: 503,
      body: { error: postOnlyWords, code: 'post_only_mode', retry_after_seconds: left },
      headers: { 'retry-after': String(left) },
    }
  }

  get postOnlyUntil(): EpochMs {
    return this.#postOnlyUntil as EpochMs
  }
}
