import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import type { ClientOrderId } from '../../core/order.ts'
import { microShares, ticks } from '../../core/units.ts'
import type { Exchange } from '../../exchange-sim/exchange.ts'
import type { TradingScene } from '../../../test/kalshi/trading-scene.ts'
import {
  configOf,
  joinTrader,
  noReturn,
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
  exchange.kalshi?.setReadLag(0)
  for (const stop of stops.splice(0)) await stop()
})

/** A trader whose channel is cut and stays so: what becomes of orders must be asked. */
async function deafTrader(): Promise<TradingScene> {
  const scene = await openTrader(exchange, tickers, { config: configOf(exchange, noReturn) })
  stops.push(() => scene.stop())
  exchange.kalshi?.cutSockets(scene.keyId)
  await until(() => scene.log.lines.includes('the channels of the account are gone'))
  return scene
}

async function isOver({ story }: TradingScene, id: ClientOrderId): Promise<void> {
  await until(
    () => story(id).some((word) => word.startsWith('done')),
    () => story(id),
  )
}

async function isUnknown({ story }: TradingScene, id: ClientOrderId): Promise<void> {
  await until(
    () => story(id).some((word) => word.startsWith('unknown')),
    () => story(id),
  )
}

describe('an order whose answer is lost', () => {
  test.each(['lost', 'failed'] as const)('and that landed (%s) is found', async (mishap) => {
    const scene = await deafTrader()
    const bought = order(ticker)
    exchange.kalshi?.spoil(mishap, 1)

    scene.gateway.place([bought])
    await isUnknown(scene, bought.id)
    scene.gateway.query(bought.id)
    await isOver(scene, bought.id)

    const told = exchange.kalshi?.audit(scene.keyId)
    const story = scene.story(bought.id)
    expect(story[0]).toMatch(/^unknown/)
    expect(story.at(-1)).toBe('done filled')
    expect(story.filter((word) => word === 'filled')).toHaveLength(told?.fills.length ?? -1)
    expect(told?.orders.map(({ intent }) => intent)).toEqual([bought.id])
  })

  test('and that never landed is believed so only after two reads, and not sent again', async () => {
    const scene = await deafTrader()
    const bought = order(ticker)
    exchange.kalshi?.spoil('unserved', 1)

    scene.gateway.place([bought])
    await isUnknown(scene, bought.id)
    scene.gateway.query(bought.id)
    await isOver(scene, bought.id)

    expect(scene.story(bought.id)).toEqual(['unknown unclear', 'done not-landed'])
    expect(exchange.kalshi?.audit(scene.keyId).orders).toEqual([])
  })

  test('is not taken for lost by reads that are older than it', async () => {
    const scene = await deafTrader()
    const bought = order(ticker)
    exchange.kalshi?.setReadLag(900)
    exchange.kalshi?.spoil('lost', 1)

    scene.gateway.place([bought])
    await isUnknown(scene, bought.id)
    scene.gateway.query(bought.id)
    await isOver(scene, bought.id)

    expect(scene.story(bought.id).at(-1)).toBe('done filled')
  })

  test('and that rests is told to be live, and can be cancelled', async () => {
    const scene = await deafTrader()
    const resting = restingOrder(ticker)
    exchange.kalshi?.spoil('lost', 1)

    scene.gateway.place([resting])
    await isUnknown(scene, resting.id)
    scene.gateway.cancel(resting.id)
    scene.gateway.query(resting.id)
    await isOver(scene, resting.id)

    expect(scene.story(resting.id).slice(1)).toEqual(['live', 'done cancelled'])
  })

  test('in a batch leaves each of its orders to be asked about', async () => {
    const scene = await deafTrader()
    const [one, two] = [order(ticker), restingOrder(ticker)]
    exchange.kalshi?.spoil('lost', 1)

    scene.gateway.place([one, two])
    await isUnknown(scene, one.id)
    scene.gateway.query(one.id)
    scene.gateway.query(two.id)
    await isOver(scene, one.id)
    await until(() => scene.story(two.id).includes('live'))

    expect(exchange.kalshi?.audit(scene.keyId).doubledOrders).toEqual([])
    expect(exchange.kalshi?.audit(scene.keyId).orders).toHaveLength(2)
  })
})

describe('a conflict', () => {
  test('with an order of another run is a refusal once it is read back', async () => {
    const scene = await deafTrader()
    const first = order(ticker)
    scene.gateway.place([first])
    await isOver(scene, first.id)
    const config = configOf(exchange, noReturn)
    const later = await joinTrader(exchange, tickers, { key: scene.key, config })
    stops.push(() => later.stop())

    const second = order(ticker, {
      id: first.id,
      limit: ticks(9_800),
      size: microShares(2_000_000),
    })
    later.gateway.place([second])
    await isUnknown(later, second.id)
    later.gateway.query(second.id)
    await isOver(later, second.id)

    expect(later.story(second.id)).toEqual(['unknown duplicate', 'done duplicate'])
    expect(exchange.kalshi?.audit(scene.keyId).orders).toHaveLength(1)
  })

  test('with itself is a fill once it is read back', async () => {
    const scene = await deafTrader()
    const first = order(ticker)
    scene.gateway.place([first])
    await isOver(scene, first.id)
    const config = configOf(exchange, noReturn)
    const later = await joinTrader(exchange, tickers, { key: scene.key, config })
    stops.push(() => later.stop())

    later.gateway.place([first])
    await isUnknown(later, first.id)
    later.gateway.query(first.id)
    await isOver(later, first.id)

    expect(later.story(first.id)).toEqual(['unknown duplicate', ...scene.story(first.id)])
  })
})

describe('too many calls', () => {
  test('end as a refusal, after which the next order goes', async () => {
    const scene = await deafTrader()
    const [refused, bought] = [order(ticker), order(ticker)]
    exchange.kalshi?.spoil('limited', 1)

    scene.gateway.place([refused])
    await isOver(scene, refused.id)
    // We hold back ourselves for a moment, and then there are tokens again.
    await new Promise<void>((resolve) => void thisMachine.timers.after(400, resolve))
    scene.gateway.place([bought])
    await isOver(scene, bought.id)

    expect(scene.story(refused.id)).toEqual(['done rate-limited'])
    expect(scene.story(bought.id).at(-1)).toBe('done filled')
    expect(exchange.kalshi?.audit(scene.keyId).orders).toHaveLength(1)
  })
})
