import type { AlertChannel } from '../telemetry/alerts/alert.ts'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'

/** Carries messages to one channel. Never rejects: a failure is an outcome. */
export type AlertSender = {
  readonly channel: AlertChannel
  send(message: AlertMessage): Promise<SendOutcome>
  stop(): Promise<void>
}
