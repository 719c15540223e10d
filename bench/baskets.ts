import { GroupRegistry } from '../src/arbitrage/group-registry.ts'
import type { Market, MarketId } from '../src/core/market.ts'
import type { BasketId, ClientOrderId, Order, VenueOrderId } from '../src/core/order.ts'
import type { Decision, SignalLeg, TradeSignal } from '../src/core/signal.ts'
import { pass } from '../src/core/signal.ts'
import { epochMs, microShares, microUsd, nanos, ppm, ticks } from '../src/core/units.ts'
import { Engine } from '../src/engine/engine.ts'
import { engineDefaults } from '../src/engine/engine-options.ts'
import type { Effect } from '../src/engine/event.ts'
import { MarketCache } from '../src/engine/market-cache.ts'
import { RemoteGateway } from '../src/engine/remote-gateway.ts'
import { advanceBasket } from '../src/execution/advance-basket.ts'
import type { Basket, BasketEvent } from '../src/execution/basket.ts'
import { planBasket } from '../src/execution/plan-basket.ts'
import type { EvalContext, Strategy } from '../src/ports/strategy.ts'
import type { AccountSnapshot, VenueOpenOrder } from '../src/ports/venue-gateway.ts'
import { metricCatalog } from '../src/telemetry/metric-catalog.ts'
import { MetricRegistry } from '../src/telemetry/metric-registry.ts'
import { LineCodec } from '../test/engine/line-codec.ts'
import { marketOf } from '../test/engine/market-of.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { interleave } from './bench-case.ts'

/** What becomes of orders once they are out. */
export const basketCases: readonly BenchCase[] = [
  {
    name: 'a basket of two legs, from its plan to its close',
    group: 'execution',
    baseline: 'events are kept, and folded from the first at each new one',
    run: baskets,
  },
  {
    name: 'an account of 10 000 open orders compared with the books',
    group: 'execution',
    baseline: 'each order looked for in the list of the other side',
    run: reconciliation,
  },
]

const basketsPerSlice = 500
const orderCount = 10_000
const sampleEvery = 50
const sampleCount = orderCount / sampleEvery

function baskets(): BenchResult {
  const plan = planBasket(signalOf(), {
    id: 'B000001' as BasketId,
    at: nanos(0),
    atMs: epochMs(0),
    sequence: { kind: 'parallel' },
    limits: engineDefaults.baskets,
  })
  const events = eventsOf(plan)
  let closed = 0
  const result = interleave({
    opsPerSlice: basketsPerSlice,
    candidate: () => {
      for (let count = 0; count < basketsPerSlice; count++) {
        let basket = plan
        for (const event of events) ({ basket } = advanceBasket(basket, event))
        if (basket.state === 'closed') closed++
      }
    },
    baseline: () => {
      for (let count = 0; count < basketsPerSlice; count++) {
        let basket = plan
        for (let known = 1; known <= events.length; known++) {
          basket = plan
          for (const event of events.slice(0, known)) ({ basket } = advanceBasket(basket, event))
        }
        if (basket.state === 'closed') closed++
      }
    },
  })
  if (closed === 0) throw new Error('no basket was closed')
  return { ...result, more: { basketsPerSecond: Math.round(1e9 / result.nsPerOp) } }
}

function signalOf(): TradeSignal {
  const { yes, no, id, venue } = marketOf('rain')
  const leg = { venue, market: id, side: 'buy', limit: ticks(4_500), size: microShares(10_000_000) }
  return {
    kind: 'signal',
    strategy: 'bench',
    venue,
    legs: [
      { ...leg, side: 'buy', instrument: yes.id, outcome: 'yes' },
      { ...leg, side: 'buy', instrument: no.id, outcome: 'no' },
    ],
    edge: microUsd(1_000_000),
    edgeRate: ppm(100_000),
    certificate: undefined,
    realisation: 'merge',
    generatedAt: nanos(0),
    receivedAt: nanos(0),
  }
}

function eventsOf({ orders }: Basket): readonly BasketEvent[] {
  const filled = orders.flatMap(({ order }): readonly BasketEvent[] => [
    {
      kind: 'order-filled',
      order: order.id,
      fill: { tradeId: `${order.id}-1`, size: order.size, paid: microUsd(4_500_000) },
    },
    { kind: 'order-done', order: order.id, reason: 'filled' },
  ])
  return [{ kind: 'start' }, ...filled]
}

function reconciliation(): BenchResult {
  const { engine, orders } = restingEngine()
  const openOrders: readonly VenueOpenOrder[] = orders.map(({ id, instrument, market }) => ({
    venueOrder: `v-${id}` as VenueOrderId,
    order: id,
    market,
    instrument,
    filled: microShares(0),
  }))
  const snapshot: AccountSnapshot = {
    venue: 'polymarket',
    cash: microUsd(1_000_000_000_000),
    positions: [],
    openOrders,
    fills: [],
  }
  let at = 1_000_000_000
  let found = 0
  // The long way takes so long that only a part of the orders goes it.
  const isSampled = (_: unknown, index: number): boolean => index % sampleEvery === 0
  const sample = openOrders.filter(isSampled)
  const ours = orders.filter(isSampled)
  const times = interleave({
    opsPerSlice: 1,
    rounds: 12,
    candidate: () => {
      at += 1_000_000
      engine.process({ kind: 'account', snapshot, at: nanos(at) })
    },
    baseline: () => {
      // Both ways, as it must be: what is theirs and not ours, and what is ours and not theirs.
      for (const { order } of sample) if (orders.some(({ id }) => id === order)) found++
      for (const { id } of ours) if (openOrders.some(({ order }) => order === id)) found++
    },
  })
  if (found === 0) throw new Error('no order was found')
  return {
    nsPerOp: times.nsPerOp / orderCount,
    baselineNsPerOp: times.baselineNsPerOp / sampleCount,
    ratio: (times.ratio * orderCount) / sampleCount,
    rounds: times.rounds,
    more: { accountMs: times.nsPerOp / 1e6 },
  }
}

/** An engine with so many orders in the books of as many markets. */
function restingEngine(): { readonly engine: Engine; readonly orders: readonly Order[] } {
  const cache = new MarketCache()
  const orders: Order[] = []
  const obey = (effect: Effect): void => {
    if (effect.kind === 'place-basket') orders.push(...effect.intent.orders)
  }
  const most = Number.MAX_SAFE_INTEGER
  const engine = new Engine({
    cache,
    codecs: [new LineCodec()],
    strategies: [new Maker()],
    gateway: new RemoteGateway(cache),
    metrics: new MetricRegistry(metricCatalog),
    groups: new GroupRegistry([]),
    capital: new Map(),
    limits: {
      ...engineDefaults,
      risk: {
        ...engineDefaults.risk,
        openBasketsMax: most,
        ordersPerSecondMax: most,
        ordersPerMinuteMax: most,
        totalExposureMax: microUsd(most),
        venueExposureMax: microUsd(most),
        strategyExposureMax: microUsd(most),
      },
    },
    obey,
  })
  engine.process({ kind: 'start', at: nanos(0), atMs: epochMs(1_790_000_000_000) })
  const names = Array.from({ length: orderCount }, (_, index) => `m${index}`)
  const markets = names.map((name) => marketOf(name))
  const change = { venue: 'polymarket' as const, markets, sets: [], gone: [] as MarketId[] }
  engine.process({ kind: 'catalogue', change, at: nanos(1) })
  const cash = microUsd(1_000_000_000_000)
  const empty = { venue: 'polymarket' as const, cash, positions: [], openOrders: [], fills: [] }
  engine.process({ kind: 'account', snapshot: empty, at: nanos(2) })
  const encoder = new TextEncoder()
  // The first of each ten comes last: its basket is of all ten.
  for (const name of names.toReversed()) {
    const line = `book ${name}-yes 0.40x50 / 0.60x50`
    engine.onFrame('polymarket', 0, encoder.encode(line), nanos(3))
  }
  for (const { id } of orders) live(engine, id)
  if (orders.length !== orderCount) throw new Error(`${orders.length} orders rest`)
  return { engine, orders }
}

function live(engine: Engine, order: ClientOrderId): void {
  const update = { kind: 'live', order, venueOrder: `v-${order}` as VenueOrderId } as const
  engine.process({ kind: 'order-update', venue: 'polymarket', update, at: nanos(4) })
}

const legsEach = 10

function restingLeg({ id, venue, yes }: Market): SignalLeg {
  return {
    venue,
    market: id,
    instrument: yes.id,
    outcome: 'yes',
    side: 'buy',
    limit: ticks(4_100),
    size: microShares(5_000_000),
    rest: { forMs: 3_600_000, postOnly: true },
  }
}

/** Rests a small bid in each of ten markets, when it sees the first of them. */
class Maker implements Strategy {
  readonly name = 'maker'

  onCatalogue(): void {}

  evaluate({ catalogue, entry, receivedAt, now }: EvalContext): Decision {
    const { id, venue } = entry.market
    const first = Number(id.slice(1))
    if (first % legsEach !== 0) return pass('not-first')
    const names = Array.from({ length: legsEach }, (_, index) => `m${first + index}` as MarketId)
    return {
      ...signalOf(),
      strategy: this.name,
      legs: names.flatMap((name) => {
        const market = catalogue.market(venue, name)
        return market === undefined ? [] : [restingLeg(market)]
      }),
      realisation: 'settlement',
      generatedAt: now,
      receivedAt,
    }
  }
}
