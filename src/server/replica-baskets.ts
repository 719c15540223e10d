import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { Fill, Order } from '../core/order.ts'
import type { ExecutionIntent, TradeSignal } from '../core/signal.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, negate, zeroShares, zeroUsd } from '../core/units.ts'
import type { Effect, KeptBasket } from '../engine/event.ts'
import { advanceBasket } from '../execution/advance-basket.ts'
import type { OrderFill } from '../execution/basket.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import type { FillSums } from './basket-rows.ts'
import { answeredLeg, keptLeg, ordersOf, resultOf, sentLeg } from './basket-rows.ts'
import type { ReplicaCatalogue } from './replica-catalogue.ts'
import type { Basket, PlacedOrder } from './schema/basket.ts'
import type { Fill as FillRow } from './schema/portfolio.ts'
import { Shelf } from './shelf.ts'

const basketsMax = 200
const fillsMax = 300
/** A basket that is priced again and again changes its state more often than anybody reads. */
const stepsMax = 60

/** What a basket is called, and the opportunity it is for. */
export type BasketName = { readonly title: string; readonly opportunity: string | null }

type Advanced = Extract<Effect, { readonly kind: 'note-basket' }>
/** An execution, as far as sums go by it. */
type Counted = Pick<Fill, 'venueTradeId' | 'size' | 'notional' | 'fee'>
type Placed = {
  readonly order: Order
  readonly purpose: ExecutionIntent['purpose']
  fills: readonly Counted[]
}

/** A basket with what its row does not say: the numbers behind the text. */
type Held = {
  readonly strategy: string
  /** What its instants are counted from; undefined until something happens to one of an earlier run. */
  receivedAt: number | undefined
  readonly orders: Map<string, Placed>
  row: Basket
}

/** Baskets with their orders on a time line, and the fills of all of them. */
export class ReplicaBaskets {
  readonly shelf: Shelf<Basket> = new Shelf(basketsMax)
  readonly fills: Shelf<FillRow> = new Shelf(fillsMax)
  readonly #catalogue: ReplicaCatalogue
  readonly #baskets: Map<string, Held> = new Map()
  readonly #byOrder: Map<string, Held> = new Map()

  constructor(catalogue: ReplicaCatalogue) {
    this.#catalogue = catalogue
  }

  /** The latest first. */
  orders(): readonly PlacedOrder[] {
    return this.shelf.latest().flatMap((row) => ordersOf(row).toReversed())
  }

  plan(id: string, signal: TradeSignal, name: BasketName, receivedMs: number): void {
    const row: Basket = {
      id,
      strategy: signal.strategy,
      opportunity: name.opportunity,
      title: name.title,
      state: 'planned',
      result: null,
      reason: '',
      receivedMs,
      decidedAfterUs: usBetween(signal.receivedAt, signal.generatedAt),
      closedAfterUs: null,
      edge: formatUsd(signal.edge),
      paid: '0',
      legs: [],
      steps: [],
    }
    const { receivedAt, strategy } = signal
    const kept: Held = { strategy, receivedAt, orders: new Map(), row }
    this.#baskets.set(id, kept)
    this.#put(kept, row)
    this.#forgetOldest()
  }

  /** One of an earlier run, as it stood when that ended. Its instants are counted anew. */
  adopt({ plan, signal, events }: KeptBasket, name: BasketName, startedAtMs: number): void {
    this.plan(plan.id, signal, name, startedAtMs)
    const held = this.#baskets.get(plan.id)
    if (held === undefined) return
    held.receivedAt = undefined
    const basket = events.reduce((before, event) => advanceBasket(before, event).basket, plan)
    const sent = basket.orders.filter(({ state }) => state !== 'planned')
    const legs = sent.map((each) => {
      const { order, role } = each
      held.orders.set(order.id, { order, purpose: role, fills: each.fills.map(unpriced) })
      this.#byOrder.set(order.id, held)
      return keptLeg(each, this.#catalogue.name(order.venue, order.market))
    })
    this.#put(held, { ...held.row, state: basket.state, legs, paid: formatUsd(paidFor(held)) })
  }

  place({ purpose, orders, createdAt }: ExecutionIntent): void {
    const kept = this.#baskets.get(orders[0]?.basket ?? '')
    if (kept === undefined) return
    const sentAfterUs = usAfter(kept, createdAt)
    const legs = orders.map((order) => {
      kept.orders.set(order.id, { order, purpose, fills: [] })
      this.#byOrder.set(order.id, kept)
      const market = this.#catalogue.name(order.venue, order.market)
      return sentLeg(order, purpose, market, sentAfterUs)
    })
    this.#put(kept, { ...kept.row, legs: [...kept.row.legs, ...legs] })
  }

  update(update: OrderUpdate, at: number, msOf: (at: number) => number): void {
    const id = update.order
    const kept = this.#byOrder.get(id)
    const placed = kept?.orders.get(id)
    if (kept === undefined || placed === undefined) return
    if (update.kind === 'filled') this.#noteFill(kept, placed, update.fill, msOf)
    if (update.kind === 'fill-reversed') {
      placed.fills = placed.fills.filter(({ venueTradeId }) => venueTradeId !== update.tradeId)
    }
    const usAt = (instant: number): number => usAfter(kept, instant)
    const legs = kept.row.legs.map((leg) =>
      leg.order === id ? answeredLeg(leg, update, sumsOf(placed), usAt, at) : leg,
    )
    this.#put(kept, { ...kept.row, legs, paid: formatUsd(paidFor(kept)) })
  }

  advance({ basket, event, state, reason, at }: Advanced): void {
    const kept = this.#baskets.get(basket)
    if (kept === undefined) return
    const { row } = kept
    const afterUs = usAfter(kept, at)
    const step = { afterUs, state, because: event.kind }
    const isSame = row.steps.at(-1)?.state === state
    const isClosed = state === 'closed'
    this.#put(kept, {
      ...row,
      state,
      reason,
      steps: isSame ? row.steps : [...row.steps, step].slice(-stepsMax),
      result: isClosed ? resultOf(row.legs) : null,
      closedAfterUs: isClosed ? (row.closedAfterUs ?? afterUs) : null,
    })
  }

  #put(kept: Held, row: Basket): void {
    kept.row = row
    this.shelf.set(row)
  }

  #noteFill(
    { row, strategy }: Held,
    placed: Placed,
    fill: Fill,
    msOf: (at: number) => number,
  ): void {
    const { order, purpose } = placed
    placed.fills = [...placed.fills, fill]
    this.fills.set({
      id: `${order.id} ${fill.venueTradeId}`,
      atMs: msOf(fill.at),
      strategy,
      basket: row.id,
      purpose,
      market: this.#catalogue.name(order.venue, order.market),
      outcome: order.outcome,
      side: order.side,
      price: formatPrice(fill.price),
      size: formatSize(fill.size),
      fee: formatUsd(fill.fee),
    })
  }

  #forgetOldest(): void {
    for (const [id, kept] of this.#baskets) {
      if (this.#baskets.size <= basketsMax) return
      this.#baskets.delete(id)
      for (const order of kept.orders.keys()) this.#byOrder.delete(order)
    }
  }
}

/** What is kept of an execution is what it cost in all. */
function unpriced({ tradeId, size, paid }: OrderFill): Counted {
  const notional = paid < 0 ? negate(paid) : paid
  return { venueTradeId: tradeId, size, notional, fee: zeroUsd }
}

function sumsOf({ order, fills }: Placed): FillSums {
  const filled = fills.reduce<MicroShares>((sum, { size }) => add(sum, size), zeroShares)
  const fee = fills.reduce<MicroUsd>((sum, fill) => add(sum, fill.fee), zeroUsd)
  return { filled: formatSize(filled), fee: formatUsd(fee), isWhole: filled >= order.size }
}

/** Money that left us, fees in. */
function paidFor({ orders }: Held): MicroUsd {
  let paid = zeroUsd
  for (const { order, fills } of orders.values()) {
    for (const { notional, fee } of fills) {
      paid = add(paid, add(order.side === 'buy' ? notional : negate(notional), fee))
    }
  }
  return paid
}

/** Microseconds after the frame that caused the basket came in, or after it was heard of again. */
function usAfter(held: Held, at: number): number {
  held.receivedAt ??= at
  return usBetween(held.receivedAt, at)
}

function usBetween(from: number, to: number): number {
  return Math.round((to - from) / 100) / 10
}
