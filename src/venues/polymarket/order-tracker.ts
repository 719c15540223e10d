import { assert } from '../../core/assert.ts'
import type { FeeSchedule } from '../../core/fee.ts'
import { takerFee } from '../../core/fee.ts'
import type { ClientOrderId, Fill, Order, VenueOrderId } from '../../core/order.ts'
import { add, cost, proceeds, subtract, zeroShares, zeroUsd } from '../../core/units.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos } from '../../core/units.ts'
import type { OrderUpdate } from '../../ports/venue-gateway.ts'
import type { UserOrder, UserTrade } from './account-wire.ts'
import type { OrderVerdict } from './order-verdict.ts'
import { matchedAmounts } from './order-verdict.ts'
import type { Execution } from './trade-executions.ts'
import { executionsOf } from './trade-executions.ts'

/** What is known of one of our orders, from whichever message told it first. */
type Tracked = {
  readonly order: Order
  readonly venueOrder: VenueOrderId
  readonly fees: FeeSchedule
  readonly sentAt: EpochMs
  /** By trade and counterparty: what was filled, and whether it has settled. */
  readonly trades: Map<string, { size: MicroShares; settled: 'open' | 'yes' | 'reversed' }>
  /** What the venue says was matched in all, once it has said that nothing more will be. */
  closing: { reason: string; matched: MicroShares } | undefined
  spent: MicroUsd
  live: boolean
  done: boolean
}

/** A venue's last decimal: what it calls matched may differ from the trades by so much. */
const dust = 100 as MicroShares
const moneyDust = 100 as MicroUsd
/** Orders that are over and settled are forgotten beyond so many: news of them is old news. */
const remembered = 20_000

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
  track(order: Order, venueOrder: VenueOrderId, fees: FeeSchedule, sentAt: EpochMs): void {
    assert(!this.#byOurs.has(order.id), `an order is sent once: ${order.id}`)
    const tracked: Tracked = {
      order,
      venueOrder,
      fees,
      sentAt,
      trades: new Map(),
      closing: undefined,
      spent: zeroUsd,
      live: false,
      done: false,
    }
    this.#byVenue.set(venueOrder, tracked)
    this.#byOurs.set(order.id, tracked)
    if (this.#byOurs.size > remembered) this.#forget()
  }

  venueOrderOf(order: ClientOrderId): VenueOrderId | undefined {
    return this.#byOurs.get(order)?.venueOrder
  }

  ourOrderOf(venueOrder: string): ClientOrderId | undefined {
    return this.#byVenue.get(venueOrder)?.order.id
  }

  /** What is needed to ask about an order. Undefined when it is not ours, or over. */
  openOrder(id: ClientOrderId): { venueOrder: VenueOrderId; sentAt: EpochMs } | undefined {
    const tracked = this.#byOurs.get(id)
    return tracked === undefined || tracked.done ? undefined : tracked
  }

  /** Orders that the venue has said are open, and of whose end it has not told. */
  resting(): readonly { readonly id: ClientOrderId; readonly venueOrder: VenueOrderId }[] {
    return [...this.#byOurs.values()].flatMap(({ order, venueOrder, live, done }) =>
      live && !done ? [{ id: order.id, venueOrder }] : [],
    )
  }

  isTracked(id: ClientOrderId): boolean {
    return this.#byOurs.has(id)
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

  /** Two sources, and a quiet while, say that the order is open no more, or never was. */
  onAbsent(id: ClientOrderId): void {
    const tracked = this.#byOurs.get(id)
    if (tracked === undefined || tracked.done) return
    const filled = this.#filled(tracked)
    const wasThere = tracked.live || filled > 0
    // The trades are all there is: whatever else was said, nothing more will come.
    tracked.closing = { reason: wasThere ? 'cancelled' : 'not-landed', matched: filled }
    this.#finish(tracked)
  }

  /** Asked for, the order is open: said again even if it was said before. */
  onFound(found: UserOrder): void {
    const tracked = this.#byVenue.get(found.id)
    if (tracked !== undefined && tracked.closing === undefined) tracked.live = false
    this.onOrder(found)
  }

  onOrder({ id, type, status, size_matched: matched }: UserOrder): void {
    const tracked = this.#byVenue.get(id)
    if (tracked === undefined || tracked.done) return
    const word = status.toUpperCase().replace(/^ORDER_STATUS_/, '')
    const isOver = type === 'CANCELLATION' || word.startsWith('CANCELED') || word === 'INVALID'
    if (isOver) {
      const reason = /FOK|FAK|killed/i.test(status) ? 'killed' : 'cancelled'
      this.#close(tracked, reason, matched ?? zeroShares)
    } else if (word === 'LIVE') {
      this.#live(tracked)
    }
  }

  onTrade(trade: UserTrade): void {
    for (const execution of executionsOf(trade)) {
      const tracked = this.#byVenue.get(execution.orderId)
      if (tracked !== undefined) this.#onExecution(tracked, execution, trade.status)
    }
  }

  #onExecution(tracked: Tracked, execution: Execution, status: UserTrade['status']): void {
    const { key, size } = execution
    if (!tracked.trades.has(key)) {
      // What failed before we heard of it has never been a fill of ours.
      const settled = status === 'FAILED' ? 'reversed' : 'open'
      tracked.trades.set(key, { size, settled })
      const fill = fillOf(execution, tracked.order, tracked.fees, this.#now())
      tracked.spent = add(tracked.spent, fill.notional)
      if (settled === 'open') this.#tell({ kind: 'filled', order: tracked.order.id, fill })
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
    if (tracked.closing === undefined && isWhole(tracked, filled)) {
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

  /** The oldest that are over, with every trade settled or reversed. */
  #forget(): void {
    for (const [id, { venueOrder, done, trades }] of this.#byOurs) {
      if (this.#byOurs.size <= remembered / 2) return
      if (!done || [...trades.values()].some(({ settled }) => settled === 'open')) continue
      this.#byOurs.delete(id)
      this.#byVenue.delete(venueOrder)
    }
  }

  #tell(update: OrderUpdate): void {
    this.#onUpdate(update)
  }
}

/**
 * Whether the trades alone say that an order is filled. A FOK or FAK buy is in dollars: it goes on
 * for as long as there are any, and at a better price gets more shares than it named.
 * docs/venues/polymarket.md, 7.5.
 */
function isWhole({ order, spent }: Tracked, filled: MicroShares): boolean {
  const { side, timeInForce, limit, size } = order
  if (side === 'sell' || timeInForce === 'gtc' || timeInForce === 'gtd') return filled >= size
  return spent >= subtract(cost(limit, size), moneyDust)
}

/** An execution in our words, with the venue's fee. docs/venues/polymarket.md, 8.1 and 8.2. */
export function fillOf(
  { key, price, size, liquidity }: Execution,
  order: Pick<Order, 'id' | 'side' | 'market'>,
  fees: FeeSchedule,
  at: Nanos,
): Fill {
  const fee = liquidity === 'maker' ? zeroUsd : takerFee(fees, price, size)
  assert(fee !== undefined, `no order is sent in a market without a known fee: ${order.market}`)
  return {
    order: order.id,
    venueTradeId: key,
    price,
    size,
    notional: order.side === 'buy' ? cost(price, size) : proceeds(price, size),
    fee,
    liquidity,
    at,
  }
}
