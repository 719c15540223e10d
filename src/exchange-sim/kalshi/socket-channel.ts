import type { WebSocket } from 'ws'
import type { BookSide } from '../../core/order-book.ts'
import { askSide, bidSide } from '../../core/order-book.ts'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { subtract, zeroShares } from '../../core/units.ts'
import type { ExchangeTimers } from '../exchange-clock.ts'
import type { Faults } from '../faults.ts'
import { faultRates } from '../faults.ts'
import type { MarketIds } from '../market-ids.ts'
import type { Execution, LevelChange } from '../matching-engine.ts'
import type { SimMarket } from '../sim-market.ts'
import type { World, WorldEvent } from '../world.ts'
import { marketOf } from './listing-routes.ts'
import { Line } from './line.ts'
import type { Body, LevelDelta } from './messages.ts'
import {
  createdBody,
  deltaBody,
  determinedBody,
  marketIdOf,
  regriddedBody,
  snapshotBody,
  tickerBody,
  tradeBody,
} from './messages.ts'
import type { MinuteBars } from './minute-bars.ts'
import { Session } from './session.ts'
import type { TapeTrade, TradeTape } from './trade-tape.ts'

/** docs/venues/kalshi.md, 5.7. */
const pingMs = 10_000
/** How late an event comes that others overtake. */
const overtakenMs = 200

export type SocketChannelParts = {
  readonly world: World
  readonly ids: MarketIds
  readonly tape: TradeTape
  readonly bars: MinuteBars
  readonly faults: Faults
  readonly timers: ExchangeTimers
}

/** Kalshi's socket: who listens to what, and what each of them is sent. */
export class SocketChannel {
  readonly #parts: SocketChannelParts
  readonly #sessions = new Set<Session>()
  /** Each level as it was last told, so that a change can be told as a difference. */
  readonly #told = new Map<SimMarket, readonly [Map<Ticks, MicroShares>, Map<Ticks, MicroShares>]>()
  readonly #marketIds = new Map<SimMarket, string>()

  constructor(parts: SocketChannelParts) {
    this.#parts = parts
  }

  /** Starts to follow the world. What is returned ends that. */
  start(): () => void {
    const { world, timers } = this.#parts
    for (const market of world.marketsOn('kalshi')) this.#levelsOf(market)
    const endListening = world.listen((event) => {
      if (event.market.set.venue === 'kalshi') this.#onEvent(event)
    })
    const endPings = timers.every(pingMs, () => {
      for (const session of this.#sessions) session.ping()
    })
    return () => {
      endListening()
      endPings()
    }
  }

  accept(socket: WebSocket, owner: string): void {
    const { world, faults, timers } = this.#parts
    const session = new Session(
      owner,
      socket,
      {
        marketOf: (ticker) => marketOf(world, ticker),
        snapshotOf: (market, noSide) => snapshotBody(market, this.#idOf(market), noSide),
        gone: () => this.#sessions.delete(session),
      },
      (end) => new Line(end, faults, timers),
    )
    this.#sessions.add(session)
    session.start()
  }

  /** Tells an account of its own orders, fills and positions: perhaps twice, perhaps late. */
  tellOwner(
    owner: string,
    channel: 'fill' | 'user_orders' | 'market_positions',
    market: SimMarket,
    body: Body,
  ): void {
    const { faults, timers } = this.#parts
    const send = (): void => {
      for (const session of this.#sessions) {
        const subscription = session.owner === owner ? session.hearing(channel, market) : undefined
        if (subscription !== undefined) session.publish(subscription, body)
      }
    }
    const isLate = faults.strikes('reordered-user-event', faultRates.reorderedUserEvent)
    if (isLate) timers.after(overtakenMs, send)
    else send()
    if (faults.strikes('duplicate-user-event', faultRates.duplicateUserEvent)) send()
  }

  /** Tells an account of a group of its orders. docs/venues/kalshi.md, 4.3. */
  tellGroup(owner: string, msg: object): void {
    for (const session of this.#sessions) {
      if (session.owner !== owner) continue
      const subscription = session.hearingAll('order_group_updates')
      if (subscription !== undefined) {
        session.publish(subscription, { type: 'order_group_updates', msg })
      }
    }
  }

  /** Breaks every connection of an account. */
  cut(owner: string): void {
    for (const session of this.#sessions) if (session.owner === owner) session.cut()
  }

  /** Breaks every connection on which somebody listens to an account. */
  cutPrivate(): void {
    for (const session of this.#sessions) if (session.isPrivate) session.cut()
  }

  #onEvent(event: WorldEvent): void {
    const { market, at } = event
    const trades = this.#parts.tape.note(event)
    this.#parts.bars.note(market, trades, at)
    switch (event.kind) {
      case 'order-executed':
        this.#tellDeltas(market, inOrder(event.execution), at)
        this.#tellTrades(market, trades)
        return this.#tellTicker(market, at)
      case 'order-cancelled':
        this.#tellDeltas(market, [event.cancellation.change], at)
        return this.#tellTicker(market, at)
      case 'market-listed':
        this.#levelsOf(market)
        return this.#tell('market_lifecycle_v2', market, () => createdBody(market))
      case 'tick-changed':
        return this.#tell('market_lifecycle_v2', market, () => regriddedBody(market))
      case 'market-closed':
        // A market that closes says nothing. docs/venues/kalshi.md, 3.2.
        return undefined
      case 'market-resolved': {
        const { winner } = event
        return this.#tell('market_lifecycle_v2', market, () => determinedBody(market, winner, at))
      }
    }
  }

  /** Several changes of one match leave the book crossed where the remainder is told first. */
  #tellDeltas(market: SimMarket, changes: readonly LevelChange[], at: EpochMs): void {
    const deltas = changes.flatMap((change) => this.#deltaOf(market, change, at))
    const marketId = this.#idOf(market)
    for (const session of this.#sessions) {
      const subscription = session.hearing('orderbook_delta', market)
      if (subscription === undefined) continue
      const isSlow = deltas.length > 1 && this.#parts.faults.has('crossed-sweep')
      const told = isSlow ? [...deltas.slice(-1), ...deltas.slice(0, -1)] : deltas
      for (const [index, delta] of told.entries()) {
        const body = deltaBody(delta, marketId, subscription.noSide)
        session.publish(subscription, body, isSlow && index === 0)
      }
    }
  }

  #deltaOf(market: SimMarket, change: LevelChange, at: EpochMs): readonly LevelDelta[] {
    const { side, price, size } = change
    const levels = this.#levelsOf(market)[side]
    const before = levels.get(price) ?? zeroShares
    if (size === 0) levels.delete(price)
    else levels.set(price, size)
    return size === before ? [] : [{ market, side, price, change: subtract(size, before), at }]
  }

  #tellTrades(market: SimMarket, trades: readonly TapeTrade[]): void {
    for (const trade of trades) this.#tell('trade', market, () => tradeBody(trade))
  }

  #tellTicker(market: SimMarket, at: EpochMs): void {
    const volume = this.#parts.tape.volumeOf(market)
    this.#tell('ticker', market, () => tickerBody(market, this.#idOf(market), volume, at))
  }

  #tell(
    channel: 'trade' | 'ticker' | 'market_lifecycle_v2',
    market: SimMarket,
    body: () => Body,
  ): void {
    let made: Body | undefined
    for (const session of this.#sessions) {
      const subscription = session.hearing(channel, market)
      if (subscription === undefined) continue
      made ??= body()
      session.publish(subscription, made)
    }
  }

  #levelsOf(market: SimMarket): readonly [Map<Ticks, MicroShares>, Map<Ticks, MicroShares>] {
    const known = this.#told.get(market)
    if (known !== undefined) return known

    const book = market.engine.book('yes')
    const sizes = (side: BookSide): Map<Ticks, MicroShares> =>
      new Map(book.levels(side).map(({ price, size }) => [price, size]))
    const made = [sizes(bidSide), sizes(askSide)] as const
    this.#told.set(market, made)
    return made
  }

  #idOf(market: SimMarket): string {
    const known = this.#marketIds.get(market)
    if (known !== undefined) return known
    const made = marketIdOf(market, this.#parts.ids)
    this.#marketIds.set(market, made)
    return made
  }
}

/** What was taken first, and then what is left of the order: so the book is never crossed. */
function inOrder({ changes, rested }: Execution): readonly LevelChange[] {
  return rested > 0 ? [...changes.slice(1), ...changes.slice(0, 1)] : changes
}
