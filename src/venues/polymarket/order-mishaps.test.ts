import { describe, expect, test } from 'vitest'
import { openingForEach } from '../../../test/polymarket/open-scene.ts'
import { until } from '../../../test/polymarket/trading-scene.ts'
import { microShares, ticks } from '../../core/units.ts'

/** What goes wrong between the gateway and the venue, and what becomes of orders then. */

const { open, proxied, deafChannel } = openingForEach()

/** Buys at any price: what is offered is taken from the best on. */
const anyPrice = { limit: ticks(9_900), timeInForce: 'fok', size: microShares(20_000_000) } as const

describe('an answer that is lost', () => {
  test.each([
    ['that rests', {}, ['unknown', 'live']],
    ['that was filled', anyPrice, ['unknown', 'done']],
    [
      'that was killed',
      { timeInForce: 'fok', size: microShares(100_000_000) },
      ['unknown', 'done'],
    ],
  ] as const)(
    'of an order %s makes it unknown, a query finds out, and nothing is sent twice',
    async (_, changes, kinds) => {
      const scene = await open()
      const proxy = await proxied(scene, (call) =>
        call === 'POST /order' ? 'lose-answer' : 'pass',
      )
      // The channel would tell before the answer is missed.
      const userSocketUrl = await deafChannel()
      const trader = await scene.trader({ hosts: { clobUrl: proxy.url, userSocketUrl } })
      const order = trader.order(scene.plain(), changes)

      trader.place(order)
      await trader.told(order, 'unknown')
      trader.trading.gateway.query(order.id)
      await trader.told(order, kinds[1], 15_000)

      expect(trader.kinds(order)).toEqual(expect.arrayContaining([...kinds]))
      expect(proxy.calls.filter((call) => call === 'POST /order')).toHaveLength(1)
      await trader.settled()
      trader.expectFillsOfVenue()
      expect(trader.audit().doubledOrders).toEqual([])
    },
    20_000,
  )

  test('that never comes makes an order unknown, and it is not absent while it is on its way', async () => {
    const scene = await open()
    const proxy = await proxied(scene, (call) =>
      call === 'POST /order' ? { delayMs: 5_500 } : 'pass',
    )
    const trader = await scene.trader({ hosts: { clobUrl: proxy.url }, timeoutMs: 10_000 })
    const order = trader.order(scene.plain())

    trader.place(order)
    // The engine asks by its own clock, long before the request has ended.
    trader.trading.gateway.query(order.id)
    await trader.told(order, 'live', 12_000)

    expect(trader.kinds(order)).not.toContain('done')
  }, 20_000)

  test('of an order that never came is found out too', async () => {
    const scene = await open()
    const trader = await scene
      .trader({ hosts: { clobUrl: 'http://127.0.0.1:9' } })
      .catch((error: unknown) => error)

    expect(trader).toMatchObject({ code: 'UNREACHABLE', landed: 'no' })
  })
})

describe('the user channel', () => {
  test('may repeat, reorder and break off: each fill is told once', async () => {
    const scene = await open({
      faults: ['duplicate-user-event', 'reordered-user-event', 'trade-retried', 'trade-failed'],
    })
    const trader = await scene.trader({ dollars: 10_000 })
    const market = scene.plain()
    for (let round = 0; round < 25; round++) {
      const order = trader.order(market, { ...anyPrice, size: microShares(4_000_000) })
      trader.place(order)
      if (round % 5 === 2) scene.exchange.polymarket.cutUserSockets()
      await trader.told(order, 'done', 15_000)
    }
    await trader.settled()
    await until(
      () => (trader.unsettled === 0 ? true : undefined),
      () => `every fill settled or reversed: ${trader.unsettled} are not`,
    )

    trader.expectFillsOfVenue()
  }, 60_000)

  test('that breaks off is followed by a reading: what ended meanwhile is told', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const { kit, kind, wallet } = trader.identity
    const other = await scene.traderOf(kit, kind, wallet)
    const order = trader.order(scene.plain())
    trader.place(order)
    await trader.told(order, 'live')

    scene.exchange.polymarket.cutUserSockets()
    await other.trading.gateway.cancelAll()

    expect(await trader.told(order, 'done')).toMatchObject({ reason: 'cancelled' })
  })
})

describe('the venue', () => {
  test('that restarts is closed until it is back, and what it refuses is over', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    scene.exchange.polymarket.restart(1_500, 0)
    const order = trader.order(market)

    trader.place(order)
    const done = await trader.told(order, 'done')
    await until(
      () => (trader.statuses.includes('open restarting') ? true : undefined),
      () => 'the venue is back',
    )
    const again = trader.order(market)
    trader.place(again)
    await trader.told(again, 'live')

    expect(done.reason).toBe('restarting')
    expect(trader.statuses).toEqual(['closed restarting', 'open restarting'])
  })

  test('that takes only what rests says for how long', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    scene.exchange.polymarket.restart(0, 1_500)
    const order = trader.order(market, anyPrice)

    trader.place(order)
    const done = await trader.told(order, 'done')
    await until(
      () => (trader.statuses.includes('open post-only') ? true : undefined),
      () => 'the venue is back',
    )

    expect(done.reason).toBe('post-only')
    expect(trader.statuses).toEqual(['closed post-only', 'open post-only'])
  })

  test('that has had too much of us is left alone for as long as it says', async () => {
    const scene = await open()
    const proxy = await proxied(scene, (call) => (call === 'POST /orders' ? 'too-many' : 'pass'))
    const trader = await scene.trader({ hosts: { clobUrl: proxy.url } })
    const market = scene.plain()
    const refused = Array.from({ length: 15 }, () => trader.order(market))

    trader.place(...refused)
    for (const order of refused) {
      expect(await trader.told(order, 'done')).toMatchObject({ reason: 'rate-limited' })
    }
    await until(
      () => (trader.statuses.includes('open rate-limited') ? true : undefined),
      () => 'it may be sent to again',
    )
    const again = trader.order(market)
    trader.place(again)
    await trader.told(again, 'live')

    expect(trader.statuses).toEqual(['closed rate-limited', 'open rate-limited'])
    expect(trader.audit().orders).toHaveLength(1)
  })

  test('cancels what rests when we are dead, and not before', async () => {
    const scene = await open({ heartbeatMs: 7_000 })
    const trader = await scene.trader()
    const order = trader.order(scene.plain())
    trader.place(order)
    await trader.told(order, 'live')

    await new Promise((resolve) => {
      setTimeout(resolve, 8_000)
    })
    const alive = scene.exchange.polymarket.audit(trader.identity.wallet).orders[0]?.status
    await trader.stop()
    await until(
      () => (trader.audit().orders[0]?.status === 'CANCELED' ? true : undefined),
      () => 'the venue cancels',
    )

    expect(alive).toBe('LIVE')
  }, 30_000)
})
