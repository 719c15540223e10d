import { assert } from '../core/assert.ts'
import type { Outcome, VenueId } from '../core/market.ts'
import type { EpochMs, Ticks } from '../core/units.ts'
import { add, cost } from '../core/units.ts'
import type { ExchangeClock } from './exchange-clock.ts'
import type { Cancellation, Execution, OrderRequest, Submission } from './matching-engine.ts'
import type { SimMarket, SimSet } from './sim-market.ts'

/**
 * Everything that happens on the exchange, in the order it happens.
 *
 * `followed`: another event of the same market comes in the same breath, as when a maker moves a
 * quote.
 */
export type WorldEvent =
  | {
      readonly kind: 'order-executed'
      readonly market: SimMarket
      readonly at: EpochMs
      readonly execution: Execution
    }
  | {
      readonly kind: 'order-cancelled'
      readonly market: SimMarket
      readonly at: EpochMs
      readonly cancellation: Cancellation
      readonly followed: boolean
    }
  | { readonly kind: 'market-listed'; readonly market: SimMarket; readonly at: EpochMs }
  | {
      readonly kind: 'tick-changed'
      readonly market: SimMarket
      readonly at: EpochMs
      readonly from: Ticks
      readonly to: Ticks
    }
  | { readonly kind: 'market-closed'; readonly market: SimMarket; readonly at: EpochMs }
  | {
      readonly kind: 'market-resolved'
      readonly market: SimMarket
      readonly at: EpochMs
      readonly winner: Outcome
    }

export type WorldListener = (event: WorldEvent) => void

/**
 * The exchange itself: its sets and markets, their books, and what happens to them.
 *
 * Everything else stands around it: traders act on it, venues' faces publish it, the truth and the
 * chain follow it. One event is told to every listener before the next one begins.
 */
export class World {
  readonly #clock: ExchangeClock
  readonly #listeners = new Set<WorldListener>()
  readonly #sets: SimSet[] = []
  readonly #markets: SimMarket[] = []
  readonly #byCondition = new Map<string, SimMarket>()
  readonly #byToken = new Map<string, { market: SimMarket; outcome: Outcome }>()
  #isTelling = false

  constructor(clock: ExchangeClock) {
    this.#clock = clock
  }

  get sets(): readonly SimSet[] {
    return this.#sets
  }

  get markets(): readonly SimMarket[] {
    return this.#markets
  }

  setsOn(venue: VenueId): readonly SimSet[] {
    return this.#sets.filter((set) => set.venue === venue)
  }

  marketsOn(venue: VenueId): readonly SimMarket[] {
    return this.#markets.filter(({ set }) => set.venue === venue)
  }

  now(): EpochMs {
    return this.#clock.epochMs()
  }

  byCondition(conditionId: string): SimMarket | undefined {
    return this.#byCondition.get(conditionId)
  }

  byToken(token: string): { readonly market: SimMarket; readonly outcome: Outcome } | undefined {
    return this.#byToken.get(token)
  }

  /** Calls `listener` for each event from now on. What is returned ends that. */
  listen(listener: WorldListener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  list(set: SimSet): void {
    this.#sets.push(set)
    for (const market of set.markets) {
      const { conditionId, tokens } = market.listing
      assert(!this.#byCondition.has(conditionId), `a market is listed once: ${conditionId}`)
      this.#markets.push(market)
      this.#byCondition.set(conditionId, market)
      this.#byToken.set(tokens.yes, { market, outcome: 'yes' })
      this.#byToken.set(tokens.no, { market, outcome: 'no' })
      this.#tell({ kind: 'market-listed', market, at: this.now() })
    }
  }

  /** Forgets a set that is over. Nobody is told: it has long been closed. */
  delist(set: SimSet): void {
    this.#sets.splice(this.#sets.indexOf(set), 1)
    for (const market of set.markets) {
      assert(market.status === 'resolved', `only what is over is forgotten: ${set.slug}`)
      const { conditionId, tokens } = market.listing
      this.#markets.splice(this.#markets.indexOf(market), 1)
      this.#byCondition.delete(conditionId)
      this.#byToken.delete(tokens.yes)
      this.#byToken.delete(tokens.no)
    }
  }

  /** Sends an order to the market's engine. */
  submit(market: SimMarket, request: OrderRequest): Submission | { readonly kind: 'closed' } {
    if (!market.isOpen) return { kind: 'closed' }

    const submission = market.engine.submit(request)
    if (submission.kind === 'refused') return submission
    const at = this.now()
    this.#record(market, submission.execution, at)
    this.#tell({ kind: 'order-executed', market, at, execution: submission.execution })
    return submission
  }

  /** Takes an order out of its queue. Undefined when it does not rest. */
  cancel(market: SimMarket, id: string): Cancellation | undefined {
    return this.#cancel(market, id, false)
  }

  /** Takes an order out and sends another in the same breath. */
  replace(market: SimMarket, id: string, request: OrderRequest): void {
    this.#cancel(market, id, true)
    this.submit(market, request)
  }

  changeTick(market: SimMarket, to: Ticks): void {
    const from = market.tick
    if (from === to) return
    market.tick = to
    this.#tell({ kind: 'tick-changed', market, at: this.now(), from, to })
  }

  /** Ends trading. Resting orders stay until the winner is known. */
  close(market: SimMarket): void {
    if (market.status === 'closed' || market.status === 'resolved') return
    market.status = 'closed'
    market.closedAt = this.now()
    this.#tell({ kind: 'market-closed', market, at: market.closedAt })
  }

  /** Says who won, and clears the books. */
  resolve(market: SimMarket, winner: Outcome): void {
    assert(market.status !== 'resolved', `a market resolves once: ${market.listing.slug}`)
    this.close(market)
    const { engine } = market
    const ids = [...engine.book('yes').orders(), ...engine.book('no').orders()].map(({ id }) => id)
    for (const id of new Set(ids)) this.cancel(market, id)
    market.status = 'resolved'
    market.winner = winner
    this.#tell({ kind: 'market-resolved', market, at: this.now(), winner })
  }

  #cancel(market: SimMarket, id: string, followed: boolean): Cancellation | undefined {
    const cancellation = market.engine.cancel(id)
    if (cancellation === undefined) return undefined
    this.#tell({ kind: 'order-cancelled', market, at: this.now(), cancellation, followed })
    return cancellation
  }

  #record(market: SimMarket, execution: Execution, at: EpochMs): void {
    const last = execution.fills.at(-1)
    if (last === undefined) return

    for (const { takerPrice, size } of execution.fills) {
      market.volume = add(market.volume, cost(takerPrice, size))
    }
    const { outcome, side: makerSide, price } = last.maker
    const side = makerSide === 'buy' ? 'sell' : 'buy'
    market.noteTrade({ outcome, price, side, size: execution.filled, at })
  }

  #tell(event: WorldEvent): void {
    assert(!this.#isTelling, 'a listener looks on: it does nothing to the world')
    this.#isTelling = true
    for (const listener of this.#listeners) listener(event)
    this.#isTelling = false
  }
}
