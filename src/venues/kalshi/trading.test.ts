import { inspect } from 'node:util'
import { afterEach, describe, expect, test } from 'vitest'
import type { Fill, Order, TimeInForce } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import { microShares, ticks } from '../../core/units.ts'
import type { Exchange } from '../../exchange-sim/exchange.ts'
import { faultNames } from '../../exchange-sim/fault-names.ts'
import type { TradingScene } from '../../../test/kalshi/trading-scene.ts'
import {
  joinTrader,
  openExchange,
  openTickers,
  openTrader,
  order,
  until,
} from '../../../test/kalshi/trading-scene.ts'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function open(faults: Parameters<typeof openExchange>[0]) {
  const exchange = await openExchange(faults)
  stops.push(() => exchange.stop())
  const tickers = await openTickers(exchange)
  const scene = await openTrader(exchange, tickers)
  stops.push(() => scene.stop())
  return { exchange, tickers, scene }
}

describe('trading where everything goes wrong', () => {
  test('ends each order once, and agrees with the venue to the last fill and cent', async () => {
    const { exchange, tickers, scene } = await open(faultNames)
    const random = new Random(5)
    const orders = Array.from({ length: 100 }, () => anyOrder(tickers, random))

    for (let first = 0; first < orders.length; first += 2) {
      scene.gateway.place(orders.slice(first, first + 2))
      disturb(exchange, scene, first)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    await bringToEnd(scene, orders)

    const told = exchange.kalshi?.audit(scene.keyId)
    const fills = scene.updates.flatMap((update) => {
      return update.kind === 'filled' ? [update.fill] : []
    })
    expect(scene.updates.filter(({ kind }) => kind === 'done')).toHaveLength(orders.length)
    expect(fills.length).toBeGreaterThan(10)
    expect(fills.map(({ venueTradeId }) => venueTradeId).toSorted()).toEqual(
      told?.fills.map(({ trade }) => trade).toSorted(),
    )
    const { money, nets } = netOf(orders, fills)
    expect(Math.round(Number(told?.cash) * 1e6)).toBe(1_000_000_000 + money)
    const held = told?.positions.map(({ instrument, size }) => {
      return [instrument, Math.round(Number(size) * 1e6)] as const
    })
    expect(new Map(held)).toEqual(nets)
    expect(told?.doubledOrders).toEqual([])
    expect(told?.orders.filter(({ status }) => status === 'resting')).toEqual([])
    expect(scene.log.lines).not.toContain('an order is told of oddly')
  }, 60_000)
})

describe('the private key', () => {
  test('is in nothing that can be looked at, and in no error', async () => {
    const { exchange, tickers, scene } = await open([])
    const key = { ...scene.key, keyId: '11111111-2222-4333-8444-555555555555' }
    const error: unknown = await joinTrader(exchange, tickers, { key }).catch(
      (failed: unknown) => failed,
    )

    const options = { depth: 20, showHidden: true }
    const text = inspect([scene.gateway, scene.settlement, error], options)

    const secret = scene.key.privateKeyPem.split('\n')[1] ?? ''
    expect(secret.length).toBeGreaterThan(40)
    expect(text).not.toContain(secret)
    expect(text).not.toContain('PRIVATE KEY')
    expect(String(error)).toContain('VenueError')
  })
})

function anyOrder(tickers: readonly string[], random: Random): Order {
  const timesInForce: readonly TimeInForce[] = ['ioc', 'fok', 'gtc']
  const timeInForce = random.pick(timesInForce)
  return order(tickers[random.integer(0, 5)] ?? '', {
    outcome: random.chance(0.5) ? 'yes' : 'no',
    side: random.chance(0.3) ? 'sell' : 'buy',
    limit: ticks(random.integer(1, 99) * 100),
    size: microShares(random.integer(1, 600) * 10_000),
    timeInForce,
    postOnly: timeInForce === 'gtc' && random.chance(0.3),
  })
}

function disturb({ kalshi }: Exchange, { keyId }: TradingScene, index: number): void {
  if (index % 20 === 18) kalshi?.cutSockets(keyId)
  if (index === 40) kalshi?.setMode('exchange-paused')
  if (index === 50) kalshi?.setMode('open')
  if (index === 60) kalshi?.spoil('failed', 2)
  if (index === 70) kalshi?.spoil('lost', 2)
}

/** As the engine does: what is unknown is asked about, and what rests is cancelled. */
async function bringToEnd(scene: TradingScene, orders: readonly Order[]): Promise<void> {
  const asked = new Set<string>()
  const cancelled = new Set<string>()
  const isOver = ({ id }: Order) => scene.story(id).some((word) => word.startsWith('done'))
  await until(
    () => {
      for (const { id } of orders.filter((each) => !isOver(each))) {
        const story = scene.story(id)
        if (story.some((word) => word.startsWith('unknown')) && !asked.has(id)) {
          asked.add(id)
          scene.gateway.query(id)
        }
        if (story.includes('live') && !cancelled.has(id)) {
          cancelled.add(id)
          scene.gateway.cancel(id)
        }
      }
      return orders.every(isOver)
    },
    () => orders.filter((each) => !isOver(each)).map(({ id }) => scene.story(id)),
  )
}

/**
 * What our fills come to at a venue where a position is one number: the cash, with a dollar for
 * each pair of YES and NO, and what is left of each market.
 */
function netOf(
  orders: readonly Order[],
  fills: readonly Fill[],
): { money: number; nets: ReadonlyMap<string, number> } {
  const byId = new Map(orders.map((each) => [each.id, each]))
  const held = new Map<string, { yes: number; no: number }>()
  let money = 0
  for (const { order: id, size, notional, fee } of fills) {
    const { market, outcome, side } = byId.get(id) ?? orders[0] ?? order('')
    const of = held.get(market) ?? { yes: 0, no: 0 }
    held.set(market, of)
    const sign = side === 'buy' ? 1 : -1
    of[outcome] += sign * size
    money -= sign * notional + fee
  }
  const nets = new Map<string, number>()
  for (const [market, { yes, no }] of held) {
    money += yes > no ? no : yes
    if (yes !== no) nets.set(market, yes - no)
  }
  return { money, nets }
}
