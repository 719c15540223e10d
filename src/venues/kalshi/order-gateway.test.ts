import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { Configuration, OrdersApi, PortfolioApi } from 'kalshi-typescript'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { ClientOrderId, VenueOrderId } from '../../core/order.ts'
import { complement, cost, epochMs, microShares, ticks } from '../../core/units.ts'
import type { Exchange } from '../../exchange-sim/exchange.ts'
import {
  joinTrader,
  openExchange,
  openTickers,
  openTrader,
  order,
  restingOrder,
  until,
} from '../../../test/kalshi/trading-scene.ts'
import type { TradingScene } from '../../../test/kalshi/trading-scene.ts'

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
  exchange.kalshi?.setReadLag(0)
  for (const stop of stops.splice(0)) await stop()
})

async function trader(options: Parameters<typeof openTrader>[2] = {}): Promise<TradingScene> {
  const scene = await openTrader(exchange, tickers, options)
  stops.push(() => scene.stop())
  return scene
}

function audit(keyId: string) {
  const told = exchange.kalshi?.audit(keyId)
  if (told === undefined) throw new Error('the exchange has no face as Kalshi')
  return told
}

async function done({ story }: Pick<TradingScene, 'story'>, id: ClientOrderId): Promise<void> {
  await until(
    () => story(id).some((word) => word.startsWith('done')),
    () => story(id),
  )
}

describe('an order', () => {
  test('that meets another is filled at its price, with the fee the venue took', async () => {
    const scene = await trader()
    const bought = order(ticker)

    scene.gateway.place([bought])
    await done(scene, bought.id)

    const fills = scene.of(bought.id).flatMap((update) => {
      return update.kind === 'filled' ? [update.fill] : []
    })
    const told = audit(scene.keyId)
    expect(scene.story(bought.id).at(-1)).toBe('done filled')
    expect(sum(fills.map(({ size }) => size))).toBe(5_000_000)
    const spent = sum(fills.map(({ notional, fee }) => notional + fee))
    expect(Math.round(Number(told.cash) * 1e6)).toBe(1_000_000_000 - spent)
    expect(told.fills.map(({ trade }) => trade).toSorted()).toEqual(
      fills.map(({ venueTradeId }) => venueTradeId).toSorted(),
    )
    expect(fills.every(({ liquidity }) => liquidity === 'taker')).toBe(true)
    expect(scene.of(bought.id).filter(({ kind }) => kind === 'fill-settled')).toHaveLength(
      fills.length,
    )
  })

  test('for NO is an ask of YES, and its fill is told in NO', async () => {
    const scene = await trader()
    const bought = order(ticker, { outcome: 'no' })

    scene.gateway.place([bought])
    await done(scene, bought.id)

    const told = audit(scene.keyId)
    const [fill] = scene.of(bought.id).flatMap((update) => {
      return update.kind === 'filled' ? [update.fill] : []
    })
    expect(told.orders[0]).toMatchObject({ side: 'sell', intent: bought.id })
    expect(told.positions).toEqual([{ instrument: ticker, size: '-5' }])
    expect(fill?.price).toBe(complement(ticks(Number(told.fills[0]?.price) * 10_000)))
    expect(fill?.notional).toBe(cost(fill?.price ?? ticks(0), fill?.size ?? microShares(0)))
  })

  test('rests, and is cancelled under the name of its market', async () => {
    const scene = await trader()
    const resting = restingOrder(ticker)

    scene.gateway.place([resting])
    await until(() => scene.story(resting.id).includes('live'))
    scene.gateway.cancel(resting.id)
    await done(scene, resting.id)

    expect(scene.story(resting.id)).toEqual(['live', 'done cancelled'])
    expect(audit(scene.keyId).orders[0]?.status).toBe('canceled')
  })

  test('that must fill whole and cannot is killed', async () => {
    const scene = await trader()
    const killed = order(ticker, { limit: ticks(100), timeInForce: 'fok' })

    scene.gateway.place([killed])
    await done(scene, killed.id)

    expect(scene.story(killed.id)).toEqual(['done killed'])
  })

  test('that takes what is there and finds nothing is over', async () => {
    const scene = await trader()
    const empty = order(ticker, { limit: ticks(100), timeInForce: 'ioc' })

    scene.gateway.place([empty])
    await done(scene, empty.id)

    expect(scene.story(empty.id)).toEqual(['done cancelled'])
  })

  test('ends at its date', async () => {
    const scene = await trader()
    const expiresAt = epochMs(Date.now() + 2_500)
    const dated = restingOrder(ticker, { timeInForce: 'gtd', expiresAt })

    scene.gateway.place([dated])
    await done(scene, dated.id)

    expect(scene.story(dated.id)).toEqual(['live', 'done expired'])
  })

  test.each([
    {
      name: 'would cross and may only rest',
      terms: { timeInForce: 'gtc', postOnly: true },
      want: 'post-only-would-cross',
    },
    {
      name: 'is dated in the past',
      terms: { timeInForce: 'gtd', expiresAt: epochMs(1_000), limit: ticks(100) },
      want: 'expiration',
    },
    {
      name: 'costs more than there is',
      terms: { size: microShares(50_000_000_000) },
      want: 'balance',
    },
    { name: 'lies between two steps', terms: { limit: ticks(9_855) }, want: 'off-grid' },
    { name: 'is in an unknown market', terms: { market: 'KXNONE' }, want: 'unknown-market' },
  ] as const)('that $name is refused: $want', async ({ terms, want }) => {
    const scene = await trader()
    const refused = order(ticker, terms as Parameters<typeof order>[1])

    scene.gateway.place([refused])
    await done(scene, refused.id)

    expect(scene.story(refused.id)).toEqual([`done ${want}`])
    expect(audit(scene.keyId).fills).toEqual([])
  })

  test('is amended to another price and total, under its name', async () => {
    const scene = await trader()
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await until(() => scene.story(resting.id).includes('live'))

    const size = microShares(7_000_000)
    const answer = await scene.gateway.amend(resting.id, { limit: ticks(200), size })
    scene.gateway.cancel(resting.id)
    await done(scene, resting.id)

    expect(answer).toBe('amended')
    expect(audit(scene.keyId).orders[0]).toMatchObject({ intent: resting.id, size: '7' })
    expect(scene.story(resting.id)).toEqual(['live', 'done cancelled'])
  })

  test('whose amendment has no answer is read back', async () => {
    const scene = await trader()
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await until(() => scene.story(resting.id).includes('live'))

    exchange.kalshi?.spoil('failed', 1)
    const size = microShares(7_000_000)
    const answer = await scene.gateway.amend(resting.id, { limit: ticks(200), size })
    const known = await scene.gateway.readAccount(epochMs(Date.now() - 1_000))

    expect(answer).toBe('unknown')
    expect(known.openOrders).toHaveLength(1)
    expect(audit(scene.keyId).orders[0]).toMatchObject({ size: '7', status: 'resting' })
  })

  test('that would cross when amended trades at once', async () => {
    const scene = await trader()
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await until(() => scene.story(resting.id).includes('live'))

    const limit = ticks(9_900)
    await scene.gateway.amend(resting.id, { limit, size: resting.size })
    await done(scene, resting.id)

    expect(scene.story(resting.id).at(-1)).toBe('done filled')
    expect(audit(scene.keyId).positions).toEqual([{ instrument: ticker, size: '5' }])
  })

  test('ends with its market', async () => {
    const closing = tickers.at(-1) ?? ''
    const scene = await trader()
    const resting = restingOrder(closing)
    scene.gateway.place([resting])
    await until(() => scene.story(resting.id).includes('live'))

    exchange.kalshi?.resolve(closing, 'no')
    await done(scene, resting.id)
    const late = order(closing)
    scene.gateway.place([late])
    await done(scene, late.id)

    expect(scene.story(resting.id)).toEqual(['live', 'done market-closed'])
    expect(scene.story(late.id)).toEqual(['done market-not-ready'])
  })
})

describe('the venue’s own client', () => {
  test('reads our orders and fills as we meant them, under a key of RSA', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const key = {
      keyId: randomUUID(),
      privateKeyPem: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    }
    exchange.kalshi?.openAccount({ keyId: key.keyId, publicKeyPem, tier: 'premier', dollars: 500 })
    const scene = await joinTrader(exchange, tickers, { key })
    stops.push(() => scene.stop())
    const resting = restingOrder(ticker, { outcome: 'no', limit: ticks(300) })
    const bought = order(ticker, { size: microShares(1_230_000) })

    scene.gateway.place([resting, bought])
    await until(() => scene.story(resting.id).includes('live'))
    await done(scene, bought.id)
    const basePath = exchange.urls.kalshiRest
    const client = { apiKey: key.keyId, privateKeyPem: key.privateKeyPem, basePath }
    const { data: listed } = await new OrdersApi(new Configuration(client)).getOrders()
    const { data: traded } = await new PortfolioApi(new Configuration(client)).getFills()

    expect(listed.orders.find(({ client_order_id: name }) => name === resting.id)).toMatchObject({
      book_side: 'ask',
      outcome_side: 'no',
      yes_price_dollars: '0.9700',
      no_price_dollars: '0.0300',
      initial_count_fp: '5.00',
      status: 'resting',
      self_trade_prevention_type: 'taker_at_cross',
    })
    const fills = scene.of(bought.id).flatMap((update) => {
      return update.kind === 'filled' ? [update.fill] : []
    })
    expect(
      traded.fills.map((row) => [row.trade_id, Number(row.count_fp), Number(row.fee_cost)]),
    ).toEqual(fills.map((fill) => [fill.venueTradeId, fill.size / 1e6, fill.fee / 1e6]))
  })
})

describe('several orders', () => {
  test('go in one call, and each has a verdict of its own', async () => {
    const scene = await trader()
    const good = order(ticker)
    const killed = order(ticker, { limit: ticks(100), timeInForce: 'fok' })
    const rests = restingOrder(ticker)

    scene.gateway.place([good, killed, rests])
    await done(scene, good.id)
    await done(scene, killed.id)
    await until(() => scene.story(rests.id).includes('live'))

    expect(scene.story(good.id).at(-1)).toBe('done filled')
    expect(scene.story(killed.id)).toEqual(['done killed'])
    expect(audit(scene.keyId).orders).toHaveLength(2)
  })

  test('are cancelled in one call', async () => {
    const scene = await trader()
    const resting = [restingOrder(ticker), restingOrder(ticker), restingOrder(ticker)]
    scene.gateway.place(resting)
    await until(() => resting.every(({ id }) => scene.story(id).includes('live')))

    for (const { id } of resting) scene.gateway.cancel(id)
    for (const { id } of resting) await done(scene, id)

    expect(audit(scene.keyId).orders.map(({ status }) => status)).toEqual(
      resting.map(() => 'canceled'),
    )
  })

  test('all of an account are cancelled, and that is read back', async () => {
    const scene = await trader()
    const resting = Array.from({ length: 12 }, () => restingOrder(ticker))
    scene.gateway.place(resting)
    await until(() => resting.every(({ id }) => scene.story(id).includes('live')))

    const result = await scene.gateway.cancelAll()
    for (const { id } of resting) await done(scene, id)

    expect(result).toEqual({ cancelled: 12, stillOpen: [] })
    expect(audit(scene.keyId).orders.every(({ status }) => status === 'canceled')).toBe(true)
  })
})

describe('a cancel of everything', () => {
  test.each(['lost', 'failed', 'unserved', 'limited'] as const)(
    'is done when nothing rests, whatever became of the call: %s',
    async (mishap) => {
      const scene = await trader()
      const resting = Array.from({ length: 3 }, () => restingOrder(ticker))
      scene.gateway.place(resting)
      await until(() => resting.every(({ id }) => scene.story(id).includes('live')))
      exchange.kalshi?.setReadLag(300)
      exchange.kalshi?.spoil(mishap, 2)

      const result = await scene.gateway.cancelAll()

      expect(result.stillOpen).toEqual([])
      expect(audit(scene.keyId).orders.map(({ status }) => status)).toEqual(
        resting.map(() => 'canceled'),
      )
    },
  )

  test('says what still rests when it cannot', async () => {
    const scene = await trader({ cancelOnPause: false })
    const resting = restingOrder(ticker)
    scene.gateway.place([resting])
    await until(() => scene.story(resting.id).includes('live'))
    exchange.kalshi?.setMode('exchange-paused')

    const { cancelled, stillOpen } = await scene.gateway.cancelAll()

    expect(cancelled).toBe(0)
    expect(stillOpen).toHaveLength(1)
  }, 20_000)
})

describe('the account', () => {
  test('is read as the venue has it, page by page', async () => {
    const since = epochMs(Date.now() - 1_000)
    const scene = await trader()
    const bought = order(ticker)
    const resting = restingOrder(ticker)
    scene.gateway.place([bought, resting])
    await done(scene, bought.id)
    await until(() => scene.story(resting.id).includes('live'))

    const account = await scene.gateway.readAccount(since)

    const told = audit(scene.keyId)
    expect(account.positions).toEqual([{ instrument: `${ticker}:yes`, size: 5_000_000 }])
    expect(account.openOrders).toMatchObject([
      { order: resting.id, market: ticker, instrument: `${ticker}:yes`, filled: 0 },
    ])
    expect(account.fills.map(({ order: of }) => of)).toEqual(told.fills.map(() => bought.id))
    expect(sum(account.fills.map(({ fill }) => fill.size))).toBe(5_000_000)
    // What the resting order may come to need is not free.
    expect(account.cash).toBeLessThan(Number(told.cash) * 1e6)
  })

  test('orders of an earlier run are taken on, with or without the venue’s name', async () => {
    const scene = await trader()
    const [bought, resting, unsent] = [order(ticker), restingOrder(ticker), order(ticker)]
    const sentAt = epochMs(Date.now())
    scene.gateway.place([bought, resting])
    await done(scene, bought.id)
    await until(() => scene.story(resting.id).includes('live'))
    const venueOrder = audit(scene.keyId).orders.find(({ intent }) => intent === resting.id)
      ?.venueOrder as VenueOrderId

    const later = await joinTrader(exchange, tickers, { key: scene.key })
    stops.push(() => later.stop())
    await later.gateway.adopt([
      { order: bought, sentAt },
      { order: resting, sentAt, venueOrder },
      { order: unsent, sentAt },
    ])
    await done(later, bought.id)
    await done(later, unsent.id)
    await until(() => later.story(resting.id).includes('live'))
    later.gateway.cancel(resting.id)
    await done(later, resting.id)

    expect(later.story(bought.id)).toEqual(scene.story(bought.id))
    expect(later.story(unsent.id)).toEqual(['done not-landed'])
    expect(later.story(resting.id)).toEqual(['live', 'done cancelled'])
  })
})

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
