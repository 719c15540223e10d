import { createPublicClient, forkEnvironmentConfig } from '@polymarket/client'
import { Chain, ClobClient } from '@polymarket/clob-client-v2'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange } from '../exchange.ts'
import { startExchange } from '../exchange.ts'

/** What we read of a market of either client. */
type Listed = { readonly conditionId: string; readonly yes: string; readonly no: string }

let exchange: Exchange
let listed: readonly Listed[]

beforeAll(async () => {
  exchange = await startExchange({ seed: 41, faults: [] }, thisMachine)
  listed = await listMarkets()
})

afterAll(async () => {
  await exchange.stop()
})

function publicClient() {
  const { gamma, clob, data, relayer, marketSocket, userSocket } = exchange.urls
  const environment = forkEnvironmentConfig({
    name: 'simulated',
    clob: { rest: clob, market: { ws: marketSocket }, user: { ws: userSocket } },
    gamma: { rest: gamma },
    data: { rest: data },
    relayer: { rest: relayer },
  })
  return createPublicClient({ environment })
}

async function listMarkets(): Promise<readonly Listed[]> {
  const found: Listed[] = []
  for await (const page of publicClient().listMarkets({ closed: false, pageSize: 30 })) {
    for (const { conditionId, outcomes, state } of page.items) {
      const [yes, no] = [outcomes.yes.tokenId, outcomes.no.tokenId]
      if (conditionId === null || yes === null || no === null || state.active !== true) continue
      found.push({ conditionId, yes, no })
    }
  }
  return found
}

function first(): Listed {
  const [market] = listed
  if (market === undefined) throw new Error('no market was listed')
  return market
}

describe('@polymarket/client', () => {
  test('lists every market over several pages', () => {
    expect(listed.length).toBeGreaterThan(70)
    expect(new Set(listed.map(({ conditionId }) => conditionId)).size).toBe(listed.length)
  })

  test('lists events with their markets, and finds one by its slug', async () => {
    const client = publicClient()

    const { items } = await client.listEvents({ closed: false, pageSize: 100 }).firstPage()
    const sets = items.filter(({ markets }) => (markets?.length ?? 0) > 1)
    const one = await client.fetchEvent({ slug: sets[0]?.slug ?? '' })

    expect(sets.length).toBeGreaterThan(10)
    expect(one.id).toBe(sets[0]?.id)
  })

  test('finds a market by its id and by its slug', async () => {
    const client = publicClient()
    const { items } = await client.listMarkets({ pageSize: 1 }).firstPage()
    const [market] = items

    const byId = await client.fetchMarket({ id: market?.id ?? '' })
    const bySlug = await client.fetchMarket({ slug: market?.slug ?? '' })

    expect([byId.conditionId, bySlug.conditionId]).toEqual([
      market?.conditionId,
      market?.conditionId,
    ])
  })

  test('searches, and lists the tags', async () => {
    const client = publicClient()

    const { items } = await client.search({ q: 'bitcoin' }).firstPage()
    const tags = await client.listTags().firstPage()

    expect(items.events?.length).toBeGreaterThan(0)
    expect(tags.items.length).toBeGreaterThan(5)
  })

  test('reads a book, its middle and its spread', async () => {
    const client = publicClient()
    const { yes: tokenId, conditionId } = first()

    const book = await client.fetchOrderBook({ tokenId })
    const spread = await client.fetchSpread({ tokenId })
    await client.fetchMidpoint({ tokenId })

    expect(book.conditionId).toBe(conditionId)
    expect(book.bids.length).toBeGreaterThan(3)
    expect(Number(spread)).toBeGreaterThan(0)
  })

  test('reads many books at once', async () => {
    const tokens = listed.slice(0, 25).map(({ no }) => ({ tokenId: no }))

    const books = await publicClient().fetchOrderBooks(tokens)

    expect(books.map(({ tokenId }) => tokenId)).toEqual(tokens.map(({ tokenId }) => tokenId))
  })

  test('receives books, changes and the custom events from the socket', async () => {
    const tokenIds = listed.slice(0, 40).map(({ yes }) => yes)
    const handle = await publicClient().subscribe([
      { topic: 'market', tokenIds, customFeatureEnabled: true },
    ])
    const kinds = new Set<string>()
    for await (const event of handle) {
      kinds.add(event.type)
      if (['book', 'price_change', 'best_bid_ask'].every((kind) => kinds.has(kind))) break
    }
    await handle.close()

    expect(kinds).toContain('price_change')
  })
})

describe('@polymarket/clob-client-v2', () => {
  const clobClient = (): ClobClient =>
    new ClobClient({ host: exchange.urls.clob, chain: Chain.POLYGON })

  test('works out the hash that each book carries', async () => {
    const client = clobClient()
    for (const { yes, no } of listed.slice(0, 10)) {
      for (const token of [yes, no]) {
        const book = await client.getOrderBook(token)
        const { hash } = book

        expect(await client.getOrderBookHash(book)).toBe(hash)
      }
    }
  })

  test('reads books in bulk, tick size, neg risk and the fee curve', async () => {
    const client = clobClient()
    const { yes, conditionId } = first()

    const books = await client.getOrderBooks([{ token_id: yes, side: 'BUY' as never }])
    const info = await client.getClobMarketInfo(conditionId)

    expect(books.map(({ asset_id }) => asset_id)).toEqual([yes])
    expect(['0.01', '0.001']).toContain(await client.getTickSize(yes))
    expect(await client.getNegRisk(yes)).toBe(false)
    expect(info.fd).toEqual({ r: 0.04, e: 1, to: true })
  })

  test('pages through the market listings', async () => {
    const client = clobClient()

    for (const page of [await client.getMarkets(), await client.getSimplifiedMarkets()]) {
      expect(page.next_cursor).toBe('LTE=')
      expect(page.data.length).toBe(page.count)
    }
  })

  test('knows the time, to the second', async () => {
    const client = clobClient()

    expect(await client.getOk()).toBe('OK')
    expect(Math.abs((await client.getServerTime()) - Date.now() / 1000)).toBeLessThan(2)
  })
})
