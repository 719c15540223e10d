import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { Fill, Order } from '../core/order.ts'
import type { ExecutionIntent, TradeSignal } from '../core/signal.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, negate, zeroShares, zeroUsd } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import type { FillSums } from './basket-rows.ts'
import { answeredLeg, ordersOf, resultOf, sentLeg } from './basket-rows.ts'
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
type Placed = { readonly order: Order; readonly purpose: ExecutionIntent['purpose']; fills: Fill[] }

/** A basket with what its row does not say: the numbers behind the text. */
type Kept = {
  readonly signal: TradeSignal
  readonly orders: Map<string, Placed>
  row: Basket
}

/** Baskets with their orders on a time line, and the fills of all of them. */
export class ReplicaBaskets {
  readonly shelf: Shelf<Basket> = new Shelf(basketsMax)
  readonly fills: Shelf<FillRow> = new Shelf(fillsMax)
  readonly #catalogue: ReplicaCatalogue
  readonly #baskets: Map<string, Kept> = new Map()
  readonly #byOrder: Map<string, Kept> = new Map()

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
      decidedAfterUs: usAfter(signal, signal.generatedAt),
      closedAfterUs: null,
      edge: formatUsd(signal.edge),
      paid: '0',
      legs: [],
      steps: [],
    }
    const kept: Kept = { signal, orders: new Map(), row }
    this.#baskets.set(id, kept)
    this.#put(kept, row)
    this.#forgetOldest()
  }

  place({ purpose, orders, createdAt }: ExecutionIntent): void {
    const kept = this.#baskets.get(orders[0]?.basket ?? '')
    if (kept === undefined) return
    const sentAfterUs = usAfter(kept.signal, createdAt)
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
    const usAt = (instant: number): number => usAfter(kept.signal, instant)
    const legs = kept.row.legs.map((leg) =>
      leg.order === id ? answeredLeg(leg, update, sumsOf(placed), usAt, at) : leg,
    )
    this.#put(kept, { ...kept.row, legs, paid: formatUsd(paidFor(kept)) })
  }

  advance({ basket, event, state, reason, at }: Advanced): void {
    const kept = this.#baskets.get(basket)
    if (kept === undefined) return
    const { row } = kept
    const afterUs = usAfter(kept.signal, at)
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

  #put(kept: Kept, row: Basket): void {
    kept.row = row
    this.shelf.set(row)
  }

  #noteFill({ row, signal }: Kept, placed: Placed, fill: Fill, msOf: (at: number) => number): void {
    const { order, purpose } = placed
    placed.fills = [...placed.fills, fill]
    this.fills.set({
      id: `${order.id} ${fill.venueTradeId}`,
      atMs: msOf(fill.at),
      strategy: signal.strategy,
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

function sumsOf({ order, fills }: Placed): FillSums {
  const filled = fills.reduce<MicroShares>((sum, { size }) => add(sum, size), zeroShares)
  const fee = fills.reduce<MicroUsd>((sum, fill) => add(sum, fill.fee), zeroUsd)
  return { filled: formatSize(filled), fee: formatUsd(fee), isWhole: filled >= order.size }
}

/** Money that left us, fees in. */
function paidFor({ orders }: Kept): MicroUsd {
  let paid = zeroUsd
  for (const { order, fills } of orders.values()) {
    for (const { notional, fee } of fills) {
      paid = add(paid, add(order.side === 'buy' ? notional : negate(notional), fee))
    }
  }
  return paid
}

/** Microseconds after the frame that caused the basket came in. */
function usAfter({ receivedAt }: TradeSignal, at: number): number {
  return Math.round((at - receivedAt) / 100) / 10
}
