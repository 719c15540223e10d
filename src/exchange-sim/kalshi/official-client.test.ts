import { generateKeyPairSync } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { AccountApi, Configuration, EventsApi, ExchangeApi, MarketApi } from 'kalshi-typescript'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange } from '../exchange.ts'
import { startExchange } from '../exchange.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const account = { keyId: 'a-key', publicKeyPem: publicKey, tier: 'premier' } as const

let exchange: Exchange
let config: Configuration

beforeAll(async () => {
  const kalshi = { accounts: [account] }
  exchange = await startExchange({ seed: 41, faults: [], kalshi }, thisMachine)
  const { kalshiRest: basePath } = exchange.urls
  config = new Configuration({ basePath, apiKey: account.keyId, privateKeyPem: privateKey })
})

afterAll(async () => {
  await exchange.stop()
})

describe('kalshi-typescript', () => {
  test('finds the exchange trading', async () => {
    const { data } = await new ExchangeApi(config).getExchangeStatus()

    expect([data.exchange_active, data.trading_active]).toEqual([true, true])
  })

  test('lists events with their markets, page after page', async () => {
    const events = new EventsApi(config)
    const tickers: string[] = []
    let cursor: string | undefined
    do {
      const { data } = await events.getEvents(3, cursor, true, false, 'open')
      tickers.push(...data.events.map(({ event_ticker }) => event_ticker))
      expect(data.events.every(({ markets }) => (markets?.length ?? 0) > 0)).toBe(true)
      cursor = data.cursor === '' ? undefined : data.cursor
    } while (cursor !== undefined)

    expect(tickers).toHaveLength(8)
    expect(new Set(tickers).size).toBe(8)
  })

  test('says at most one of a list of names wins, and with what fee', async () => {
    const { data } = await new EventsApi(config).getEvents(
      200,
      undefined,
      true,
      false,
      undefined,
      'KXALDERMAYOR',
    )
    const series = await new MarketApi(config).getSeries('KXALDERCUP')

    const [event] = data.events
    expect([event?.mutually_exclusive, event?.collateral_return_type]).toEqual([true, 'MECNET'])
    expect(event?.markets?.map(({ yes_sub_title }) => yes_sub_title)).toEqual([
      'Hazel Dunn',
      'Ivo Larch',
      'Mara Quill',
    ])
    expect(series.data.series).toMatchObject({ fee_type: 'quadratic', fee_multiplier: 0.5 })
  })

  test('reads a market, its book, and many books at once', async () => {
    const api = new MarketApi(config)
    const { data: list } = await api.getMarkets(100)
    const tickers = list.markets.map(({ ticker }) => ticker)
    const [ticker = ''] = tickers

    const { data: one } = await api.getMarketOrderbook(ticker)
    const { data: many } = await api.getMarketOrderbooks(tickers)

    expect(tickers).toHaveLength(12)
    expect(list.markets[0]).toMatchObject({
      status: 'active',
      market_type: 'binary',
      notional_value_dollars: '1.0000',
    })
    expect(one.orderbook_fp.yes_dollars.length).toBeGreaterThan(0)
    expect(one.orderbook_fp.yes_dollars[0]?.[0]).toMatch(/^0\.\d{4}$/)
    expect(one.orderbook_fp.yes_dollars[0]?.[1]).toMatch(/^\d+\.\d\d$/)
    expect(many.orderbooks.map((book) => book.ticker)).toEqual(tickers)
  })

  test('reads trades and candles', async () => {
    const api = new MarketApi(config)
    const { data } = await eventually(
      () => api.getTrades(10),
      ({ data }) => data.trades.length > 0,
    )

    const [trade] = data.trades
    const prices = [trade?.yes_price_dollars, trade?.no_price_dollars].map(Number)
    expect((prices[0] ?? 0) + (prices[1] ?? 0)).toBeCloseTo(1, 9)
    const now = Math.ceil(Date.now() / 1000) + 60
    const candles = await api.getMarketCandlesticks('KX', trade?.ticker ?? '', now - 600, now, 1)
    expect(Number(candles.data.candlesticks.at(-1)?.volume_fp)).toBeGreaterThan(0)
  })

  test('is let into its account by its signature', async () => {
    const { data } = await new AccountApi(config).getAccountApiLimits()

    expect(data.usage_tier).toBe('premier')
    expect(data.read).toEqual({ refill_rate: 1200, bucket_capacity: 1200 })
  })
})

describe('the REST API', () => {
  test('refuses a signature that is wrong, old, or of an unknown key', async () => {
    const url = `${exchange.urls.kalshiRest}/account/limits`
    const signed = (change: Record<string, string>) =>
      fetch(url, {
        headers: {
          'KALSHI-ACCESS-KEY': account.keyId,
          'KALSHI-ACCESS-TIMESTAMP': String(Date.now()),
          'KALSHI-ACCESS-SIGNATURE': 'AAAA',
          ...change,
        },
      })

    const replies = [
      await fetch(url),
      await signed({}),
      await signed({ 'KALSHI-ACCESS-KEY': 'nobody' }),
      await signed({ 'KALSHI-ACCESS-TIMESTAMP': '1795183441000' }),
      await signed({ 'KALSHI-ACCESS-TIMESTAMP': 'now' }),
    ]

    expect(replies.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401])
  })

  test('refuses whoever has used up the budget, with a bare string and no hint', async () => {
    const url = `${exchange.urls.kalshiRest}/exchange/status`

    const replies = await Promise.all(Array.from({ length: 90 }, () => fetch(url)))

    const refused = replies.filter(({ status }) => status === 429)
    expect(refused.length).toBeGreaterThan(10)
    expect(await refused[0]?.json()).toEqual({ error: 'too many requests' })
    expect(refused[0]?.headers.get('retry-after')).toBeNull()
  })
})

async function eventually<T>(ask: () => Promise<T>, isThere: (answer: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 100; tries++) {
    const answer = await ask()
    if (isThere(answer)) return answer
    await pause(100)
  }
  throw new Error('it never came')
}
