import { afterEach, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import type { VenueOrderId } from '../../core/order.ts'
import { Random } from '../../core/random.ts'
import { fee, restingOrder, until } from '../../../test/kalshi/trading-scene.ts'
import { AccountCatchUp } from './account-catch-up.ts'
import { AccountReads } from './account-reads.ts'
import { kalshiConfig } from './config.ts'
import { quietLog } from './fixtures/quiet-log.ts'
import type { Answer, Request } from './fixtures/rest-server.ts'
import { startRestServer } from './fixtures/rest-server.ts'
import { OrderInquiries } from './order-inquiries.ts'
import { OrderTracker } from './order-tracker.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'

const stops: (() => unknown)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop()
})

const resting = restingOrder('KX-A')
const row = {
  order_id: 'v1',
  client_order_id: resting.id,
  ticker: 'KX-A',
  book_side: 'bid',
  yes_price_dollars: '0.0100',
  initial_count_fp: '5.00',
}
const open = { ...row, status: 'resting', fill_count_fp: '2.00', remaining_count_fp: '3.00' }
const over = { ...row, status: 'canceled', fill_count_fp: '2.00', remaining_count_fp: '0.00' }
const fill = {
  trade_id: 't1',
  order_id: 'v1',
  market_ticker: 'KX-A',
  book_side: 'bid',
  yes_price_dollars: '0.0100',
  count_fp: '2.00',
  fee_cost: '0.001400',
  is_taker: false,
}

/** An order of which the channel has told that it is live, and nothing since. */
async function scene(answer: (request: Request) => Answer) {
  const server = await startRestServer(answer)
  const { clock, timers } = thisMachine
  const log = quietLog()
  const limit = new RateLimit({ clock, timers, tier: 'prestige', percent: 100 })
  const parts = { baseUrl: server.url, config: kalshiConfig().rest, limit, signer: undefined }
  const reads = new AccountReads(new RestClient({ ...parts, timers, random: new Random(1) }))
  const story: string[] = []
  const listener = {
    onUpdate: ({ kind }: { kind: string }) => story.push(kind),
    onOddity: (oddity: string) => story.push(oddity),
  }
  const tracker = new OrderTracker(listener, () => clock.nanos())
  const venueOrder = 'v1' as VenueOrderId
  tracker.adopt({ order: resting, sentAt: clock.epochMs(), venueOrder }, fee)
  const shared = { tracker, reads, clock, timers, log }
  const inquiries = new OrderInquiries({ ...shared, quietMs: 20, skewMs: 0 })
  const catchUp = new AccountCatchUp({ ...shared, inquiries, echoMs: 20 })
  stops.push(
    () => catchUp.stop(),
    () => inquiries.stop(),
    () => reads.close(),
    () => server.stop(),
  )
  return { server, catchUp, story }
}

function answerWith(orders: readonly object[], fills: readonly object[], one: object) {
  return ({ path }: Request): Answer => {
    if (path === '/portfolio/orders') return { body: { orders, cursor: '' } }
    if (path === '/portfolio/orders/v1') return { body: { order: one } }
    return { body: { fills, cursor: '' } }
  }
}

describe('what the channels have missed', () => {
  test('of an order that still rests is read: its fills', async () => {
    const { catchUp, story } = await scene(answerWith([open], [fill], open))

    catchUp.start()
    await until(() => story.length === 3)

    expect(story).toEqual(['live', 'filled', 'fill-settled'])
  })

  test('of an order that is in no list any more is asked by its name', async () => {
    const { catchUp, story } = await scene(answerWith([], [fill], over))

    catchUp.start()
    await until(() => story.includes('done'))

    expect(story).toEqual(['filled', 'fill-settled', 'done'])
  })

  test('is read from before the channel was lost, however long it was away', async () => {
    const { server, catchUp } = await scene(answerWith([open], [], open))
    const lostAt = Date.now()

    catchUp.onLost()
    await new Promise((resolve) => setTimeout(resolve, 1_100))
    catchUp.onHeard()
    catchUp.start()
    await until(() => server.requests.some(({ path }) => path === '/portfolio/fills'))

    const from = server.requests.find(({ path }) => path === '/portfolio/fills')?.query
    expect(Number(from?.get('min_ts'))).toBeLessThanOrEqual(Math.floor(lostAt / 1000) - 60)
  })

  test('is read again until it has been read', async () => {
    let calls = 0
    const good = answerWith([open], [fill], open)
    const { catchUp, story } = await scene((request) => {
      calls++
      return calls < 3 ? { status: 403, body: {} } : good(request)
    })

    catchUp.start()
    await until(() => story.includes('filled'))

    expect(story).toEqual(['live', 'filled', 'fill-settled'])
  })
})
