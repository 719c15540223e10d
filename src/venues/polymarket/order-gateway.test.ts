import { describe, expect, test } from 'vitest'
import { openingForEach } from '../../../test/polymarket/open-scene.ts'
import type { Trader } from '../../../test/polymarket/trading-scene.ts'
import { until } from '../../../test/polymarket/trading-scene.ts'
import { thisMachine } from '../../app/machine.ts'
import type { Market } from '../../core/market.ts'
import type { Order } from '../../core/order.ts'
import { complement, epochMs, microShares, ticks } from '../../core/units.ts'
import type { EpochMs } from '../../core/units.ts'
import { walletKinds } from '../../exchange-sim/chain/wallets.ts'

/** The gateway and the simulated exchange share no code, so each checks the other. */

const { open, proxied } = openingForEach()

const start = 0 as EpochMs
/** Buys at any price: what is offered is taken from the best on. */
const anyPrice = { limit: ticks(9_900), timeInForce: 'fok', size: microShares(20_000_000) } as const

function inSeconds(seconds: number): EpochMs {
  return epochMs(thisMachine.clock.epochMs() + seconds * 1_000)
}

/** Shares of YES of a market, bought by splitting, so that there is something to sell. */
async function withShares(trader: Trader, market: Market, shares: number): Promise<void> {
  const id = `split-${market.id}` as never
  trader.trading.settlement.submit(id, {
    kind: 'split',
    market: market.id,
    size: microShares(shares * 1_000_000),
  })
  expect(await trader.ended(id)).toMatchObject({ kind: 'final' })
}

describe('an order that rests', () => {
  test('is live, is listed, and ends when it is cancelled', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const order = trader.order(scene.plain())

    trader.place(order)
    const live = await trader.told(order, 'live')
    const account = await trader.trading.gateway.readAccount(start)
    trader.trading.gateway.cancel(order.id)
    const done = await trader.told(order, 'done')

    expect(account).toMatchObject({
      cash: 1_000_000_000,
      positions: [],
      openOrders: [{ venueOrder: live.venueOrder, order: order.id, market: order.market }],
    })
    expect(done.reason).toBe('cancelled')
    expect(trader.kinds(order)).toEqual(['live', 'done'])
  })

  test('for a time is taken with its end, and one that ends at once is refused', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    const long = trader.order(market, { timeInForce: 'gtd', expiresAt: inSeconds(300) })
    const over = trader.order(market, { timeInForce: 'gtd', expiresAt: inSeconds(-10) })

    trader.place(long)
    trader.place(over)

    await trader.told(long, 'live')
    expect(await trader.told(over, 'done')).toMatchObject({ reason: 'expiration' })
  })

  test('for a time ends when the venue ends it', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const order = trader.order(scene.plain(), { timeInForce: 'gtd', expiresAt: inSeconds(1) })

    trader.place(order)
    const done = await trader.told(order, 'done')

    expect(trader.kinds(order)).toEqual(['live', 'done'])
    expect(done.reason).toBe('cancelled')
  })

  test('and may only rest is refused where it would trade', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    const rests = trader.order(market, { postOnly: true })
    const crosses = trader.order(market, { postOnly: true, limit: ticks(9_900) })

    trader.place(rests)
    trader.place(crosses)

    await trader.told(rests, 'live')
    expect(await trader.told(crosses, 'done')).toMatchObject({ reason: 'post-only-would-cross' })
    expect(trader.kinds(crosses)).toEqual(['done'])
  })

  test.each(['sells the same', 'buys the other outcome'] as const)(
    'is filled as its maker, without a fee, when another %s',
    async (how) => {
      const scene = await open()
      const [maker, taker] = [await scene.trader(), await scene.trader()]
      const markets = await scene.wide()
      for (const market of markets) await withShares(taker, market, 10)

      // The others quote on meanwhile, so one may be outbid or find the gap closed.
      let met: Order | undefined
      for (let tries = 0; tries < 10 && met === undefined; tries++) {
        const market = markets[tries % markets.length]
        const bid = market === undefined ? undefined : await scene.bidWithin(market)
        if (market === undefined || bid === undefined) continue
        const rests = maker.order(market, { limit: bid, postOnly: true })
        maker.place(rests)
        await until(
          () => maker.of(rests)[0],
          () => 'an answer',
        )
        if (maker.kinds(rests)[0] !== 'live') continue
        const other = { limit: complement(bid), instrument: market.no.id, outcome: 'no' } as const
        const same = { limit: bid, side: 'sell' } as const
        const meets = taker.order(market, {
          ...(how === 'sells the same' ? same : other),
          timeInForce: 'ioc',
        })
        taker.place(meets)
        await taker.told(meets, 'done')
        if (maker.kinds(rests).includes('filled')) met = rests
      }
      if (met === undefined) throw new Error('others were faster ten times')
      await maker.settled()
      await taker.settled()

      const fills = maker.of(met).flatMap((update) => (update.kind === 'filled' ? update.fill : []))
      for (const fill of fills) {
        expect(fill).toMatchObject({ liquidity: 'maker', price: met.limit, fee: 0 })
      }
      maker.expectFillsOfVenue()
      taker.expectFillsOfVenue()
    },
    60_000,
  )
})

describe('an order that trades', () => {
  test('is filled, mined and confirmed, to the micro-dollar of the chain', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const order = trader.order(scene.plain(), anyPrice)

    trader.place(order)
    const done = await trader.told(order, 'done')
    await trader.told(order, 'fill-settled')
    const audit = await trader.settled()

    expect(done.reason).toBe('filled')
    trader.expectFillsOfVenue()
    const spent = trader
      .of(order)
      .reduce(
        (sum, update) =>
          update.kind === 'filled' ? sum + update.fill.notional + update.fill.fee : sum,
        0,
      )
    expect(Number(audit.cash)).toBe((1_000_000_000 - spent) / 1e6)
  })

  test('fill-or-kill is killed whole where there is too little', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const order = trader.order(scene.plain(), { timeInForce: 'fok', limit: ticks(200) })

    // A dollar's worth, and nobody sells that low.
    const big = { ...order, size: microShares(100_000_000) }
    trader.place(big)

    expect(await trader.told(order, 'done')).toMatchObject({ reason: 'killed' })
    expect(trader.kinds(order)).toEqual(['done'])
  })

  test('immediate-or-cancel takes what is there and ends', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    await withShares(trader, market, 900)
    const order = trader.order(market, {
      side: 'sell',
      limit: ticks(100),
      timeInForce: 'ioc',
      size: microShares(900_000_000),
    })

    trader.place(order)
    const done = await trader.told(order, 'done')
    await trader.settled()

    expect(['filled', 'cancelled']).toContain(done.reason)
    expect(trader.kinds(order)).toContain('filled')
    trader.expectFillsOfVenue()
  })

  test('a trade that fails to settle takes its fill back', async () => {
    const scene = await open()
    const trader = await scene.trader()
    scene.exchange.polymarket.failNextTrades(50)
    const order = trader.order(scene.plain(), anyPrice)

    trader.place(order)
    await trader.told(order, 'fill-reversed')
    const audit = await trader.settled()

    const filled = trader.kinds(order).filter((kind) => kind === 'filled')
    const reversed = trader.kinds(order).filter((kind) => kind === 'fill-reversed')
    expect(reversed.length).toBe(filled.length)
    expect(audit.cash).toBe('1000')
    trader.expectFillsOfVenue()
  })

  test('waits out the delay of a sports market, and then is told of', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.market(({ slug }) => slug === 'rovers-beat-united')
    const order = trader.order(market, anyPrice)

    trader.place(order)
    const done = await trader.told(order, 'done')
    await trader.settled()

    expect(done.reason).toBe('filled')
    trader.expectFillsOfVenue()
  })
})

describe('several orders', () => {
  test('go as one batch, and each has its own verdict', async () => {
    const scene = await open()
    const proxy = await proxied(scene, () => 'pass')
    const trader = await scene.trader({ hosts: { clobUrl: proxy.url } })
    const market = scene.plain()
    const orders = [
      trader.order(market),
      trader.order(market, { postOnly: true, limit: ticks(9_900) }),
      trader.order(market, { timeInForce: 'fok', size: microShares(100_000_000) }),
      trader.order(market, { size: microShares(4_000_000) }),
      trader.order(market, anyPrice),
      trader.order(market, { limit: ticks(250), size: microShares(10_000) }),
    ]

    trader.place(...orders)
    const [rests, crosses, killed, small, buys, offGrid] = orders as [
      Order,
      Order,
      Order,
      Order,
      Order,
      Order,
    ]
    await trader.told(rests, 'live')
    await trader.told(buys, 'done')

    const reasonOf = async (order: Order): Promise<string> =>
      (await trader.told(order, 'done')).reason
    expect(await reasonOf(crosses)).toBe('post-only-would-cross')
    expect(await reasonOf(killed)).toBe('killed')
    expect(await reasonOf(small)).toBe('size-too-small')
    expect(await reasonOf(buys)).toBe('filled')
    // Refused here: what cannot be said in the venue's steps is never sent.
    expect(await reasonOf(offGrid)).toBe('off-grid')
    expect(proxy.calls.filter((call) => call.startsWith('POST /order'))).toEqual(['POST /orders'])
  })

  test('more than fifteen go in several batches', async () => {
    const scene = await open()
    const proxy = await proxied(scene, () => 'pass')
    const trader = await scene.trader({ hosts: { clobUrl: proxy.url } })
    const market = scene.plain()
    const orders = Array.from({ length: 31 }, () => trader.order(market))

    trader.place(...orders)
    for (const order of orders) await trader.told(order, 'live')

    const posts = proxy.calls.filter((call) => call.startsWith('POST /order'))
    expect(posts.toSorted()).toEqual(['POST /order', 'POST /orders', 'POST /orders'])
    expect(trader.audit().orders.length).toBe(31)
  })

  test('are all cancelled, and that is verified', async () => {
    const scene = await open()
    const trader = await scene.trader()
    const market = scene.plain()
    const orders = Array.from({ length: 5 }, () => trader.order(market))
    trader.place(...orders)
    for (const order of orders) await trader.told(order, 'live')

    const result = await trader.trading.gateway.cancelAll()

    expect(result).toEqual({ cancelled: 5, stillOpen: [] })
    for (const order of orders) await trader.told(order, 'done')
    expect((await trader.trading.gateway.readAccount(start)).openOrders).toEqual([])
  })
})

describe('another program with the same key', () => {
  test('takes on the orders of the one before, by name or without', async () => {
    const scene = await open()
    const before = await scene.trader()
    const market = scene.plain()
    const sentAt = thisMachine.clock.epochMs()
    const resting = before.order(market)
    const bought = before.order(market, anyPrice)
    const never = before.order(market)
    before.place(resting, bought)
    await before.told(resting, 'live')
    await before.told(bought, 'done')
    await before.stop()

    const { kit, kind, wallet } = before.identity
    const after = await scene.traderOf(kit, kind, wallet)
    const sent = [resting, bought, never].map((order) => ({ order, sentAt }))
    await after.trading.gateway.adopt(sent)
    const account = await after.trading.gateway.readAccount(sentAt)

    await after.told(resting, 'live')
    await after.told(bought, 'filled')
    expect(await after.told(never, 'done')).toMatchObject({ reason: 'not-landed' })
    expect(await after.told(bought, 'done', 10_000)).toBeDefined()
    after.expectFillsOfVenue()
    expect(account.openOrders.map(({ order }) => order)).toEqual([resting.id])
    expect(new Set(account.fills.map(({ order }) => order))).toEqual(new Set([bought.id]))
    expect(account.positions.map(({ instrument }) => instrument)).toEqual([market.yes.id])
  }, 30_000)
})

describe.each(walletKinds)('a wallet that is a %s', (kind) => {
  test.each(['standard', 'neg-risk'] as const)(
    'places orders on the %s exchange',
    async (which) => {
      const scene = await open()
      const trader = await scene.trader({ kind })
      const market = which === 'standard' ? scene.plain() : scene.market(({ negRisk }) => negRisk)
      const order = trader.order(market)

      trader.place(order)

      await trader.told(order, 'live')
      expect((await trader.trading.gateway.readAccount(start)).cash).toBe(1_000_000_000)
    },
  )
})
