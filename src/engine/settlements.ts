import type { InstrumentId, Market, MarketId, VenueId } from '../core/market.ts'
import type { BasketId } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ticks } from '../core/units.ts'
import { add, negate, par, zeroUsd } from '../core/units.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { OrderGateway } from '../ports/order-gateway.ts'
import type { OperationId, OperationUpdate, SettlementOperation } from '../ports/settlement.ts'
import type { EngineClock } from './engine-clock.ts'
import type { Effect, KeptOperation } from './event.ts'
import { operationsDone } from './operations-done.ts'

/** What is not known of a split pair: half a dollar each. */
const evenPrice = 5_000 as Ticks
const nanosPerSecond = 1_000_000_000
/** An operation that failed is tried again after so long, and so often. */
const retryNanos = 10 * nanosPerSecond
const triesMax = 5

export type SettlementsOptions = {
  readonly clock: EngineClock
  readonly portfolio: Portfolio
  readonly gateway: OrderGateway
  /** Begins the name of what is for no basket, so that it is none of an earlier life. */
  readonly namePrefix: () => string
  readonly marketOf: (venue: VenueId, market: MarketId) => Market | undefined
  readonly othersOf: (given: readonly Market[]) => readonly Market[] | undefined
  readonly obey: (effect: Effect) => void
  /** A basket has its pairs now, or will not get them. */
  readonly onSplit: (basket: BasketId, done: boolean) => void
}

/** For whom an operation is, and the price at which a split is shared out between YES and NO. */
export type OperationPurpose = {
  readonly venue: VenueId
  readonly basket: BasketId | undefined
  readonly strategy: string
  readonly yesPrice?: Ticks
}

type Pending = KeptOperation & {
  readonly yesPrice: Ticks
  readonly tries: number
  /** When it is submitted again; undefined while it is under way. */
  readonly retryAt: Nanos | undefined
}

/**
 * What the venues do with what we own: dollars split into pairs, pairs merged, NO converted, and
 * what has won redeemed.
 *
 * Money and shares move in the books only when the venue says that it is final. Until then nothing
 * else is traded in these markets, so that no share is used twice.
 */
export class Settlements {
  readonly #options: SettlementsOptions
  readonly #pending: Map<OperationId, Pending> = new Map()
  readonly #adopted: Set<OperationId> = new Set()
  #count = 0

  constructor(options: SettlementsOptions) {
    this.#options = options
  }

  /** How many are under way, or wait to be tried again. */
  get size(): number {
    return this.#pending.size
  }

  /** How many are under way at a venue. */
  countAt(venue: VenueId): number {
    let count = 0
    for (const pending of this.#pending.values()) if (pending.venue === venue) count++
    return count
  }

  /** Cash that splits under way will take. */
  splitCashOf(basket: BasketId): readonly { market: MarketId; venue: VenueId; amount: MicroUsd }[] {
    return [...this.#pending.values()].flatMap(({ basket: of, venue, what }) =>
      of === basket && what.kind === 'split'
        ? [{ venue, market: what.market, amount: par(what.size) }]
        : [],
    )
  }

  /** Whether an operation under way concerns this instrument. */
  touches(instrument: InstrumentId): boolean {
    if (this.#pending.size === 0) return false
    for (const { venue, what } of this.#pending.values()) {
      for (const market of this.#marketsOf(venue, what)) {
        if (market.yes.id === instrument || market.no.id === instrument) return true
      }
    }
    return false
  }

  submit(what: SettlementOperation, purpose: OperationPurpose): void {
    const { basket, strategy, venue, yesPrice = evenPrice } = purpose
    this.#count++
    const owner = basket ?? `${this.#options.namePrefix()}S`
    const operation = `${owner}-${what.kind}-${this.#count}` as OperationId
    this.#send({ operation, venue, what, basket, strategy, yesPrice, tries: 1, retryAt: undefined })
  }

  /** Takes in what an earlier life has submitted and not seen the end of. */
  adopt(kept: KeptOperation): void {
    this.#count++
    const pending = { ...kept, yesPrice: evenPrice, tries: 1, retryAt: undefined }
    this.#pending.set(kept.operation, pending)
    this.#adopted.add(kept.operation)
  }

  /**
   * Decides operations of an earlier life, of which nobody will tell the end, by what the venue
   * says we hold: as it was before, or as it is after. Anything else decides nothing.
   */
  decideAdopted(
    venue: VenueId,
    theirs: (instrument: InstrumentId) => MicroShares,
    at: Nanos,
  ): void {
    const adopted = [...this.#adopted].flatMap((operation) => {
      const pending = this.#pending.get(operation)
      if (pending?.venue !== venue) return []
      // Of a market that is not listed yet nothing can be said.
      return this.#movesOf(pending).length > 0 ? [pending] : []
    })
    const decided = operationsDone(
      adopted.map((pending) => ({ operation: pending.operation, moves: this.#movesOf(pending) })),
      (token) => theirs(token) - this.#options.portfolio.sizeOf(venue, token),
    )
    for (const { operation, what } of adopted) {
      const isDone = decided.get(operation)
      if (isDone === undefined) continue
      this.#adopted.delete(operation)
      this.onUpdate(
        isDone
          ? { kind: 'final', operation, cashIn: cashOf(what) ?? zeroUsd }
          : { kind: 'failed', operation, reason: 'not-done' },
        at,
      )
    }
  }

  onUpdate(update: OperationUpdate, at: Nanos): void {
    const pending = this.#pending.get(update.operation)
    if (pending === undefined) return
    this.#options.obey({ kind: 'note-operation', update, at })
    if (update.kind !== 'submitted') this.#adopted.delete(update.operation)
    switch (update.kind) {
      case 'submitted':
      case 'unknown':
        return
      case 'final':
        this.#pending.delete(update.operation)
        this.#book(pending, at)
        this.#tellSplit(pending, true)
        return
      case 'failed':
        this.#onFailed(pending, at)
        return
    }
  }

  /** Tries again what had failed a while ago. */
  onTimer(now: Nanos): void {
    if (this.#pending.size === 0) return
    for (const pending of this.#pending.values()) {
      if (pending.retryAt === undefined || pending.retryAt > now) continue
      this.#send({ ...pending, tries: pending.tries + 1, retryAt: undefined })
    }
  }

  /** A short basket is not worth waiting for; what we own already can be had later as well. */
  #onFailed(pending: Pending, at: Nanos): void {
    const { operation, tries, what } = pending
    if (what.kind === 'split' || tries >= triesMax) {
      this.#pending.delete(operation)
      this.#tellSplit(pending, false)
      return
    }
    this.#pending.set(operation, { ...pending, retryAt: (at + retryNanos) as Nanos })
  }

  #tellSplit({ basket, what }: Pending, done: boolean): void {
    if (what.kind === 'split' && basket !== undefined) this.#options.onSplit(basket, done)
  }

  #send(pending: Pending): void {
    const { clock, gateway, obey } = this.#options
    const { operation, venue, what, basket, strategy } = pending
    this.#pending.set(operation, pending)
    const sent = { at: clock.now, atMs: clock.nowMs }
    obey({ kind: 'submit-operation', operation, venue, what, basket, strategy, at: sent.at })
    gateway.submit(operation, venue, what, sent)
  }

  #book(pending: Pending, at: Nanos): void {
    const { othersOf, portfolio } = this.#options
    const { venue, what, strategy, yesPrice } = pending
    const markets = this.#marketsOf(venue, what)
    const [market] = markets
    if (market === undefined || !this.#isHeld(pending)) return
    switch (what.kind) {
      case 'split':
        portfolio.split(market, what.size, yesPrice, strategy, at)
        return
      case 'merge':
        portfolio.merge(market, what.size, strategy, at)
        return
      case 'convert': {
        const received = othersOf(markets)
        if (received === undefined) return
        portfolio.convert({ given: markets, received, size: what.size, strategy, at })
        return
      }
      case 'redeem':
        if (market.resolution !== undefined) portfolio.settle(market, market.resolution, at)
        return
    }
  }

  /**
   * Whether what is given is still ours. A market that was resolved meanwhile has paid for it: a
   * pair is a dollar either way.
   */
  #isHeld(pending: Pending): boolean {
    const { portfolio } = this.#options
    return this.#movesOf(pending).every(
      ({ token, by }) => portfolio.sizeOf(pending.venue, token) + by >= 0,
    )
  }

  /** How an operation changes what we hold. */
  #movesOf({ venue, what }: Pending): readonly { token: InstrumentId; by: number }[] {
    const { othersOf, portfolio } = this.#options
    const markets = this.#marketsOf(venue, what)
    switch (what.kind) {
      case 'split':
      case 'merge': {
        const by = what.kind === 'split' ? what.size : negate(what.size)
        return markets.flatMap(({ no, yes }) => [yes, no].map(({ id }) => ({ token: id, by })))
      }
      case 'convert':
        return [
          ...markets.map(({ no }) => ({ token: no.id, by: negate(what.size) })),
          ...(othersOf(markets) ?? []).map(({ yes }) => ({ token: yes.id, by: what.size })),
        ]
      case 'redeem':
        return markets.flatMap(({ no, yes }) =>
          [yes, no].map(({ id }) => ({ token: id, by: negate(portfolio.sizeOf(venue, id)) })),
        )
    }
  }

  #marketsOf(venue: VenueId, what: SettlementOperation): readonly Market[] {
    const ids = what.kind === 'convert' ? what.markets : [what.market]
    return ids.flatMap((id) => this.#options.marketOf(venue, id) ?? [])
  }
}

/** The cash that comes of an operation; undefined where only the resolution can say. */
export function cashOf(what: SettlementOperation): MicroUsd | undefined {
  switch (what.kind) {
    case 'split':
      return negate(par(what.size))
    case 'merge':
      return par(what.size)
    case 'convert':
      return what.markets.slice(1).reduce<MicroUsd>((sum) => add(sum, par(what.size)), zeroUsd)
    case 'redeem':
      return undefined
  }
}
