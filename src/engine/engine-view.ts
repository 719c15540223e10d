import type { MarketId, VenueId } from '../core/market.ts'
import type { BookState } from '../core/order-book.ts'
import type { Fill, Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroUsd, Nanos } from '../core/units.ts'
import { negate } from '../core/units.ts'
import type { Portfolio, Position } from '../portfolio/portfolio.ts'
import type { Valuation } from '../portfolio/valuation.ts'
import type { CacheView } from '../ports/strategy.ts'
import type { LimitUse } from '../risk/limit-use.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'
import type { EngineClock } from './engine-clock.ts'
import type { Episode } from './episodes.ts'
import type { Effect } from './event.ts'
import type { MarketCache } from './market-cache.ts'
import { booksOf } from './market-cache.ts'
import type { Phantoms } from './phantoms.ts'
import { Recent } from './recent.ts'
import type { HostedStrategy } from './strategy-host.ts'
import type { TradingDesk } from './trading-desk.ts'
import type { Turn } from './turn.ts'

export type BookCounts = Readonly<Record<BookState, number>>

export type NotedSignal = {
  readonly signal: TradeSignal
  readonly approved: boolean
  /** Why risk refused it; empty when it did not. */
  readonly reason: string
}

export type NotedFill = {
  readonly order: Order
  readonly fill: Fill
  readonly strategy: string
  readonly purpose: ExecutionIntent['purpose']
}

export type HeldPosition = {
  readonly position: Position
  readonly basis: MicroUsd
  /** What it would bring if it were sold into the bids now, fees paid. */
  readonly value: MicroUsd
}

/** What the view reads from. */
export type ViewSource = {
  readonly cache: MarketCache
  readonly portfolio: Portfolio
  readonly valuation: Valuation
  readonly desk: TradingDesk
  readonly clock: EngineClock
  readonly strategies: readonly HostedStrategy[]
  readonly turns: readonly Turn[]
  /** Sightings of books that no strategy was shown. */
  readonly unseen: Phantoms
  readonly recentMax: number
}

/** How an engine stands, for people and for the API. Reading changes nothing it does. */
export class EngineView {
  readonly #source: ViewSource
  readonly #signals: Recent<NotedSignal>
  readonly #fills: Recent<NotedFill>
  readonly #episodes: Recent<Episode>
  readonly #placed: Map<string, ExecutionIntent> = new Map()
  #framesReceived = 0
  #legsFilled = 0
  #legsRejected = 0
  #signalCount = 0

  constructor(source: ViewSource) {
    this.#source = source
    this.#signals = new Recent(source.recentMax)
    this.#fills = new Recent(source.recentMax)
    this.#episodes = new Recent(source.recentMax)
  }

  get framesReceived(): number {
    return this.#framesReceived
  }

  get framesRefused(): number {
    return this.#source.turns.reduce((sum, { refusedCount }) => sum + refusedCount, 0)
  }

  /** Signals that strategies gave: one for each episode, and one more for each refill of it. */
  get signalCount(): number {
    return this.#signalCount
  }

  /** Legs that were filled, in whole or in part. */
  get fillCount(): number {
    return this.#legsFilled
  }

  /** Legs that the venue refused or nobody took. */
  get rejectionCount(): number {
    return this.#legsRejected
  }

  get phantomCount(): number {
    const { strategies, unseen } = this.#source
    return strategies.reduce((sum, { phantoms }) => sum + phantoms.total, unseen.total)
  }

  /** How much of each limit is in use. */
  limitUse(): readonly LimitUse[] {
    return this.#source.desk.limitUse()
  }

  /** Whether nothing is under way: no order out, no trade unsettled, no operation without an end. */
  get atRest(): boolean {
    const { desk } = this.#source
    return desk.openBaskets === 0 && desk.settlements.size === 0 && !desk.baskets.isUnsettled
  }

  /** Baskets that wait for a person. */
  get quarantined(): number {
    return this.#source.desk.baskets.quarantined
  }

  get openBaskets(): number {
    return this.#source.desk.openBaskets
  }

  /** Orders under way to their venues, and those that rest there. */
  get ordersOut(): number {
    return this.#source.desk.ordersOut
  }

  get paused(): boolean {
    return this.#source.desk.paused
  }

  /** Trading has been ended for good. */
  get killed(): boolean {
    return this.#source.desk.killed
  }

  get limits(): RiskLimits {
    return this.#source.desk.limits
  }

  get ordersLastSecond(): number {
    return this.#source.desk.rate.lastSecond(this.#source.clock.now)
  }

  get ordersLastMinute(): number {
    return this.#source.desk.rate.lastMinute(this.#source.clock.now)
  }

  get cache(): CacheView {
    return this.#source.cache
  }

  /** What the owner put in. */
  get capital(): MicroUsd {
    return negate(this.#source.portfolio.ledger.balance('capital'))
  }

  cashOf(venue: VenueId): MicroUsd {
    return this.#source.portfolio.cashOf(venue)
  }

  /** The most we can lose in a market. */
  exposureOf(venue: VenueId, market: MarketId): MicroUsd {
    return this.#source.portfolio.exposureOf(venue, market)
  }

  /** The wall clock at an instant of the engine. */
  msOf(at: Nanos): EpochMs {
    return this.#source.clock.msOf(at)
  }

  get ledgerBalanced(): boolean {
    return this.#source.portfolio.ledger.balanced
  }

  /** What is closed or settled, less all fees paid. */
  get realised(): MicroUsd {
    return this.#source.portfolio.realised
  }

  /** What open positions would bring now, less what they cost. */
  get unrealised(): MicroUsd {
    return this.#source.valuation.unrealised
  }

  get fees(): MicroUsd {
    return this.#source.portfolio.fees
  }

  get exposure(): MicroUsd {
    return this.#source.portfolio.exposure
  }

  get strategies(): readonly HostedStrategy[] {
    return this.#source.strategies
  }

  /** Books by state, of one venue or of all. */
  books(venue?: VenueId): BookCounts {
    const counts = { proven: 0, unproven: 0, broken: 0 }
    for (const entry of this.#source.cache.entries()) {
      if (venue !== undefined && entry.market.venue !== venue) continue
      for (const { state } of booksOf(entry)) counts[state]++
    }
    return counts
  }

  positions(): readonly HeldPosition[] {
    const { portfolio, valuation } = this.#source
    return [...portfolio.positions()].map((position) => ({
      position,
      basis: portfolio.basisOf(position.venue, position.instrument),
      value: valuation.valueOf(position),
    }))
  }

  /** The latest first. */
  signals(count?: number): readonly NotedSignal[] {
    return this.#signals.latest(count)
  }

  /** The latest first. */
  fills(count?: number): readonly NotedFill[] {
    return this.#fills.latest(count)
  }

  /** Those that last. */
  openEpisodes(): readonly Episode[] {
    return this.#source.strategies.flatMap(({ episodes }) => [...episodes.open()])
  }

  /** Those that are over, the latest first. */
  endedEpisodes(count?: number): readonly Episode[] {
    return this.#episodes.latest(count)
  }

  countFrame(): void {
    this.#framesReceived++
  }

  countSignal(): void {
    this.#signalCount++
  }

  noteEnded(episode: Episode): void {
    this.#episodes.add(episode)
  }

  /** Sees every effect before the world does. */
  observe(effect: Effect): void {
    switch (effect.kind) {
      case 'note-signal':
        this.#signals.add(effect)
        return
      case 'place-basket':
        this.#placed.set(effect.intent.basket, effect.intent)
        return
      case 'note-report':
        this.#noteReport(effect.report)
        return
      default:
    }
  }

  #noteReport(report: ExecutionReport): void {
    const intent = this.#placed.get(report.basket)
    for (const [index, { fills, outcome }] of report.legs.entries()) {
      if (fills.length > 0) this.#legsFilled++
      if (outcome === 'rejected') this.#legsRejected++
      const order = intent?.orders[index]
      if (intent === undefined || order === undefined) continue
      for (const fill of fills) {
        this.#fills.add({ order, fill, strategy: report.strategy, purpose: intent.purpose })
      }
    }
    if (report.legs.every(({ outcome }) => outcome !== 'unknown'))
      this.#placed.delete(report.basket)
  }
}
