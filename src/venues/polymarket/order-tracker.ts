import { assert } from '../../core/assert.ts'
import type { FeeSchedule } from '../../core/fee.ts'
import { takerFee } from '../../core/fee.ts'
import type { ClientOrderId, Fill, Order, VenueOrderId } from '../../core/order.ts'
import { add, complement, cost, proceeds, zeroShares, zeroUsd } from '../../core/units.ts'
import type { MicroShares, Nanos, Ticks } from '../../core/units.ts'
import type { OrderUpdate } from '../../ports/venue-gateway.ts'
import type { UserOrder, UserTrade } from './account-wire.ts'
import type { OrderVerdict } from './order-verdict.ts'
import { matchedAmounts } from './order-verdict.ts'

/** What is known of one of our orders, from whichever message told it first. */
type Tracked = {
  readonly order: Order
  readonly venueOrder: VenueOrderId
  readonly fees: FeeSchedule
  /** By trade and counterparty: what was filled, and whether it has settled. */
  readonly trades: Map<string, { size: MicroShares; settled: 'open' | 'yes' | 'reversed' }>
  /** What the venue says was matched in all, once it has said that nothing more will be. */
  closing: { reason: string; matched: MicroShares } | undefined
  live: boolean
  done: boolean
}

/** A venue's last decimal: what it calls matched may differ from the trades by so much. */
const dust = 100 as MicroShares

/**
 * Turns answers, channel messages and reads into updates of our orders, each told once.
 *
 * The same news comes twice, late, in another order, or only by one of three ways. Fills come from
 * trades alone, keyed by trade and counterparty; the other messages say when nothing more will
 * come. An order is done when the trades add up to what the venue calls matched.
 */
export class OrderTracker {
  readonly #onUpdate: (update: OrderUpdate) => void
  readonly #now: () => Nanos
  readonly #byVenue: Map<string, Tracked> = new Map()
  readonly #byOurs: Map<ClientOrderId, Tracked> = new Map()

  constructor(onUpdate: (update: OrderUpdate) => void, now: () => Nanos) {
    this.#onUpdate = onUpdate
    this.#now = now
  }

  /** From before it is sent: news of it may come before the answer. */
  track(order: Order, venueOrder: VenueOrderId, fees: FeeSchedule): void {
    assert(!this.#byOurs.has(order.id), `an order is sent once: ${order.id}`)
    const tracked: Tracked = {
      order,
      venueOrder,
      fees,
      trades: new Map(),
      closing: undefined,
      live: false,
      done: false,
    }
    this.#byVenue.set(venueOrder, tracked)
    this.#byOurs.set(order.id, tracked)
  }

  venueOrderOf(order: ClientOrderId): VenueOrderId | undefined {
    return this.#byOurs.get(order)?.venueOrder
  }

  ourOrderOf(venueOrder: string): ClientOrderId | undefined {
    return this.#byVenue.get(venueOrder)?.order.id
  }

  /** Orders whose end is not known yet. */
  open(): readonly ClientOrderId[] {
    return [...this.#byOurs.values()].flatMap(({ order, done }) => (done ? [] : [order.id]))
  }

  onVerdict(id: ClientOrderId, verdict: OrderVerdict): void {
    const tracked = this.#byOurs.get(id)
    if (tracked === undefined || tracked.done) return
    switch (verdict.kind) {
      case 'live':
        this.#live(tracked)
        return
      case 'delayed':
        return
      case 'rejected':
        // Said of an order we sent once, it can only mean that the first sending landed.
        if (verdict.reason === 'duplicate') this.#unknown(tracked, 'duplicate')
        else this.#close(tracked, verdict.reason, zeroShares)
        return
      case 'unclear':
        this.#unknown(tracked, verdict.text)
        return
      case 'matched':
        this.#matched(tracked, matchedAmounts(tracked.order.side, verdict).size)
        return
    }
  }

  /** The request ended without an answer. */
  onSilence(id: ClientOrderId, reason: string): void {
    const tracked = this.#byOurs.get(id)
    if (tracked !== undefined && !tracked.done) this.#unknown(tracked, reason)
  }

  /** The request never left: nothing happened. */
  onUnsent(id: ClientOrderId, reason: string): void {
    const tracked = this.#byOurs.get(id)
    if (tracked !== undefined && !tracked.done) this.#close(tracked, reason, zeroShares)
  }

  /** Two sources, and a quiet while, say that the venue does not know the order. */
  onAbsent(id: ClientOrderId): void {
    const tracked = this.#byOurs.get(id)
    if (tracked !== undefined && !tracked.done) {
      this.#close(tracked, 'not-landed', this.#filled(tracked))
    }
  }

  onOrder({ id, type, status, size_matched: matched }: UserOrder): void {
    const tracked = this.#byVenue.get(id)
    if (tracked === undefined || tracked.done) return
    const word = status.toUpperCase()
    const isOver = type === 'CANCELLATION' || word.startsWith('CANCELED') || word === 'INVALID'
    if (isOver) {
      const reason = /FOK|FAK|killed/i.test(status) ? 'killed' : 'cancelled'
      this.#close(tracked, reason, matched ?? zeroShares)
    } else if (word === 'LIVE') {
      this.#live(tracked)
    }
  }

  onTrade(trade: UserTrade): void {
    const taker = this.#byVenue.get(trade.taker_order_id)
    if (taker !== undefined) this.#onTakerTrade(taker, trade)
    for (const maker of trade.maker_orders) {
      const tracked = this.#byVenue.get(maker.order_id)
      if (tracked === undefined) continue
      const key = `${trade.id}:${maker.order_id}`
      this.#onExecution(tracked, key, trade.status, maker.price, maker.matched_amount, 'maker')
    }
  }

  #onTakerTrade(tracked: Tracked, trade: UserTrade): void {
    if (trade.maker_orders.length === 0) {
      this.#onExecution(tracked, trade.id, trade.status, trade.price, trade.size, 'taker')
      return
    }
    for (const maker of trade.maker_orders) {
      // A maker of the other outcome was matched by minting or merging: its price is the rest.
      const isSame = maker.asset_id === trade.asset_id
      const price = isSame ? maker.price : complement(maker.price)
      const key = `${trade.id}:${maker.order_id}`
      this.#onExecution(tracked, key, trade.status, price, maker.matched_amount, 'taker')
    }
  }

  #onExecution(
    tracked: Tracked,
    key: string,
    status: UserTrade['status'],
    price: Ticks,
    size: MicroShares,
    liquidity: Fill['liquidity'],
  ): void {
    const known = tracked.trades.get(key)
    if (known === undefined) {
      // What failed before we heard of it has never been a fill of ours.
      const settled = status === 'FAILED' ? 'reversed' : 'open'
      tracked.trades.set(key, { size, settled })
      if (settled === 'reversed') return
      this.#tell({
        kind: 'filled',
        order: tracked.order.id,
        fill: this.#fill(tracked, key, price, size, liquidity),
      })
    }
    this.#onStatus(tracked, key, status)
    this.#finish(tracked)
  }

  #onStatus(tracked: Tracked, tradeId: string, status: UserTrade['status']): void {
    const trade = tracked.trades.get(tradeId)
    if (trade === undefined || trade.settled !== 'open') return
    if (status === 'CONFIRMED') {
      trade.settled = 'yes'
      this.#tell({ kind: 'fill-settled', order: tracked.order.id, tradeId })
    } else if (status === 'FAILED') {
      trade.settled = 'reversed'
      this.#tell({ kind: 'fill-reversed', order: tracked.order.id, tradeId })
    }
  }

  #fill(
    { order, fees }: Tracked,
    venueTradeId: string,
    price: Ticks,
    size: MicroShares,
    liquidity: Fill['liquidity'],
  ): Fill {
    const fee = liquidity === 'maker' ? zeroUsd : takerFee(fees, price, size)
    assert(fee !== undefined, `no order is sent in a market without a known fee: ${order.market}`)
    return {
      order: order.id,
      venueTradeId,
      price,
      size,
      notional: order.side === 'buy' ? cost(price, size) : proceeds(price, size),
      fee,
      liquidity,
      at: this.#now(),
    }
  }

  #live(tracked: Tracked): void {
    if (tracked.live || tracked.closing !== undefined) return
    tracked.live = true
    const { order, venueOrder } = tracked
    this.#tell({ kind: 'live', order: order.id, venueOrder })
  }

  #matched(tracked: Tracked, size: MicroShares): void {
    const { timeInForce } = tracked.order
    const isWhole = size >= tracked.order.size - dust
    if (timeInForce === 'fok' || timeInForce === 'ioc' || isWhole) {
      this.#close(tracked, isWhole ? 'filled' : 'cancelled', size)
    } else {
      // A resting order that was filled in part at once says "matched" as well.
      this.#live(tracked)
    }
  }

  #unknown({ order }: Tracked, reason: string): void {
    this.#tell({ kind: 'unknown', order: order.id, reason })
  }

  /** Nothing more will be matched than `matched`; the trades of it may still be on their way. */
  #close(tracked: Tracked, reason: string, matched: MicroShares): void {
    tracked.closing ??= { reason, matched }
    this.#finish(tracked)
  }

  #finish(tracked: Tracked): void {
    if (tracked.done) return
    const filled = this.#filled(tracked)
    if (tracked.closing === undefined && filled >= tracked.order.size) {
      tracked.closing = { reason: 'filled', matched: filled }
    }
    if (tracked.closing === undefined || filled < tracked.closing.matched - dust) return
    tracked.done = true
    this.#tell({ kind: 'done', order: tracked.order.id, reason: tracked.closing.reason })
  }

  #filled(tracked: Tracked): MicroShares {
    let filled = zeroShares
    for (const { size } of tracked.trades.values()) filled = add(filled, size)
    return filled
  }

  #tell(update: OrderUpdate): void {
    this.#onUpdate(update)
  }
}
