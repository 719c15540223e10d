import { z } from 'zod'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import { plainText } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import type { PostAnswer } from './alert-post.ts'
import { AlertPost, outcomeOf, readJson } from './alert-post.ts'
import type { AlertSender } from './alert-sender.ts'

/** Discord, "Execute Webhook": `content` has up to 2 000 characters. */
const lengthMax = 2_000

/** Discord, "Rate Limits": how many seconds to wait, with decimals, stands in the body of a 429. */
const Limited = z.object({ retry_after: z.number().nonnegative() })

/** Posts to a webhook of a Discord channel. */
export class DiscordSender implements AlertSender {
  readonly channel = 'discord'
  readonly #url: string
  readonly #badge: string
  readonly #post: AlertPost = new AlertPost()

  constructor(url: string, badge: string) {
    this.#url = url
    this.#badge = badge
  }

  async send(message: AlertMessage): Promise<SendOutcome> {
    const content = plainText(message, this.#badge, lengthMax)
    // Nobody is called by a market that is named @everyone.
    const body = JSON.stringify({ content, allowed_mentions: { parse: [] } })
    const answer = await this.#post.send({ url: this.#url, body })
    return outcomeOf(answer, askedMs(answer))
  }

  stop(): Promise<void> {
    return this.#post.stop()
  }
}

function askedMs(answer: PostAnswer): number | undefined {
  if (answer.kind === 'failed' || answer.status !== 429) return undefined
  const seconds = Limited.safeParse(readJson(answer.text)).data?.retry_after
  return seconds === undefined ? undefined : seconds * 1_000
}
