import type { InstrumentId, Market, MarketId, VenueId } from '../core/market.ts'
import type { BasketId, Fill, Order } from '../core/order.ts'
import type { ExecutionIntent, SignalLeg, TradeSignal } from '../core/signal.ts'
import type { MicroShares, MicroUsd, Nanos } from '../core/units.ts'
import { add, max, subtract, zeroUsd } from '../core/units.ts'
import { cashNeeds } from '../execution/cash-needs.ts'
import type { BasketLimits } from '../execution/plan-basket.ts'
import { hardestLeg, planBasket } from '../execution/plan-basket.ts'
import type { Portfolio, Reserve } from '../portfolio/portfolio.ts'
import type { OrderGateway } from '../ports/order-gateway.ts'
import type { OperationUpdate } from '../ports/settlement.ts'
import type { OrderUpdate } from '../ports/venue-gateway.ts'
import type { LegFacts, RefusalReason } from '../risk/check-signal.ts'
import { checkSignal } from '../risk/check-signal.ts'
import type { LimitUse } from '../risk/limit-use.ts'
import { limitUse } from '../risk/limit-use.ts'
import { OrderRate } from '../risk/order-rate.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'
import { BasketsAtWork } from './baskets-at-work.ts'
import type { EngineClock } from './engine-clock.ts'
import type { StrategyMetrics } from './engine-metrics.ts'
import type { Episode, Episodes } from './episodes.ts'
import type { Effect, KeptBooks } from './event.ts'
import type { FeedHealth } from './feed-health.ts'
import { splitsFor } from './finish-basket.ts'
import { LeftPairs } from './left-pairs.ts'
import type { MarketCache } from './market-cache.ts'
import { Settlements } from './settlements.ts'

const nanosPerMs = 1_000_000
const nanosPerUs = 1_000
const msPerDay = 86_400_000
/** A mispricing that risk refused, or whose basket failed, is not tried again sooner. */
const retryNanos = 1_000 * nanosPerMs
/** Baskets for one episode, one after another. More of them is a fault, not an opportunity. */
const attemptsMax = 50

export type DeskOptions = {
  readonly cache: MarketCache
  readonly health: FeedHealth
  readonly clock: EngineClock
  readonly portfolio: Portfolio
  readonly gateway: OrderGateway
  readonly limits: RiskLimits
  readonly baskets: BasketLimits
  /** Begins the id of every basket. Live it makes ids unique across the lives of an account. */
  readonly basketPrefix: () => string
  /** Why the proof of a signal does not hold, if it does not. */
  readonly certificateFault: (signal: TradeSignal) => string | undefined
  /** The other markets of a set that converts free of charge; undefined where it does not. */
  readonly othersOf: (given: readonly Market[]) => readonly Market[] | undefined
  /** The venue's name of the set that a market's NO converts in. */
  readonly conversionOf: (market: Market) => string | undefined
  /** Why nothing may be traded at a venue, or in a market of it; undefined when it may. */
  readonly closedBecause: (market: Market) => VenueRefusal | undefined
  readonly metricsOf: (strategy: string) => StrategyMetrics
  readonly episodesOf: (strategy: string) => Episodes
  readonly obey: (effect: Effect) => void
  /** A signal was given that had not been counted. */
  readonly onSignal: () => void
  readonly onContradiction: (order: Order, fill: Fill) => void
}

export type VenueRefusal = Extract<RefusalReason, 'venue-closed' | 'not-reconciled'>

/**
 * From a strategy's signal to a basket at work.
 *
 * A signal first meets its episode: what has been traded already is not traded again. Then risk has
 * its say, and what it approves is in the journal before the gateway has it.
 */
export class TradingDesk {
  readonly #options: DeskOptions
  readonly #baskets: BasketsAtWork
  readonly #settlements: Settlements
  readonly #leftPairs: LeftPairs
  readonly #rate: OrderRate = new OrderRate()
  #limits: RiskLimits
  #basketCount = 0
  #day = 0
  #realisedAtMidnight: MicroUsd = zeroUsd
  #paused = false
  #killed = false

  constructor(options: DeskOptions) {
    const { clock, conversionOf, gateway, limits, obey, onContradiction, othersOf, portfolio } =
      options
    this.#options = options
    this.#limits = limits
    const marketOf = (leg: Pick<Order, 'venue' | 'market'>): Market | undefined =>
      this.#marketOf(leg)
    this.#settlements = new Settlements({
      clock,
      portfolio,
      gateway,
      namePrefix: options.basketPrefix,
      marketOf: (venue, market) => marketOf({ venue, market }),
      othersOf,
      obey,
      onSplit: (basket, done) => this.#onSplit(basket, done),
    })
    this.#leftPairs = new LeftPairs({
      portfolio,
      settlements: this.#settlements,
      marketOf,
      isInMotion: (instrument) => this.isInMotion(instrument),
    })
    this.#baskets = new BasketsAtWork({
      clock,
      portfolio,
      gateway,
      settlements: this.#settlements,
      limits: options.baskets,
      marketOf,
      othersOf,
      conversionOf,
      headroom: () => max(subtract(this.#limits.totalExposureMax, portfolio.exposure), zeroUsd),
      obey,
      onOrderOver: (order, fills, intent) => this.#measure(order, fills, intent),
      onTraded: (order, at) => this.#settleLate(order, at),
      onOver: (signal, basket, whole, at) => this.#onOver(signal, basket, whole, at),
      onContradiction,
    })
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

  /** What has been lost since midnight, by UTC; nothing when it was won. */
  get dailyLoss(): MicroUsd {
    return max(subtract(this.#realisedAtMidnight, this.#options.portfolio.realised), zeroUsd)
  }

  /** How much of each limit is in use. */
  limitUse(): readonly LimitUse[] {
    const { clock, portfolio } = this.#options
    const stakes = [...portfolio.stakes()].map((stake) => ({
      ...stake,
      set: this.#marketOf(stake)?.set ?? stake.market,
    }))
    return limitUse(
      {
        stakes,
        unresolved: this.#baskets.unresolvedExposure,
        dailyLoss: this.dailyLoss,
        openBaskets: this.#baskets.size,
        ordersLastSecond: this.#rate.lastSecond(clock.now),
        ordersLastMinute: this.#rate.lastMinute(clock.now),
      },
      this.#limits,
    )
  }

  get openBaskets(): number {
    return this.#baskets.size
  }

  get baskets(): BasketsAtWork {
    return this.#baskets
  }

  get settlements(): Settlements {
    return this.#settlements
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

  /** No new baskets until the next start; whatever is open at the venues is called back. */
  kill(): void {
    this.#paused = true
    this.#killed = true
    this.#baskets.cancelAll()
    this.#options.obey({ kind: 'cancel-all' })
  }

  /** From the next signal on. Baskets at work keep the limits they were approved under. */
  setLimits(limits: Partial<RiskLimits>): void {
    this.#limits = { ...this.#limits, ...limits }
  }

  /** Whether an order, a basket or an operation under way concerns this instrument. */
  isAtWork(instrument: InstrumentId): boolean {
    return this.#baskets.touches(instrument) || this.#settlements.touches(instrument)
  }

  /** Whether an order, an operation or a trade that is not final may change what we have of it. */
  isInMotion(instrument: InstrumentId): boolean {
    if (this.isAtWork(instrument)) return true
    return this.#baskets.isUnsettledIn((leg) => leg.instrument === instrument)
  }

  /** Whether something is under way at a venue, so that its cash may change at any moment. */
  isBusyAt(venue: VenueId): boolean {
    if (this.#settlements.countAt(venue) > 0) return true
    for (const order of this.#baskets.openOrders()) if (order.venue === venue) return true
    return this.#baskets.isUnsettledIn((leg) => leg.venue === venue)
  }

  /** Whether an order or a share of this market would miss it. */
  needs({ venue, yes, no }: Market): boolean {
    const { portfolio } = this.#options
    return [yes.id, no.id].some(
      (token) => this.isAtWork(token) || portfolio.sizeOf(venue, token) > 0,
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

  /** Whether the order is one of ours. */
  onOrder(update: OrderUpdate, at: Nanos): boolean {
    return this.#baskets.onUpdate(update, at)
  }

  onOperation(update: OperationUpdate, at: Nanos): void {
    this.#settlements.onUpdate(update, at)
  }

  /** Time has passed: what waited for it is done. */
  onTimer(): void {
    const { clock, portfolio } = this.#options
    const day = Math.floor(clock.nowMs / msPerDay)
    if (day !== this.#day) {
      this.#day = day
      this.#realisedAtMidnight = portfolio.realised
    }
    this.#baskets.onTimer(clock.now)
    this.#settlements.onTimer(clock.now)
  }

  /** Takes in what an earlier life has left at work. */
  restore({ baskets, basketCount, operations, summary }: KeptBooks): void {
    this.#basketCount = basketCount
    this.#leftPairs.note(summary)
    for (const operation of operations) this.#settlements.adopt(operation)
    for (const basket of baskets) this.#baskets.restore(basket)
  }

  /** A market was resolved. On paper what we have of it is cash at once. */
  onResolved(market: Market): void {
    const { clock, gateway, portfolio } = this.#options
    if (market.resolution === undefined) return
    if (gateway.finalAtOnce) portfolio.settle(market, market.resolution, clock.now)
    this.#baskets.onResolved((leg) => this.#marketOf(leg)?.status === 'resolved')
  }

  /**
   * Merges pairs that an earlier life has left, and redeems what has won, where a venue does not
   * pay it out as soon as it knows.
   */
  redeemResolved(): void {
    const { gateway, portfolio } = this.#options
    // One that was quarantined since has nothing left to decide either.
    this.#baskets.onResolved((leg) => this.#marketOf(leg)?.status === 'resolved')
    this.#leftPairs.merge()
    if (gateway.finalAtOnce) return
    const markets = new Set<Market>()
    for (const { instrument, market, venue } of portfolio.positions()) {
      const known = this.#marketOf({ venue, market })
      if (known?.resolution === undefined || this.isInMotion(instrument)) continue
      markets.add(known)
    }
    for (const { id, venue } of markets) {
      const purpose = { venue, basket: undefined, strategy: 'none' }
      this.#settlements.submit({ kind: 'redeem', market: id }, purpose)
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
      setExposureOf: (venue: VenueId, market: MarketId) => this.#setExposureOf(venue, market),
      venueExposureOf: (venue: VenueId) => this.#stakeOf((stake) => stake.venue === venue),
      strategyExposure: this.#stakeOf(({ strategy }) => strategy === signal.strategy),
      unresolvedExposure: this.#baskets.unresolvedExposure,
      dailyLoss: this.dailyLoss,
      totalExposure: portfolio.exposure,
      cashOf: portfolio.cashOf.bind(portfolio),
      openBaskets: this.#baskets.size,
      ordersLastSecond: this.#rate.lastSecond(clock.now),
      ordersLastMinute: this.#rate.lastMinute(clock.now),
      certificateFault: this.#options.certificateFault,
    }
    return checkSignal(signal, facts, this.#limits)
  }

  #setExposureOf(venue: VenueId, market: MarketId): MicroUsd {
    const set = this.#marketOf({ venue, market })?.set
    return this.#stakeOf(
      (stake) =>
        stake.venue === venue &&
        (stake.market === market || (set !== undefined && this.#marketOf(stake)?.set === set)),
    )
  }

  #stakeOf(isMeant: (stake: Reserve) => boolean): MicroUsd {
    let sum = zeroUsd
    for (const stake of this.#options.portfolio.stakes()) {
      if (isMeant(stake)) sum = add(sum, stake.amount)
    }
    return sum
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
      atWork: this.isAtWork(leg.instrument),
      closed: this.#options.closedBecause(entry.market),
      taken: gateway.fillable(leg) < leg.size,
      best: leg.side === 'buy' ? entry[leg.outcome].bestAsk : entry[leg.outcome].bestBid,
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
    const { baskets, basketPrefix, clock, obey } = this.#options
    this.#basketCount++
    const id = `${basketPrefix()}${String(this.#basketCount).padStart(6, '0')}` as BasketId
    episode.basket = id
    episode.attempts++
    episode.refusal = undefined
    obey({ kind: 'note-signal', signal, approved: true, reason: '' })
    this.#rate.sent(signal.legs.length, clock.now)
    const sequence = this.#sequenceOf(signal)
    const planned = { id, at: clock.now, atMs: clock.nowMs, sequence, limits: baskets }
    const splits = splitsFor(signal)
    const plan = planBasket(signal, planned)
    for (const { venue, what } of splits) {
      const yesPrice = plan.legs.find(({ outcome }) => outcome === 'yes')?.limit
      const purpose = { venue, basket: id, strategy: signal.strategy }
      this.#settlements.submit(what, yesPrice === undefined ? purpose : { ...purpose, yesPrice })
    }
    this.#baskets.open(plan, signal)
    if (splits.length === 0) this.#baskets.start(id)
  }

  /**
   * At one venue all legs travel in one call. At two the harder leg goes first, alone: what it does
   * not fill, the other is not asked for.
   */
  #sequenceOf({ legs }: TradeSignal): ReturnType<typeof planBasket>['policy']['sequence'] {
    const venues = new Set<VenueId>(legs.map(({ venue }) => venue))
    const rests = legs.some(({ rest }) => rest !== undefined)
    if (venues.size === 1 || rests) return { kind: 'parallel' }
    return { kind: 'probe', leg: hardestLeg(legs, (leg) => this.#shownOf(leg)) }
  }

  /** What the book shows within the limit of a leg, however much is wanted. */
  #shownOf(leg: SignalLeg): MicroShares {
    const most = Number.MAX_SAFE_INTEGER as SignalLeg['size']
    return this.#options.gateway.fillable({ ...leg, size: most })
  }

  /** The pairs of a short basket are there, or will not be: then it has cost nothing. */
  #onSplit(basket: BasketId, done: boolean): void {
    if (!done) this.#baskets.abandon(basket, 'not-attempted')
    else if (this.#settlements.splitCashOf(basket).length === 0) this.#baskets.start(basket)
  }

  #onOver(signal: TradeSignal, basket: BasketId, whole: boolean, at: Nanos): void {
    const retryAt = (whole ? at : at + retryNanos) as Nanos
    this.#options.episodesOf(signal.strategy).basketOver(basket, retryAt)
  }

  #count(signal: TradeSignal): void {
    const { signals, edge } = this.#options.metricsOf(signal.strategy)
    this.#options.onSignal()
    signals(signal.venue).add()
    edge.record(fractionOf(signal))
  }

  #measure(order: Order, fills: readonly Fill[], { purpose, signal }: ExecutionIntent): void {
    const metrics = this.#options.metricsOf(signal.strategy)
    const last = fills.at(-1)
    if (last === undefined) {
      metrics.rejections.add()
      return
    }
    metrics.fills.add()
    // What rests waits for others: how long says nothing of us.
    if (purpose !== 'open' || order.timeInForce === 'gtd') return
    metrics.signalToFillUs.record((last.at - signal.generatedAt) / nanosPerUs)
    metrics.e2eLatencyUs.record((last.at - signal.receivedAt) / nanosPerUs)
  }

  /** Shares may come in after their market was resolved. */
  #settleLate(order: Order, at: Nanos): void {
    const market = this.#marketOf(order)
    if (!this.#options.gateway.finalAtOnce) return
    if (market?.resolution !== undefined && market.status === 'resolved') {
      this.#options.portfolio.settle(market, market.resolution, at)
    }
  }

  #marketOf({ venue, market }: Pick<Order, 'venue' | 'market'>): Market | undefined {
    return this.#options.cache.byMarket(venue, market)?.market
  }
}

/** The edge by dollar of payout: 0.02 is 2 %. */
function fractionOf({ edgeRate }: TradeSignal): number {
  const ppm: number = edgeRate
  return ppm / 1_000_000
}
