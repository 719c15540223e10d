import { assert } from '../core/assert.ts'
import type { Market, VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import { Portfolio } from '../portfolio/portfolio.ts'
import { Valuation } from '../portfolio/valuation.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { UpdateSink } from '../ports/order-gateway.ts'
import { KnownCatalogue } from './catalogue.ts'
import { certificateFault } from './certificate-fault.ts'
import { EngineClock } from './engine-clock.ts'
import { EngineGauges } from './engine-gauges.ts'
import type { StrategyMetrics } from './engine-metrics.ts'
import { strategyMetrics } from './engine-metrics.ts'
import type { EngineOptions } from './engine-options.ts'
import { EngineView } from './engine-view.ts'
import { Episodes } from './episodes.ts'
import { Evaluation } from './evaluation.ts'
import type { Command, Effect, EngineEvent, KeptBooks } from './event.ts'
import { FeedHealth } from './feed-health.ts'
import { KnownGroups } from './known-groups.ts'
import { MarketData } from './market-data.ts'
import { MarketIntake } from './market-intake.ts'
import { Phantoms } from './phantoms.ts'
import { Reconciliation } from './reconciliation.ts'
import { StrategyHost } from './strategy-host.ts'
import { TradingDesk } from './trading-desk.ts'
import type { Turn } from './turn.ts'

const nanosPerSecond = 1_000_000_000
const resumeNanos = 5 * nanosPerSecond

/**
 * The whole kernel: events in, effects out, and nothing else.
 *
 * The same events give the same effects, in the same order. Whoever feeds it and obeys it decides
 * whether that is live, on paper, a replay or a test.
 */
export class Engine {
  readonly view: EngineView
  readonly #options: EngineOptions
  readonly #clock: EngineClock = new EngineClock()
  readonly #catalogue: KnownCatalogue
  readonly #portfolio: Portfolio
  readonly #health: FeedHealth
  readonly #unseen: Phantoms
  readonly #data: MarketData
  readonly #host: StrategyHost
  readonly #desk: TradingDesk
  readonly #intake: MarketIntake
  readonly #gauges: EngineGauges
  readonly #metricsOf: Map<string, StrategyMetrics> = new Map()
  readonly #episodesOf: Map<string, Episodes> = new Map()
  readonly #reconciliation: Reconciliation
  readonly #updates: UpdateSink = {
    onOrder: (update, at) => void this.#desk.onOrder(update, at),
    onOperation: (update, at) => this.#desk.onOperation(update, at),
  }
  #secondAt = 0
  #startedAtMs = 0
  /** When baskets of an earlier life go on, on paper. */
  #resumeAt = Number.POSITIVE_INFINITY

  constructor(options: EngineOptions) {
    const { cache, limits, metrics } = options
    this.#options = options
    this.#catalogue = new KnownCatalogue(cache)
    this.#portfolio = new Portfolio((entry) => this.#emit({ kind: 'note-entry', entry }))
    this.#health = new FeedHealth(limits.freshness)
    this.#unseen = new Phantoms((cause) =>
      metrics.counter('phantoms_total', { strategy: 'none', cause }).add(),
    )
    for (const { name } of options.strategies) {
      this.#metricsOf.set(name, strategyMetrics(metrics, name, options.gateway.executor))
      this.#episodesOf.set(name, this.#newEpisodes())
    }
    this.#data = this.#newData()
    this.#host = this.#newHost()
    this.#desk = this.#newDesk()
    this.#reconciliation = this.#newReconciliation()
    this.#intake = this.#newIntake()
    this.view = this.#newView()
    this.#gauges = new EngineGauges(
      metrics,
      this.view,
      options.codecs.map(({ venue }) => venue),
    )
  }

  /** What the last frame held: the kinds of its messages, for whoever measures how long it took. */
  get lastTurn(): Turn | undefined {
    return this.#data.lastTurn
  }

  process(event: EngineEvent): void {
    switch (event.kind) {
      case 'start':
        this.#clock.anchor(event.at, event.atMs)
        this.#startedAtMs = event.atMs
        if (event.kept !== undefined) this.#restore(event.kept)
        else this.#deposit(event.at)
        return
      case 'frame':
        this.onFrame(event.venue, event.connection, event.bytes, event.at)
        return
      case 'snapshot':
        this.#advance(event.at)
        this.#data.onSnapshot(event.venue, event.market, event.bytes)
        return
      case 'connection':
        this.#advance(event.change.at)
        this.#data.onConnection(event.venue, event.change)
        return
      case 'catalogue':
        this.#advance(event.at)
        this.#intake.onCatalogue(event.change)
        return
      case 'timer':
        this.#onTimer(event.at)
        return
      case 'order-update':
        this.#advance(event.at)
        if (!this.#desk.onOrder(event.update, event.at)) this.#reconciliation.ask(event.venue)
        return
      case 'operation-update':
        this.#advance(event.at)
        this.#desk.onOperation(event.update, event.at)
        return
      case 'venue-status':
        this.#advance(event.at)
        this.#reconciliation.onStatus(event.venue, event.status)
        return
      case 'account':
        this.#advance(event.at)
        this.#reconciliation.onAccount(event.snapshot, event.at)
        return
      case 'command':
        this.#advance(event.at)
        this.#onCommand(event.command)
        return
    }
  }

  /** The way of every frame, from its bytes to the orders that come of it. Allocates nothing. */
  onFrame(venue: VenueId, connection: number, bytes: Uint8Array, at: Nanos): void {
    // So small that it is compiled into its caller: the time, which is no small integer, would
    // otherwise be allocated at each call.
    this.#clock.advance(at)
    this.#turn(venue, connection, bytes)
  }

  #turn(venue: VenueId, connection: number, bytes: Uint8Array): void {
    this.#arrive()
    this.view.countFrame()
    this.#data.onFrame(venue, connection, bytes)
  }

  #advance(at: Nanos): void {
    this.#clock.advance(at)
    this.#arrive()
  }

  /** Lets orders arrive that have arrived by now: they meet the books as they were. */
  #arrive(): void {
    const { gateway } = this.#options
    const due = gateway.nextDue()
    if (due === undefined) return
    const { now } = this.#clock
    if (due <= now) gateway.advance(now, this.#updates)
  }

  #onTimer(at: Nanos): void {
    this.#advance(at)
    this.#desk.onTimer()
    const { auditBudget } = this.#options.limits
    if (auditBudget > 0) this.#data.audit(auditBudget)
    if (at - this.#secondAt < nanosPerSecond) return
    this.#secondAt = at
    this.#intake.onTimer()
    if (at >= this.#resumeAt) {
      this.#resumeAt = Number.POSITIVE_INFINITY
      this.#desk.baskets.resume()
    }
    this.#desk.redeemResolved()
    this.#reconciliation.onTimer(at)
    this.#gauges.take()
  }

  #onCommand(command: Command): void {
    switch (command.kind) {
      case 'pause':
        this.#desk.pause()
        return
      case 'resume':
        this.#desk.resume()
        return
      case 'kill':
        this.#desk.kill()
        return
      case 'set-parameters':
        this.#options.parameters?.set(command.strategy, command.parameters)
        return
      case 'set-limits':
        this.#desk.setLimits(command.limits)
        return
      case 'release-basket':
        this.#desk.baskets.release(command.basket)
        return
      case 'enable-strategy':
        this.#host.enable(command.strategy, this.#catalogue)
        return
      case 'disable-strategy':
        this.#host.stop(command.strategy, command.reason ?? 'disabled')
        return
      case 'reload-strategy':
        this.#host.reload(command.strategy, command.version, this.#catalogue)
        return
    }
  }

  #deposit(at: Nanos): void {
    for (const [venue, amount] of this.#options.capital) this.#portfolio.deposit(venue, amount, at)
  }

  /** What an earlier life has left: its books, and the baskets that were at work. */
  #restore(books: KeptBooks): void {
    this.#portfolio.adopt(books.summary)
    this.#portfolio.releaseAdopted(this.#clock.now)
    this.#desk.restore(books)
    // Nobody else knows of orders on paper. Their books have to come first, to be sold into.
    if (this.#options.gateway.finalAtOnce) this.#resumeAt = this.#clock.now + resumeNanos
  }

  #emit(effect: Effect): void {
    this.view.observe(effect)
    this.#options.obey(effect)
  }

  #onClosed(entry: BookEntry, reason: string): void {
    this.#host.forget(entry)
    for (const episodes of this.#episodesOf.values()) {
      episodes.passed(entry.index, reason, this.#clock.now)
    }
  }

  #newEpisodes(): Episodes {
    const { cache } = this.#options
    return new Episodes(
      ({ venue, market }) => cache.byMarket(venue, market)?.index ?? -1,
      (episode) => this.view.noteEnded(episode),
    )
  }

  #newData(): MarketData {
    const { cache, codecs, gateway, metrics } = this.#options
    return new MarketData({
      cache,
      codecs,
      clock: this.#clock,
      health: this.#health,
      unseen: this.#unseen,
      metrics,
      onBook: (book) => gateway.bookChanged(book),
      onTrade: (trade) => gateway.traded(trade),
      onSight: (entry, book) => this.#host.evaluate(entry, book),
      onLifecycle: (venue, event) => this.#intake.onLifecycle(venue, event),
      obey: (effect) => this.#emit(effect),
    })
  }

  #newHost(): StrategyHost {
    const { cache, strategies } = this.#options
    const evaluation = new Evaluation({
      cache,
      catalogue: this.#catalogue,
      clock: this.#clock,
      fresh: (entry) => this.#health.isFresh(entry, this.#clock.now),
      held: ({ venue, instrument }) => this.#portfolio.sizeOf(venue, instrument),
      prove: (book) => this.#data.prove(book),
    })
    return new StrategyHost({
      strategies,
      cache,
      evaluation,
      metricsOf: (name) => this.#metrics(name),
      episodesOf: (name) => this.#episodes(name),
      onSignal: (signal) => this.#desk.onSignal(signal),
      onStopped: (strategy, reason) =>
        this.#emit({ kind: 'note-strategy-stopped', strategy, reason }),
    })
  }

  #newDesk(): TradingDesk {
    const { cache, gateway, limits, groups } = this.#options
    const known = new KnownGroups(groups, this.#catalogue)
    return new TradingDesk({
      cache,
      health: this.#health,
      clock: this.#clock,
      portfolio: this.#portfolio,
      gateway,
      limits: limits.risk,
      baskets: limits.baskets,
      basketPrefix: () => this.#basketPrefix(),
      certificateFault: (signal) =>
        certificateFault(signal, { cache, relationsOf: (group) => known.relationsOf(group) }),
      othersOf: (given) => this.#catalogue.othersOf(given),
      conversionOf: (market) => this.#conversionOf(market),
      closedBecause: (market) => this.#reconciliation.closedBecause(market),
      metricsOf: (name) => this.#metrics(name),
      episodesOf: (name) => this.#episodes(name),
      onSignal: () => this.view.countSignal(),
      onContradiction: (order) => this.#reconciliation.doubt(order.venue, order.market),
      obey: (effect) => this.#emit(effect),
    })
  }

  #newReconciliation(): Reconciliation {
    const { cache, codecs, gateway } = this.#options
    return new Reconciliation({
      // On paper there is no account that could disagree.
      venues: gateway.finalAtOnce ? [] : codecs.map(({ venue }) => venue),
      cache,
      desk: this.#desk,
      portfolio: this.#portfolio,
      obey: (effect) => this.#emit(effect),
    })
  }

  /** Live, ids must be new to an account whatever it has seen before: they begin with the start. */
  #basketPrefix(): string {
    if (this.#options.gateway.finalAtOnce) return 'B'
    return `B${Math.floor(this.#startedAtMs / 1_000).toString(36)}x`
  }

  #conversionOf({ set, venue }: Market): string | undefined {
    return set === undefined ? undefined : this.#catalogue.set(venue, set)?.conversion?.id
  }

  #newIntake(): MarketIntake {
    return new MarketIntake({
      cache: this.#options.cache,
      catalogue: this.#catalogue,
      clock: this.#clock,
      onResolved: (market) => this.#desk.onResolved(market),
      isNeeded: (market) => this.#desk.needs(market),
      onClosed: (entry, reason) => this.#onClosed(entry, reason),
      onForgotten: (entry) => this.#data.forget(entry),
      onLearned: () => this.#host.onCatalogue(this.#catalogue),
      obey: (effect) => this.#emit(effect),
    })
  }

  #newView(): EngineView {
    const { cache, limits } = this.#options
    return new EngineView({
      cache,
      portfolio: this.#portfolio,
      valuation: new Valuation(this.#portfolio, (position) => {
        const entry = cache.byMarket(position.venue, position.market)
        if (entry === undefined) return undefined
        return { market: entry.market, book: entry[position.outcome] }
      }),
      desk: this.#desk,
      clock: this.#clock,
      strategies: this.#host.hosted,
      turns: this.#data.turns,
      unseen: this.#unseen,
      recentMax: limits.recentMax,
    })
  }

  #metrics(strategy: string): StrategyMetrics {
    const metrics = this.#metricsOf.get(strategy)
    assert(metrics !== undefined, `a strategy at work is known: ${strategy}`)
    return metrics
  }

  #episodes(strategy: string): Episodes {
    const episodes = this.#episodesOf.get(strategy)
    assert(episodes !== undefined, `a strategy at work is known: ${strategy}`)
    return episodes
  }
}
