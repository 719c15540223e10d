import { assert } from '../core/assert.ts'
import type { RelationEntry } from '../arbitrage/relation-entry.ts'
import type { Solver } from '../arbitrage/solver.ts'
import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { Command, Effect, EngineEvent, KeptBooks } from '../engine/event.ts'
import type { ConnectionChange, FeedListener } from '../ports/feed-codec.ts'
import type { Journal } from '../ports/journal.ts'
import type { Log } from '../ports/log.ts'
import type { CatalogueChange } from '../ports/market-feed.ts'
import type { Strategy } from '../ports/strategy.ts'
import type { StrategyParameters } from '../ports/strategy-parameters.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import type { Withdrawal } from '../propositions/sentinel.ts'
import type { Config } from './config.ts'
import type { Kept } from './kept-books.ts'
import type { Kernel } from './kernel.ts'
import type { HeldPair } from './held-pair.ts'
import { heldPair } from './held-pair.ts'
import { createKernel } from './kernel.ts'
import type { Machine } from './machine.ts'
import { reachVenues } from './reach-venues.ts'
import { RunRecord, datingFrom } from './run-record.ts'
import type { FeedView, RunEvent } from './run-view.ts'
import { TimedCodec } from './timed-codec.ts'
import { TurnMetrics } from './turn-metrics.ts'
import type { KillResult, VenueTrading } from './trading-wire.ts'
import { TradingWire } from './trading-wire.ts'
import type { Venue } from './venue.ts'

export type RuntimeOptions = {
  readonly machine: Machine
  readonly config: Config
  readonly venues: readonly Venue[]
  readonly metrics: MetricRegistry
  /** Our accounts, when orders are to travel. Left out: everything is filled on paper. */
  readonly accounts?: ReadonlyMap<VenueId, VenueTrading> | undefined
  /** What an earlier life has left. */
  readonly kept?: Kept | undefined
  readonly solver: Solver
  readonly relations: readonly RelationEntry[]
  readonly register: readonly RegisterEntry[]
  readonly log: Log
  readonly tell: (event: RunEvent) => void
  readonly journal?: Journal | undefined
  /** Strategies besides those of the house. */
  readonly plugins?: readonly Strategy[]
  /** An invariant is broken: nothing may trade any more. */
  readonly fail: (error: unknown) => void
}

/** Is told what the engine does and what it learns, in the engine's own turn: it must be quick. */
export type Follower = {
  observe(effect: Effect): void
  learn(change: CatalogueChange): void
}

/** A frame that did not fit, to be looked at. */
export type KeptFrame = {
  readonly venue: VenueId
  readonly reason: string
  readonly bytes: Uint8Array
}

/** Refused frames that are kept to be looked at; the oldest make room. */
const keptFramesMax = 100

/**
 * Feeds the engine and obeys it: the only place where the kernel meets sockets and timers.
 *
 * Whatever comes in is an event of the engine in the same synchronous turn.
 */
export class Runtime {
  readonly record: RunRecord
  readonly turns: TurnMetrics
  readonly #options: RuntimeOptions
  readonly #kernel: Kernel
  readonly #venues: ReadonlyMap<VenueId, Venue>
  readonly #codecs: ReadonlyMap<VenueId, TimedCodec>
  readonly #markets = new Map<VenueId, Map<MarketId, Market>>()
  readonly #kept: KeptFrame[] = []
  readonly #startedAt: Nanos
  readonly #followers: Follower[] = []
  #frame: Uint8Array | undefined
  #tickedAt = 0
  #longestStallMs = 0
  #stops: (() => void)[] = []
  #cancelWake: (() => void) | undefined
  #wakeAt: Nanos | undefined
  #stopped = false
  readonly #wire: TradingWire | undefined
  /** Events that came in the middle of a turn. */
  readonly #later: EngineEvent[] = []
  #inTurn = false

  constructor(options: RuntimeOptions) {
    const { accounts, machine, config, venues, metrics, tell } = options
    this.#options = options
    this.#venues = new Map(venues.map((venue) => [venue.id, venue]))
    this.#startedAt = machine.clock.nanos()
    this.#codecs = new Map(
      venues.map(({ id, codec }) => [id, new TimedCodec(codec, machine.clock, metrics)]),
    )
    this.turns = new TurnMetrics(
      metrics,
      venues.map(({ id }) => id),
    )
    this.record = new RunRecord({
      dating: datingFrom(this.#startedAt, machine.clock.epochMs()),
      marketOf: (venue, market) => this.#markets.get(venue)?.get(market),
      tell,
    })
    this.#wire =
      accounts === undefined
        ? undefined
        : new TradingWire({
            accounts,
            machine,
            log: options.log,
            process: (event) => this.#take(event),
          })
    this.#kernel = createKernel({
      config,
      live: accounts !== undefined,
      codecs: [...this.#codecs.values()],
      metrics,
      obey: (effect) => this.#obey(effect),
      journal: options.journal,
      solver: options.solver,
      relations: options.relations,
      register: options.register,
      plugins: options.plugins ?? [],
    })
  }

  /** Refused frames, the latest last. */
  get keptFrames(): readonly KeptFrame[] {
    return this.#kept
  }

  /** Loads what the venues list, connects, and starts the clock. Rejects with a `VenueError`. */
  async start(): Promise<void> {
    const { kept, machine } = this.#options
    const { clock } = machine
    const now = { at: clock.nanos(), atMs: clock.epochMs() }
    this.#turn(() => this.#kernel.intake.process({ kind: 'start', ...now, kept: kept?.books }))
    await this.#openAll()
    await this.#wire?.start()
    const { timers } = this.#options.machine
    this.#tickedAt = clock.nanos()
    this.#stops.push(timers.every(this.#options.config.engine.timerMs, () => this.#onTimer()))
    for (const venue of this.#options.venues) {
      this.#stops.push(this.#refreshEvery(venue))
    }
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    for (const stop of this.#stops) stop()
    this.#stops = []
    this.#cancelWake?.()
    await this.#wire?.stop()
    await Promise.all(this.#options.venues.map((venue) => venue.feed.stop()))
  }

  /** Whoever follows is told of everything from now on. */
  follow(follower: Follower): void {
    this.#followers.push(follower)
  }

  /** No new baskets; those at work finish. */
  pause(): void {
    this.command({ kind: 'pause' })
  }

  /** What an earlier life has left at work. */
  get kept(): Pick<KeptBooks, 'baskets' | 'operations'> {
    return this.#options.kept?.books ?? { baskets: [], operations: [] }
  }

  /** What may be changed of the strategies while they run. */
  get parameters(): StrategyParameters {
    return this.#kernel.parameters
  }

  /** What an operator asks. It has had its effect when this returns. */
  command(command: Command): void {
    const at = this.#options.machine.clock.nanos()
    this.#turn(() => this.#kernel.intake.process({ kind: 'command', command, at }))
  }

  /** Ends trading, cancels everything at the venues, and says what was seen of it. */
  async kill(): Promise<readonly KillResult[]> {
    this.command({ kind: 'kill' })
    return (await this.#wire?.cancelAll()) ?? []
  }

  elapsedMs(): number {
    return (this.#options.machine.clock.nanos() - this.#startedAt) / 1e6
  }

  feeds(): readonly FeedView[] {
    return this.#options.venues.map(({ id, feed }) => {
      const status = feed.status()
      return {
        venue: id,
        mode: status.mode,
        open: status.connectionsOpen,
        wanted: status.connectionsWanted,
        markets: status.marketsSubscribed,
        reconnects: status.reconnects,
      }
    })
  }

  get view(): EngineView {
    return this.#kernel.engine.view
  }

  /** A market as the catalogue has it. */
  marketOf(venue: VenueId, id: MarketId): Market | undefined {
    return this.#markets.get(venue)?.get(id)
  }

  /** Shares of both outcomes of a market, pairs that are being merged among them. */
  heldOf(venue: VenueId, market: MarketId): HeldPair {
    const positions = this.view.positions().map(({ position }) => position)
    return heldPair(positions, venue, market)
  }

  /** Pairs of markets that may not trade any more, and why. */
  get withdrawals(): readonly Withdrawal[] {
    return this.#kernel.withdrawals()
  }

  get venues(): readonly Venue[] {
    return this.#options.venues
  }

  /** Messages of venues that were understood. */
  eventCount(): number {
    return this.#options.metrics.total('adapter_events_total')
  }

  /** What keeps the run from doing its work, in words. */
  notReady(): readonly string[] {
    return this.feeds().flatMap(({ venue, open }) =>
      open === 0 ? [`${venue}: no connection stands`] : [],
    )
  }

  async #openAll(): Promise<void> {
    const { failed } = await reachVenues(this.#options.venues, (venue) => this.#open(venue))
    for (const { venue, error } of failed) {
      const text = `${venue.id}: not reached (${error.message}); the run goes on without it`
      this.#options.tell({ kind: 'progress', text })
    }
  }

  async #open(venue: Venue): Promise<void> {
    const { tell } = this.#options
    tell({ kind: 'progress', text: `${venue.id}: loading the list of markets` })
    const { kept } = this.#options
    venue.catalogue.adopt(kept?.markets.filter((market) => market.venue === venue.id) ?? [])
    const change = await venue.catalogue.load()
    const { markets, sets } = change
    tell({
      kind: 'progress',
      text: `${venue.id}: ${markets.length} markets in ${sets.length} sets, connecting`,
    })
    this.#learn(change)
    await venue.feed.start(this.#listen(venue))
    tell({ kind: 'progress', text: `${venue.id}: connected, books are coming in` })
  }

  #listen({ id }: Venue): FeedListener {
    return {
      onFrame: (connection, bytes, receivedAt) => {
        if (this.#stopped) return
        this.#frame = bytes
        this.#turn(() => this.#kernel.intake.onFrame(id, connection, bytes, receivedAt))
        const doneAt = this.#options.machine.clock.nanos()
        this.turns.frame(id, doneAt - receivedAt, this.#kernel.engine.lastTurn)
        this.#codecs.get(id)?.turned(receivedAt, doneAt)
        this.#frame = undefined
      },
      onSnapshot: (market, bytes, receivedAt) => {
        if (this.#stopped) return
        this.#frame = bytes
        this.#turn(() =>
          this.#kernel.intake.process({
            kind: 'snapshot',
            venue: id,
            market,
            bytes,
            at: receivedAt,
          }),
        )
        this.#frame = undefined
      },
      onConnection: (change) => this.#connection(id, change),
    }
  }

  #connection(venue: VenueId, change: ConnectionChange): void {
    if (this.#stopped) return
    this.#turn(() => this.#kernel.intake.process({ kind: 'connection', venue, change }))
    const { kind, reason, markets, atMs } = change
    this.turns.connection(venue, kind, reason)
    this.#options.tell({
      kind: 'connection',
      venue,
      change: kind,
      reason,
      markets: markets.length,
      atMs,
    })
  }

  #learn(change: CatalogueChange): void {
    const known = this.#markets.get(change.venue) ?? new Map<MarketId, Market>()
    this.#markets.set(change.venue, known)
    for (const market of change.markets) known.set(market.id, market)
    const at = this.#options.machine.clock.nanos()
    this.#turn(() => this.#kernel.intake.process({ kind: 'catalogue', change, at }))
    for (const follower of this.#followers) follower.learn(change)
    for (const id of change.gone) known.delete(id)
  }

  /** By how much a timer was late at the worst: so long nobody read what had come in. */
  get longestStallMs(): number {
    return this.#longestStallMs
  }

  #onTimer(): void {
    const now = this.#options.machine.clock.nanos()
    const expected = this.#tickedAt + this.#options.config.engine.timerMs * 1e6
    this.#longestStallMs = Math.max(this.#longestStallMs, (now - expected) / 1e6)
    this.#tickedAt = now
    this.#tick()
  }

  #tick(): void {
    const at = this.#options.machine.clock.nanos()
    this.#turn(() => this.#kernel.intake.process({ kind: 'timer', at }))
  }

  /** An answer of a venue. One that comes while the engine is in a turn waits for its end. */
  #take(event: EngineEvent): void {
    if (this.#inTurn) this.#later.push(event)
    else if (!this.#stopped) this.#turn(() => this.#kernel.intake.process(event))
  }

  /** Runs one turn of the engine, and wakes it again when an order is due before the next timer. */
  #turn(run: () => void): void {
    this.#inTurn = true
    try {
      run()
      for (let next = this.#later.shift(); next !== undefined; next = this.#later.shift()) {
        this.#kernel.intake.process(next)
      }
      this.#scheduleWake()
    } catch (error) {
      this.#options.fail(error)
    } finally {
      this.#inTurn = false
    }
  }

  #scheduleWake(): void {
    const due = this.#kernel.gateway.nextDue()
    if (due === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= due)) return
    const { clock, timers } = this.#options.machine
    this.#cancelWake?.()
    this.#wakeAt = due
    // Rounded up: a timer that fires before the order is due would have to be set again.
    this.#cancelWake = timers.after(Math.max(0, Math.ceil((due - clock.nanos()) / 1e6)), () => {
      this.#wakeAt = undefined
      this.#cancelWake = undefined
      this.#tick()
    })
  }

  #refreshEvery(venue: Venue): () => void {
    const { machine, config } = this.#options
    let running = false
    return machine.timers.every(config.engine.catalogueRefreshS * 1000, () => {
      // A slow answer must not pile up requests behind it.
      if (running) return
      running = true
      void this.#refresh(venue).finally(() => {
        running = false
      })
    })
  }

  async #refresh({ id: venue, catalogue }: Venue): Promise<void> {
    try {
      const change = await catalogue.refresh()
      this.turns.refresh(venue, 'done')
      if (!this.#stopped) this.#learn(change)
    } catch (error) {
      if (this.#stopped) return
      this.turns.refresh(venue, 'failed')
      this.#options.log.warn('the list of markets could not be refreshed', { venue, error })
    }
  }

  #obey(effect: Effect): void {
    for (const follower of this.#followers) follower.observe(effect)
    this.#wire?.obey(effect)
    switch (effect.kind) {
      case 'subscribe': {
        const known = this.#markets.get(effect.venue)
        const markets = effect.markets.flatMap((id) => known?.get(id) ?? [])
        assert(
          markets.length === effect.markets.length,
          'what is subscribed to is in the catalogue',
        )
        this.#venueOf(effect.venue).feed.subscribe(markets)
        return
      }
      case 'unsubscribe':
        this.#venueOf(effect.venue).feed.unsubscribe(effect.markets)
        return
      case 'request-snapshot':
        this.#venueOf(effect.venue).feed.requestSnapshot(effect.market)
        return
      case 'keep-frame':
        this.#keep(effect.venue, effect.reason)
        return
      case 'note-signal':
        this.record.noteSignal(effect.signal, effect.approved, effect.reason)
        return
      case 'place-basket': {
        const { createdAt, signal } = effect.intent
        // Those of a later turn have waited for something else than us.
        const inItsTurn = createdAt === signal.generatedAt
        if (inItsTurn) this.#codecs.get(signal.venue)?.placed(signal.receivedAt)
        this.record.noteIntent(effect.intent)
        return
      }
      case 'note-report':
        this.record.noteReport(effect.report)
        return
      case 'note-difference': {
        const { difference, venue } = effect
        if (difference.kind === 'opening') {
          this.#options.log.info('an account is taken into the books', { venue, ...difference })
        } else this.#options.log.warn('books and account differ', { venue, ...difference })
        return
      }
      case 'note-basket':
        if (effect.reason !== '') {
          const { basket, reason } = effect
          this.#options.log.error('a basket waits for a person', { basket, reason })
        }
        return
      case 'note-strategy-stopped':
        this.#options.log.error('a strategy was stopped', {
          strategy: effect.strategy,
          reason: effect.reason,
        })
        return
      default:
    }
  }

  #keep(venue: VenueId, reason: string): void {
    const bytes = Buffer.from(this.#frame ?? [])
    this.#kept.push({ venue, reason, bytes })
    if (this.#kept.length > keptFramesMax) this.#kept.shift()
    this.#options.log.debug('a frame was refused', { venue, reason, bytes: bytes.length })
  }

  #venueOf(id: VenueId): Venue {
    const venue = this.#venues.get(id)
    assert(venue !== undefined, `a venue is configured: ${id}`)
    return venue
  }
}
