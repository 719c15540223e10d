import { resolve } from 'node:path'

import { assert } from '../core/assert.ts'
import type { EpochMs } from '../core/units.ts'
import type { Log } from '../ports/log.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import { createLog } from '../telemetry/create-log.ts'
import { parseLogFilter } from '../telemetry/log-filter.ts'
import { metricCatalog } from '../telemetry/metric-catalog.ts'
import { MetricRegistry } from '../telemetry/metric-registry.ts'
import { redact } from '../telemetry/redact.ts'
import type { Config } from './config.ts'
import { loadTokens } from './access-tokens.ts'
import { startAlerts } from './alert-start.ts'
import type { RunningAlerts } from './alert-start.ts'
import { buildDashboard } from './build-dashboard.ts'
import { HeldLog } from './held-log.ts'
import { loadSolver } from './highs-solver.ts'
import type { JournalHeader } from './journal-header.ts'
import { refuseWhereKilled, watchKillSwitch } from './kill-switch.ts'
import { killTrading } from './kill-trading.ts'
import { keepBooks, ledgerPath } from './keep-books.ts'
import { readKeptBooks } from './kept-books.ts'
import type { LoadedConfig, Override } from './load-config.ts'
import type { Machine } from './machine.ts'
import { watchProcess } from './process-metrics.ts'
import { programVersion } from './program-version.ts'
import type { OpenJournal, OpenJournalOptions } from './open-journal.ts'
import { openJournal } from './open-journal.ts'
import { publishFeeds } from './publish-feeds.ts'
import { publishTrading } from './publish-trading.ts'
import type { Sighting } from './run-record.ts'
import type { Badge, RunEvent, RunView } from './run-view.ts'
import type { Follower } from './runtime.ts'
import { Runtime } from './runtime.ts'
import type { Serving, ServingOptions } from './serving.ts'
import { startServing } from './serving.ts'
import { StrategiesAtWork } from './strategies-at-work.ts'
import { withinDeadline } from './start-deadline.ts'
import type { RunSummary } from './summary.ts'
import { summarize } from './summary.ts'
import type { OpenAccounts } from './trading-wire.ts'
import type { Venue } from './venue.ts'
import { ViewBuilder } from './view-builder.ts'

/** Who watches a run. */
export type Watcher = {
  readonly viewEveryMs: number
  event(event: RunEvent): void
  view(view: RunView): void
  /** A line of the log, as JSON. */
  log(line: string): void
}

/** What a command asks for. */
export type RunRequest = {
  readonly machine: Machine
  readonly configFile: string | undefined
  readonly overrides: readonly Override[]
  readonly forMs: number | undefined
  /** A new directory to record everything in, for replay. */
  readonly journal?: string | undefined
  /** Strategies of the user's own, besides those that the settings name. */
  readonly strategyFiles?: readonly string[] | undefined
  /** Settings that are stronger than those of the file: `cross-outcome.edgeMin=0.02`. */
  readonly sets?: readonly string[] | undefined
  /** Says why, and ends the process at once: a strategy loops and will never give way. */
  readonly onStalled?: (reason: string) => void
  /** Set off to stop before time. */
  readonly stop: AbortSignal
  readonly watcher: Watcher
}

export type SessionOptions = {
  readonly request: RunRequest
  readonly loaded: LoadedConfig
  readonly badge: Badge
  readonly title: string
  readonly makeVenues: (config: Config, log: RoomLog) => readonly Venue[]
  /** Our accounts, when orders are to travel. Left out: everything is filled on paper. */
  readonly accounts?: OpenAccounts | undefined
  /** Whether the books of an earlier run are gone on with. Left out: unless it is simulated. */
  readonly continues?: boolean | undefined
  /** Who is told of everything: before it is on the disk, and after, before a venue has it. */
  readonly followers?: ((runtime: Runtime) => Followers) | undefined
  /** What is waited for when the time is up, before anything is closed. */
  readonly windDown?: ((runtime: Runtime) => Promise<void>) | undefined
  /** The hosts a start depends on, the first needed first. */
  readonly hosts: readonly string[]
  /** Nobody looks at it, and others run beside it: no dashboard, and more time for the start. */
  readonly unattended?: boolean | undefined
}

/** A process that starts beside others on a busy machine may take so long. */
const unattendedStartMs = 90_000

export type Followers = { readonly first?: Follower; readonly last?: Follower }

export type FinishedSession = {
  readonly summary: RunSummary
  readonly sightings: readonly Sighting[]
  /** When the books were followed. */
  readonly watched: { readonly fromMs: EpochMs; readonly untilMs: EpochMs }
  /** For how long, at the worst, this process did not get to read what had come in. */
  readonly stallMs: number
}

/**
 * Runs the engine from its start to its end, and tells whoever watches.
 *
 * Rejects with an `UnreachableError`, a `PortError`, or the error of a bug; whatever was opened is
 * closed by then.
 */
export async function runSession(options: SessionOptions): Promise<FinishedSession> {
  const { request, loaded, badge, title, hosts, unattended = false } = options
  const startMsMax = unattended ? unattendedStartMs : undefined
  const { machine, watcher, stop } = request
  const failure = new Failure()
  const opened = await openSession(options, failure)
  const { metrics, held, log, told, serving, own, journal, runtime } = opened

  publishFeeds(metrics, runtime.venues)
  publishTrading(metrics, runtime.view)

  const closers = [
    watchProcess(metrics),
    ...(unattended ? [] : [buildDashboard(log('app'))]),
    own.start((command) => runtime.command(command)),
  ]
  let ready = false
  const notReady = (): readonly string[] => (ready ? runtime.notReady() : ['still starting'])
  const server = await serve(options, { runtime, metrics, notReady, log: log('app') })
  serving.server = server
  const folder = resolve(machine.folder, loaded.config.data.folder)
  const closeBooks = openBooks(options, runtime, folder)
  const views = new ViewBuilder({ runtime, badge, title, server, forMs: request.forMs, machine })
  try {
    told.alerts = await startAlerts({
      machine,
      loaded,
      badge,
      metrics,
      runtime,
      log: log('alerts'),
    })
    await failure.orElse(
      Promise.race([
        withinDeadline(runtime.start(), { timers: machine.timers, hosts, startMsMax }),
        aborted(stop),
      ]),
    )
    held.release()
    ready = true
    closers.push(
      watchKillSwitch({
        dataFolder: folder,
        machine,
        log: log('app'),
        kill: () => void killTrading(runtime).then(({ message }) => log('app').error(message)),
      }),
    )
    const fromMs = machine.clock.epochMs()
    closers.push(machine.timers.every(watcher.viewEveryMs, () => watcher.view(views.build())))
    await failure.orElse(untilOver(request))
    const untilMs = machine.clock.epochMs()
    if (options.windDown !== undefined) await failure.orElse(options.windDown(runtime))
    await runtime.stop()
    return {
      summary: summarize(views.build()),
      sightings: runtime.record.sightings,
      watched: { fromMs, untilMs },
      stallMs: runtime.longestStallMs,
    }
  } finally {
    for (const close of closers) close()
    await runtime.stop()
    await told.alerts?.stop()
    closeBooks()
    await journal?.close()
    await server.stop()
  }
}

/** The ledger on disk, and who is told of everything before it and after it. */
function openBooks(options: SessionOptions, runtime: Runtime, folder: string): () => void {
  const { badge, request } = options
  const followers = options.followers?.(runtime)
  if (followers?.first !== undefined) runtime.follow(followers.first)
  const close = keepBooks({
    folder,
    badge,
    continues: continues(options),
    durableOrders: options.accounts !== undefined,
    machine: request.machine,
    runtime,
  })
  if (followers?.last !== undefined) runtime.follow(followers.last)
  return close
}

/** A simulation begins anew each time; anything else goes on where it was. */
function continues({ badge, continues: asked }: SessionOptions): boolean {
  return asked ?? badge !== 'SIMULATED'
}

type Opened = {
  readonly metrics: MetricRegistry
  readonly held: HeldLog
  readonly log: RoomLog
  /** Filled in as soon as they run: what is opened before them speaks to them too. */
  readonly told: { alerts?: RunningAlerts }
  readonly serving: { server?: Serving }
  readonly own: StrategiesAtWork
  readonly journal: OpenJournal | undefined
  readonly runtime: Runtime
}

/** The engine with its journal and its strategies, before anything is started. */
async function openSession(options: SessionOptions, failure: Failure): Promise<Opened> {
  const { badge, request, loaded } = options
  const { machine, watcher } = request
  const { config } = loaded
  const folder = resolve(machine.folder, config.data.folder)
  refuseWhereKilled(folder)
  const metrics = new MetricRegistry(metricCatalog)
  const serving: { server?: Serving } = {}
  const told: { alerts?: RunningAlerts } = {}
  const held = new HeldLog((line) => {
    watcher.log(line.trimEnd())
    serving.server?.log(line)
  })
  const log = openLog(loaded, held)
  const venues = options.makeVenues(config, log)
  const own = await StrategiesAtWork.load({
    machine,
    loaded,
    journal: request.journal,
    log: log('app'),
    tell: (text) => watcher.event({ kind: 'progress', text }),
    onStalled: (reason) => {
      // What led to it is on disk before the process ends.
      journal?.writer.seal()
      request.onStalled?.(reason)
      process.exit(70)
    },
  })
  const journal = await startJournal(request, loaded, {
    venues,
    live: options.accounts !== undefined,
    own: own.recorded,
    log: log('journal'),
    onEnd: (reason) => {
      runtime.pause()
      told.alerts?.hear({ kind: 'journal-ended', reason })
    },
  })
  const runtime = new Runtime({
    machine,
    config,
    venues,
    journal: journal?.writer,
    plugins: own.plugins,
    metrics,
    accounts: await options.accounts?.({
      log,
      marketOf: (venue, id) => runtime.marketOf(venue, id),
      heldOf: (venue, id) => runtime.heldOf(venue, id),
    }),
    kept: continues(options) ? readKeptBooks(ledgerPath(folder, badge), badge) : undefined,
    solver: await loadSolver(),
    relations: loaded.relations,
    register: loaded.register,
    log: log('app'),
    tell: (event) => watcher.event(event),
    fail: (error) => failure.set(error),
  })
  return { metrics, held, log, told, serving, own, journal, runtime }
}

async function startJournal(
  { journal, machine }: RunRequest,
  { config, relations, register }: LoadedConfig,
  parts: Pick<JournalHeader, 'own' | 'live'> & {
    readonly venues: readonly Venue[]
    readonly log: Log
    readonly onEnd: OpenJournalOptions['onEnd']
  },
): Promise<OpenJournal | undefined> {
  if (journal === undefined) return undefined
  return openJournal({
    directory: resolve(machine.folder, journal),
    header: {
      program: programVersion(),
      startedAtMs: machine.clock.epochMs(),
      venues: parts.venues.map(({ id }) => id),
      config,
      live: parts.live,
      relations,
      register,
      own: parts.own ?? [],
    },
    machine,
    log: parts.log,
    onEnd: parts.onEnd,
  })
}

async function serve(
  { request, loaded, badge, title }: SessionOptions,
  parts: Pick<ServingOptions, 'runtime' | 'metrics' | 'notReady'> & { readonly log: Log },
): Promise<Serving> {
  const { machine, watcher, forMs, journal } = request
  const { config, secrets } = loaded
  const server = await startServing({
    machine,
    config,
    shownConfig: redact(config, secrets),
    register: loaded.register,
    tokens: loadTokens(resolve(machine.folder, config.data.folder), parts.log),
    badge,
    title,
    version: programVersion(),
    forMs,
    journal: journal === undefined ? undefined : resolve(machine.folder, journal),
    ...parts,
  })
  parts.runtime.follow(server)
  const { url, loginUrl } = server
  watcher.event({ kind: 'serving', metricsUrl: `${url}/metrics`, url, loginUrl })
  return server
}

function openLog({ config, secrets }: LoadedConfig, held: HeldLog): RoomLog {
  const filter = parseLogFilter(config.log.level)
  assert(filter !== undefined, 'the schema lets only a level through that reads')
  return createLog({ filter, destination: held, secrets })
}

/** Resolves when the time is up, or when somebody wants an end. */
function untilOver({ forMs, stop, machine }: RunRequest): Promise<void> {
  if (forMs === undefined) return aborted(stop)
  const timeUp = new Promise<void>((resolve) => void machine.timers.after(forMs, resolve))
  return Promise.race([aborted(stop), timeUp])
}

function aborted(stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve()
  return new Promise((resolve) => stop.addEventListener('abort', () => resolve()))
}

/** A bug that was met in a turn, for whoever waits for the run to end. */
class Failure {
  readonly #promise: Promise<never>
  #reject: (error: unknown) => void = () => {}

  constructor() {
    this.#promise = new Promise((_, reject) => {
      this.#reject = reject
    })
    // A failure that nobody waits for any more has been told by another way out.
    this.#promise.catch((error: unknown) => error)
  }

  set(error: unknown): void {
    this.#reject(error)
  }

  orElse<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#promise])
  }
}
