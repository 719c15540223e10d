import { afterEach, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import type { VenueOrderId } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import { epochMs } from '../../core/units.ts'
import { VenueError } from '../venue-error.ts'
import { AccountReads } from './account-reads.ts'
import { kalshiConfig } from './config.ts'
import type { Answer, Request } from './fixtures/rest-server.ts'
import { startRestServer } from './fixtures/rest-server.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

async function scene(answer: (request: Request) => Answer) {
  const server = await startRestServer(answer)
  const { clock, timers } = thisMachine
  const limit = new RateLimit({ clock, timers, tier: 'prestige', percent: 100 })
  const config = kalshiConfig().rest
  const parts = { baseUrl: server.url, config, limit, signer: undefined, timers }
  const reads = new AccountReads(new RestClient({ ...parts, random: new Random(1) }))
  stops.push(
    () => reads.close(),
    () => server.stop(),
  )
  return { server, reads }
}

const row = (id: number) => ({ ticker: `KX-${id}`, position_fp: `${id}.50` })

describe('a list', () => {
  test('is read to its last page', async () => {
    const pages = [
      { market_positions: [row(1), row(2)], cursor: 'a' },
      { market_positions: [row(3)], cursor: 'b' },
      { market_positions: null, cursor: null },
    ]
    const { server, reads } = await scene(() => ({ body: pages.shift() }))

    const positions = await reads.positions()

    expect(positions.map(({ size }) => size)).toEqual([1_500_000, 2_500_000, 3_500_000])
    expect(server.requests.map(({ query }) => query.get('cursor'))).toEqual([null, 'a', 'b'])
  })

  test('ends where a cursor leads back to itself', async () => {
    const { server, reads } = await scene(() => ({
      body: { market_positions: [row(1)], cursor: 'same' },
    }))

    expect(await reads.positions()).toHaveLength(2)
    expect(server.requests).toHaveLength(2)
  })

  test('that does not end is refused', async () => {
    let page = 0
    const { reads } = await scene(() => ({ body: { market_positions: [], cursor: `${page++}` } }))

    await expect(reads.positions()).rejects.toMatchObject({ code: 'MALFORMED' })
  })

  test('with a row that does not fit is refused whole', async () => {
    const { reads } = await scene(() => ({
      body: { market_positions: [row(1), { ticker: 'KX-2', position_fp: 2 }], cursor: '' },
    }))

    await expect(reads.positions()).rejects.toMatchObject({ code: 'MALFORMED' })
  })

  test('since an instant asks in whole seconds', async () => {
    const { server, reads } = await scene(() => ({ body: { fills: [], cursor: '' } }))

    await reads.fills(epochMs(1_800_000_000_999))

    expect(server.requests[0]?.query.get('min_ts')).toBe('1800000000')
  })
})

describe('one order', () => {
  test('that the venue does not know is none', async () => {
    const { reads } = await scene(() => ({
      status: 404,
      body: { error: { code: 'not_found' } },
    }))

    expect(await reads.order('v' as VenueOrderId)).toBeUndefined()
  })

  test('that we may not read is not taken for none', async () => {
    const { reads } = await scene(() => ({ status: 401, body: {} }))

    await expect(reads.order('v' as VenueOrderId)).rejects.toBeInstanceOf(VenueError)
  })
})

describe('cash', () => {
  test('is told in all and by shard, to the hundredth of a cent', async () => {
    const { reads } = await scene(() => ({
      body: {
        balance: 412_500,
        balance_dollars: '4125.0099',
        portfolio_value: 1,
        updated_ts: 1,
        balance_breakdown: [
          { exchange_index: 0, balance: '4000.0000' },
          { exchange_index: 2, balance: '125.0099' },
        ],
      },
    }))

    expect(await reads.cash()).toEqual({
      total: 4_125_009_900,
      shards: [
        { shard: 0, cash: 4_000_000_000 },
        { shard: 2, cash: 125_009_900 },
      ],
    })
  })
})
