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
import { WithdrawalKeeper } from './keep-withdrawals.ts'
import type { LoadedConfig } from './load-config.ts'
import { ConfigError } from './load-config.ts'
import type { Machine } from './machine.ts'
import type { Badge } from './run-view.ts'
import type { Runtime } from './runtime.ts'

/** A day of markets changes slowly; a second is soon enough to write it down. */
const withdrawalsEveryMs = 1_000

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
 * Starts to tell people of a run, over every channel that is on.
 *
 * Throws a `ConfigError` when a channel that is on lacks something.
 */
export async function startAlerts(options: AlertsOptions): Promise<RunningAlerts> {
  const { badge, loaded, log, machine, metrics, runtime } = options
  const settings = loaded.config.alerts
  if (loaded.alerts.problems.length > 0) throw new ConfigError(loaded.alerts.problems)
  const senders = await makeSenders({ settings, secrets: loaded.alerts.secrets, badge })
  if (senders.length === 0) {
    return { hear: () => {}, stop: followWithdrawals(options, () => {}) }
  }
  const { secrets } = loaded
  const watch = new AlertWatch({ machine, settings, senders, metrics, runtime, log, secrets })
  runtime.follow({ observe: (effect) => watch.observe(effect), learn: () => undefined })
  watch.start()
  const stopWithdrawals = followWithdrawals(options, (input) => watch.hear(input))
  const stopChat = startChat(options)
  return {
    hear: (input) => watch.hear(input),
    stop: async () => {
      await Promise.all([stopWithdrawals(), stopChat(), watch.stop()])
    },
  }
}

/** Keeps what the sentinel takes out of trading, and tells of it: also where no channel is on. */
function followWithdrawals(
  { badge, loaded, log, machine, runtime }: AlertsOptions,
  hear: (input: AlertInput) => void,
): () => Promise<void> {
  const keeper = new WithdrawalKeeper({
    // A simulated exchange has pairs of its own, which are in no file.
    file: badge === 'SIMULATED' ? undefined : loaded.config.propositions.file,
    folder: machine.folder,
    register: loaded.register,
    log,
  })
  const look = (): void => {
    for (const { detail, id, reason } of keeper.take(
      runtime.withdrawals,
      machine.clock.epochMs(),
    )) {
      hear({ kind: 'pair-withdrawn', pair: id, reason, detail })
    }
  }
  const stop = machine.timers.every(withdrawalsEveryMs, look)
  return () => {
    stop()
    look()
    return Promise.resolve()
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
