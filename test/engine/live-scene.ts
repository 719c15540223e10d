import { GroupRegistry } from '../../src/arbitrage/group-registry.ts'
import { takerFee } from '../../src/core/fee.ts'
import type { InstrumentId, Market, MarketId, VenueId } from '../../src/core/market.ts'
import type { BasketId, ClientOrderId, Fill, Order, VenueOrderId } from '../../src/core/order.ts'
import type { OutcomeSet } from '../../src/core/outcome-set.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ticks } from '../../src/core/units.ts'
import { cost, proceeds } from '../../src/core/units.ts'
import { Engine } from '../../src/engine/engine.ts'
import type { EngineLimits } from '../../src/engine/engine-options.ts'
import { engineDefaults } from '../../src/engine/engine-options.ts'
import type { Command, Effect, EngineEvent, KeptBooks } from '../../src/engine/event.ts'
import { MarketCache } from '../../src/engine/market-cache.ts'
import { RemoteGateway } from '../../src/engine/remote-gateway.ts'
import type { OperationId } from '../../src/ports/settlement.ts'
import type { Strategy } from '../../src/ports/strategy.ts'
import type { AccountSnapshot, OrderUpdate } from '../../src/ports/venue-gateway.ts'
import { LineCodec } from './line-codec.ts'
import { CountingMetrics } from './scene.ts'

/** Whoever stands at the other end of the wire: it is told of effects, and answers in its time. */
export type Counterpart = {
  obey(effect: Effect, nowMs: number): void
  /** When it says something next, in milliseconds since the start of the scene. */
  nextDue(): number | undefined
  take(nowMs: number, at: Nanos): EngineEvent | undefined
}

export type LiveSceneOptions = {
  readonly strategies: readonly Strategy[]
  readonly markets: readonly Market[]
  readonly sets?: readonly OutcomeSet[]
  readonly limits?: Partial<EngineLimits>
  readonly kept?: KeptBooks | undefined
  /** The wall clock at the start. */
  readonly startMs?: number
  readonly counterpart?: Counterpart
  /** Sees each effect before it is obeyed. */
  readonly observe?: (effect: Effect) => void
}

const encoder = new TextEncoder()
const nanosPerMs = 1_000_000

/** An engine whose orders leave as effects, with hands to answer them as a venue would. */
export class LiveScene {
  readonly engine: Engine
  readonly cache: MarketCache = new MarketCache()
  readonly metrics: CountingMetrics = new CountingMetrics()
  readonly effects: Effect[] = []
  readonly venues: readonly VenueId[]
  readonly #options: LiveSceneOptions
  readonly #startMs: number
  #ms = 0
  #trades = 0

  constructor(options: LiveSceneOptions) {
    const { kept, limits, markets, sets = [], startMs = 1_790_000_000_000, strategies } = options
    this.#options = options
    this.#startMs = startMs
    this.venues = [...new Set(markets.map(({ venue }) => venue))]
    this.engine = new Engine({
      cache: this.cache,
      codecs: this.venues.map((venue) => new LineCodec(venue)),
      strategies,
      gateway: new RemoteGateway(this.cache),
      metrics: this.metrics,
      groups: new GroupRegistry([]),
      capital: new Map(),
      limits: { ...engineDefaults, ...limits },
      obey: (effect) => this.#obey(effect),
    })
    this.engine.process({ kind: 'start', at: this.now, atMs: startMs as EpochMs, kept })
    for (const venue of this.venues) {
      const ofVenue = markets.filter((market) => market.venue === venue)
      this.list(venue, ofVenue, venue === 'polymarket' ? sets : [])
    }
  }

  get now(): Nanos {
    return (this.#ms * nanosPerMs) as Nanos
  }

  get nowMs(): EpochMs {
    return (this.#startMs + this.#ms) as EpochMs
  }

  list(venue: VenueId, markets: readonly Market[], sets: readonly OutcomeSet[] = []): void {
    const change = { venue, markets, sets, gone: [] }
    this.process({ kind: 'catalogue', change, at: this.now })
  }

  process(event: EngineEvent): void {
    this.engine.process(event)
  }

  command(command: Command): void {
    this.process({ kind: 'command', command, at: this.now })
  }

  /** A frame of these lines arrives from Polymarket. */
  frame(...lines: readonly string[]): void {
    this.frameOf('polymarket', ...lines)
  }

  frameOf(venue: VenueId, ...lines: readonly string[]): void {
    this.engine.onFrame(venue, 0, encoder.encode(lines.join('\n')), this.now)
  }

  /** Time passes; what the counterpart says meanwhile is heard, and the timer tells the engine. */
  wait(ms: number): void {
    const until = this.#ms + ms
    for (;;) {
      const due = this.#options.counterpart?.nextDue()
      if (due === undefined || due > until) break
      this.#ms = Math.max(this.#ms, due)
      const event = this.#options.counterpart?.take(this.#ms, this.now)
      if (event !== undefined) this.process(event)
    }
    this.#ms = until
    this.process({ kind: 'timer', at: this.now })
  }

  /** Time passes, and nobody tells the engine. */
  silence(ms: number): void {
    this.#ms += ms
  }

  lose(connection: number, markets: readonly string[]): void {
    this.process({
      kind: 'connection',
      venue: 'polymarket',
      change: {
        connection,
        kind: 'lost',
        markets: markets as readonly MarketId[],
        reason: 'closed',
        at: this.now,
        atMs: this.nowMs,
      },
    })
  }

  update(update: OrderUpdate, venue: VenueId = 'polymarket'): void {
    this.process({ kind: 'order-update', venue, update, at: this.now })
  }

  live(order: Order): void {
    const venueOrder = `V-${order.id}` as VenueOrderId
    this.update({ kind: 'live', order: order.id, venueOrder }, order.venue)
  }

  done(order: Order, reason = 'killed'): void {
    this.update({ kind: 'done', order: order.id, reason }, order.venue)
  }

  /** The venue did not answer. */
  lost(order: Order): void {
    this.update({ kind: 'unknown', order: order.id, reason: 'timeout' }, order.venue)
  }

  /** An execution of so many shares, all of them unless told otherwise, at the limit. */
  fill(order: Order, shares?: number, price: number = order.limit): Fill {
    const fill = this.fillOf(order, shares, price)
    this.update({ kind: 'filled', order: order.id, fill }, order.venue)
    return fill
  }

  fillOf(order: Order, shares?: number, price: number = order.limit): Fill {
    this.#trades++
    const size = shares === undefined ? order.size : ((shares * 1_000_000) as MicroShares)
    const market = this.cache.byMarket(order.venue, order.market)?.market
    const at = price as Ticks
    const notional = order.side === 'buy' ? cost(at, size) : proceeds(at, size)
    const fee = (market && takerFee(market.fee, at, size)) ?? (0 as MicroUsd)
    const venueTradeId = `T${this.#trades}`
    return {
      order: order.id,
      venueTradeId,
      price: at,
      size,
      notional,
      fee,
      liquidity: 'taker',
      at: this.now,
    }
  }

  /** The order is filled to the end, and its trade is final. */
  complete(order: Order): void {
    const { venueTradeId } = this.fill(order)
    this.done(order, 'filled')
    this.settle(order, venueTradeId)
  }

  settle(order: Order, tradeId: string): void {
    this.update({ kind: 'fill-settled', order: order.id, tradeId }, order.venue)
  }

  reverse(order: Order, tradeId: string): void {
    this.update({ kind: 'fill-reversed', order: order.id, tradeId }, order.venue)
  }

  final(operation: OperationId, cashIn = 0, venue: VenueId = 'polymarket'): void {
    const update = { kind: 'final', operation, cashIn: cashIn as MicroUsd } as const
    this.process({ kind: 'operation-update', venue, update, at: this.now })
  }

  fail(operation: OperationId, venue: VenueId = 'polymarket'): void {
    const update = { kind: 'failed', operation, reason: 'reverted' } as const
    this.process({ kind: 'operation-update', venue, update, at: this.now })
  }

  status(status: 'open' | 'closed', venue: VenueId = 'polymarket'): void {
    this.process({ kind: 'venue-status', venue, status, reason: 'told', at: this.now })
  }

  /** The venue's account as our books have it, but for what is told otherwise. */
  account(facts: Partial<AccountSnapshot> = {}): void {
    const { venue = 'polymarket' } = facts
    const { view } = this.engine
    const positions = view
      .positions()
      .filter(({ position }) => position.venue === venue)
      .map(({ position: { instrument, size } }) => ({ instrument, size }))
    const snapshot: AccountSnapshot = {
      venue,
      cash: view.cashOf(venue),
      positions,
      openOrders: [],
      fills: [],
      ...facts,
    }
    this.process({ kind: 'account', snapshot, at: this.now })
  }

  /** The accounts are read for the first time: so many dollars in each, and nothing else. */
  open(usd = 1_000): void {
    this.wait(1_000)
    for (const venue of this.venues) this.account({ venue, cash: (usd * 1e6) as MicroUsd })
  }

  of<Kind extends Effect['kind']>(kind: Kind): readonly Extract<Effect, { kind: Kind }>[] {
    return this.effects.filter(
      (effect): effect is Extract<Effect, { kind: Kind }> => effect.kind === kind,
    )
  }

  /** All orders that have left, in their order. */
  orders(): readonly Order[] {
    return this.of('place-basket').flatMap(({ intent }) => intent.orders)
  }

  /** The only orders of the last intent. */
  lastOrders(): readonly Order[] {
    return this.of('place-basket').at(-1)?.intent.orders ?? []
  }

  orderNamed(id: string): Order | undefined {
    return this.orders().find((order) => order.id === (id as ClientOrderId))
  }

  /** How baskets stand, by what was last noted of each. */
  states(): readonly string[] {
    return [...new Map(this.of('note-basket').map((note) => [note.basket, note.state])).values()]
  }

  refusals(): readonly string[] {
    return this.of('note-signal').flatMap(({ approved, reason }) => (approved ? [] : [reason]))
  }

  differences(): readonly string[] {
    return this.of('note-difference').map(({ difference }) => difference.kind)
  }

  /** Baskets that wait for a person. */
  quarantined(): readonly BasketId[] {
    const last = new Map(this.of('note-basket').map(({ basket, state }) => [basket, state]))
    return [...last].flatMap(([basket, state]) => (state === 'quarantined' ? [basket] : []))
  }

  /** What we hold, by token. */
  holdings(): ReadonlyMap<string, number> {
    const held = this.engine.view.positions()
    return new Map(held.map(({ position: { instrument, size } }) => [instrument, size]))
  }

  held(token: string, venue: VenueId = 'polymarket'): number {
    const found = this.engine.view
      .positions()
      .find(({ position }) => position.venue === venue && position.instrument === token)
    return found?.position.size ?? 0
  }

  #obey(effect: Effect): void {
    this.#options.observe?.(effect)
    this.effects.push(effect)
    this.#options.counterpart?.obey(effect, this.#ms)
  }
}

/** Shares of an outcome token, as an account lists them. */
export function sharesOf(token: string, count: number): AccountSnapshot['positions'][number] {
  return { instrument: token as InstrumentId, size: (count * 1_000_000) as MicroShares }
}
