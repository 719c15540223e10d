import { Agent, request } from 'undici'
import type { z } from 'zod'
import type { Random } from '../../core/random.ts'
import type { Timers } from '../../ports/clock.ts'
import { VenueError } from '../venue-error.ts'
import type { VenueErrorCode } from '../venue-error.ts'
import type { RestConfig } from './config.ts'
import type { LimitedCall, RateLimit } from './rate-limit.ts'

/** Tries of one call, the first included. A host that cannot be reached is not tried again. */
const triesMax = 3
const backoffMs = 250
/** A longer wait than this is a refusal: the caller may know something better to do. */
const retryAfterMsMax = 15_000
/** A page of a hundred events with all their markets is a few megabytes. */
const bodyBytesMax = 64 * 1024 * 1024

const retried: ReadonlySet<VenueErrorCode> = new Set(['RATE_LIMITED', 'DOWN', 'TIMEOUT'])

/** Reads from the venue's REST hosts: within its limits, within a time, or with a `VenueError`. */
export class RestClient {
  readonly #limit: RateLimit
  readonly #timers: Timers
  readonly #random: Random
  readonly #agent: Agent

  constructor({ config, limit, timers, random }: RestClientParts) {
    this.#limit = limit
    this.#timers = timers
    this.#random = random
    this.#agent = new Agent({
      connect: { timeout: config.timeoutMs },
      headersTimeout: config.timeoutMs,
      bodyTimeout: config.timeoutMs,
      maxResponseSize: bodyBytesMax,
      // A resource that is asked for every few seconds is not worth a new handshake each time.
      keepAliveTimeout: 60_000,
    })
  }

  /** The body of a GET. */
  async bytes(call: LimitedCall, url: URL): Promise<Uint8Array> {
    for (let attempt = 1; ; attempt++) {
      await this.#limit.take(call)
      try {
        return await this.#get(url)
      } catch (error) {
        if (!(error instanceof VenueError)) throw error
        if (error.retryAfterMs !== undefined) this.#limit.pause(call, error.retryAfterMs)
        const isTooLong = (error.retryAfterMs ?? 0) > retryAfterMsMax
        if (attempt === triesMax || isTooLong || !retried.has(error.code)) throw error
      }
      const waitMs = this.#random.next() * backoffMs * 2 ** attempt
      await new Promise<void>((resolve) => {
        this.#timers.after(waitMs, resolve)
      })
    }
  }

  /** The body of a GET, as its schema reads it. */
  async json<T>(call: LimitedCall, url: URL, schema: z.ZodType<T>): Promise<T> {
    const bytes = await this.bytes(call, url)
    let json: unknown
    try {
      json = JSON.parse(Buffer.from(bytes).toString())
    } catch (cause) {
      throw malformed(url, 'not JSON', cause)
    }
    const result = schema.safeParse(json)
    if (result.success) return result.data

    const issue = result.error.issues[0]
    throw malformed(url, `${issue?.path.join('.')}: ${issue?.message}`, result.error)
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async #get(url: URL): Promise<Uint8Array> {
    const call = `GET ${url.host}${url.pathname}`
    let status: number
    let retryAfterMs: number | undefined
    let body: Uint8Array
    try {
      const response = await request(url, {
        dispatcher: this.#agent,
        headers: { accept: 'application/json' },
      })
      status = response.statusCode
      retryAfterMs = retryAfter(response.headers['retry-after'])
      body = new Uint8Array(await response.body.arrayBuffer())
    } catch (cause) {
      const { code, detail } = networkFailure(cause)
      throw new VenueError({ venue: 'polymarket', call, code, landed: 'no', detail, cause })
    }

    if (status >= 200 && status < 300) return body
    const code = status === 429 ? 'RATE_LIMITED' : isDown(status) ? 'DOWN' : 'REFUSED'
    const detail = `HTTP ${status}`
    throw new VenueError({ venue: 'polymarket', call, code, landed: 'no', detail, retryAfterMs })
  }
}

type RestClientParts = {
  readonly config: RestConfig
  readonly limit: RateLimit
  readonly timers: Timers
  readonly random: Random
}

/** 425 is the matching engine that restarts. docs/venues/polymarket.md, 3.9. */
function isDown(status: number): boolean {
  return status === 425 || status >= 500
}

function malformed(url: URL, detail: string, cause: unknown): VenueError {
  const call = `GET ${url.host}${url.pathname}`
  return new VenueError({
    venue: 'polymarket',
    call,
    code: 'MALFORMED',
    landed: 'no',
    detail,
    cause,
  })
}

/** What kept a connection from answering, from the code that Node or undici gives it. */
export function networkFailure(cause: unknown): { code: VenueErrorCode; detail: string } {
  const name = errorCode(cause)
  const isSlow = name === 'UND_ERR_HEADERS_TIMEOUT' || name === 'UND_ERR_BODY_TIMEOUT'
  return { code: isSlow ? 'TIMEOUT' : 'UNREACHABLE', detail: name }
}

function errorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  // A host with several addresses fails with an error for each.
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code
  return cause.message
}

/** `Retry-After` in milliseconds: the venue sends seconds. */
export function retryAfter(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header
  if (text === undefined || !/^\d{1,6}$/.test(text)) return undefined
  return Number(text) * 1000
}
