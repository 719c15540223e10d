import { Worker } from 'node:worker_threads'
import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { resolve } from 'node:path'
import type { Command, Effect } from '../engine/event.ts'
import type { CatalogueChange } from '../ports/market-feed.ts'
import type { Log } from '../ports/log.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import type { Tokens } from '../server/access.ts'
import type { CommandOutcome } from '../server/command-outcome.ts'
import { describeHealth } from '../server/describe-health.ts'
import type { Listing } from '../server/digest.ts'
import { EngineObserver } from '../server/engine-observer.ts'
import { PortError } from '../server/http-server.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import { writeExposition } from '../telemetry/write-exposition.ts'
import type { Config } from './config.ts'
import { killTrading } from './kill-trading.ts'
import type { Machine } from './machine.ts'
import type { Badge } from './run-view.ts'
import { registerFileName } from './propositions-file.ts'
import type { Runtime } from './runtime.ts'
import type { FromServer, Question, ServerStart, ToServer } from './server-messages.ts'

/** What eyes can use, and the engine does not notice. */
const digestEveryMs = 50
/** Shorter than whoever asked waits for an answer. */
const killAnswerMsMax = 4_000

export type ServingOptions = {
  readonly machine: Machine
  readonly config: Config
  /** The configuration as it may be shown. */
  readonly shownConfig: unknown
  readonly tokens: Tokens
  readonly register: readonly RegisterEntry[]
  readonly runtime: Runtime
  readonly metrics: MetricRegistry
  readonly badge: Badge
  readonly title: string
  readonly version: string
  readonly forMs: number | undefined
  /** The directory of this run's journal, when it keeps one. */
  readonly journal: string | undefined
  readonly notReady: () => readonly string[]
  readonly log: Log
}

/** The server, seen from the engine's thread. */
export type Serving = {
  readonly url: string
  readonly port: number
  /** Lets one browser in, once. */
  readonly loginUrl: string
  observe(effect: Effect): void
  learn(change: CatalogueChange): void
  log(line: string): void
  stop(): Promise<void>
}

/** Starts the server in a thread of its own. Rejects with a `PortError` when it cannot listen. */
export async function startServing(options: ServingOptions): Promise<Serving> {
  const { machine } = options
  const sources = import.meta.url.endsWith('.ts')
  const file = sources ? './server-worker.ts' : './server-worker.js'
  const worker = new Worker(new URL(file, import.meta.url), { workerData: startOf(options) })
  const say = (message: ToServer): void => {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    worker.postMessage(message)
  }
  const observer = observerOf(options)
  const digest = (): void => {
    const { clock } = machine
    const taken = observer.take(clock.nanos(), clock.epochMs())
    say({ kind: 'digest', digest: taken, notReady: options.notReady() })
  }
  const { url, port, loginUrl } = await listening(worker, options.config.server)
  const reply = async (id: number, question: Question): Promise<void> => {
    const value = await answer(question, options)
    // What the command has done is told before the answer, which speaks of it.
    if (question.kind === 'command') digest()
    say({ kind: 'reply', id, value })
  }
  worker.on('message', (message: FromServer) => {
    if (message.kind === 'look') observer.look(message.markets)
    if (message.kind === 'bug') options.log.error('a request failed', { error: message.error })
    if (message.kind !== 'ask') return
    void reply(message.id, message.question)
  })
  const stopDigests = machine.timers.every(digestEveryMs, digest)
  let isStopping = false
  worker.on('error', (error) => options.log.error('the server broke down', { error }))
  worker.on('exit', () => {
    if (isStopping) return
    stopDigests()
    // Nobody can see it or stop it any more: what is at work finishes, and nothing new begins.
    options.log.error('the server has ended; trading is paused until the next start')
    options.runtime.pause()
  })
  let stopping: Promise<void> | undefined
  return {
    url,
    port,
    loginUrl,
    observe: (effect) => observer.observe(effect),
    learn: (change) => say({ kind: 'listing', listing: listingOf(change, options.runtime) }),
    log: (line) => say({ kind: 'log', line }),
    stop: () => {
      isStopping = true
      stopDigests()
      stopping ??= stopped(worker, say)
      return stopping
    },
  }
}

function startOf(options: ServingOptions): ServerStart {
  const { badge, config, forMs, machine, shownConfig, title, tokens, version } = options
  const startedAtMs = machine.clock.epochMs()
  const registerFile = config.propositions.file
  return {
    host: config.server.host,
    port: config.server.port,
    allowedHosts: config.server.allowedHosts,
    tokens,
    run: {
      id: randomUUID(),
      badge,
      title,
      version,
      startedAtMs,
      endsAtMs: forMs === undefined ? null : startedAtMs + forMs,
      keepsJournal: options.journal !== undefined,
    },
    config: shownConfig,
    dataFolder: resolve(machine.folder, config.data.folder),
    journal: options.journal,
    kept: options.runtime.kept,
    register: options.register,
    registerFile: {
      file: resolve(machine.folder, registerFile ?? registerFileName),
      isConfigured: registerFile !== undefined,
    },
    dashboardFolder: fileURLToPath(new URL('../../web/dist', import.meta.url)),
  }
}

function observerOf({ runtime }: ServingOptions): EngineObserver {
  const venues = runtime.venues.map(({ id }) => id)
  return new EngineObserver({
    view: runtime.view,
    venues,
    feeds: () => runtime.feeds(),
    eventCount: () => runtime.eventCount(),
    parametersOf: (strategy) => runtime.parameters.of(strategy),
    turnQuantileUs: (quantile) => runtime.turns.quantile(quantile),
  })
}

function listening(
  worker: Worker,
  { host, port }: Config['server'],
): Promise<Extract<FromServer, { kind: 'listening' }>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (message: FromServer) => {
      if (message.kind === 'listening') resolve(message)
      else if (message.kind === 'failed') {
        void worker.terminate()
        reject(new PortError(host, port, message.code, undefined))
      } else reject(new Error(`the server said "${message.kind}" before it listened`))
    })
  })
}

async function stopped(worker: Worker, say: (message: ToServer) => void): Promise<void> {
  const done = new Promise<void>((resolve) => {
    worker.on('message', (message: FromServer) => {
      if (message.kind === 'stopped') resolve()
    })
    worker.once('exit', () => resolve())
  })
  say({ kind: 'stop' })
  await done
  await worker.terminate()
}

/** The answer, or a promise of it. */
function answer(question: Question, options: ServingOptions): unknown {
  const { machine, metrics, runtime } = options
  switch (question.kind) {
    case 'exposition':
      return writeExposition(metrics.read())
    case 'health':
      return describeHealth(metrics.read(), machine.clock.epochMs())
    case 'command': {
      const { command: asked } = question
      return asked.kind === 'kill' ? killed(options) : command(runtime, asked)
    }
  }
}

/** Trading has ended when this returns; what the venues say to it is waited for. */
function killed({ machine, runtime }: ServingOptions): Promise<CommandOutcome> {
  const late = new Promise<CommandOutcome>((resolve) => {
    machine.timers.after(killAnswerMsMax, () => {
      const message = 'killed; the venues have not yet said that nothing is open any more'
      resolve({ done: false, message })
    })
  })
  return Promise.race([killTrading(runtime), late])
}

/** Does what was asked, and says what came of it. */
function command(runtime: Runtime, asked: Exclude<Command, { kind: 'kill' }>): CommandOutcome {
  const { view } = runtime
  if (asked.kind === 'resume' && view.killed) {
    return { done: false, message: 'trading was killed; it begins again with a new start' }
  }
  if (asked.kind === 'set-parameters') {
    const refusal = runtime.parameters.refusal(asked.strategy, asked.parameters)
    if (refusal !== undefined) return { done: false, message: refusal }
  }
  runtime.command(asked)
  switch (asked.kind) {
    case 'pause':
      return { done: true, message: 'paused: no new baskets, those at work finish' }
    case 'resume':
      return { done: true, message: 'trading again' }
    case 'release-basket':
      return { done: true, message: `${asked.basket} waits for nobody any more` }
    case 'set-limits':
      return { done: true, message: 'the limits hold from the next signal on' }
    case 'set-parameters':
      return { done: true, message: `${asked.strategy} goes by them from the next look on` }
    case 'enable-strategy':
      return { done: true, message: `${asked.strategy} is on` }
    case 'disable-strategy':
      return { done: true, message: `${asked.strategy} is off` }
    case 'reload-strategy':
      return { done: true, message: `${asked.strategy} goes on as ${asked.version}` }
  }
}

function listingOf({ venue, markets, sets, gone }: CatalogueChange, { view }: Runtime): Listing {
  return {
    markets: markets.flatMap((market) => {
      const entry = view.cache.byMarket(venue, market.id)
      return entry === undefined ? [] : [{ index: entry.index, market: entry.market }]
    }),
    sets,
    gone: gone.map((market) => ({ venue, market })),
  }
}
