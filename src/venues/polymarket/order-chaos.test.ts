import { expect, test } from 'vitest'

import { openingForEach } from '../../../test/polymarket/open-scene.ts'
import type { Trader, TradingScene } from '../../../test/polymarket/trading-scene.ts'
import { until } from '../../../test/polymarket/trading-scene.ts'
import type { Market } from '../../core/market.ts'
import type { Order } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import { microShares, ticks } from '../../core/units.ts'
import type { FaultName } from '../../exchange-sim/fault-names.ts'
import { VenueError } from '../venue-error.ts'

/** Everything goes wrong at once, and in the end our books are the venue's. */

const { open } = openingForEach()

const faults: readonly FaultName[] = [
  'http-429',
  'slow-reply',
  'lost-reply',
  'late-reply',
  'duplicate-user-event',
  'reordered-user-event',
  'user-disconnect',
  'trade-retried',
  'trade-failed',
  'heartbeat-lost',
  'signer-limit',
  'engine-restart',
]
const rounds = 60

test.each([1, 2])(
  'with every fault of the exchange no order is doubled and no fill is lost (seed %i)',
  async (seed) => {
    const scene = await open({ seed, faults, heartbeatMs: 10_000 })
    const trader = await scene.trader({ dollars: 10_000, timeoutMs: 1_500 })
    const random = new Random(seed)
    const orders: Order[] = []

    for (let round = 0; round < rounds; round++) {
      const batch = Array.from({ length: random.integer(1, 4) }, () => {
        return trader.order(pick(scene, random), change(random))
      })
      orders.push(...batch)
      trader.place(...batch)
      await pause(random.integer(20, 250))
      chase(trader, orders, random)
    }
    await ended(trader, orders)
    await trader.settled()
    await until(
      () => (trader.unsettled === 0 ? true : undefined),
      () => `the end of every fill; ${trader.unsettled} are open`,
      20_000,
    )

    expect(trader.audit().doubledOrders).toEqual([])
    for (const order of orders) {
      expect(trader.kinds(order).filter((kind) => kind === 'done')).toHaveLength(1)
    }
    trader.expectFillsOfVenue()
  },
  120_000,
)

function pick(scene: TradingScene, random: Random): Market {
  const markets = [...scene.markets.values()].filter(
    ({ status, fee, bookKind }) =>
      status === 'open' && fee.kind === 'known' && bookKind === 'mirrored',
  )
  return random.pick(markets)
}

/** Rests low, takes what is there, or takes all or nothing. */
function change(random: Random): Partial<Order> {
  const shares = microShares(random.integer(1, 3) * 10_000_000)
  const limit = ticks(random.integer(1, 9) * 1_000)
  switch (random.integer(0, 3)) {
    case 0:
      return { size: shares }
    case 1:
      return { size: shares, limit, timeInForce: 'ioc' }
    case 2:
      return { size: shares, limit }
    default:
      return { size: shares, limit, timeInForce: 'fok' }
  }
}

/** As an engine does: what is unknown is asked about, and some of what rests is cancelled. */
function chase(trader: Trader, orders: readonly Order[], random: Random): void {
  for (const order of orders) {
    const kinds = trader.kinds(order)
    if (kinds.includes('done')) continue
    if (kinds.at(-1) === 'unknown') trader.trading.gateway.query(order.id)
    else if (random.chance(0.1)) trader.trading.gateway.cancel(order.id)
  }
}

/** Cancels what rests and asks about the rest, until every order has its end. */
async function ended(trader: Trader, orders: readonly Order[]): Promise<void> {
  for (let tries = 0; tries < 60; tries++) {
    const open = orders.filter((order) => !trader.kinds(order).includes('done'))
    if (open.length === 0) return
    if (tries % 5 === 0) await cancelAll(trader)
    for (const { id } of open) trader.trading.gateway.query(id)
    await pause(1_000)
  }
  const open = orders.filter((order) => !trader.kinds(order).includes('done'))
  throw new Error(`no end of ${JSON.stringify(open.map((order) => trader.of(order)))}`)
}

async function cancelAll({ trading }: Trader): Promise<void> {
  try {
    await trading.gateway.cancelAll()
  } catch (error) {
    // A busy venue is asked again in a while.
    if (!(error instanceof VenueError)) throw error
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}
