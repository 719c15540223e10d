import { createHash } from 'node:crypto'
import type { EpochMs } from '../../core/units.ts'
import { add, cost, subtract, zeroShares, zeroUsd } from '../../core/units.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { chainAccounts } from '../chain/token-ledger.ts'
import type { EngineFill, Execution, OrderRequest } from '../matching-engine.ts'
import type { SimMarket } from '../sim-market.ts'
import type { World, WorldEvent } from '../world.ts'
import { uuidOf } from './api-keys.ts'
import type { DeskOrder } from './desk-order.ts'
import { isMarketOrder, isOpen } from './desk-order.ts'
import type { DeskTrade, MakerPart, TradeParty } from './desk-trade.ts'
import { makerMoney, sizeOf, takerMoney } from './desk-trade.ts'

export type OrderEventKind = 'PLACEMENT' | 'UPDATE' | 'CANCELLATION'

export type DeskListener = {
  /** `words`: the venue's own status text, where it is none of the fixed ones. */
  onOrder(order: DeskOrder, kind: OrderEventKind, words?: string): void
  onTrade(trade: DeskTrade): void
}

/** What became of an order that was sent to the books. */
export type Placement =
  | { readonly kind: 'placed'; readonly order: DeskOrder }
  | { readonly kind: 'refused'; readonly error: string }

const killWords = {
  FOK: "order couldn't be fully filled. FOK orders are fully filled or killed.",
  FAK:
    'no orders found to match with FAK order. FAK orders are partially filled or killed if no ' +
    'match is found.',
}

/** The clients' orders and trades: what the operator of the exchange keeps beside the books. */
export class OrderDesk {
  readonly #world: World
  readonly #listener: DeskListener
  readonly #orders = new Map<string, DeskOrder>()
  readonly #trades = new Map<string, DeskTrade>()
  /** Open orders by wallet: what a balance has to be enough for. */
  readonly #open = new Map<string, Set<DeskOrder>>()

  constructor(world: World, listener: DeskListener) {
    this.#world = world
    this.#listener = listener
  }

  /** Starts to follow the books. What is returned ends that. */
  start(): () => void {
    return this.#world.listen((event) => this.#onWorld(event))
  }

  order(id: string): DeskOrder | undefined {
    return this.#orders.get(id)
  }

  orders(): readonly DeskOrder[] {
    return [...this.#orders.values()]
  }

  trade(id: string): DeskTrade | undefined {
    return this.#trades.get(id)
  }

  trades(): readonly DeskTrade[] {
    return [...this.#trades.values()]
  }

  openOf(wallet: string): readonly DeskOrder[] {
    return [...(this.#open.get(wallet) ?? [])]
  }

  /** Holds an order that is to be matched later: it can neither trade nor be cancelled. */
  hold(order: DeskOrder): void {
    this.#keep(order)
    order.status = 'DELAYED'
    this.#listener.onOrder(order, 'PLACEMENT')
  }

  /** Sends an order to the books. */
  place(order: DeskOrder): Placement {
    this.#keep(order)
    order.status = 'LIVE'
    const submission = this.#world.submit(order.market, requestOf(order))
    if (submission.kind === 'closed') {
      return this.#refuse(order, 'the market is not yet ready to process new orders')
    }
    if (submission.kind === 'refused') {
      if (submission.reason === 'not-filled') return this.#kill(order, killWords.FOK)
      const crosses = submission.reason === 'crosses'
      const error = crosses
        ? 'invalid post-only order: order crosses book'
        : 'Invalid order payload'
      return this.#refuse(order, error)
    }
    const { rested, filled } = submission.execution
    if (filled === 0 && isMarketOrder(order)) return this.#kill(order, killWords.FAK)
    if (rested === 0) this.#settle(order, 'MATCHED')
    this.#listener.onOrder(order, 'PLACEMENT')
    return { kind: 'placed', order }
  }

  /** Takes an order out of the books. The reason it cannot be, or undefined. */
  cancel(id: string, status: 'CANCELED' | 'INVALID'): string | undefined {
    const order = this.#orders.get(id)
    if (order === undefined || order.status === 'CANCELED') {
      return 'Order not found or already canceled'
    }
    if (order.status === 'DELAYED') return 'order is delayed and cannot be canceled'
    if (!isOpen(order)) return 'already canceled or matched'
    order.status = status
    this.#world.cancel(order.market, id)
    return undefined
  }

  /** Ends a held order that is not to be matched after all. */
  drop(order: DeskOrder): void {
    this.#settle(order, 'INVALID')
    this.#listener.onOrder(order, 'CANCELLATION')
  }

  #kill(order: DeskOrder, error: string): Placement {
    this.#settle(order, 'CANCELED')
    this.#listener.onOrder(order, 'CANCELLATION', `CANCELED_${error}`)
    return { kind: 'refused', error }
  }

  #refuse(order: DeskOrder, error: string): Placement {
    this.#settle(order, 'INVALID')
    this.#orders.delete(order.id)
    return { kind: 'refused', error }
  }

  #keep(order: DeskOrder): void {
    this.#orders.set(order.id, order)
    const open = this.#open.get(order.wallet) ?? new Set()
    this.#open.set(order.wallet, open)
    open.add(order)
  }

  #settle(order: DeskOrder, status: DeskOrder['status']): void {
    order.status = status
    this.#open.get(order.wallet)?.delete(order)
  }

  #onWorld(event: WorldEvent): void {
    if (event.kind === 'order-executed') this.#onExecution(event.market, event.execution, event.at)
    if (event.kind !== 'order-cancelled') return

    const order = this.#orders.get(event.cancellation.order.id)
    if (order === undefined) return
    // Whoever cancels says so first; what goes without that, goes with its market.
    const status = order.status === 'LIVE' ? 'CANCELED_MARKET_RESOLVED' : order.status
    this.#settle(order, status)
    this.#listener.onOrder(order, 'CANCELLATION')
  }

  #onExecution(market: SimMarket, { request, fills }: Execution, at: EpochMs): void {
    const concerns = (id: string): boolean => this.#orders.has(id)
    if (!concerns(request.id) && !fills.some(({ maker }) => concerns(maker.id))) return

    for (const level of byPrice(fills)) {
      if (!concerns(request.id) && !level.some(({ maker }) => concerns(maker.id))) continue
      const trade = this.#trade(market, request, level, at)
      this.#trades.set(trade.id, trade)
      this.#count(trade)
      this.#listener.onTrade(trade)
    }
  }

  #trade(
    market: SimMarket,
    request: OrderRequest,
    fills: readonly EngineFill[],
    at: EpochMs,
  ): DeskTrade {
    const makers = fills.map((fill) => this.#makerPart(fill))
    const name = `${request.id}:${fills[0]?.takerPrice ?? 0}:${this.#trades.size}`
    return {
      id: uuidOf(digest(`trade ${name}`)),
      market,
      taker: this.#party(request),
      outcome: request.outcome,
      side: request.side,
      price: makers[0]?.takerPrice ?? request.price,
      size: sizeOf(makers),
      makers,
      matchedAt: at,
      transactionHash: `0x${digest(`transaction ${name}`).toString('hex')}`,
      status: 'MATCHED',
      updatedAt: at,
    }
  }

  #makerPart({ maker, match, size, takerPrice }: EngineFill): MakerPart {
    const { outcome, side, price } = maker
    return { party: this.#party(maker), outcome, side, price, takerPrice, size, match }
  }

  #party({ id, owner }: { readonly id: string; readonly owner: string }): TradeParty {
    const order = this.#orders.get(id)
    if (order !== undefined) {
      const { wallet, makerAddress } = order
      return { orderId: id, owner: order.owner, wallet, makerAddress, isClient: true }
    }
    return {
      orderId: `0x${digest(`order ${id}`).toString('hex')}`,
      owner: uuidOf(digest(`owner ${owner}`)),
      wallet: chainAccounts.population,
      makerAddress: `0x${digest(`address ${owner}`).toString('hex').slice(0, 40)}`,
      isClient: false,
    }
  }

  /** Adds a trade to the orders of those clients who had a part in it. */
  #count(trade: DeskTrade): void {
    const taker = this.#orders.get(trade.taker.orderId)
    if (taker !== undefined) {
      const money = trade.makers.reduce(
        (sum, part) => add(sum, takerMoney(part, trade.side)),
        zeroUsd,
      )
      noteFill(taker, trade, trade.size, money)
    }
    for (const part of trade.makers) {
      const order = this.#orders.get(part.party.orderId)
      if (order === undefined) continue
      noteFill(order, trade, part.size, makerMoney(part))
      if (order.matched >= order.size) this.#settle(order, 'MATCHED')
      this.#listener.onOrder(order, 'UPDATE')
    }
  }
}

/** What is still wanted of an order, in shares: of a market order nothing, it never waits. */
export function remainingOf(order: DeskOrder): MicroShares {
  return isMarketOrder(order) ? zeroShares : subtract(order.size, order.matched)
}

/** What an open purchase may still cost, without its fee. */
export function remainingCost(order: DeskOrder): MicroUsd {
  return cost(order.price, remainingOf(order))
}

function requestOf(order: DeskOrder): OrderRequest {
  const { id, wallet, outcome, side, price, size, money, orderType, postOnly } = order
  const inDollars = isMarketOrder(order) && side === 'buy'
  return {
    id,
    owner: wallet,
    outcome,
    side,
    price,
    amount: inDollars ? { kind: 'dollars', dollars: money } : { kind: 'shares', shares: size },
    timeInForce: orderType === 'FOK' ? 'fok' : orderType === 'FAK' ? 'ioc' : 'gtc',
    postOnly,
  }
}

function noteFill(order: DeskOrder, trade: DeskTrade, size: MicroShares, money: MicroUsd): void {
  order.matched = add(order.matched, size)
  order.turnover = add(order.turnover, money)
  order.trades.push(trade.id)
}

function byPrice(fills: readonly EngineFill[]): readonly (readonly EngineFill[])[] {
  const levels = new Map<number, EngineFill[]>()
  for (const fill of fills) {
    const level = levels.get(fill.takerPrice) ?? []
    levels.set(fill.takerPrice, level)
    level.push(fill)
  }
  return [...levels.values()]
}

function digest(name: string): Buffer {
  return createHash('sha256').update(name).digest()
}
