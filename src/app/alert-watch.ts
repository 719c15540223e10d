import type { MarketId, Resolution, VenueId } from '../core/market.ts'
import type { EpochMs, MicroUsd } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { Effect } from '../engine/event.ts'
import type { Counter } from '../ports/metrics.ts'
import type { Log } from '../ports/log.ts'
import type { Alert } from '../telemetry/alerts/alert.ts'
import { alertRules } from '../telemetry/alerts/alert.ts'
import { AlertDesk } from '../telemetry/alerts/alert-desk.ts'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import type { AlertInput, LimitUse, Look } from '../telemetry/alerts/alert-input.ts'
import { LockedBaskets } from '../telemetry/alerts/locked-baskets.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import { Outbox, outboxDefaults } from '../telemetry/alerts/outbox.ts'
import { RateGate } from '../telemetry/alerts/rate-gate.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import { redactText } from '../telemetry/redact.ts'
import { AlertMapping } from './alert-mapping.ts'
import type { AlertSender } from './alert-sender.ts'
import type { AlertSettings } from './alert-settings.ts'
import { ruleSettings } from './alert-settings.ts'
import type { Machine } from './machine.ts'
import type { Runtime } from './runtime.ts'

/** Soon enough for a phone, and rarely enough not to be noticed by the engine. */
const drainEveryMs = 250
const looksEveryDrains = 4
/** Effects between two drains; more than an engine can give in a quarter of a second. */
const effectsMax = 10_000
/** Of one drain: a storm holds the engine's thread for a millisecond or so at a time. */
const effectsPerDrainMax = 250
/** How long the end of a run waits for the last messages to leave. */
const farewellMsMax = 3_000

export type AlertWatchOptions = {
  readonly machine: Machine
  readonly settings: AlertSettings
  /** One for each address: two chats of one channel get their messages each on its own. */
  readonly senders: readonly AlertSender[]
  readonly metrics: MetricRegistry
  readonly runtime: Pick<Runtime, 'view' | 'feeds' | 'marketOf'>
  readonly log: Log
  /** Texts that must not leave in a message either. */
  readonly secrets: readonly string[]
}

type Post = { readonly sender: AlertSender; readonly outbox: Outbox; underWay: Promise<void> }

/**
 * Watches a run and tells people of it.
 *
 * In the engine's turn an effect is only put aside; everything else happens between turns, and a
 * channel that hangs keeps nobody waiting but itself.
 */
export class AlertWatch {
  readonly #options: AlertWatchOptions
  readonly #desk: AlertDesk
  readonly #mapping: AlertMapping
  readonly #locked: LockedBaskets = new LockedBaskets()
  readonly #posts: readonly Post[]
  readonly #raised: ReadonlyMap<string, Counter>
  readonly #touched: Map<string, { readonly venue: VenueId; readonly market: MarketId }> = new Map()
  readonly #effects: Effect[] = []
  #missed = 0
  #drains = 0
  #stopTimer: (() => void) | undefined

  constructor(options: AlertWatchOptions) {
    const { metrics, runtime, senders, settings } = options
    this.#options = options
    this.#desk = new AlertDesk({
      rules: ruleSettings(settings),
      limitFraction: settings.rules.limitNear.fraction,
      feedBrokenForMs: settings.rules.feedBroken.forS * 1_000,
      summaryAtMinute: minuteOf(settings.rules.dailySummary.at),
    })
    this.#mapping = new AlertMapping(
      (venue, market) => runtime.marketOf(venue, market)?.question ?? market,
      this.#locked,
    )
    const inAll = new RateGate(settings.perMinuteMax)
    const limits = { ...outboxDefaults, dedupeMs: settings.dedupeS * 1_000 }
    this.#posts = senders.map((sender) => ({
      sender,
      outbox: new Outbox(limits, [new RateGate(settings[sender.channel].perMinuteMax), inAll]),
      underWay: Promise.resolve(),
    }))
    this.#raised = new Map(
      alertRules.map((rule) => [rule, metrics.counter('alerts_raised_total', { rule })]),
    )
  }

  start(): void {
    const { machine, metrics } = this.#options
    const waiting = metrics.gauge('queue_depth', { queue: 'alerts' })
    metrics.beforeReading(() => {
      waiting.set(this.#posts.reduce((sum, { outbox }) => sum + outbox.size, 0))
    })
    this.#stopTimer = machine.timers.every(drainEveryMs, () => this.#drain())
  }

  /** In the engine's turn. */
  observe(effect: Effect): void {
    switch (effect.kind) {
      case 'plan-basket':
      case 'place-basket':
      case 'note-basket':
      case 'note-difference':
      case 'note-report':
      case 'note-strategy-stopped':
        if (this.#effects.length < effectsMax) this.#effects.push(effect)
        else this.#missed++
        return
      default:
    }
  }

  /** Something that is no effect of the engine. */
  hear(input: AlertInput): void {
    this.#judge(input, this.#options.machine.clock.epochMs())
  }

  /** Tells what is left to tell, as far as it goes out soon. */
  async stop(): Promise<void> {
    if (this.#stopTimer === undefined) return
    this.#stopTimer()
    this.#stopTimer = undefined
    this.#guarded(() => this.#hearEffects(effectsMax))
    this.#guarded(() => this.#look())
    const { timers } = this.#options.machine
    let giveUp = (): void => {}
    const soon = new Promise<void>((resolve) => {
      giveUp = timers.after(farewellMsMax, resolve)
    })
    await Promise.race([Promise.all(this.#posts.map((post) => this.#farewell(post))), soon])
    giveUp()
    await Promise.all(this.#posts.map(({ sender }) => sender.stop()))
  }

  /** A mistake in telling people is told in the log, and does not end a run that trades. */
  #guarded(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#options.log.error('alerts went wrong', { error })
    }
  }

  async #farewell(post: Post): Promise<void> {
    await post.underWay
    this.#send(post)
    await post.underWay
  }

  #drain(): void {
    this.#guarded(() => this.#hearEffects(effectsPerDrainMax))
    if (this.#drains++ % looksEveryDrains === 0) this.#guarded(() => this.#look())
    for (const post of this.#posts) this.#send(post)
  }

  #hearEffects(most: number): void {
    if (this.#missed > 0) {
      this.#options.log.warn('effects were not looked at for alerts', { count: this.#missed })
      this.#missed = 0
    }
    for (const effect of this.#effects.splice(0, most))
      this.#guarded(() => this.#hearEffect(effect))
  }

  #hearEffect(effect: Effect): void {
    if (effect.kind === 'place-basket') {
      for (const { market, venue } of effect.intent.orders) {
        this.#touched.set(`${venue} ${market}`, { venue, market })
      }
    }
    for (const input of this.#mapping.inputsOf(effect)) this.hear(input)
  }

  #look(): void {
    for (const settled of this.#locked.settled((venue, market) =>
      this.#resolution(venue, market),
    )) {
      this.hear(settled)
    }
    this.hear({ kind: 'look', look: this.#lookAt(this.#options.runtime.view) })
  }

  #resolution(venue: VenueId, id: MarketId): Resolution | undefined {
    const { runtime } = this.#options
    const market = runtime.view.cache.byMarket(venue, id)?.market ?? runtime.marketOf(venue, id)
    return market?.status === 'resolved' ? market.resolution : undefined
  }

  #lookAt(view: EngineView): Look {
    return {
      trading: view.killed ? 'killed' : view.paused ? 'paused' : 'trading',
      limits: [...limitsOf(view), ...this.#marketLimits(view)],
      feeds: this.#options.runtime.feeds(),
      account: {
        realized: view.realised,
        unrealized: view.unrealised,
        fees: view.fees,
        exposure: view.exposure,
        signals: view.signalCount,
        fills: view.fillCount,
        rejections: view.rejectionCount,
        openBaskets: view.openBaskets,
      },
    }
  }

  /** Only markets that were traded can be near their limit. */
  *#marketLimits(view: EngineView): Generator<LimitUse> {
    for (const [key, { market, venue }] of this.#touched) {
      const used = view.exposureOf(venue, market)
      const title = this.#options.runtime.marketOf(venue, market)?.question ?? market
      yield money(`exposure at ${venue} in "${title}"`, used, view.limits.marketExposureMax)
      if (used === 0 && view.openBaskets === 0) this.#touched.delete(key)
    }
  }

  #judge(input: AlertInput, atMs: EpochMs): void {
    for (const raised of this.#desk.hear({ atMs, input })) {
      const alert = { ...raised, text: redactText(raised.text, this.#options.secrets) }
      this.#raised.get(alert.rule)?.add()
      for (const { outbox, sender } of this.#posts) {
        if (this.#isFor(sender, alert)) outbox.add(alert)
      }
    }
  }

  #isFor({ channel }: AlertSender, { rule }: Alert): boolean {
    const { channels } = ruleSettings(this.#options.settings)[rule]
    return channels.length === 0 || channels.includes(channel)
  }

  #send(post: Post): void {
    const message = post.outbox.take(this.#options.machine.clock.epochMs())
    if (message !== undefined) post.underWay = this.#deliver(post, message)
  }

  async #deliver({ outbox, sender }: Post, message: AlertMessage): Promise<void> {
    const outcome = await sender.send(message)
    outbox.settle(outcome, this.#options.machine.clock.epochMs())
    this.#count(sender, outcome)
  }

  #count({ channel }: AlertSender, outcome: SendOutcome): void {
    const { log, metrics } = this.#options
    const result = { sent: 'sent', retry: 'retried', refused: 'refused' }[outcome.kind]
    metrics.counter('alerts_sent_total', { channel, result }).add()
    if (outcome.kind === 'sent') return
    const what = outcome.kind === 'retry' ? 'did not go out yet' : 'was refused'
    log.warn(`a message of alerts ${what}`, { channel, reason: outcome.reason })
  }
}

function limitsOf(view: EngineView): readonly LimitUse[] {
  const { limits } = view
  return [
    money('total exposure', view.exposure, limits.totalExposureMax),
    {
      name: 'baskets at work',
      used: view.openBaskets,
      max: limits.openBasketsMax,
      unit: 'count',
    },
    {
      name: 'orders in a minute',
      used: view.ordersLastMinute,
      max: limits.ordersPerMinuteMax,
      unit: 'count',
    },
  ]
}

function money(name: string, used: MicroUsd, max: MicroUsd): LimitUse {
  return { name, used, max, unit: 'usd' }
}

function minuteOf(timeOfDay: string): number {
  const [hours = 0, minutes = 0] = timeOfDay.split(':').map(Number)
  return hours * 60 + minutes
}
