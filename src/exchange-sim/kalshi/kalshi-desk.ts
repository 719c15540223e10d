import { randomUUID } from 'node:crypto'
import type { FeeSchedule } from '../../core/fee.ts'
import { OrderFees } from '../../core/order-fees.ts'
import type { Side } from '../../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Ppm, Ticks } from '../../core/units.ts'
import { add, complement, max, min, subtract, zeroShares, zeroUsd } from '../../core/units.ts'
import { takerFeeMax } from '../../core/fee.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { RestingOrder } from '../limit-book.ts'
import type { Execution } from '../matching-engine.ts'
import type { SimMarket } from '../sim-market.ts'
import type { World, WorldEvent } from '../world.ts'
import type { KalshiFill, KalshiOrder } from './kalshi-order.ts'
import { worthOf } from './kalshi-order.ts'
import { termsOf } from './market-json.ts'
import type { OrderGroup } from './order-groups.ts'
import { OrderGroups } from './order-groups.ts'
import type { AmendRequest, KalshiOrderRequest } from './order-request.ts'
import { closing, collateral, KalshiPortfolio } from './portfolio.ts'

/** A refusal as it goes over the wire. docs/venues/kalshi.md, 4.5. */
export type Complaint = {
  readonly status: 400 | 404 | 409
  readonly code: string
  readonly details?: string
}

export type Outcome =
  | { readonly kind: 'done'; readonly order: KalshiOrder }
  | { readonly kind: 'refused'; readonly complaint: Complaint }

export type SettlementRow = {
  readonly market: SimMarket
  readonly keyId: string
  readonly size: MicroShares
  readonly paid: MicroUsd
  readonly revenue: MicroUsd
  readonly fees: MicroUsd
  readonly at: EpochMs
}

export type KalshiDeskListener = {
  onOrder(order: KalshiOrder): void
  onFill(fill: KalshiFill): void
  onPosition(keyId: string, market: SimMarket): void
  onGroup(group: OrderGroup, event: string): void
}

/** Kalshi's orders, fills, money and positions: what stands behind its portfolio calls. */
export class KalshiDesk {
  readonly groups: OrderGroups = new OrderGroups()
  readonly #world: World
  readonly #timers: ExchangeTimers
  readonly #listener: KalshiDeskListener
  readonly #orders = new Map<string, KalshiOrder>()
  readonly #fills: KalshiFill[] = []
  readonly #settlements: SettlementRow[] = []
  readonly #portfolios = new Map<string, KalshiPortfolio>()
  /** Client order ids that were used, by account: a killed order has used its own. 4.6. */
  readonly #used = new Map<string, Set<string>>()
  #isClosed = false

  constructor(world: World, timers: ExchangeTimers, listener: KalshiDeskListener) {
    this.#world = world
    this.#timers = timers
    this.#listener = listener
  }

  start(): () => void {
    const end = this.#world.listen((event) => this.#onWorld(event))
    return () => {
      this.#isClosed = true
      end()
    }
  }

  portfolio(keyId: string): KalshiPortfolio {
    const known = this.#portfolios.get(keyId)
    if (known !== undefined) return known
    const made = new KalshiPortfolio()
    this.#portfolios.set(keyId, made)
    return made
  }

  ordersOf(keyId: string): readonly KalshiOrder[] {
    return [...this.#orders.values()].filter((order) => order.keyId === keyId)
  }

  fillsOf(keyId: string): readonly KalshiFill[] {
    return this.#fills.filter(({ order }) => order.keyId === keyId)
  }

  settlementsOf(keyId: string): readonly SettlementRow[] {
    return this.#settlements.filter((row) => row.keyId === keyId)
  }

  orderOf(keyId: string, id: string): KalshiOrder | undefined {
    const order = this.#orders.get(id)
    return order?.keyId === keyId ? order : undefined
  }

  create(keyId: string, market: SimMarket, request: KalshiOrderRequest): Outcome {
    const complaint = this.#complaint(keyId, market, request)
    if (complaint !== undefined) return { kind: 'refused', complaint }
    if (request.clientOrderId !== undefined) {
      const used = this.#used.get(keyId) ?? new Set()
      this.#used.set(keyId, used.add(request.clientOrderId))
    }
    const order = this.#draw(keyId, market, request)
    return this.#submit(order, request.timeInForce)
  }

  cancel(order: KalshiOrder, reason: string | undefined): MicroShares {
    const reduced = order.remaining
    if (order.status !== 'resting') return zeroShares
    order.reason = reason
    order.status = 'canceled'
    order.remaining = zeroShares
    this.#touch(order)
    this.#world.cancel(order.market, order.id)
    this.#listener.onOrder(order)
    return reduced
  }

  /** Leaves so much of an order, and its place in the queue. */
  decrease(order: KalshiOrder, remaining: MicroShares): void {
    if (remaining === 0) return void this.cancel(order, 'Decrease')
    this.#rest(order, order.price, remaining, 'Decrease')
  }

  /** Another price, another total. Everything but a smaller size loses its place. */
  amend(order: KalshiOrder, { price, count }: AmendRequest): Outcome {
    if (count < order.filled) return refuse(400, 'invalid_order', 'INVALID_AMEND_QTY_FOR_ORDER')
    if (price % order.market.tick !== 0) return refuse(400, 'invalid_order', 'invalid price')
    const remaining = subtract(count, order.filled)
    order.count = count
    if (remaining === 0) this.cancel(order, 'Amend')
    else this.#rest(order, price, remaining, 'Amend')
    return { kind: 'done', order }
  }

  /** Takes out what asked for it when trading pauses. docs/venues/kalshi.md, 1.4. */
  pause(): void {
    for (const order of this.#orders.values()) {
      if (order.request.cancelOnPause) this.cancel(order, 'HaltCancel')
    }
  }

  trigger(group: OrderGroup): void {
    group.isTriggered = true
    this.#listener.onGroup(group, 'triggered')
    for (const order of this.ordersOf(group.keyId)) {
      if (order.request.group === group.id) this.cancel(order, undefined)
    }
  }

  /** Cash that no resting order may come to need. */
  available(keyId: string): MicroUsd {
    const { cash } = this.portfolio(keyId)
    return this.ordersOf(keyId).reduce(
      (left, order) =>
        subtract(
          left,
          this.#need(order.keyId, order.market, order.request.side, order.price, order.remaining),
        ),
      cash,
    )
  }

  #complaint(keyId: string, market: SimMarket, request: KalshiOrderRequest): Complaint | undefined {
    const { clientOrderId, expiration, price, timeInForce, side, count, postOnly, group } = request
    if (clientOrderId !== undefined && this.#used.get(keyId)?.has(clientOrderId) === true) {
      return { status: 409, code: 'order_already_exists' }
    }
    if (!market.isOpen) return { status: 409, code: 'market_inactive' }
    if (price % market.tick !== 0) return invalid('price is not on the grid')
    if (expiration !== undefined) {
      if (timeInForce !== 'gtc') return invalid('expiration with immediate or cancel')
      if (expiration * 1000 <= this.#world.now()) {
        return invalid('Expiration timestamp must be in the future')
      }
    }
    if (request.reduceOnly && timeInForce === 'gtc') return invalid('reduce only must be immediate')
    if (postOnly && crosses(market, side, price)) return invalid('post only cross')
    if (group !== undefined) {
      const found = this.groups.find(keyId, group)
      if (found === undefined) return { status: 404, code: 'not_found' }
      if (found.isTriggered) return invalid('EXCEEDED_ORDER_GROUP_RISK_LIMIT')
    }
    const need = this.#need(keyId, market, side, price, count)
    if (need > this.available(keyId)) return { status: 400, code: 'insufficient_balance' }
    return undefined
  }

  /** What an order may take of the cash, with the fee it may pay where it trades at once. */
  #need(keyId: string, market: SimMarket, side: Side, price: Ticks, size: MicroShares): MicroUsd {
    const held = this.portfolio(keyId).position(market.listing.conditionId).size
    const opened = subtract(size, closing(held, side, size))
    const fee = takerFeeMax(scheduleOf(market), worst(market, side, price), size) ?? zeroUsd
    return add(collateral(side, price, opened), size === 0 ? zeroUsd : fee)
  }

  #draw(keyId: string, market: SimMarket, request: KalshiOrderRequest): KalshiOrder {
    const at = this.#world.now()
    const held = this.portfolio(keyId).position(market.listing.conditionId).size
    const { side, price } = request
    const count = request.reduceOnly ? closing(held, side, request.count) : request.count
    return {
      id: randomUUID(),
      keyId,
      market,
      request,
      createdAt: at,
      fees: new OrderFees(scheduleOf(market)),
      price,
      count,
      status: 'resting',
      reason: undefined,
      updatedAt: at,
      filled: zeroShares,
      remaining: count,
      takerCost: zeroUsd,
      makerCost: zeroUsd,
      takerFees: zeroUsd,
      makerFees: zeroUsd,
    }
  }

  #submit(order: KalshiOrder, timeInForce: 'fok' | 'ioc' | 'gtc'): Outcome {
    const { market, request, keyId } = order
    const reach = this.#avoidSelf(order)
    const isCut = reach < order.remaining
    const size = min(reach, order.remaining)
    this.#orders.set(order.id, order)
    const asked = isCut ? 'ioc' : timeInForce
    if (size > 0) {
      const submission = this.#world.submit(market, {
        id: order.id,
        owner: keyId,
        outcome: 'yes',
        side: request.side,
        price: order.price,
        amount: { kind: 'shares', shares: size },
        timeInForce: asked,
        postOnly: request.postOnly,
      })
      if (submission.kind !== 'executed') {
        this.#orders.delete(order.id)
        if (submission.kind === 'refused' && submission.reason === 'not-filled') {
          return refuse(409, 'fill_or_kill_insufficient_resting_volume')
        }
        return refuse(409, 'market_inactive')
      }
    }
    const isOver = asked !== 'gtc' || order.remaining === 0
    if (isOver) {
      order.status = order.remaining === 0 && order.filled > 0 ? 'executed' : 'canceled'
      if (isCut) order.reason = 'SelfTradeCancel'
      order.remaining = zeroShares
    }
    this.#touch(order)
    this.#listener.onOrder(order)
    if (order.status === 'resting') this.#expire(order)
    return { kind: 'done', order }
  }

  /** How far an order may go before it meets its own account. docs/venues/kalshi.md, 4.2. */
  #avoidSelf(order: KalshiOrder): MicroShares {
    const { market, request } = order
    const side = request.side === 'buy' ? bidSide : askSide
    let reach = zeroShares
    for (const level of market.engine.book('yes').reachable(side, order.price)) {
      for (const resting of level.orders.slice()) {
        if (reach >= order.remaining) return order.remaining
        const own = this.#ownOf(resting, order.keyId)
        if (own === undefined) reach = add(reach, resting.remaining)
        else if (request.selfTrade === 'taker_at_cross') return reach
        else this.cancel(own, 'SelfTradeCancel')
      }
    }
    return order.remaining
  }

  #ownOf({ id }: RestingOrder, keyId: string): KalshiOrder | undefined {
    return this.orderOf(keyId, id)
  }

  /** Puts a resting order back with other terms: at the end of the queue. */
  #rest(order: KalshiOrder, price: Ticks, remaining: MicroShares, reason: string): void {
    this.#orders.delete(order.id)
    this.#world.cancel(order.market, order.id)
    order.price = price
    order.remaining = remaining
    order.reason = reason
    this.#submit(order, 'gtc')
  }

  #expire(order: KalshiOrder): void {
    const { expiration } = order.request
    if (expiration === undefined) return
    const leftMs = expiration * 1000 - this.#world.now()
    this.#timers.after(Math.min(Math.max(0, leftMs), 2 ** 31 - 1), () => {
      if (!this.#isClosed) this.cancel(order, 'ExpiryCancel')
    })
  }

  #onWorld(event: WorldEvent): void {
    if (event.market.set.venue !== 'kalshi') return
    if (event.kind === 'order-executed') this.#onExecution(event.execution, event.at)
    if (event.kind === 'order-cancelled') {
      const order = this.#orders.get(event.cancellation.order.id)
      if (order?.status !== 'resting') return
      order.status = 'canceled'
      order.remaining = zeroShares
      order.reason = 'CloseCancel'
      this.#touch(order)
      this.#listener.onOrder(order)
    }
    if (event.kind === 'market-resolved') this.#settle(event.market, event.winner, event.at)
  }

  #onExecution({ request, fills }: Execution, at: EpochMs): void {
    const taker = this.#orders.get(request.id)
    for (const { maker, bookPrice, size } of fills) {
      const id = randomUUID()
      if (taker !== undefined) this.#fill(id, taker, bookPrice, size, 'taker', at)
      const resting = this.#orders.get(maker.id)
      if (resting !== undefined) this.#fill(id, resting, bookPrice, size, 'maker', at)
    }
  }

  #fill(
    id: string,
    order: KalshiOrder,
    price: Ticks,
    size: MicroShares,
    liquidity: 'maker' | 'taker',
    at: EpochMs,
  ): void {
    const { keyId, market, request } = order
    const { conditionId } = market.listing
    const charge = order.fees.charge({ side: request.side, liquidity, price, size })
    if (charge === undefined) return
    const portfolio = this.portfolio(keyId)
    portfolio.fill(conditionId, request.side, price, size, charge)
    order.filled = add(order.filled, size)
    order.remaining = max(subtract(order.remaining, size), zeroShares)
    const isTaker = liquidity === 'taker'
    if (isTaker) {
      order.takerCost = add(order.takerCost, worthOf(price, size))
      order.takerFees = add(order.takerFees, charge.fee)
    } else {
      order.makerCost = add(order.makerCost, worthOf(price, size))
      order.makerFees = add(order.makerFees, charge.fee)
    }
    const position = portfolio.position(conditionId).size
    const fill = { id, order, price, size, isTaker, fee: charge.fee, at, position }
    this.#fills.push(fill)
    this.#listener.onFill(fill)
    this.#listener.onPosition(keyId, market)
    if (!isTaker) this.#afterRest(order)
    this.#noteGroup(order, size, at)
  }

  #afterRest(order: KalshiOrder): void {
    if (order.remaining === 0) order.status = 'executed'
    order.reason = 'Trade'
    this.#touch(order)
    this.#listener.onOrder(order)
  }

  /** The books are being told of the match: what it triggers comes after. */
  #noteGroup(order: KalshiOrder, size: MicroShares, at: EpochMs): void {
    const group = this.groups.find(order.keyId, order.request.group ?? '')
    if (group === undefined || this.groups.note(group, size, at) === 'within') return
    this.#timers.after(0, () => {
      if (!this.#isClosed) this.trigger(group)
    })
  }

  #settle(market: SimMarket, winner: 'yes' | 'no', at: EpochMs): void {
    const { conditionId } = market.listing
    for (const [keyId, portfolio] of this.#portfolios) {
      if (!portfolio.positions().has(conditionId)) continue
      const { size, paid, revenue, fees } = portfolio.settle(conditionId, winner)
      this.#settlements.push({ market, keyId, size, paid, revenue, fees, at })
      this.#listener.onPosition(keyId, market)
    }
  }

  #touch(order: KalshiOrder): void {
    order.updatedAt = this.#world.now()
  }
}

/** What a market charges, by its series. docs/venues/kalshi.md, 7.1. */
export function scheduleOf({ set }: SimMarket): FeeSchedule {
  const { feeType, feeMultiplier } = termsOf(set)
  const taker = Math.round(70_000 * feeMultiplier)
  const maker = feeType === 'quadratic_with_maker_fees' ? Math.round(taker / 4) : 0
  return {
    kind: 'known',
    taker: { rate: taker as Ppm, exponent: 1 },
    maker: { rate: maker as Ppm, exponent: 1 },
    rounding: 'up-to-micro',
  }
}

function crosses({ engine }: SimMarket, side: Side, price: Ticks): boolean {
  return side === 'buy' ? price >= engine.bestAsk('yes') : price <= engine.bestBid('yes')
}

/** The price at which the fee would be highest: as near a half as the order may trade. */
function worst({ engine }: SimMarket, side: Side, price: Ticks): Ticks {
  const best = side === 'buy' ? engine.bestAsk('yes') : engine.bestBid('yes')
  const half = complement(0 as Ticks) / 2
  const [low, high] = best < price ? [best, price] : [price, best]
  return Math.min(Math.max(half, low), high) as Ticks
}

function invalid(details: string): Complaint {
  return { status: 400, code: 'invalid_order', details }
}

function refuse(status: Complaint['status'], code: string, details?: string): Outcome {
  const complaint = details === undefined ? { status, code } : { status, code, details }
  return { kind: 'refused', complaint }
}
