import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import { plainText } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import { AlertPost, outcomeOf } from './alert-post.ts'
import type { AlertSender } from './alert-sender.ts'

/** Slack, "Formatting text": a message is best kept under 4 000 characters. */
const lengthMax = 4_000

/** Posts to an incoming webhook of Slack. */
export class SlackSender implements AlertSender {
  readonly channel = 'slack'
  readonly #url: string
  readonly #badge: string
  readonly #post: AlertPost = new AlertPost()

  constructor(url: string, badge: string) {
    this.#url = url
    this.#badge = badge
  }

  async send(message: AlertMessage): Promise<SendOutcome> {
    const text = escaped(plainText(message, this.#badge, lengthMax))
    return outcomeOf(await this.#post.send({ url: this.#url, body: JSON.stringify({ text }) }))
  }

  stop(): Promise<void> {
    return this.#post.stop()
  }
}

/**
 * Slack, "Escaping text": these three and no others. Without it a market that is named
 * <!channel> would call everybody.
 */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
