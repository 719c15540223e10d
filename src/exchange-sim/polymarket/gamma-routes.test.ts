import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { EpochMs } from '../../core/units.ts'
import type { ApiReply, Route } from '../http-host.ts'
import { Simulation } from '../simulation.ts'
import { gammaRoutes } from './gamma-routes.ts'

const startMs = 1_800_000_000_000

const Market = z.looseObject({
  id: z.string(),
  slug: z.string(),
  conditionId: z.string(),
  clobTokenIds: z.string(),
  endDate: z.string(),
  closed: z.boolean(),
  liquidityNum: z.number(),
  outcomePrices: z.string(),
  feesEnabled: z.boolean(),
  feeSchedule: z.object({ rate: z.number(), exponent: z.literal(1) }).optional(),
})
const MarketPage = z.object({ markets: z.array(Market), next_cursor: z.string().optional() })
const Event = z.looseObject({
  slug: z.string(),
  enableNegRisk: z.boolean(),
  negRiskAugmented: z.boolean(),
  negRiskMarketID: z.string().optional(),
  tags: z.array(z.object({ id: z.string(), slug: z.string() })),
  markets: z.array(Market).optional(),
})
const EventPage = z.object({ events: z.array(Event), next_cursor: z.string().optional() })

let routes: readonly Route[]

beforeAll(() => {
  let now = startMs
  const simulation = new Simulation({ seed: 51 }, { epochMs: () => now as EpochMs })
  for (let elapsed = 0; elapsed < 25_000; elapsed += 5) {
    now += 5
    simulation.run(elapsed)
  }
  routes = gammaRoutes(simulation.world)
})

async function get(target: string): Promise<ApiReply> {
  const url = new URL(target, 'http://gamma')
  for (const { path, answer } of routes) {
    const match = new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`).exec(url.pathname)
    if (match === null) continue
    const request = { method: 'GET', path: url.pathname, headers: {}, body: '' }
    // JSON leaves out what is undefined: what is sent is what is looked at.
    const reply = await answer({ ...request, params: { ...match.groups }, query: url.searchParams })
    return { ...reply, body: JSON.parse(JSON.stringify(reply.body)) as unknown }
  }
  throw new Error(`no route answers ${target}`)
}

async function markets(query: string): Promise<z.infer<typeof MarketPage>> {
  return MarketPage.parse((await get(`/markets/keyset?${query}`)).body)
}

async function events(query: string): Promise<z.infer<typeof EventPage>> {
  return EventPage.parse((await get(`/events/keyset?${query}`)).body)
}

describe('paging by cursor', () => {
  test('goes through every market once, and the last page has no cursor', async () => {
    const ids: string[] = []
    let page = await markets('limit=30')
    for (;;) {
      ids.push(...page.markets.map(({ id }) => id))
      if (page.next_cursor === undefined) break
      page = await markets(`limit=30&after_cursor=${page.next_cursor}`)
    }

    const all = await markets('limit=100')
    expect(ids.length).toBeGreaterThan(80)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids).toEqual(all.markets.map(({ id }) => id))
  })

  test('cuts a limit above a hundred, gives twenty by default, and refuses an offset', async () => {
    const large = await markets('limit=500&closed=false')
    const plain = await markets('')

    expect(large.markets.length).toBeLessThanOrEqual(100)
    expect(plain.markets).toHaveLength(20)
    expect((await get('/markets/keyset?offset=20')).status).toBe(422)
  })
})

describe('filters', () => {
  test('leave closed markets out unless they are asked for', async () => {
    const open = await markets('limit=100')
    const closed = await markets('limit=100&closed=true')

    expect(open.markets.every((market) => !market.closed)).toBe(true)
    expect(closed.markets.length).toBeGreaterThan(0)
    expect(closed.markets.every((market) => market.closed)).toBe(true)
    expect(closed.markets[0]?.outcomePrices).toMatch(/^\["[01]","[01]"\]$/)
  })

  test('find markets by slug, condition and token', async () => {
    const [market] = (await markets('slug=rate-cut')).markets
    const token = z.array(z.string()).parse(JSON.parse(market?.clobTokenIds ?? '[]'))[1]

    for (const query of [`condition_ids=${market?.conditionId}`, `clob_token_ids=${token}`]) {
      expect((await markets(query)).markets.map(({ slug }) => slug)).toEqual(['rate-cut'])
    }
  })

  test('keep what lies between bounds', async () => {
    const until = new Date(startMs + 6 * 86_400_000).toISOString()

    const soon = await markets(`limit=100&end_date_max=${until}`)
    const deep = await markets('limit=100&liquidity_num_min=3000')

    expect(soon.markets.length).toBeGreaterThan(5)
    expect(soon.markets.every(({ endDate }) => endDate <= until)).toBe(true)
    expect(deep.markets.every(({ liquidityNum }) => liquidityNum >= 3000)).toBe(true)
  })

  test('find events by tag, by its slug or its id', async () => {
    const bySlug = await events('limit=100&tag_slug=crypto')
    const id = bySlug.events[0]?.tags.find(({ slug }) => slug === 'crypto')?.id

    const byId = await events(`limit=100&tag_id=${id}`)
    const others = await events(`limit=100&exclude_tag_id=${id}`)

    expect(byId.events.map(({ slug }) => slug)).toEqual(bySlug.events.map(({ slug }) => slug))
    expect(others.events.every(({ tags }) => tags.every((tag) => tag.slug !== 'crypto'))).toBe(true)
  })
})

describe('what a listing says', () => {
  test('a fee schedule stands where it is known, and fees can be on without one', async () => {
    const all = (await markets('limit=100')).markets
    const rates = new Set(all.map(({ feeSchedule }) => feeSchedule?.rate))
    const unstated = all.filter((market) => market.feesEnabled && market.feeSchedule === undefined)

    expect([0.04, 0.05, 0.07].every((rate) => rates.has(rate))).toBe(true)
    expect(unstated.map(({ slug }) => slug)).toEqual(['audit-published'])
    expect(all.some((market) => !market.feesEnabled)).toBe(true)
  })

  test('an augmented set has placeholders that do not trade and a catch-all', async () => {
    const { events: hits } = await events('slug=party-nominee')
    const [set] = hits

    expect([set?.enableNegRisk, set?.negRiskAugmented]).toEqual([true, true])
    expect(set?.markets?.filter((market) => market['active'] === false)).toHaveLength(4)
    expect(set?.markets?.filter((market) => market['negRiskOther'] === true)).toHaveLength(1)
  })

  test('events come without their markets when they are not wanted', async () => {
    const { events: hits } = await events('include_markets=false')

    expect(hits.every((set) => !('markets' in set))).toBe(true)
  })

  test('what does not exist is not found', async () => {
    for (const target of ['/markets/1', '/markets/slug/none', '/events/1', '/events/slug/none']) {
      expect((await get(target)).status).toBe(404)
    }
  })
})
