import { afterEach, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import { Random } from '../../core/random.ts'
import type { MicroUsd } from '../../core/units.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import { PolymarketCatalogue } from './catalogue.ts'
import type { PolymarketOptions } from './config.ts'
import { polymarketConfig } from './config.ts'
import { GammaServer, wireEvent, wireMarket, wireNegRisk } from './fixtures/gamma-server.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'

const silent: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

const running: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of running.splice(0)) await stop()
})

async function scene(options: PolymarketOptions = {}) {
  const gamma = new GammaServer()
  const config = polymarketConfig({
    gammaUrl: await gamma.start(),
    rest: { timeoutMs: 400 },
    ...options,
  })
  const { clock, timers } = thisMachine
  const limit = new RateLimit({ clock, timers, percent: config.rest.limitPercent })
  const rest = new RestClient({ config: config.rest, limit, timers, random: new Random(1) })
  running.push(async () => {
    await rest.close()
    await gamma.stop()
  })
  return { gamma, rest, catalogue: new PolymarketCatalogue({ config, rest, log: silent }) }
}

describe('loading the catalogue', () => {
  test('pages on the cursor to the end, and reads each market in our words', async () => {
    const { gamma, catalogue } = await scene()
    gamma.events = [1, 2, 3, 4, 5].map((id) => wireEvent(id, [wireMarket(id)]))

    const { markets, sets, gone } = await catalogue.load()

    expect(gamma.requests.map((url) => url.searchParams.get('after_cursor'))).toEqual([
      null,
      '2',
      '4',
    ])
    expect([sets, gone]).toEqual([[], []])
    expect(markets.map(({ slug }) => slug)).toEqual([1, 2, 3, 4, 5].map((id) => `market-${id}`))
    expect(markets[0]).toEqual({
      venue: 'polymarket',
      id: `0x${'1'.padStart(64, '0')}`,
      slug: 'market-1',
      question: 'Will number 1 win?',
      label: 'Number 1',
      yes: { id: `71${'2'.padStart(75, '0')}`, outcome: 'yes', label: 'Yes' },
      no: { id: `72${'3'.padStart(75, '0')}`, outcome: 'no', label: 'No' },
      set: undefined,
      status: 'open',
      bookKind: 'mirrored',
      grid: { bands: [{ from: 0, to: 10_000, step: 10 }], resolution: 10 },
      lot: 10_000,
      takerSpend: { step: 10_000, min: 1_000_000 },
      sizeMin: 5_000_000,
      fee: {
        kind: 'known',
        taker: { rate: 50_000, exponent: 1 },
        maker: { rate: 0, exponent: 1 },
        rounding: 'down-to-5-decimals',
      },
      negRisk: false,
      takerDelayMs: 0,
      closesAt: Date.UTC(2026, 11, 31),
      volume24h: 1_000_250_000,
      liquidity: 5_000_000_000,
      tags: ['politics'],
      strike: undefined,
      rules: 'The rules.',
      resolutionSource: 'https://example.org',
      resolution: undefined,
    })
  })

  test.each([
    { reason: 'protocol-v2', fields: { version: 'v2' } },
    { reason: 'no-tokens-yet', fields: { clobTokenIds: '[]' } },
    { reason: 'no-tokens-yet', fields: { clobTokenIds: '["", ""]' } },
    {
      reason: 'not-binary',
      fields: { outcomes: '["A", "B", "C"]', clobTokenIds: '["1","2","3"]' },
    },
    { reason: 'no-order-book', fields: { enableOrderBook: false } },
    { reason: 'bad-id', fields: { conditionId: '0x12' } },
    { reason: 'bad-tick-size', fields: { orderPriceMinTickSize: 0.003 } },
    { reason: 'bad-size', fields: { orderMinSize: -1 } },
    { reason: 'schema', fields: { outcomes: 'Yes, No' } },
    { reason: 'schema', fields: { question: 5 } },
  ])('leaves a market out, and counts it, for $reason', async ({ reason, fields }) => {
    const { gamma, catalogue } = await scene()
    gamma.events = [wireEvent(1, [wireMarket(1), wireMarket(2, fields)])]

    const { markets } = await catalogue.load()

    expect(markets.map(({ slug }) => slug)).toEqual(['market-1'])
    expect([...catalogue.refusals()]).toEqual([[reason, 1]])
  })

  test.each([
    { name: 'volume', filter: { volume24hMin: 2_000_000_000 as MicroUsd }, kept: ['market-2'] },
    { name: 'liquidity', filter: { liquidityMin: 6_000_000_000 as MicroUsd }, kept: ['market-2'] },
    { name: 'tags', filter: { tags: ['sports'] }, kept: ['market-2'] },
    { name: 'slugs of events', filter: { slugs: ['event-2'] }, kept: ['market-2'] },
    { name: 'slugs of markets', filter: { slugs: ['market-2'] }, kept: ['market-2'] },
    {
      name: 'the end',
      filter: { closesBefore: Date.UTC(2026, 5, 1) as never },
      kept: ['market-2'],
    },
    { name: 'how many', filter: { marketsMax: 1 }, kept: ['market-1'] },
  ])('filters by $name', async ({ filter, kept }) => {
    const { gamma, catalogue } = await scene({ filter })
    const endDate = '2026-03-01T00:00:00Z'
    gamma.events = [
      wireEvent(1, [wireMarket(1)]),
      wireEvent(2, [wireMarket(2, { volume24hr: 9000, liquidityNum: 9000, endDate })], {
        tags: [{ slug: 'sports' }],
      }),
      wireEvent(3, [wireMarket(3, { active: false })]),
    ]

    const { markets } = await catalogue.load()

    expect(markets.map(({ slug }) => slug)).toEqual(kept)
  })

  test('keeps separate books apart where the config knows their tag', async () => {
    const { gamma, catalogue } = await scene({ separateBooksTag: 'separate-books' })
    gamma.events = [
      wireEvent(1, [wireMarket(1)], { tags: [{ slug: 'separate-books' }] }),
      wireEvent(2, [wireMarket(2)]),
    ]

    const { markets } = await catalogue.load()

    expect(markets.map(({ bookKind }) => bookKind)).toEqual(['separate', 'mirrored'])
  })
})

describe('refreshing the catalogue', () => {
  test('tells what is new and what has changed, and is quiet about volume', async () => {
    const { gamma, catalogue } = await scene()
    gamma.events = [wireEvent(1, [wireMarket(1)]), wireEvent(2, [wireMarket(2)])]
    await catalogue.load()
    gamma.events = [
      wireEvent(1, [wireMarket(1, { volume24hr: 77 })]),
      wireEvent(2, [wireMarket(2, { orderPriceMinTickSize: 0.0001 })]),
      wireEvent(3, [wireMarket(3)]),
    ]

    const change = await catalogue.refresh()

    expect(change.markets.map(({ slug, grid }) => [slug, grid.resolution])).toEqual([
      ['market-2', 1],
      ['market-3', 10],
    ])
    expect(change.gone).toEqual([])
    expect(await catalogue.refresh()).toEqual({
      venue: 'polymarket',
      markets: [],
      sets: [],
      gone: [],
    })
  })

  test('follows a market from closed to resolved, and says which are simply gone', async () => {
    const { gamma, catalogue } = await scene()
    gamma.events = [1, 2, 3].map((id) => wireEvent(id, [wireMarket(id)]))
    await catalogue.load()
    gamma.events = [wireEvent(1, [wireMarket(1)])]
    gamma.closed = [wireMarket(2, { closed: true, acceptingOrders: false })]

    const closed = await catalogue.refresh()
    gamma.closed = [
      wireMarket(2, {
        closed: true,
        umaResolutionStatus: 'resolved',
        outcomePrices: '["1", "0"]',
      }),
    ]
    const resolved = await catalogue.refresh()
    const after = await catalogue.refresh()

    expect(closed.markets.map(({ slug, status }) => [slug, status])).toEqual([
      ['market-2', 'closed'],
    ])
    expect(closed.gone).toEqual([`0x${'3'.padStart(64, '0')}`])
    expect(resolved.markets[0]?.resolution).toEqual({ yesValue: 1_000_000 })
    expect(resolved.gone).toEqual([])
    expect(after.markets).toEqual([])
  })

  test('follows a market of an earlier run that is listed no more', async () => {
    const { gamma, catalogue } = await scene()
    gamma.events = [1, 2].map((id) => wireEvent(id, [wireMarket(id)]))
    const ours = (await catalogue.load()).markets
    const later = await scene()
    later.gamma.events = [wireEvent(1, [wireMarket(1)])]
    later.gamma.closed = [
      wireMarket(2, { closed: true, umaResolutionStatus: 'resolved', outcomePrices: '["0", "1"]' }),
    ]

    later.catalogue.adopt(ours)
    const loaded = await later.catalogue.load()
    const refreshed = await later.catalogue.refresh()

    expect(loaded.markets.map(({ slug, status }) => [slug, status])).toEqual([
      ['market-1', 'open'],
      ['market-2', 'closed'],
    ])
    expect(refreshed.markets.map(({ resolution, slug }) => [slug, resolution])).toEqual([
      ['market-2', { yesValue: 0 }],
    ])
  })

  test('takes a market in when its tokens have come', async () => {
    const { gamma, catalogue } = await scene()
    gamma.events = [wireEvent(1, [wireMarket(1), wireMarket(2, { clobTokenIds: '[]' })])]
    await catalogue.load()
    gamma.events = [wireEvent(1, [wireMarket(1), wireMarket(2)])]

    const { markets } = await catalogue.refresh()

    expect(markets.map(({ slug }) => slug)).toEqual(['market-2'])
  })
})

describe('outcome sets', () => {
  const named = [1, 2].map((number) => wireMarket(number))
  const other = wireMarket(9, { groupItemTitle: 'Other', negRiskOther: true })

  test.each([
    {
      name: 'a fixed neg-risk list with a catch-all is proven exhaustive',
      event: wireNegRisk(1, [...named, other]),
      want: { exclusive: 'proven', exhaustive: 'proven' },
    },
    {
      name: 'a fixed neg-risk list without one is not, unless a person says so',
      event: wireNegRisk(1, named),
      want: { exclusive: 'proven', exhaustive: 'unknown' },
    },
    {
      name: 'a list that a person has confirmed is assumed exhaustive',
      event: wireNegRisk(1, named, { slug: 'confirmed' }),
      want: { exclusive: 'proven', exhaustive: 'assumed' },
    },
    {
      name: 'an augmented list is not, for its catch-all shrinks',
      event: wireNegRisk(1, [...named, other], { negRiskAugmented: true }),
      want: { exclusive: 'proven', exhaustive: 'unknown' },
    },
    {
      name: 'a placeholder spoils even a confirmed list',
      event: wireNegRisk(1, [...named, wireMarket(3, { groupItemTitle: 'Team AM' }), other], {
        slug: 'confirmed',
      }),
      want: { exclusive: 'proven', exhaustive: 'unknown' },
    },
    {
      name: 'an outcome that does not trade spoils it',
      event: wireNegRisk(1, [...named, wireMarket(3, { acceptingOrders: false }), other]),
      want: { exclusive: 'proven', exhaustive: 'unknown' },
    },
    {
      name: 'an outcome that we could not take spoils it',
      event: wireNegRisk(1, [...named, wireMarket(3, { clobTokenIds: '[]' }), other]),
      want: { exclusive: 'proven', exhaustive: 'unknown' },
    },
    {
      name: 'markets that merely share an event prove nothing',
      event: wireEvent(1, [...named, other], { slug: 'confirmed' }),
      want: { exclusive: 'unknown', exhaustive: 'unknown' },
    },
    {
      name: 'an event whose markets are not all neg-risk excludes nothing',
      event: wireEvent(1, [...named, other], { enableNegRisk: true, negRiskMarketID: '0xab' }),
      want: { exclusive: 'unknown', exhaustive: 'unknown' },
    },
  ])('$name', async ({ event, want }) => {
    const { gamma, catalogue } = await scene({ exhaustiveSets: ['confirmed'] })
    gamma.events = [event]

    const [set] = (await catalogue.load()).sets

    expect({ exclusive: set?.exclusive.holds, exhaustive: set?.exhaustive.holds }).toEqual(want)
    expect(set?.exhaustive.evidence).not.toBe('')
  })

  test('name the part of each member, and the conversion', async () => {
    const { gamma, catalogue } = await scene()
    const placeholder = wireMarket(3, { groupItemTitle: 'Person B', active: false })
    gamma.events = [wireNegRisk(1, [...named, placeholder, other], { negRiskFeeBips: 25 })]

    const { sets, markets } = await catalogue.load()

    expect(sets[0]?.members.map(({ role, tradable }) => [role, tradable])).toEqual([
      ['named', true],
      ['named', true],
      ['placeholder', false],
      ['other', true],
    ])
    expect(sets[0]?.conversion).toEqual({ id: `0x${'ab'.repeat(31)}00`, feeBips: 25 })
    expect(sets[0]?.title).toBe('Event 1')
    expect(new Set(markets.map(({ set }) => set))).toEqual(new Set([sets[0]?.id]))
  })
})

describe('a host that does not serve', () => {
  test('is asked again after the time it names', async () => {
    const { gamma, catalogue } = await scene()
    gamma.events = [wireEvent(1, [wireMarket(1)])]
    gamma.failures.push({ status: 429, retryAfter: '1' }, { status: 503 })
    const start = performance.now()

    const { markets } = await catalogue.load()

    expect(markets).toHaveLength(1)
    expect(performance.now() - start).toBeGreaterThan(950)
  })

  test.each([
    { code: 'DOWN', failures: [500, 502, 503], requests: 3 },
    { code: 'REFUSED', failures: [422], requests: 1 },
    { code: 'RATE_LIMITED', failures: [429, 429, 429], requests: 3 },
  ])('fails with $code and the host’s name', async ({ code, failures, requests }) => {
    const { gamma, catalogue } = await scene()
    gamma.failures.push(...failures.map((status) => ({ status })))

    const error: unknown = await catalogue.load().catch((cause: unknown) => cause)

    expect(error).toBeInstanceOf(VenueError)
    expect(error).toMatchObject({ venue: 'polymarket', code, landed: 'no' })
    expect((error as VenueError).message).toMatch(/GET 127\.0\.0\.1:\d+\/events\/keyset/)
    expect(gamma.requests).toHaveLength(requests)
  })

  test('is not waited for when it asks for too long a wait', async () => {
    const { gamma, catalogue } = await scene()
    gamma.failures.push({ status: 429, retryAfter: '60' })

    const error: unknown = await catalogue.load().catch((cause: unknown) => cause)

    expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 60_000 })
  })

  test.each([
    { name: 'a body that is no JSON', body: '<html>' },
    { name: 'a body of another shape', body: '{"markets":[]}' },
  ])('is refused with $name', async ({ body }) => {
    const { gamma, catalogue } = await scene()
    gamma.bodies.push(body)

    await expect(catalogue.load()).rejects.toMatchObject({ code: 'MALFORMED' })
  })

  test('is not followed in circles', async () => {
    const { gamma, catalogue } = await scene()
    const page = JSON.stringify({ events: [], next_cursor: 'again' })
    gamma.bodies.push(page, page, page)

    await expect(catalogue.load()).rejects.toMatchObject({ code: 'MALFORMED' })
    expect(gamma.requests).toHaveLength(2)
  })

  test('is not there at all', async () => {
    const { gamma, catalogue } = await scene()
    await gamma.stop()

    await expect(catalogue.load()).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })
})
