import type { InstrumentId, Market, VenueId } from '../core/market.ts'
import type { BasketId, ClientOrderId, Fill, Order } from '../core/order.ts'
import type { ExecutionIntent, TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroUsd, Nanos } from '../core/units.ts'
import { add, max, zeroUsd } from '../core/units.ts'
import { advanceBasket } from '../execution/advance-basket.ts'
import type { Basket, BasketEffect, BasketEvent, BasketOrder, LegGap } from '../execution/basket.ts'
import { basketNeeds } from '../execution/basket-needs.ts'
import { gapsOf, heldOf, paidFor } from '../execution/basket-position.ts'
import type { CashNeed } from '../execution/cash-needs.ts'
import { legReport } from '../execution/leg-report.ts'
import type { BasketLimits } from '../execution/plan-basket.ts'
import { paidOf } from '../execution/plan-basket.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { OrderGateway } from '../ports/order-gateway.ts'
import type { OrderUpdate, SentOrder } from '../ports/venue-gateway.ts'
import type { AtWork } from './basket-at-work.ts'
import { intentOf, keyOf, newAtWork, orderOf } from './basket-at-work.ts'
import type { EngineClock } from './engine-clock.ts'
import type { Effect, KeptBasket } from './event.ts'
import { legQuote, withinHeadroom } from './leg-quote.ts'
import { cashIn } from './finish-basket.ts'
import type { Settlements } from './settlements.ts'

/** An order whose fate is unknown is asked about again after so long. */
const askAgainNanos = 2_000_000_000 as Nanos
/** A basket that is over is kept for so long, in case one of its trades does not settle. */
const keptNanos = 900_000_000_000

export type BasketsOptions = {
  readonly clock: EngineClock
  readonly portfolio: Portfolio
  readonly gateway: OrderGateway
  readonly settlements: Settlements
  readonly limits: BasketLimits
  readonly marketOf: (leg: { venue: VenueId; market: Market['id'] }) => Market | undefined
  readonly othersOf: (given: readonly Market[]) => readonly Market[] | undefined
  readonly conversionOf: (market: Market) => string | undefined
  /** How much more may be at stake in all before a limit is reached. */
  readonly headroom: () => MicroUsd
  readonly obey: (effect: Effect) => void
  /** An order is over: it filled, in whole or in part, or it did not. */
  readonly onOrderOver: (order: Order, fills: readonly Fill[], intent: ExecutionIntent) => void
  /** Shares of a market came or went. */
  readonly onTraded: (order: Order, at: Nanos) => void
  /** The basket needs no more orders; `whole` when every leg is filled as planned. */
  readonly onOver: (signal: TradeSignal, basket: BasketId, whole: boolean, at: Nanos) => void
  /** A fill that does not fit what we hold: only the venue can say what we have. */
  readonly onContradiction: (order: Order, fill: Fill) => void
}

/**
 * The baskets that are not over: every answer of a venue advances one of them, and what it asks
 * for then is done here. The decisions are {@link advanceBasket}'s alone.
 */
export class BasketsAtWork {
  readonly #options: BasketsOptions
  readonly #baskets: Map<BasketId, AtWork> = new Map()
  readonly #byOrder: Map<ClientOrderId, AtWork> = new Map()
  /** Of an earlier life, until they go on. */
  readonly #restored: Set<BasketId> = new Set()
  /** Of orders of an earlier life. */
  readonly #sentAtMs: Map<ClientOrderId, EpochMs> = new Map()

  constructor(options: BasketsOptions) {
    this.#options = options
  }

  /** How many still have orders out, or need some. */
  get size(): number {
    let count = 0
    for (const { basket, overAt } of this.#baskets.values()) {
      if (overAt === undefined && basket.state !== 'quarantined') count++
    }
    return count
  }

  /** How many wait for a person. */
  get quarantined(): number {
    let count = 0
    for (const { basket } of this.#baskets.values()) if (basket.state === 'quarantined') count++
    return count
  }

  get orderCount(): number {
    return [...this.openOrders()].length
  }

  /** The orders that are out, or may be. */
  *openOrders(): Iterable<Order> {
    for (const { basket } of this.#baskets.values()) {
      for (const { order, state } of basket.orders) {
        if (state === 'sent' || state === 'live' || state === 'unknown') yield order
      }
    }
  }

  /** The orders that a venue has said are in its book. */
  *liveOrders(venue: VenueId): Iterable<BasketOrder> {
    for (const { basket } of this.#baskets.values()) {
      for (const each of basket.orders) {
        if (each.state === 'live' && each.order.venue === venue) yield each
      }
    }
  }

  /** Whether an order is out, or a trade is not final yet. */
  get isUnsettled(): boolean {
    for (const { unsettled } of this.#baskets.values()) if (unsettled.size > 0) return true
    return this.orderCount > 0
  }

  /** Whether a trade is not final yet of a basket with such a leg: what we have may be less. */
  isUnsettledIn(isMeant: (leg: Basket['legs'][number]) => boolean): boolean {
    for (const { basket, unsettled } of this.#baskets.values()) {
      if (unsettled.size > 0 && basket.legs.some(isMeant)) return true
    }
    return false
  }

  /** Baskets whose legs are unequal, or of which an order's fate is unknown. */
  *unresolved(): Iterable<Basket> {
    for (const { basket } of this.#baskets.values()) {
      if (basket.state === 'quarantined' || basket.state === 'reconciling') yield basket
    }
  }

  /** What is tied up in unresolved baskets: what they have paid, and what they may still take. */
  get unresolvedExposure(): MicroUsd {
    let exposure = zeroUsd
    for (const basket of this.unresolved()) {
      exposure = add(exposure, max(paidFor(basket), zeroUsd))
      for (const { amount } of basketNeeds(basket, this.#options.marketOf)) {
        exposure = add(exposure, amount)
      }
    }
    return exposure
  }

  /** Whether an order in this instrument is out, or a basket in it is not settled. */
  touches(instrument: InstrumentId): boolean {
    for (const { basket, overAt } of this.#baskets.values()) {
      if (overAt !== undefined) continue
      if (basket.legs.some((leg) => leg.instrument === instrument)) return true
    }
    return false
  }

  has(order: ClientOrderId): boolean {
    return this.#byOrder.has(order)
  }

  knowsTrade(order: ClientOrderId, tradeId: string): boolean {
    const atWork = this.#byOrder.get(order)
    if (atWork?.failed.has(keyOf(order, tradeId)) === true) return true
    const fills = atWork?.fills.get(order) ?? []
    return fills.some(({ venueTradeId }) => venueTradeId === tradeId)
  }

  /** Takes a basket in. Its cash is tied up; nothing is sent before {@link start}. */
  open(plan: Basket, signal: TradeSignal): void {
    this.#options.obey({ kind: 'plan-basket', plan, signal })
    this.#hold(this.#take(plan, signal))
  }

  start(id: BasketId): void {
    const atWork = this.#baskets.get(id)
    if (atWork === undefined) return
    // One that was given up while its pairs were on their way only makes cash of them.
    if (atWork.basket.state === 'planned') this.#advance(atWork, { kind: 'start' })
    else this.#finish(atWork)
  }

  /** A basket that was planned is not begun. */
  abandon(id: BasketId, reason: string): void {
    const atWork = this.#baskets.get(id)
    if (atWork === undefined) return
    const [first] = atWork.basket.orders
    // With the first of them the others are not attempted either.
    if (first !== undefined) {
      this.#advance(atWork, { kind: 'order-done', order: first.order.id, reason })
    }
  }

  /** A basket of an earlier life, brought to where it was. Its orders may be anything by now. */
  restore({ plan, signal, events, sent }: KeptBasket): void {
    const { clock } = this.#options
    const atWork = this.#take(plan, signal)
    this.#restored.add(plan.id)
    for (const { order, atMs } of sent) this.#sentAtMs.set(order, atMs)
    for (const event of events) atWork.basket = advanceBasket(atWork.basket, event).basket
    atWork.basket = {
      ...atWork.basket,
      policy: { ...atWork.basket.policy, expiresAt: clock.now },
    }
    this.#adoptOrders(atWork)
  }

  /** What is out of earlier lives, for the gateways that are to hear of it. */
  adoptedOrders(venue: VenueId): readonly SentOrder[] {
    return [...this.openOrders()].flatMap((order) => {
      const sentAt = this.#sentAtMs.get(order.id)
      return order.venue !== venue || sentAt === undefined ? [] : [{ order, sentAt }]
    })
  }

  /** Asks about what is out; prices what is uneven. Only once the venues can be heard. */
  resume(): void {
    this.#sentAtMs.clear()
    const restored = [...this.#restored].flatMap((id) => this.#baskets.get(id) ?? [])
    this.#restored.clear()
    for (const atWork of restored) {
      const { basket } = atWork
      if (basket.state === 'planned') {
        this.abandon(basket.id, 'not-attempted')
        continue
      }
      for (const { order, state } of basket.orders) {
        if (state === 'sent' || state === 'live' || state === 'unknown') {
          this.#advance(atWork, { kind: 'order-timed-out', order: order.id })
        }
      }
      if (basket.state === 'pricing') {
        atWork.pricing = { gaps: gapsOf(basket), due: this.#options.clock.now }
      }
    }
  }

  onUpdate(update: OrderUpdate, at: Nanos): boolean {
    const order = update.kind === 'filled' ? update.fill.order : update.order
    const atWork = this.#byOrder.get(order)
    if (atWork === undefined) return false
    if (update.kind === 'filled' && this.knowsTrade(order, update.fill.venueTradeId)) return true

    this.#options.obey({ kind: 'note-order', update, at })
    if (update.kind !== 'unknown') atWork.waiting.delete(order)
    switch (update.kind) {
      case 'live':
        this.#advance(atWork, { kind: 'order-live', order })
        if (atWork.expired) this.#advance(atWork, { kind: 'expired' })
        return true
      case 'filled':
        this.#onFill(atWork, update.fill)
        return true
      case 'done':
        this.#advance(atWork, { kind: 'order-done', order, reason: update.reason })
        return true
      case 'unknown':
        this.#advance(atWork, { kind: 'order-timed-out', order })
        return true
      case 'fill-reversed':
        this.#onReversal(atWork, order, update.tradeId, at)
        return true
      case 'fill-settled':
        atWork.unsettled.delete(keyOf(order, update.tradeId))
        this.#finish(atWork)
        return true
    }
  }

  onTimer(now: Nanos): void {
    for (const atWork of this.#baskets.values()) {
      if (atWork.overAt !== undefined) {
        if (now - atWork.overAt > keptNanos) this.#forget(atWork)
        continue
      }
      this.#ask(atWork, now)
      const { pricing, basket } = atWork
      if (pricing !== undefined && pricing.due <= now) this.#price(atWork, pricing.gaps)
      if (!atWork.expired && now >= basket.policy.expiresAt && basket.state !== 'planned') {
        atWork.expired = true
        this.#advance(atWork, { kind: 'expired' })
      }
    }
  }

  /** A person has dealt with it. */
  release(id: BasketId): void {
    const atWork = this.#baskets.get(id)
    if (atWork?.basket.state === 'quarantined') this.#advance(atWork, { kind: 'released' })
  }

  /** Cancels whatever is out. */
  cancelAll(): void {
    for (const order of this.openOrders()) this.#cancel(order)
  }

  /** A market was resolved: what a basket has left in resolved markets needs nobody any more. */
  onResolved(isResolved: (leg: Basket['legs'][number]) => boolean): void {
    for (const { basket } of this.#baskets.values()) {
      if (basket.state === 'quarantined' && basket.legs.every(isResolved)) this.release(basket.id)
    }
  }

  #take(plan: Basket, signal: TradeSignal): AtWork {
    const atWork = newAtWork(plan, signal)
    this.#baskets.set(plan.id, atWork)
    this.#adoptOrders(atWork)
    return atWork
  }

  #adoptOrders(atWork: AtWork): void {
    for (const { order } of atWork.basket.orders) this.#byOrder.set(order.id, atWork)
  }

  #onFill(atWork: AtWork, fill: Fill): void {
    const { gateway, onContradiction, onTraded, portfolio } = this.#options
    const { order } = orderOf(atWork.basket, fill.order)
    const known = atWork.fills.get(order.id) ?? []
    atWork.fills.set(order.id, [...known, fill])
    if (!gateway.finalAtOnce) atWork.unsettled.add(keyOf(order.id, fill.venueTradeId))
    const { notional, fee, size, venueTradeId } = fill
    const { venue } = order
    const paid = paidOf(order.side, notional, fee)
    this.#advance(
      atWork,
      { kind: 'order-filled', order: order.id, fill: { tradeId: venueTradeId, size, paid } },
      () => {
        // Sold are shares that we do not know of: it is for the account to say what we have.
        const isKnown = order.side === 'buy' || portfolio.sizeOf(venue, order.instrument) >= size
        if (!isKnown) onContradiction(order, fill)
        else portfolio.fill(order, fill, atWork.signal.strategy, fill.at)
        onTraded(order, fill.at)
      },
    )
  }

  #onReversal(atWork: AtWork, id: ClientOrderId, tradeId: string, at: Nanos): void {
    const { onContradiction, portfolio } = this.#options
    const known = atWork.fills.get(id) ?? []
    const fill = known.find(({ venueTradeId }) => venueTradeId === tradeId)
    if (fill === undefined) return
    atWork.fills.set(
      id,
      known.filter((each) => each !== fill),
    )
    atWork.unsettled.delete(keyOf(id, tradeId))
    atWork.failed.add(keyOf(id, tradeId))
    const { order } = orderOf(atWork.basket, id)
    if (!portfolio.unfill(order, fill, atWork.signal.strategy, at)) onContradiction(order, fill)
    this.#advance(atWork, { kind: 'fill-reversed', order: id, tradeId })
  }

  /** One step of a basket, and all that follows from it. The books move before anything is sent. */
  #advance(atWork: AtWork, event: BasketEvent, book?: () => void): void {
    const { clock, obey } = this.#options
    const before = atWork.basket
    const { basket, effects } = advanceBasket(before, event)
    if (basket === before && effects.length === 0) return
    atWork.basket = basket
    // What was over begins again when a trade comes late, or is taken back.
    if (basket.state !== 'closed') atWork.overAt = undefined
    this.#adoptNew(atWork, before)
    const reason = effects.find((effect) => effect.kind === 'quarantined')?.reason ?? ''
    const result = effects.find((effect) => effect.kind === 'closed')?.result
    const { id, state, strategy } = basket
    const at = clock.now
    obey({ kind: 'note-basket', basket: id, strategy, event, state, reason, result, at })
    this.#hold(atWork)
    book?.()
    for (const effect of effects) this.#do(atWork, effect)
    this.#report(atWork)
  }

  #adoptNew(atWork: AtWork, before: Basket): void {
    for (const { order } of atWork.basket.orders.slice(before.orders.length)) {
      this.#byOrder.set(order.id, atWork)
    }
  }

  #do(atWork: AtWork, effect: BasketEffect): void {
    const { clock, gateway, obey } = this.#options
    const { basket } = atWork
    switch (effect.kind) {
      case 'place-orders':
        this.#place(atWork, effect.orders)
        return
      case 'cancel-order':
        this.#cancel(orderOf(basket, effect.order).order)
        return
      case 'query-order': {
        const { venue } = orderOf(basket, effect.order).order
        atWork.waiting.set(effect.order, clock.now)
        obey({ kind: 'query-order', venue, order: effect.order })
        gateway.query(effect.order, { at: clock.now, atMs: clock.nowMs })
        return
      }
      case 'price-legs': {
        // At first at once; then the books get some time to come back.
        const pause = basket.refusedQuotes === 0 ? 0 : this.#options.limits.pauseNanos
        if (pause === 0) this.#price(atWork, effect.gaps)
        else atWork.pricing = { gaps: effect.gaps, due: (clock.now + pause) as Nanos }
        return
      }
      case 'closed':
        this.#close(atWork)
        return
      case 'quarantined':
        this.#options.onOver(atWork.signal, basket.id, false, clock.now)
        return
    }
  }

  #place(atWork: AtWork, orders: readonly Order[]): void {
    const { clock, gateway, obey } = this.#options
    const sent = { at: clock.now, atMs: clock.nowMs }
    const intent = intentOf(atWork, orders, sent)
    atWork.placements.push({ intent, reported: false })
    for (const order of orders) atWork.waiting.set(order.id, clock.now)
    obey({ kind: 'place-basket', intent })
    gateway.place(orders, sent)
  }

  #cancel(order: Order): void {
    const { clock, gateway, obey } = this.#options
    obey({ kind: 'cancel-order', venue: order.venue, order: order.id })
    gateway.cancel(order.id, { at: clock.now, atMs: clock.nowMs })
  }

  #price(atWork: AtWork, gaps: readonly LegGap[]): void {
    const { headroom } = this.#options
    atWork.pricing = undefined
    const quotes = gaps.map((gap) => legQuote(atWork.basket, gap, this.#options))
    this.#advance(atWork, { kind: 'priced', quotes: withinHeadroom(headroom(), quotes) })
  }

  /** Asks about orders that have been out for too long without a word. */
  #ask(atWork: AtWork, now: Nanos): void {
    const { answerNanos } = this.#options.limits
    for (const [id, since] of atWork.waiting) {
      const { state } = orderOf(atWork.basket, id)
      const patience = state === 'unknown' ? askAgainNanos : answerNanos
      if (state === 'done' || state === 'live') atWork.waiting.delete(id)
      else if (now - since >= patience)
        this.#advance(atWork, { kind: 'order-timed-out', order: id })
    }
  }

  /** Reports the orders that were sent together, once the last of them is over. */
  #report({ basket, signal, placements, fills }: AtWork): void {
    const { clock, gateway, obey, onOrderOver } = this.#options
    for (const placement of placements) {
      if (placement.reported) continue
      const { intent } = placement
      const orders = intent.orders.map(({ id }) => orderOf(basket, id))
      if (orders.some(({ state }) => state !== 'done')) continue
      placement.reported = true
      const legs = orders.map((each) => legReport(each, fills.get(each.order.id) ?? []))
      const { executor } = gateway
      obey({
        kind: 'note-report',
        report: { basket: intent.basket, strategy: signal.strategy, executor, legs, at: clock.now },
      })
      for (const [index, { order }] of orders.entries()) {
        onOrderOver(order, legs[index]?.fills ?? [], intent)
      }
    }
  }

  #close(atWork: AtWork): void {
    const { clock, onOver } = this.#options
    const { basket, signal } = atWork
    const whole = basket.legs.every(({ target }, leg) => heldOf(basket, leg) === target)
    atWork.overAt = clock.now
    onOver(signal, basket.id, whole, clock.now)
    this.#finish(atWork)
  }

  /** What can become money at once does, as soon as all of its trades are final. */
  #finish(atWork: AtWork): void {
    const { gateway, settlements } = this.#options
    if (atWork.overAt === undefined || atWork.unsettled.size > 0) return
    const { basket, signal } = atWork
    if (!atWork.finished) {
      const operations = cashIn(atWork, this.#options)
      atWork.finished = operations.length > 0
      for (const { venue, what } of operations) {
        settlements.submit(what, { venue, basket: basket.id, strategy: signal.strategy })
      }
    }
    if (gateway.finalAtOnce) this.#forget(atWork)
  }

  #forget({ basket }: AtWork): void {
    this.#baskets.delete(basket.id)
    for (const { order } of basket.orders) this.#byOrder.delete(order.id)
  }

  #hold({ basket }: AtWork): void {
    const { clock, marketOf, portfolio, settlements } = this.#options
    const needs: readonly CashNeed[] = [
      ...(basket.state === 'closed' ? [] : basketNeeds(basket, marketOf)),
      ...settlements.splitCashOf(basket.id),
    ]
    const { strategy } = basket
    const reserves = needs.map((need) => ({ ...need, strategy }))
    portfolio.hold(basket.id, reserves, clock.now)
  }
}
