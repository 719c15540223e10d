import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ClientOrderId } from '../../core/order.ts'
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
  exchange.kalshi?.setMode('open')
  for (const stop of stops.splice(0)) await stop()
})

async function trader(options: Parameters<typeof openTrader>[2] = {}): Promise<TradingScene> {
  const scene = await openTrader(exchange, tickers, options)
  stops.push(() => scene.stop())
  return scene
}

async function tells({ story }: TradingScene, id: ClientOrderId, word: string): Promise<void> {
  await until(
    () => story(id).includes(word),
    () => story(id),
  )
}

/** A status that is asked for so seldom that only a refusal can tell of a pause. */
const seldom = { status: { open: 3_600_000, closed: 50 } }

describe('a trading pause', () => {
  test('is told by the first order that meets it, and its end by asking', async () => {
    const scene = await trader({ waits: seldom })
    exchange.kalshi?.setMode('trading-paused')
    const refused = order(ticker)

    scene.gateway.place([refused])
    await tells(scene, refused.id, 'done venue-closed')
    expect(scene.statuses).toEqual(['closed trading-paused'])
    exchange.kalshi?.setMode('open')
    await until(() => scene.statuses.length === 2)

    expect(scene.statuses).toEqual(['closed trading-paused', 'open trading'])
    expect(exchange.kalshi?.audit(scene.keyId).orders).toEqual([])
  })

  test('is noticed without an order', async () => {
    const scene = await trader()

    exchange.kalshi?.setMode('trading-paused')
    await until(() => scene.statuses.length === 1)

    expect(scene.statuses).toEqual(['closed trading-paused'])
  })

  test('takes out what rests, as it was asked to', async () => {
    const scene = await trader()
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await tells(scene, resting.id, 'live')

    exchange.kalshi?.setMode('trading-paused')
    await tells(scene, resting.id, 'done venue-closed')

    expect(exchange.kalshi?.audit(scene.keyId).orders[0]?.status).toBe('canceled')
  })

  test('lets cancels pass', async () => {
    const scene = await trader({ cancelOnPause: false })
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await tells(scene, resting.id, 'live')

    exchange.kalshi?.setMode('trading-paused')
    scene.gateway.cancel(resting.id)
    await tells(scene, resting.id, 'done cancelled')
  })
})

describe('an exchange pause', () => {
  test('lets no cancel pass, and the cancel goes when it is over', async () => {
    const scene = await trader({ cancelOnPause: false })
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await tells(scene, resting.id, 'live')

    exchange.kalshi?.setMode('exchange-paused')
    scene.gateway.cancel(resting.id)
    await until(() => scene.statuses.includes('closed exchange-paused'))
    expect(scene.story(resting.id)).toEqual(['live'])
    exchange.kalshi?.setMode('open')
    await tells(scene, resting.id, 'done cancelled')
  })
})
