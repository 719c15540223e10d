import { assert } from '../core/assert.ts'
import type { InstrumentId, Market } from '../core/market.ts'
import type { BasketId, Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { planBasket } from './plan-basket.ts'
import type { Leftover, UnwindLimits } from './plan-unwind.ts'
import { leftoversOf, planUnwind } from './plan-unwind.ts'

/** A basket from its first order to its end. */
type OpenBasket = {
  readonly opened: ExecutionIntent
  /** The orders that are out: those of the basket, or those that unwind it. */
  working: ExecutionIntent
  /** Tries to be rid of what it has left. */
  attempts: number
  /** What is to be tried again, and when; undefined while orders are out. */
  waiting: { readonly leftovers: readonly Leftover[]; readonly until: Nanos } | undefined
}

/** What a report means for its basket. */
export type BasketStep = {
  /** The intent that the report answers. */
  readonly answered: ExecutionIntent
  readonly opened: ExecutionIntent
  /**
   * `waiting`: a leg is unknown, and only the venue can say. `unwinding`: legs filled without the
   * others; {@link next} sells them, now or when {@link OpenBaskets.due} says. `complete`, `empty`:
   * it is over, with all legs or none. `unwound`: it is over and nothing is left. `stranded`: it is
   * over, and shares are left.
   */
  readonly state: 'waiting' | 'unwinding' | 'complete' | 'empty' | 'unwound' | 'stranded'
  readonly next: ExecutionIntent | undefined
}

export type Retry = {
  readonly opened: ExecutionIntent
  readonly next: ExecutionIntent | undefined
}

/**
 * The baskets at work. For now a basket is all legs at once and each all or nothing; what is left
 * of a failed one is sold at the bid. The full life of a basket takes this place later.
 */
export class OpenBaskets {
  readonly #limits: UnwindLimits
  readonly #marketOf: (order: Order) => Market | undefined
  readonly #byIntent: Map<BasketId, OpenBasket> = new Map()
  #count = 0

  constructor(limits: UnwindLimits, marketOf: (order: Order) => Market | undefined) {
    this.#limits = limits
    this.#marketOf = marketOf
  }

  /** How many are at work. */
  get size(): number {
    return this.#byIntent.size
  }

  /** How many orders are out. */
  get orderCount(): number {
    let count = 0
    for (const { working } of this.#byIntent.values()) count += working.orders.length
    return count
  }

  /** The orders that are out. */
  *orders(): Iterable<Order> {
    for (const { working } of this.#byIntent.values()) yield* working.orders
  }

  open(signal: TradeSignal, at: Nanos, atMs: EpochMs): ExecutionIntent {
    this.#count++
    const intent = planBasket(signal, { number: this.#count, at, atMs })
    this.#byIntent.set(intent.basket, {
      opened: intent,
      working: intent,
      attempts: 0,
      waiting: undefined,
    })
    return intent
  }

  /** Whether an order in this instrument is out. */
  touches(instrument: InstrumentId): boolean {
    for (const { working } of this.#byIntent.values()) {
      if (working.orders.some((order) => order.instrument === instrument)) return true
    }
    return false
  }

  onReport(report: ExecutionReport, atMs: EpochMs): BasketStep {
    const basket = this.#byIntent.get(report.basket)
    assert(basket !== undefined, `a report answers a basket at work: ${report.basket}`)
    const { opened, working: answered } = basket

    // Silence is not a refusal: to unwind the others now could sell what this leg still needs.
    if (report.legs.some(({ outcome }) => outcome === 'unknown')) {
      return { answered, opened, state: 'waiting', next: undefined }
    }
    this.#byIntent.delete(report.basket)
    if (everyLegFilled(report)) {
      const state = answered.purpose === 'open' ? 'complete' : 'unwound'
      return { answered, opened, state, next: undefined }
    }

    const leftovers = leftoversOf(answered, report)
    if (leftovers.length === 0) {
      const state = answered.purpose === 'open' ? 'empty' : 'unwound'
      return { answered, opened, state, next: undefined }
    }
    if (basket.attempts >= this.#limits.attemptsMax) {
      return { answered, opened, state: 'stranded', next: undefined }
    }
    if (basket.attempts > 0) {
      // The bid was not there a moment ago: the book gets some time to come back.
      const until = (report.at + this.#limits.pauseNanos) as Nanos
      basket.waiting = { leftovers, until }
      this.#byIntent.set(report.basket, basket)
      return { answered, opened, state: 'unwinding', next: undefined }
    }
    const next = this.#unwind(basket, leftovers, report.at, atMs)
    return { answered, opened, state: next === undefined ? 'stranded' : 'unwinding', next }
  }

  /**
   * The baskets whose pause is over, each with the orders to try next; none where none can help.
   */
  due(now: Nanos, nowMs: EpochMs): readonly Retry[] {
    const retries: Retry[] = []
    for (const [id, basket] of this.#byIntent) {
      const { opened, waiting } = basket
      if (waiting === undefined || waiting.until > now) continue
      this.#byIntent.delete(id)
      retries.push({ opened, next: this.#unwind(basket, waiting.leftovers, now, nowMs) })
    }
    return retries
  }

  #unwind(
    basket: OpenBasket,
    leftovers: readonly Leftover[],
    at: Nanos,
    atMs: EpochMs,
  ): ExecutionIntent | undefined {
    basket.attempts++
    basket.waiting = undefined
    const planned = { number: basket.attempts, at, atMs }
    const next = planUnwind(basket.opened, leftovers, this.#marketOf, this.#limits, planned)
    if (next === undefined) return undefined
    basket.working = next
    this.#byIntent.set(next.basket, basket)
    return next
  }
}

function everyLegFilled({ legs }: ExecutionReport): boolean {
  return legs.every(({ outcome }) => outcome === 'filled')
}
