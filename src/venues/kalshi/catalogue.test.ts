import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Random } from '../../core/random.ts'
import type { Market } from '../../core/market.ts'
import { thisMachine } from '../../app/machine.ts'
import { VenueError } from '../venue-error.ts'
import { KalshiCatalogue } from './catalogue.ts'
import type { KalshiOptions } from './config.ts'
import { kalshiConfig } from './config.ts'
import { HandClock } from './fixtures/hand-clock.ts'
import { quietLog } from './fixtures/quiet-log.ts'
import type { Answer, Request } from './fixtures/rest-server.ts'
import { startRestServer } from './fixtures/rest-server.ts'
import { KalshiEvent, KalshiMarket } from './listing.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'
import { toMarket } from './to-market.ts'

const now = Date.parse('2026-11-20T15:00:00Z') // a Friday, 10:00 in New York
const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

type Json = Record<string, unknown>

const market = (ticker: string, change: Json = {}): Json => ({
  ticker,
  event_ticker: 'KXHIGHNY-26NOV21',
  market_type: 'binary',
  title: `Will ${ticker} be so?`,
  yes_sub_title: '50° or above',
  no_sub_title: '50° or above',
  status: 'active',
  open_time: '2026-11-19T15:00:00Z',
  close_time: '2026-11-22T05:00:00Z',
  notional_value_dollars: '1.0000',
  last_price_dollars: '0.5000',
  volume_24h_fp: '1000.00',
  result: '',
  strike_type: 'greater_or_equal',
  floor_strike: 50,
  rules_primary: 'If the high is 50 or more, then Yes.',
  rules_secondary: 'By the NWS report.',
  price_level_structure: 'linear_cent',
  price_ranges: [{ start: '0.0000', end: '1.0000', step: '0.0100' }],
  a_field_of_next_year: { x: 1 },
  ...change,
})

const event = (markets: readonly Json[], change: Json = {}): Json => ({
  event_ticker: 'KXHIGHNY-26NOV21',
  series_ticker: 'KXHIGHNY',
  title: 'Highest temperature in NYC',
  sub_title: 'On Nov 21, 2026',
  mutually_exclusive: true,
  collateral_return_type: 'MECNET',
  settlement_sources: [{ name: 'NWS', url: 'https://www.weather.gov' }],
  exchange_index: 0,
  markets,
  ...change,
})

const base: Record<string, unknown> = {
  '/exchange/status': { exchange_active: true, trading_active: true },
  '/exchange/schedule': { schedule: { standard_hours: [], maintenance_windows: [] } },
  '/series': {
    series: [
      {
        ticker: 'KXHIGHNY',
        title: 'NYC high',
        category: 'Climate and Weather',
        tags: ['Daily temperature'],
        settlement_sources: null,
        fee_type: 'quadratic',
        fee_multiplier: 1,
      },
    ],
  },
  '/series/fee_changes': { series_fee_change_arr: [] },
  '/events/fee_changes': { event_fee_changes: null, cursor: '' },
  '/events': { events: [event([market('A'), market('B')])], cursor: '' },
  '/markets': { markets: [], cursor: '' },
}

async function scene(
  answers: Record<string, unknown>,
  options: KalshiOptions = {},
  answer?: (request: Request) => Answer | undefined,
) {
  const told = { ...base, ...answers }
  const server = await startRestServer((request) => {
    const special = answer?.(request)
    if (special !== undefined) return special
    return request.path in told ? { body: told[request.path] } : { status: 404, body: {} }
  })
  const config = kalshiConfig({ restUrl: server.url, ...options })
  const wall = new HandClock(now)
  const limit = new RateLimit({
    clock: thisMachine.clock,
    timers: thisMachine.timers,
    tier: 'prestige',
    percent: 100,
  })
  const rest = new RestClient({
    baseUrl: config.restUrl,
    config: config.rest,
    limit,
    signer: undefined,
    timers: thisMachine.timers,
    random: new Random(1),
  })
  const catalogue = new KalshiCatalogue({ config, rest, clock: wall, log: quietLog() })
  stops.push(() => rest.close(), server.stop)
  return { catalogue, server, told, wall }
}

describe('KalshiCatalogue', () => {
  test('takes a market with all that it takes to trade it', async () => {
    const { catalogue } = await scene({})

    const { markets, sets } = await catalogue.load()

    expect(markets.map(({ id }) => id)).toEqual(['A', 'B'])
    expect(markets[0]).toEqual({
      venue: 'kalshi',
      id: 'A',
      slug: 'A',
      question: 'Will A be so?',
      label: '50° or above',
      yes: { id: 'A:yes', outcome: 'yes', label: '50° or above' },
      no: { id: 'A:no', outcome: 'no', label: 'No' },
      set: 'KXHIGHNY-26NOV21',
      status: 'open',
      bookKind: 'mirrored',
      grid: { bands: [{ from: 0, to: 10_000, step: 100 }], resolution: 100 },
      lot: 10_000,
      sizeMin: 10_000,
      fee: {
        kind: 'known',
        taker: { rate: 70_000, exponent: 1 },
        maker: { rate: 0, exponent: 1 },
        rounding: 'up-to-micro',
      },
      negRisk: false,
      takerDelayMs: 0,
      closesAt: Date.parse('2026-11-22T05:00:00Z'),
      volume24h: 500_000_000,
      liquidity: undefined,
      tags: ['Climate and Weather', 'Daily temperature'],
      strike: { kind: 'at-least', floor: '50', cap: undefined },
      rules: 'If the high is 50 or more, then Yes.\n\nBy the NWS report.',
      resolutionSource: 'NWS (https://www.weather.gov)',
      resolution: undefined,
    })
    expect(sets).toEqual([
      {
        venue: 'kalshi',
        id: 'KXHIGHNY-26NOV21',
        slug: 'KXHIGHNY-26NOV21',
        title: 'Highest temperature in NYC',
        members: [
          { market: 'A', role: 'named', tradable: true },
          { market: 'B', role: 'named', tradable: true },
        ],
        exclusive: {
          holds: 'proven',
          evidence: "KXHIGHNY-26NOV21 is mutually exclusive by the venue's rules",
        },
        exhaustive: {
          holds: 'unknown',
          evidence: 'the venue does not say so, and nobody has confirmed it',
        },
        conversion: undefined,
      },
    ])
  })

  test.each([
    { change: { market_type: 'scalar' }, reason: 'scalar' },
    { change: { mve_collection_ticker: 'KXMVE' }, reason: 'combo' },
    { change: { is_provisional: true }, reason: 'provisional' },
    { change: { notional_value_dollars: '100.0000' }, reason: 'payout' },
    { change: { settlement_bounds_type: 'floor' }, reason: 'settlement-floor' },
    { change: { price_ranges: [] }, reason: 'no-grid' },
    { change: { price_ranges: null }, reason: 'no-grid' },
    {
      change: { price_ranges: [{ start: '0.0000', end: '0.9000', step: '0.0100' }] },
      reason: 'bad-grid',
    },
    { change: { close_time: 'soon' }, reason: 'schema' },
    { change: { last_price_dollars: 50 }, reason: 'schema' },
  ])('does not take a market by reason of $reason', async ({ change, reason }) => {
    const { catalogue } = await scene({
      '/events': { events: [event([market('A', change), market('B')])] },
    })

    const { markets, sets } = await catalogue.load()

    expect(markets.map(({ id }) => id)).toEqual(['B'])
    expect([...catalogue.refusals()]).toEqual([[reason, 1]])
    expect(sets[0]?.exhaustive.evidence).toBe('1 of its markets could not be taken')
  })

  test.each([
    {
      strike: { strike_type: 'greater', floor_strike: 4487.5 },
      want: { kind: 'above', floor: '4487.5', cap: undefined },
    },
    {
      strike: { strike_type: 'less', cap_strike: -3 },
      want: { kind: 'below', floor: undefined, cap: '-3' },
    },
    {
      strike: { strike_type: 'between', floor_strike: '1', cap_strike: 2 },
      want: { kind: 'between', floor: '1', cap: '2' },
    },
    { strike: { strike_type: 'between', floor_strike: 1, cap_strike: null }, want: undefined },
    { strike: { strike_type: 'structured', floor_strike: 1 }, want: undefined },
  ])('reads $strike', async ({ strike, want }) => {
    const plain = { floor_strike: null, cap_strike: null }
    const { catalogue } = await scene({
      '/events': { events: [event([market('A', { ...plain, ...strike })])] },
    })

    const { markets } = await catalogue.load()

    expect(markets[0]?.strike).toEqual(want)
  })

  test.each([
    { change: { status: 'initialized' }, want: 'paused' },
    { change: { status: 'inactive' }, want: 'paused' },
    { change: { close_time: '2026-11-20T15:00:00Z' }, want: 'closed' },
    { change: { status: 'disputed', result: 'yes' }, want: 'closed' },
    { change: { status: 'determined', result: 'no' }, want: 'resolved' },
  ])('a market with $change is $want', async ({ change, want }) => {
    const { catalogue } = await scene({
      '/events': { events: [event([market('A', change), market('B')])] },
    })

    const { markets } = await catalogue.load()

    expect(markets[0]?.status).toBe(want)
  })

  test.each([
    {
      name: 'the exchange says so',
      answers: { '/exchange/status': { exchange_active: true, trading_active: false } },
    },
    {
      name: 'its shard does',
      answers: {
        '/exchange/status': {
          exchange_active: true,
          trading_active: true,
          exchange_index_statuses: [
            { exchange_index: 0, exchange_active: false, trading_active: true },
          ],
        },
      },
    },
    {
      name: 'a maintenance begins before we ask again',
      answers: {
        '/exchange/schedule': {
          schedule: {
            maintenance_windows: [
              { start_datetime: '2026-11-20T15:05:00Z', end_datetime: '2026-11-20T17:00:00Z' },
            ],
          },
        },
      },
    },
    {
      name: 'the day has other hours in New York',
      answers: {
        '/exchange/schedule': {
          schedule: {
            standard_hours: [{ friday: [{ open_time: '10:30', close_time: '23:59' }] }],
            maintenance_windows: null,
          },
        },
      },
    },
  ])('every market is paused when $name', async ({ answers }) => {
    const { catalogue } = await scene(answers)

    const { markets } = await catalogue.load()

    expect(markets.map(({ status }) => status)).toEqual(['paused', 'paused'])
  })

  test('reads page after page, and refuses a cursor that goes in circles', async () => {
    let isCircular = false
    const { catalogue } = await scene({}, {}, ({ path, query }) => {
      if (path !== '/events') return undefined
      const cursor = query.get('cursor')
      if (cursor === null) return { body: { events: [event([market('A')])], cursor: 'x' } }
      const second = event([market('C')], { event_ticker: 'E2' })
      return { body: { events: [second], cursor: isCircular ? 'x' : '' } }
    })

    expect((await catalogue.load()).markets.map(({ id }) => id)).toEqual(['A', 'C'])
    isCircular = true
    await expect(catalogue.load()).rejects.toThrow(VenueError)
  })

  test('tells only what has changed, what has ended, and what is gone', async () => {
    const { catalogue, told, wall } = await scene({
      '/events': { events: [event(['A', 'B', 'C', 'D'].map((ticker) => market(ticker)))] },
    })
    await catalogue.load()

    told['/events'] = {
      events: [
        event([
          market('A', { volume_24h_fp: '9.00' }),
          market('B', { close_time: '2026-11-21T05:00:00Z' }),
        ]),
      ],
    }
    told['/markets'] = { markets: [market('C', { status: 'finalized', result: 'yes' })] }
    const { markets, gone } = await catalogue.refresh()

    expect(markets.map(({ id, status }) => [id, status])).toEqual([
      ['B', 'open'],
      ['C', 'resolved'],
    ])
    expect(markets[1]?.resolution).toEqual({ yesValue: 1_000_000 })
    expect(gone).toEqual(['D'])

    await wall.pass(24 * 3_600_000)
    const later = await catalogue.refresh()
    expect(later.markets.map(({ id, status }) => [id, status])).toEqual([['B', 'closed']])
  })

  test('holds an event as a whole, the busiest first, up to its limit', async () => {
    const busy = market('C', { volume_24h_fp: '99999.00' })
    const { catalogue } = await scene(
      {
        '/events': {
          events: [
            event([market('A'), market('B')]),
            event([busy, market('D')], { event_ticker: 'E2' }),
          ],
        },
      },
      { filter: { marketsMax: 3 } },
    )

    const { markets } = await catalogue.load()

    expect(markets.map(({ id }) => id)).toEqual(['C', 'D'])
  })

  test('waits and asks again when the venue has had too many calls', async () => {
    let refusals = 0
    const { catalogue } = await scene({}, {}, ({ path }) => {
      if (path !== '/events' || refusals++ > 0) return undefined
      return { status: 429, body: '{"error":"too many requests"}' }
    })

    const { markets } = await catalogue.load()

    expect(markets).toHaveLength(2)
    expect(refusals).toBe(2)
  })
})

const captures = path.join(process.env['CAPTURES_DIR'] ?? '', 'kalshi/rest')
const haveCaptures = existsSync(captures)
if (!haveCaptures) console.log('skipped: CAPTURES_DIR names no folder with Kalshi captures')

describe.runIf(haveCaptures)('captured bodies of the REST API', () => {
  test.each([
    { file: 'events_sports_nested_cockpit.json', events: 32, taken: 245, refused: {} },
    { file: 'events_nfl_preseason_cockpit.json', events: 32, taken: 64, refused: {} },
    { file: 'events_mlb_props_nested_cockpit.json', events: 8, taken: 259, refused: {} },
    {
      file: 'events_mlb_spread_total_nested_20260820_cockpit.json',
      events: 24,
      taken: 203,
      refused: {},
    },
    { file: 'markets_fedmention_20260317_landonct.json', events: 0, taken: 46, refused: {} },
    { file: 'market_single_cockpit.json', events: 0, taken: 2, refused: {} },
    { file: 'markets_settled_cockpit.json', events: 0, taken: 44, refused: {} },
    { file: 'combo_priced_markets_cockpit.json', events: 0, taken: 29, refused: { combo: 12 } },
    { file: 'markets_5_mve_202606_drmanhattan.json', events: 0, taken: 0, refused: { combo: 5 } },
  ])('$file is taken or refused for a reason', ({ file, events, taken, refused }) => {
    const json: unknown = JSON.parse(readFileSync(path.join(captures, file), 'utf8'))

    const found = listingsIn(json)

    const results = found.markets.map(asTaken)
    const reasons = results.filter((result) => typeof result === 'string')
    const counts = Object.fromEntries(
      [...new Set(reasons)].map((reason) => [reason, reasons.filter((r) => r === reason).length]),
    )
    expect(found.events.filter((each) => KalshiEvent.safeParse(each).success)).toHaveLength(events)
    expect({ taken: results.length - reasons.length, refused: counts }).toEqual({ taken, refused })
  })
})

/** The objects within a capture that look like events or markets, wherever they stand. */
function listingsIn(json: unknown): { events: unknown[]; markets: unknown[] } {
  const found = { events: [] as unknown[], markets: [] as unknown[] }
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    if ('market_type' in value) found.markets.push(value)
    else if ('event_ticker' in value && 'mutually_exclusive' in value) found.events.push(value)
    for (const inner of Object.values(value)) visit(inner)
  }
  visit(json)
  return found
}

function asTaken(json: unknown): Market | string {
  const read = KalshiMarket.safeParse(json)
  if (!read.success) return `schema: ${read.error.issues[0]?.path.join('.')}`
  return toMarket(read.data, {
    event: { event_ticker: 'E', series_ticker: 'S', title: 'T', mutually_exclusive: true },
    series: undefined,
    set: undefined,
    fees: {
      series: undefined,
      seriesChanges: [],
      event: { type: null, multiplier: null },
      eventChanges: [],
    },
    isTrading: true,
    now: new HandClock(now).epochMs(),
    horizon: new HandClock(now).epochMs(),
  })
}
