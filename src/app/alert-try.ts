import type { AlertChannel } from '../telemetry/alerts/alert.ts'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import { makeSenders } from './alert-channels.ts'
import { ConfigError, loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'

export type TryAlerts = {
  readonly machine: Machine
  readonly configFile: string | undefined
  /** Only this one. Undefined: every channel that is on. */
  readonly channel: AlertChannel | undefined
}

export type TriedAddress = { readonly channel: AlertChannel; readonly outcome: SendOutcome }

/**
 * Sends one message to each address of every channel that is on, once.
 *
 * Throws a `ConfigError` when a channel that is on lacks something.
 */
export async function tryAlerts(wanted: TryAlerts): Promise<readonly TriedAddress[]> {
  const { channel, configFile, machine } = wanted
  const { environment, folder } = machine
  const { alerts, config } = loadConfig({ file: configFile, folder, environment, overrides: [] })
  if (alerts.problems.length > 0) throw new ConfigError(alerts.problems)
  const senders = await makeSenders({
    settings: config.alerts,
    secrets: alerts.secrets,
    badge: 'TEST',
    channel,
  })
  const message = messageAt(machine)
  return Promise.all(
    senders.map(async (sender): Promise<TriedAddress> => {
      const outcome = await sender.send(message)
      await sender.stop()
      return { channel: sender.channel, outcome }
    }),
  )
}

function messageAt({ clock }: Machine): AlertMessage {
  const atMs = clock.epochMs()
  const text = 'This is a test: alerts of prediction-engine arrive here'
  const line = { rule: 'daily-summary', severity: 'info', cause: 'test', text, count: 1 } as const
  return { atMs, lines: [{ ...line, firstMs: atMs, lastMs: atMs }], heldBack: [] }
}
