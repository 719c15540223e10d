import { Agent, request } from 'undici'
import type { SendOutcome } from '../telemetry/alerts/outbox.ts'

/** A channel that takes longer is tried again. */
const answerMsMax = 10_000
/** Enough for what a channel says of an error. */
const answerBytesMax = 65_536

export type PostAnswer =
  | {
      readonly kind: 'answered'
      readonly status: number
      readonly text: string
      readonly retryAfter: string
    }
  | { readonly kind: 'failed'; readonly reason: string }

export type PostRequest = {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  /** How long an answer may take, beyond the usual. */
  readonly waitMs?: number
  readonly signal?: AbortSignal
}

/** The connections of one channel, its own, so that one that hangs keeps no other waiting. */
export class AlertPost {
  readonly #agent: Agent = new Agent({
    connect: { timeout: answerMsMax },
    maxResponseSize: answerBytesMax,
  })

  /** Posts JSON. Redirects are not followed: a secret goes where it was meant to go, or nowhere. */
  async send({ body, headers, signal, url, waitMs = 0 }: PostRequest): Promise<PostAnswer> {
    try {
      const answer = await request(url, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', ...headers },
        dispatcher: this.#agent,
        headersTimeout: answerMsMax + waitMs,
        bodyTimeout: answerMsMax,
        ...(signal === undefined ? {} : { signal }),
      })
      const { 'retry-after': later } = answer.headers
      const text = await answer.body.text()
      const retryAfter = (typeof later === 'string' ? later : later?.[0]) ?? ''
      return { kind: 'answered', status: answer.statusCode, text, retryAfter }
    } catch (error) {
      // The code only: a message may hold the address, and the address may be the secret.
      return { kind: 'failed', reason: codeOf(error) }
    }
  }

  async stop(): Promise<void> {
    await this.#agent.destroy()
  }
}

/**
 * What an answer means for the message. `askedMs` is what the body asks to wait, where the channel
 * says it there.
 */
export function outcomeOf(answer: PostAnswer, askedMs?: number): SendOutcome {
  if (answer.kind === 'failed') return { kind: 'retry', afterMs: undefined, reason: answer.reason }
  const { retryAfter, status } = answer
  if (status >= 200 && status < 300) return { kind: 'sent' }
  const reason = `status ${status}`
  const isLater = status === 429 || status === 408 || status >= 500
  if (!isLater) return { kind: 'refused', reason }
  return { kind: 'retry', afterMs: askedMs ?? secondsToMs(retryAfter), reason }
}

/** Undefined when the text is no JSON: proxies answer in words. */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** RFC 9110, 10.2.3, in its form of seconds; with decimals, as Discord sends it. */
function secondsToMs(text: string): number | undefined {
  return /^\d{1,6}(\.\d{1,6})?$/.test(text) ? Number(text) * 1_000 : undefined
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN'
  // A host with several addresses fails with an error for each.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code
  return error.name
}
