import { randomInt } from 'node:crypto'
import type { Log } from '../ports/log.ts'
import type { AlertInput } from '../telemetry/alerts/alert-input.ts'
import type { MetricRegistry } from '../telemetry/metric-registry.ts'
import { ChatDesk } from './alert-chat-desk.ts'
import { startChatLoop } from './alert-chat-loop.ts'
import { makeSenders } from './alert-channels.ts'
import { operatorOf } from './alert-operator.ts'
import { TelegramApi } from './alert-telegram.ts'
import { AlertWatch } from './alert-watch.ts'
import type { LoadedConfig } from './load-config.ts'
import { ConfigError } from './load-config.ts'
import type { Machine } from './machine.ts'
import type { Badge } from './run-view.ts'
import type { Runtime } from './runtime.ts'

export type AlertsOptions = {
  readonly machine: Machine
  readonly loaded: LoadedConfig
  readonly badge: Badge
  readonly metrics: MetricRegistry
  readonly runtime: Runtime
  readonly log: Log
}

export type RunningAlerts = {
  /** Tells of something that is no effect of the engine. */
  hear(input: AlertInput): void
  stop(): Promise<void>
}

/**
 * Starts to tell people of a run, over every channel that is on; with none on it does nothing.
 *
 * Throws a `ConfigError` when a channel that is on lacks something.
 */
export async function startAlerts(options: AlertsOptions): Promise<RunningAlerts> {
  const { badge, loaded, log, machine, metrics, runtime } = options
  const settings = loaded.config.alerts
  if (loaded.alerts.problems.length > 0) throw new ConfigError(loaded.alerts.problems)
  const senders = await makeSenders({ settings, secrets: loaded.alerts.secrets, badge })
  if (senders.length === 0) return { hear: () => {}, stop: () => Promise.resolve() }
  const { secrets } = loaded
  const watch = new AlertWatch({ machine, settings, senders, metrics, runtime, log, secrets })
  runtime.follow({ observe: (effect) => watch.observe(effect), learn: () => undefined })
  watch.start()
  const stopChat = startChat(options)
  return {
    hear: (input) => watch.hear(input),
    stop: async () => {
      await Promise.all([stopChat(), watch.stop()])
    },
  }
}

function startChat({ badge, loaded, log, machine, metrics, runtime }: AlertsOptions) {
  const { apiUrl, chatIds, commands, enabled } = loaded.config.alerts.telegram
  const token = loaded.alerts.secrets.telegramToken
  if (!enabled || !commands || token === undefined) return () => Promise.resolve()
  const api = new TelegramApi(apiUrl, token)
  const desk = new ChatDesk({
    chats: chatIds,
    operator: operatorOf(runtime, badge),
    now: () => machine.clock.epochMs(),
    makeCode: () => String(randomInt(100_000, 1_000_000)),
    count: (result) => metrics.counter('alert_commands_total', { result }).add(),
  })
  const stopLoop = startChatLoop({ api, desk, timers: machine.timers, log })
  return async () => {
    await stopLoop()
    await api.stop()
  }
}
