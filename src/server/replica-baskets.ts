import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, LegReport } from '../core/signal.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, negate, zeroShares, zeroUsd } from '../core/units.ts'
import type { ReplicaCatalogue } from './replica-catalogue.ts'
import type { Basket, BasketLeg, BasketState, PlacedOrder } from './schema/basket.ts'
import type { Fill } from './schema/portfolio.ts'
import { Shelf } from './shelf.ts'

const basketsMax = 200
const fillsMax = 300

/** What a basket is called, and the opportunity it is for. */
export type BasketName = { readonly title: string; readonly opportunity: string | null }

type Kept = { readonly opened: ExecutionIntent; row: Basket; paid: MicroUsd }

/** Baskets with their legs on a time line, and the fills of all of them. */
export class ReplicaBaskets {
  readonly shelf: Shelf<Basket> = new Shelf(basketsMax)
  readonly fills: Shelf<Fill> = new Shelf(fillsMax)
  readonly #catalogue: ReplicaCatalogue
  /** By the id of each intent, those that unwind included: the basket it belongs to. */
  readonly #byIntent: Map<string, Kept> = new Map()
  /** By when and by whom it was decided: whatever is sent for a basket carries its signal. */
  readonly #bySignal: Map<string, Kept> = new Map()
  readonly #intents: Map<string, ExecutionIntent> = new Map()

  constructor(catalogue: ReplicaCatalogue) {
    this.#catalogue = catalogue
  }

  /** The latest first. */
  orders(): readonly PlacedOrder[] {
    return this.shelf.latest().flatMap((row) => ordersOf(row).toReversed())
  }

  place(intent: ExecutionIntent, name: BasketName, receivedMs: number): void {
    const legs = intent.orders.map((order) => this.#sentLeg(intent, order))
    const known = this.#bySignal.get(signalKey(intent))
    const kept = known ?? this.#open(intent, name, receivedMs)
    this.#byIntent.set(intent.basket, kept)
    this.#intents.set(intent.basket, intent)
    this.#put(kept, {
      ...kept.row,
      state: 'working',
      closedAfterUs: null,
      legs: [...kept.row.legs, ...legs],
    })
    this.#forgetOldest()
  }

  report(report: ExecutionReport, msOf: (at: number) => number): void {
    const kept = this.#byIntent.get(report.basket)
    const intent = this.#intents.get(report.basket)
    if (kept === undefined || intent === undefined) return
    for (const leg of report.legs) this.#noteFills(kept, intent, leg, msOf)
    const afterUs = usAfter(kept.opened, report.at)
    const legs = kept.row.legs.map((leg) => {
      const answer = report.legs.find(({ order }) => order === leg.order)
      return answer === undefined ? leg : answered(leg, answer, kept.opened, afterUs)
    })
    const state = stateAfter(intent, report)
    const over = state !== 'waiting'
    this.#put(kept, {
      ...kept.row,
      state,
      legs,
      paid: formatUsd(kept.paid),
      closedAfterUs: over ? afterUs : null,
    })
  }

  #open(intent: ExecutionIntent, { title, opportunity }: BasketName, receivedMs: number): Kept {
    const { signal } = intent
    const row: Basket = {
      id: intent.basket,
      strategy: signal.strategy,
      opportunity,
      title,
      state: 'working',
      receivedMs,
      decidedAfterUs: usAfter(intent, signal.generatedAt),
      closedAfterUs: null,
      edge: formatUsd(signal.edge),
      paid: '0',
      legs: [],
    }
    const kept: Kept = { opened: intent, row, paid: zeroUsd }
    this.#bySignal.set(signalKey(intent), kept)
    return kept
  }

  #put(kept: Kept, row: Basket): void {
    kept.row = row
    this.shelf.set(row)
  }

  #sentLeg(intent: ExecutionIntent, order: Order): BasketLeg {
    return {
      order: order.id,
      purpose: intent.purpose,
      market: this.#catalogue.name(order.venue, order.market),
      outcome: order.outcome,
      side: order.side,
      limit: formatPrice(order.limit),
      size: formatSize(order.size),
      filled: '0',
      fee: '0',
      state: 'sent',
      reason: '',
      sentAfterUs: usAfter(intent, intent.createdAt),
      doneAfterUs: null,
      fills: [],
    }
  }

  #noteFills(
    kept: Kept,
    intent: ExecutionIntent,
    leg: LegReport,
    msOf: (at: number) => number,
  ): void {
    const order = intent.orders.find(({ id }) => id === leg.order)
    if (order === undefined) return
    for (const fill of leg.fills) {
      const money = order.side === 'buy' ? fill.notional : negate(fill.notional)
      kept.paid = add(kept.paid, add(money, fill.fee))
      this.fills.set({
        id: `${leg.order} ${fill.venueTradeId}`,
        atMs: msOf(fill.at),
        strategy: intent.signal.strategy,
        basket: kept.row.id,
        purpose: intent.purpose,
        market: this.#catalogue.name(order.venue, order.market),
        outcome: order.outcome,
        side: order.side,
        price: formatPrice(fill.price),
        size: formatSize(fill.size),
        fee: formatUsd(fill.fee),
      })
    }
  }

  #forgetOldest(): void {
    for (const [id, kept] of this.#byIntent) {
      if (this.#byIntent.size <= 4 * basketsMax) return
      this.#byIntent.delete(id)
      this.#intents.delete(id)
      this.#bySignal.delete(signalKey(kept.opened))
    }
  }
}

function ordersOf({ id: basket, strategy, receivedMs, legs }: Basket): readonly PlacedOrder[] {
  const msAfter = (us: number): number => Math.floor(receivedMs + us / 1_000)
  return legs.map(({ order, sentAfterUs, doneAfterUs, fills: _fills, ...leg }) => ({
    id: order,
    basket,
    strategy,
    ...leg,
    sentMs: msAfter(sentAfterUs),
    doneMs: doneAfterUs === null ? null : msAfter(doneAfterUs),
  }))
}

function answered(
  leg: BasketLeg,
  { outcome, reason, fills }: LegReport,
  opened: ExecutionIntent,
  afterUs: number,
): BasketLeg {
  const filled = fills.reduce<MicroShares>((sum, { size }) => add(sum, size), zeroShares)
  const fee = fills.reduce<MicroUsd>((sum, fill) => add(sum, fill.fee), zeroUsd)
  return {
    ...leg,
    state: outcome,
    reason,
    filled: formatSize(filled),
    fee: formatUsd(fee),
    doneAfterUs: fills.length > 0 ? usAfter(opened, fills.at(-1)?.at ?? 0) : afterUs,
    fills: fills.map(({ price, size, fee: of, at }) => ({
      price: formatPrice(price),
      size: formatSize(size),
      fee: formatUsd(of),
      afterUs: usAfter(opened, at),
    })),
  }
}

function stateAfter({ purpose, orders }: ExecutionIntent, { legs }: ExecutionReport): BasketState {
  if (legs.some(({ outcome }) => outcome === 'unknown')) return 'waiting'
  const filled = legs.map(({ fills }) =>
    fills.reduce<MicroShares>((sum, { size }) => add(sum, size), zeroShares),
  )
  const whole = orders.every(({ id, size }) => {
    const place = legs.findIndex(({ order }) => order === id)
    return filled[place] === size
  })
  if (whole) return purpose === 'unwind' ? 'unwound' : 'complete'
  if (purpose === 'open' && filled.every((size) => size === 0)) return 'empty'
  const even = filled.every((size) => size === filled[0])
  return purpose === 'open' && even ? 'complete' : 'uneven'
}

/** Microseconds after the frame that caused the basket came in. */
function usAfter({ signal }: ExecutionIntent, at: number): number {
  return Math.round((at - signal.receivedAt) / 100) / 10
}

function signalKey({ signal }: ExecutionIntent): string {
  return `${signal.strategy} ${signal.generatedAt} ${signal.legs[0]?.instrument ?? ''}`
}
