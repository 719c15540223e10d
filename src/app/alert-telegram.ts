import { z } from 'zod'
import type { AlertMessage } from '../telemetry/alerts/alert-message.ts'
import { clip, plainText } from '../telemetry/alerts/alert-message.ts'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'
import type { PostAnswer } from './alert-post.ts'
import { AlertPost, outcomeOf, readJson } from './alert-post.ts'
import type { AlertSender } from './alert-sender.ts'

/** Bot API, `sendMessage`: 1 to 4 096 characters. */
const lengthMax = 4_096
/** How long a request for news stays open when there is none. */
const pollS = 25

/** Bot API, "Making requests": every answer says whether it is ok, and a 429 how long to wait. */
const Refusal = z.object({
  parameters: z.object({ retry_after: z.number().nonnegative().optional() }).optional(),
})

/** Bot API, `Update` and `Message`, as much of them as a command needs. */
const Updates = z.object({
  ok: z.literal(true),
  result: z.array(
    z.object({
      update_id: z.int(),
      message: z
        .object({
          date: z.int(),
          chat: z.object({ id: z.int() }),
          text: z.string().optional(),
        })
        .optional(),
    }),
  ),
})

export type ChatMessage = {
  readonly chat: string
  readonly text: string
  /** When it was written. */
  readonly atS: number
}

export type News =
  | { readonly kind: 'news'; readonly messages: readonly ChatMessage[]; readonly next: number }
  | { readonly kind: 'failed'; readonly afterMs: number | undefined; readonly reason: string }

/** The Bot API of Telegram, with the token in every address: no address may be shown. */
export class TelegramApi {
  readonly #root: string
  readonly #post: AlertPost = new AlertPost()

  constructor(apiUrl: string, token: string) {
    this.#root = `${apiUrl.replace(/\/$/, '')}/bot${token}`
  }

  async say(chat: string, text: string): Promise<SendOutcome> {
    const answer = await this.#call('sendMessage', {
      chat_id: chat,
      text: clip(text, lengthMax),
      link_preview_options: { is_disabled: true },
    })
    return outcomeOf(answer, askedMs(answer))
  }

  /** What was written to the bot from update `offset` on; waits a while when there is nothing. */
  async listen(offset: number | undefined, signal: AbortSignal): Promise<News> {
    const params = { timeout: pollS, allowed_updates: ['message'] }
    const answer = await this.#call(
      'getUpdates',
      offset === undefined ? params : { ...params, offset },
      pollS * 1_000,
      signal,
    )
    const outcome = outcomeOf(answer, askedMs(answer))
    if (answer.kind === 'failed' || outcome.kind !== 'sent') {
      const afterMs = outcome.kind === 'retry' ? outcome.afterMs : undefined
      const reason = outcome.kind === 'sent' ? 'no answer' : outcome.reason
      return { kind: 'failed', afterMs, reason }
    }
    const read = Updates.safeParse(readJson(answer.text))
    if (!read.success) return { kind: 'failed', afterMs: undefined, reason: 'not understood' }
    return newsOf(read.data.result, offset ?? 0)
  }

  stop(): Promise<void> {
    return this.#post.stop()
  }

  #call(
    method: string,
    params: Readonly<Record<string, unknown>>,
    waitMs = 0,
    signal?: AbortSignal,
  ): Promise<PostAnswer> {
    const body = JSON.stringify(params)
    const request = { url: `${this.#root}/${method}`, body, waitMs }
    return this.#post.send(signal === undefined ? request : { ...request, signal })
  }
}

/** Sends messages to one chat. */
export class TelegramSender implements AlertSender {
  readonly channel = 'telegram'
  readonly #api: TelegramApi
  readonly #chat: string
  readonly #badge: string

  constructor(api: TelegramApi, chat: string, badge: string) {
    this.#api = api
    this.#chat = chat
    this.#badge = badge
  }

  send(message: AlertMessage): Promise<SendOutcome> {
    return this.#api.say(this.#chat, plainText(message, this.#badge, lengthMax))
  }

  stop(): Promise<void> {
    return this.#api.stop()
  }
}

function newsOf(updates: z.output<typeof Updates>['result'], offset: number): News {
  const messages = updates.flatMap(({ message }): ChatMessage[] =>
    message?.text === undefined
      ? []
      : [{ chat: String(message.chat.id), text: message.text, atS: message.date }],
  )
  // An update is confirmed, and not sent again, by asking for those after it.
  const next = updates.reduce((latest, each) => Math.max(latest, each.update_id + 1), offset)
  return { kind: 'news', messages, next }
}

function askedMs(answer: PostAnswer): number | undefined {
  if (answer.kind === 'failed' || answer.status !== 429) return undefined
  const seconds = Refusal.safeParse(readJson(answer.text)).data?.parameters?.retry_after
  return seconds === undefined ? undefined : seconds * 1_000
}
