import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { thisMachine } from '../../app/machine.ts'
import type { MarketId } from '../../core/market.ts'
import { Random } from '../../core/random.ts'
import { microShares, zeroShares } from '../../core/units.ts'
import type { Exchange } from '../../exchange-sim/exchange.ts'
import type { OperationId, OperationUpdate } from '../../ports/settlement.ts'
import type { TradingScene } from '../../../test/kalshi/trading-scene.ts'
import {
  openExchange,
  openTickers,
  openTrader,
  order,
  until,
} from '../../../test/kalshi/trading-scene.ts'
import { AccountReads } from './account-reads.ts'
import { kalshiConfig } from './config.ts'
import { quietLog } from './fixtures/quiet-log.ts'
import type { Answer } from './fixtures/rest-server.ts'
import { startRestServer } from './fixtures/rest-server.ts'
import { RateLimit } from './rate-limit.ts'
import { RestClient } from './rest-client.ts'
import { KalshiSettlement } from './settlement.ts'

let exchange: Exchange
let tickers: readonly string[]
const stops: (() => Promise<void>)[] = []

beforeAll(async () => {
  exchange = await openExchange()
  tickers = await openTickers(exchange)
})
afterAll(() => exchange.stop())
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
})

async function trader(options: Parameters<typeof openTrader>[2] = {}): Promise<TradingScene> {
  const scene = await openTrader(exchange, tickers, options)
  stops.push(() => scene.stop())
  return scene
}

async function buy(scene: TradingScene, ticker: string, outcome: 'yes' | 'no'): Promise<void> {
  const bought = order(ticker, { outcome })
  scene.gateway.place([bought])
  await until(
    () => scene.story(bought.id).includes('done filled'),
    () => scene.story(bought.id),
  )
}

const operation = 'op-1' as OperationId
const size = microShares(5_000_000)

describe('a merge', () => {
  test('has happened by itself, and ends when the position says so', async () => {
    const [ticker = ''] = tickers
    // As our books have it before the merge: five of each.
    const scene = await trader({ heldOf: () => ({ yes: size, no: size }) })
    await buy(scene, ticker, 'yes')
    await buy(scene, ticker, 'no')

    scene.settlement.submit(operation, { kind: 'merge', market: ticker as MarketId, size })
    await until(() => scene.operations.length === 2)

    expect(scene.operations).toEqual([
      { kind: 'submitted', operation, reference: ticker },
      { kind: 'final', operation, cashIn: 5_000_000 },
    ])
    expect(exchange.kalshi?.audit(scene.keyId).positions).toEqual([])
  })

  test('of what the venue does not hold is unknown', async () => {
    const [ticker = ''] = tickers
    const scene = await trader({ heldOf: () => ({ yes: size, no: zeroShares }) })

    scene.settlement.submit(operation, { kind: 'merge', market: ticker as MarketId, size })
    await until(() => scene.operations.length === 2)

    expect(scene.operations[1]).toEqual({ kind: 'unknown', operation, reason: 'position-differs' })
  })
})

describe('what Kalshi does not know', () => {
  test.each(['split', 'convert'] as const)('%s fails', async (kind) => {
    const scene = await trader()
    const market = (tickers[0] ?? '') as MarketId
    const what =
      kind === 'split' ? { kind, market, size } : { kind, set: 's', markets: [market], size }

    scene.settlement.submit(operation, what)

    expect(scene.operations).toEqual([{ kind: 'failed', operation, reason: 'not-at-this-venue' }])
  })
})

describe('a payout', () => {
  test.each([
    { outcome: 'yes', winner: 'yes', cashIn: 5_000_000 },
    { outcome: 'no', winner: 'no', cashIn: 5_000_000 },
    { outcome: 'yes', winner: 'no', cashIn: 0 },
  ] as const)('of $outcome, where $winner has won, is $cashIn', async (row) => {
    const { outcome, winner, cashIn } = row
    const ticker = tickers.at(-1 - ['yesyes', 'nono', 'yesno'].indexOf(outcome + winner)) ?? ''
    const scene = await trader()
    await buy(scene, ticker, outcome)
    const before = Number(exchange.kalshi?.audit(scene.keyId).cash)

    scene.settlement.submit(operation, { kind: 'redeem', market: ticker as MarketId })
    exchange.kalshi?.resolve(ticker, winner)
    await until(() => scene.operations.length === 2)

    expect(scene.operations[1]).toEqual({ kind: 'final', operation, cashIn })
    const after = Number(exchange.kalshi?.audit(scene.keyId).cash)
    expect(Math.round((after - before) * 1e6)).toBe(cashIn)
  })

  test('to somebody who holds nothing does not come', async () => {
    const ticker = tickers.at(-4) ?? ''
    const scene = await trader()

    scene.settlement.submit(operation, { kind: 'redeem', market: ticker as MarketId })
    exchange.kalshi?.resolve(ticker, 'yes')
    await until(() => scene.operations.length === 2)

    expect(scene.operations[1]).toEqual({ kind: 'failed', operation, reason: 'nothing-paid' })
  })

  test('of a void is what both sides were worth, as the venue has rounded it', async () => {
    let isPaid = false
    const row = { ticker: 'KX-A', market_result: 'scalar', revenue: 518, value: 50 }
    const updates = await settle(({ path }) => {
      if (path === '/portfolio/settlements') {
        return { body: { settlements: isPaid ? [row] : null, cursor: null } }
      }
      isPaid = true
      return { body: { market: { status: 'determined', settlement_timer_seconds: 60 } } }
    })

    expect(updates.at(-1)).toEqual({ kind: 'final', operation, cashIn: 5_180_000 })
  })
})

/** A redemption at a venue that answers so, to its end. */
async function settle(
  answer: (request: { path: string }) => Answer,
): Promise<readonly OperationUpdate[]> {
  const server = await startRestServer(answer)
  stops.push(() => server.stop())
  const { clock, timers } = thisMachine
  const limit = new RateLimit({ clock, timers, tier: 'premier', percent: 100 })
  const config = kalshiConfig().rest
  const parts = { baseUrl: server.url, config, limit, signer: undefined, timers }
  const rest = new RestClient({ ...parts, random: new Random(1) })
  stops.push(() => rest.close())
  const settlement = new KalshiSettlement({
    reads: new AccountReads(rest),
    clock,
    timers,
    log: quietLog(),
    everyMs: 20,
    heldOf: undefined,
    toldPosition: () => undefined,
  })
  const updates: OperationUpdate[] = []
  await settlement.start((update) => updates.push(update))
  stops.push(() => settlement.stop())
  settlement.submit(operation, { kind: 'redeem', market: 'KX-A' as MarketId })
  await until(() => updates.length === 2)
  return updates
}
