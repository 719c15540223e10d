import type { Market } from '../core/market.ts'
import type { Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, SignalLeg, TradeSignal } from '../core/signal.ts'
import type { MicroShares, Nanos } from '../core/units.ts'
import { min } from '../core/units.ts'
import { cashNeeds } from '../execution/cash-needs.ts'
import { filledSize } from '../execution/filled-size.ts'
import type { BasketStep } from '../execution/open-baskets.ts'
import { OpenBaskets } from '../execution/open-baskets.ts'
import type { UnwindLimits } from '../execution/plan-unwind.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { SimulatedGateway } from '../ports/order-gateway.ts'
import type { LegFacts, RefusalReason } from '../risk/check-signal.ts'
import { checkSignal } from '../risk/check-signal.ts'
import { OrderRate } from '../risk/order-rate.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'
import type { EngineClock } from './engine-clock.ts'
import type { StrategyMetrics } from './engine-metrics.ts'
import type { Episode, Episodes } from './episodes.ts'
import type { Effect } from './event.ts'
import type { FeedHealth } from './feed-health.ts'
import type { MarketCache } from './market-cache.ts'

const nanosPerMs = 1_000_000
const nanosPerUs = 1_000
/** A mispricing that risk refused, or whose basket failed, is not tried again sooner. */
const retryNanos = 1_000 * nanosPerMs
/** Baskets for one episode, one after another. More of them is a fault, not an opportunity. */
const attemptsMax = 50

export type DeskOptions = {
  readonly cache: MarketCache
  readonly health: FeedHealth
  readonly clock: EngineClock
  readonly portfolio: Portfolio
  readonly gateway: SimulatedGateway
  readonly limits: RiskLimits
  readonly unwind: UnwindLimits
  /** Why the proof of a signal does not hold, if it does not. */
  readonly certificateFault: (signal: TradeSignal) => string | undefined
  /** The other markets of a set that converts free of charge; undefined where it does not. */
  readonly othersOf: (given: readonly Market[]) => readonly Market[] | undefined
  readonly metricsOf: (strategy: string) => StrategyMetrics
  readonly episodesOf: (strategy: string) => Episodes
  readonly obey: (effect: Effect) => void
  /** A signal was given that had not been counted. */
  readonly onSignal: () => void
}

/**
 * From a strategy's signal to orders, and from reports to the ledger.
 *
 * A signal first meets its episode: what has been traded already is not traded again. Then risk has
 * its say, and what it approves is in the journal before the gateway has it.
 */
export class TradingDesk {
  readonly #options: DeskOptions
  readonly #baskets: OpenBaskets
  readonly #rate: OrderRate = new OrderRate()
  #limits: RiskLimits
  #paused = false
  #killed = false

  constructor(options: DeskOptions) {
    this.#options = options
    this.#limits = options.limits
    this.#baskets = new OpenBaskets(options.unwind, (order) => this.#marketOf(order))
  }

  get paused(): boolean {
    return this.#paused
  }

  get killed(): boolean {
    return this.#killed
  }

  get limits(): RiskLimits {
    return this.#limits
  }

  get rate(): OrderRate {
    return this.#rate
  }

  get openBaskets(): number {
    return this.#baskets.size
  }

  get ordersOut(): number {
    return this.#baskets.orderCount
  }

  /** No new baskets. Those at work finish. */
  pause(): void {
    this.#paused = true
  }

  /** Does nothing once trading was killed. */
  resume(): void {
    this.#paused = this.#killed
  }

  /** No new baskets until the next start, and what rests is called back. */
  kill(): void {
    this.#paused = true
    this.#killed = true
    for (const order of this.#baskets.orders()) {
      this.#options.obey({ kind: 'cancel-order', order: order.id })
      this.#options.gateway.cancel(order.id)
    }
  }

  /** From the next signal on. Baskets at work keep the limits they were approved under. */
  setLimits(limits: Partial<RiskLimits>): void {
    this.#limits = { ...this.#limits, ...limits }
  }

  /** Whether an order or a share of this market would miss it. */
  needs({ venue, yes, no }: Market): boolean {
    const { portfolio } = this.#options
    return [yes.id, no.id].some(
      (token) => this.#baskets.touches(token) || portfolio.sizeOf(venue, token) > 0,
    )
  }

  onSignal(signal: TradeSignal): void {
    const { clock, episodesOf } = this.#options
    const episode = episodesOf(signal.strategy).see(signal, clock.now)
    const isFirst = episode.sightings === 1
    if (episode.basket !== undefined || clock.now < episode.retryAt) return
    if (episode.attempts >= attemptsMax) return

    const reason = this.#refusalOf(signal)
    if (reason !== undefined) {
      this.#refuse(episode, signal, reason, isFirst)
      return
    }
    // One that was refused before has been counted already.
    if (isFirst || episode.attempts > 0) this.#count(signal)
    this.#trade(episode, signal)
  }

  onReport(report: ExecutionReport): void {
    const { clock, obey, portfolio } = this.#options
    const step = this.#baskets.onReport(report, clock.msOf(report.at))
    obey({ kind: 'note-report', report })
    this.#measure(report, step.answered)
    if (step.state === 'waiting') return

    portfolio.release(report.basket, report.at)
    this.#book(report, step.answered)
    if (step.next !== undefined) this.#place(step.next)
    if (step.state !== 'unwinding') this.#over(step.opened, step.state, report.at)
  }

  /** Time has passed: what waited for it is sent. */
  onTimer(): void {
    const { clock } = this.#options
    for (const { opened, next } of this.#baskets.due(clock.now, clock.nowMs)) {
      if (next !== undefined) this.#place(next)
      else this.#over(opened, 'stranded', clock.now)
    }
  }

  #refusalOf(signal: TradeSignal): RefusalReason | undefined {
    const { clock, portfolio } = this.#options
    const facts = {
      paused: this.#paused,
      nowMs: clock.nowMs,
      legOf: (leg: SignalLeg) => this.#factsOf(leg),
      needs: cashNeeds(signal, (leg) => this.#marketOf(leg)),
      exposureOf: portfolio.exposureOf.bind(portfolio),
      totalExposure: portfolio.exposure,
      cashOf: portfolio.cashOf.bind(portfolio),
      openBaskets: this.#baskets.size,
      ordersLastSecond: this.#rate.lastSecond(clock.now),
      ordersLastMinute: this.#rate.lastMinute(clock.now),
      certificateFault: this.#options.certificateFault,
    }
    return checkSignal(signal, facts, this.#limits)
  }

  #factsOf(leg: SignalLeg): LegFacts | undefined {
    const { cache, clock, gateway, health, portfolio } = this.#options
    const found = cache.byInstrument(leg.venue, leg.instrument)
    if (found === undefined || found.entry.market.id !== leg.market) return undefined
    const { entry, book } = found
    return {
      market: entry.market,
      state: book.state,
      torn: book.torn,
      fresh: health.isFresh(entry, clock.now),
      atWork: this.#baskets.touches(leg.instrument),
      taken: gateway.fillable(leg) < leg.size,
      held: portfolio.sizeOf(leg.venue, leg.instrument),
    }
  }

  #refuse(episode: Episode, signal: TradeSignal, reason: RefusalReason, isFirst: boolean): void {
    const { clock, metricsOf, obey } = this.#options
    episode.retryAt = (clock.now + retryNanos) as Nanos
    if (isFirst) this.#count(signal)
    if (episode.refusal === reason) return
    episode.refusal = reason
    metricsOf(signal.strategy).refusals(reason).add()
    obey({ kind: 'note-signal', signal, approved: false, reason })
  }

  #trade(episode: Episode, signal: TradeSignal): void {
    const { clock, obey } = this.#options
    const intent = this.#baskets.open(signal, clock.now, clock.nowMs)
    episode.basket = intent.basket
    episode.attempts++
    episode.refusal = undefined
    obey({ kind: 'note-signal', signal, approved: true, reason: '' })
    this.#place(intent)
  }

  #place(intent: ExecutionIntent): void {
    const { gateway, obey, portfolio } = this.#options
    if (intent.purpose === 'open') {
      const needs = cashNeeds(intent.signal, (leg) => this.#marketOf(leg))
      portfolio.reserve(intent.basket, needs, intent.createdAt)
    }
    this.#rate.sent(intent.orders.length, intent.createdAt)
    obey({ kind: 'place-basket', intent })
    gateway.place(intent)
  }

  #count(signal: TradeSignal): void {
    const { signals, edge } = this.#options.metricsOf(signal.strategy)
    this.#options.onSignal()
    signals(signal.venue).add()
    edge.record(fractionOf(signal))
  }

  #measure({ legs, strategy }: ExecutionReport, { purpose, signal }: ExecutionIntent): void {
    const metrics = this.#options.metricsOf(strategy)
    for (const { outcome, fills } of legs) {
      if (outcome === 'rejected') metrics.rejections.add()
      const last = fills.at(-1)
      if (last === undefined) continue
      metrics.fills.add()
      if (purpose === 'unwind') continue
      metrics.signalToFillUs.record((last.at - signal.generatedAt) / nanosPerUs)
      metrics.e2eLatencyUs.record((last.at - signal.receivedAt) / nanosPerUs)
    }
  }

  /** Writes a report into the ledger: pairs split, shares traded, pairs merged. */
  #book(report: ExecutionReport, answered: ExecutionIntent): void {
    const { portfolio } = this.#options
    const { orders, purpose, signal } = answered
    const filled = (order: Order): MicroShares => filledSize(order, report)

    for (const { yes, no, market } of purpose === 'open' ? this.#pairsOf(orders) : []) {
      const isSplit = signal.realisation === 'split' && filled(yes) + filled(no) > 0
      if (isSplit) portfolio.split(market, yes.size, yes.limit, signal.strategy, report.at)
    }
    for (const order of orders) {
      const fills = report.legs.find((leg) => leg.order === order.id)?.fills ?? []
      for (const fill of fills) portfolio.fill(order, fill, signal.strategy, fill.at)
    }
    for (const { yes, no, market } of purpose === 'open' ? this.#pairsOf(orders) : []) {
      if (signal.realisation === 'split') continue
      const size = min(filled(yes), filled(no))
      if (size > 0) portfolio.merge(market, size, signal.strategy, report.at)
    }
    if (purpose === 'open' && signal.realisation === 'convert') {
      this.#convert(orders, filled, signal.strategy, report.at)
    }
    for (const order of orders) this.#settleLate(order, report.at)
  }

  /** NO of a neg-risk set is cash at once: what was filled on every leg is converted. */
  #convert(
    orders: readonly Order[],
    filled: (order: Order) => MicroShares,
    strategy: string,
    at: Nanos,
  ): void {
    const given = orders.flatMap((order) => this.#marketOf(order) ?? [])
    const size = orders.map(filled).reduce((least, each) => min(least, each))
    const others = this.#options.othersOf(given)
    if (size === 0 || others === undefined || given.length < orders.length) return
    this.#options.portfolio.convert({ given, received: others, size, strategy, at })
  }

  /** The orders of a basket that are the two outcomes of one market. */
  #pairsOf(orders: readonly Order[]): readonly { yes: Order; no: Order; market: Market }[] {
    return orders.flatMap((yes) => {
      const market = this.#marketOf(yes)
      const no = orders.find((one) => one.market === yes.market && one.outcome === 'no')
      if (yes.outcome !== 'yes' || no === undefined || market === undefined) return []
      return [{ yes, no, market }]
    })
  }

  /** Shares may come in after their market was resolved: the report waits for the last leg. */
  #settleLate(order: Order, at: Nanos): void {
    const market = this.#marketOf(order)
    if (market?.resolution !== undefined && market.status === 'resolved') {
      this.#options.portfolio.settle(market, market.resolution, at)
    }
  }

  #over(opened: ExecutionIntent, state: BasketStep['state'], at: Nanos): void {
    const retryAt = (state === 'complete' ? at : at + retryNanos) as Nanos
    this.#options.episodesOf(opened.signal.strategy).basketOver(opened.basket, retryAt)
  }

  #marketOf({ venue, market }: SignalLeg | Order): Market | undefined {
    return this.#options.cache.byMarket(venue, market)?.market
  }
}

/** The edge by dollar of payout: 0.02 is 2 %. */
function fractionOf({ edgeRate }: TradeSignal): number {
  const ppm: number = edgeRate
  return ppm / 1_000_000
}
