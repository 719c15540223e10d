import { assert } from '../core/assert.ts'
import type { Market } from '../core/market.ts'
import type { BasketId, ClientOrderId, Order } from '../core/order.ts'
import { ceilToGrid, stepAt } from '../core/price-grid.ts'
import type { ExecutionIntent, ExecutionReport } from '../core/signal.ts'
import type { MicroShares, Nanos, Ticks } from '../core/units.ts'
import { floorToLot, max, min, subtract, ticksPerUsd, zeroShares } from '../core/units.ts'
import { filledSize } from './filled-size.ts'
import type { Planned } from './plan-basket.ts'

/** Shares that a basket has left in our hands, and the price at which we thought of them. */
export type Leftover = {
  readonly order: Order
  readonly size: MicroShares
}

/**
 * What a basket that did not come about has left us with: shares bought without their partners, or
 * the half of a split pair that was not sold. Pairs of one market are left out: they merge at par.
 */
export function leftoversOf(intent: ExecutionIntent, report: ExecutionReport): Leftover[] {
  const held = intent.orders.map((order) => ({ order, size: heldOf(intent, order, report) }))
  return held
    .map((one) => {
      const partner = held.find(
        ({ order }) => order.market === one.order.market && order.outcome !== one.order.outcome,
      )
      return {
        order: one.order,
        size: subtract(one.size, min(one.size, partner?.size ?? zeroShares)),
      }
    })
    .filter(({ size }) => size > 0)
}

function heldOf(intent: ExecutionIntent, order: Order, report: ExecutionReport): MicroShares {
  const filled = filledSize(order, report)
  if (intent.purpose === 'unwind') return subtract(order.size, filled)
  if (order.side === 'buy') return filled
  const isSplit = intent.signal.realisation === 'split'
  const soldAny = intent.orders.some((one) => filledSize(one, report) > 0)
  return isSplit && soldAny ? subtract(order.size, filled) : zeroShares
}

export type UnwindLimits = {
  /** How far below the basket's price a share may be sold to be rid of it. */
  readonly slipMax: Ticks
  readonly attemptsMax: number
  /** Between one try and the next, after the first. */
  readonly pauseNanos: Nanos
}

/**
 * Sells leftovers at the bid, at once and within a stated loss. Undefined when none can be sold.
 */
export function planUnwind(
  opened: ExecutionIntent,
  leftovers: readonly Leftover[],
  marketOf: (order: Order) => Market | undefined,
  limits: UnwindLimits,
  { number, at, atMs }: Planned,
): ExecutionIntent | undefined {
  assert(number >= 1, 'the attempts to unwind are counted from one')
  const basket = `${opened.basket}-U${number}` as BasketId
  const orders = leftovers.flatMap(({ order, size }) => {
    const market = marketOf(order)
    const sold = market === undefined ? zeroShares : floorToLot(size, market.lot)
    if (market === undefined || sold === 0) return []
    return [unwindOrder(order, market, sold, worstOf(order, opened, limits.slipMax))]
  })
  if (orders.length === 0) return undefined
  return {
    basket,
    purpose: 'unwind',
    signal: opened.signal,
    orders: orders.map((order, legIndex) => ({
      ...order,
      id: `${basket}-${legIndex + 1}` as ClientOrderId,
      basket,
      legIndex,
    })),
    createdAt: at,
    createdAtMs: atMs,
  }
}

/** The least we take, by the price of the basket: further tries do not lower it. */
function worstOf({ instrument }: Order, { orders }: ExecutionIntent, slipMax: Ticks): Ticks {
  const planned = orders.find((order) => order.instrument === instrument)
  assert(planned !== undefined, `what is unwound was part of the basket: ${instrument}`)
  return max(0, planned.limit - slipMax) as Ticks
}

function unwindOrder(order: Order, market: Market, size: MicroShares, worst: Ticks): Order {
  const lowest = stepAt(market.grid, 0 as Ticks)
  const limit = min(max(ceilToGrid(market.grid, worst), lowest), highestOf(market))
  return { ...order, side: 'sell', limit, size, timeInForce: 'ioc', postOnly: false }
}

function highestOf({ grid }: Market): Ticks {
  return (ticksPerUsd - stepAt(grid, ticksPerUsd as Ticks)) as Ticks
}
