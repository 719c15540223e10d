import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { microShares } from '../../core/units.ts'
import type { Exchange } from '../../exchange-sim/exchange.ts'
import type { TradingScene } from '../../../test/kalshi/trading-scene.ts'
import {
  openExchange,
  openTickers,
  openTrader,
  order,
  restingOrder,
  until,
} from '../../../test/kalshi/trading-scene.ts'

let exchange: Exchange
let tickers: readonly string[]
let ticker: string
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  exchange = await openExchange()
  tickers = await openTickers(exchange)
  ticker = tickers[0] ?? ''
})
afterAll(() => exchange.stop())
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

/** A trader of whom no more than eight contracts may match in 15 seconds. */
async function guarded(): Promise<TradingScene> {
  const scene = await openTrader(exchange, tickers, { guard: microShares(8_900_000) })
  stops.push(() => scene.stop())
  return scene
}

describe('a guard of orders', () => {
  test('stops everything at the venue once too much has matched, until it is reset', async () => {
    const scene = await guarded()
    const [rests, first, second, late, after] = [
      restingOrder(ticker),
      order(ticker),
      order(ticker),
      order(ticker),
      order(ticker, { size: microShares(1_000_000) }),
    ]
    const isOver = (id: typeof late.id) => scene.story(id).some((word) => word.startsWith('done'))

    scene.gateway.place([rests])
    await until(() => scene.story(rests.id).includes('live'))
    scene.gateway.place([first])
    await until(() => isOver(first.id))
    scene.gateway.place([second])
    await until(() => scene.statuses.length > 0 && isOver(rests.id))
    scene.gateway.place([late])
    await until(() => isOver(late.id))
    await scene.gateway.resetGuard()
    scene.gateway.place([after])
    await until(() => isOver(after.id))

    expect(scene.story(second.id).at(-1)).toBe('done filled')
    expect(scene.story(rests.id)).toEqual(['live', 'done cancelled'])
    expect(scene.story(late.id)).toEqual(['done order-group-limit'])
    expect(scene.statuses).toEqual(['closed order-group-limit', 'open order-group-reset'])
    expect(scene.story(after.id).at(-1)).toBe('done filled')
  })

  test('goes with us, and takes what rests along', async () => {
    const scene = await openTrader(exchange, tickers, { guard: microShares(8_000_000) })
    const rests = restingOrder(ticker)
    scene.gateway.place([rests])
    await until(() => scene.story(rests.id).includes('live'))

    await scene.stop()

    expect(exchange.kalshi?.audit(scene.keyId).orders[0]?.status).toBe('canceled')
  })
})
