import { createHmac } from 'node:crypto'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import { bodyOf, severityOf, titleOf } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import { AlertPost, outcomeOf } from './alert-post.ts'
import type { AlertSender } from './alert-sender.ts'

export type WebhookOptions = {
  readonly url: string
  /** Without it messages are not signed. */
  readonly secret: string | undefined
  readonly badge: string
}

/** Posts JSON to an address of the user's own. docs/operating.md, "What a webhook gets". */
export class WebhookSender implements AlertSender {
  readonly channel = 'webhook'
  readonly #options: WebhookOptions
  readonly #post: AlertPost = new AlertPost()

  constructor(options: WebhookOptions) {
    this.#options = options
  }

  async send(message: AlertMessage): Promise<SendOutcome> {
    const { badge, secret, url } = this.#options
    const body = JSON.stringify(payloadOf(message, badge))
    const headers = secret === undefined ? {} : signed(body, message.atMs, secret)
    return outcomeOf(await this.#post.send({ url, body, headers }))
  }

  stop(): Promise<void> {
    return this.#post.stop()
  }
}

function payloadOf(message: AlertMessage, badge: string): Readonly<Record<string, unknown>> {
  return {
    version: 1,
    badge,
    severity: severityOf(message),
    title: titleOf(message, badge),
    text: bodyOf(message),
    sentAt: iso(message.atMs),
    alerts: message.lines.map(({ cause, count, firstMs, lastMs, rule, severity, text }) => ({
      rule,
      severity,
      cause,
      text,
      count,
      firstAt: iso(firstMs),
      lastAt: iso(lastMs),
    })),
    heldBack: message.heldBack,
  }
}

/** The time is signed too, so that whoever keeps a message cannot send it again another day. */
function signed(body: string, atMs: number, secret: string): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000))
  const digest = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')
  return {
    'x-prediction-engine-timestamp': timestamp,
    'x-prediction-engine-signature': `sha256=${digest}`,
  }
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
