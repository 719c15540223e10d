import { Agent, request } from 'undici'
import type { Dispatcher } from 'undici'
import type { z } from 'zod'
import type { Random } from '../../core/random.ts'
import type { Timers } from '../../ports/clock.ts'
import { networkFailure, retryAfter } from '../network-failure.ts'
import { VenueError } from '../venue-error.ts'
import type { VenueErrorCode } from '../venue-error.ts'
import type { RequestSigner } from './auth.ts'
import type { RestConfig } from './config.ts'
import { AccountLimits } from './listing.ts'
import type { RateLimit } from './rate-limit.ts'

/** Tries of one read, the first included. A host that cannot be reached is not tried again. */
const triesMax = 4
/** The venue tells no time to wait, so we wait longer each time. docs/venues/kalshi.md, 1.3. */
const backoffMs = 250
/** A page of two hundred events with all their markets is a few megabytes. */
const bodyBytesMax = 128 * 1024 * 1024

const retried: ReadonlySet<VenueErrorCode> = new Set(['RATE_LIMITED', 'DOWN', 'TIMEOUT'])

/** A query: a list repeats its key. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** Reads from the venue's REST host: within its limits, within a time, or with a `VenueError`. */
export class RestClient {
  readonly #parts: RestClientParts
  readonly #agent: Agent

  constructor(parts: RestClientParts) {
    this.#parts = parts
    const { timeoutMs } = parts.config
    this.#agent = new Agent({
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      maxResponseSize: bodyBytesMax,
      keepAliveTimeout: 60_000,
    })
  }

  get isSigned(): boolean {
    return this.#parts.signer !== undefined
  }

  /** The body of a GET of a path under the base, signed where there is a key. */
  async bytes(path: string, query: Query = {}): Promise<Uint8Array> {
    const { limit, random, timers } = this.#parts
    const url = this.#url(path, query)
    for (let attempt = 1; ; attempt++) {
      await limit.take('read')
      let waitMs = random.next() * backoffMs * 2 ** attempt
      try {
        return await this.#get(url)
      } catch (error) {
        if (!(error instanceof VenueError)) throw error
        if (error.code === 'RATE_LIMITED') {
          waitMs = Math.max(waitMs, error.retryAfterMs ?? backoffMs)
          limit.pause('read', waitMs)
        }
        if (attempt === triesMax || !retried.has(error.code)) throw error
      }
      await new Promise<void>((resolve) => {
        timers.after(waitMs, resolve)
      })
    }
  }

  /** The body of a GET, as its schema reads it. */
  async json<T>(path: string, query: Query, schema: z.ZodType<T>): Promise<T> {
    const bytes = await this.bytes(path, query)
    let json: unknown
    try {
      json = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
    } catch (cause) {
      throw this.malformed(path, 'not JSON', cause)
    }
    const result = schema.safeParse(json)
    if (result.success) return result.data

    const issue = result.error.issues[0]
    throw this.malformed(path, `${issue?.path.join('.')}: ${issue?.message}`, result.error)
  }

  /** Goes by what the venue says of this account from now on. docs/venues/kalshi.md, 1.3. */
  async adoptLimits(): Promise<void> {
    const { read, write } = await this.json('/account/limits', {}, AccountLimits)
    this.#parts.limit.adopt('read', read)
    this.#parts.limit.adopt('write', write)
  }

  /** An answer that does not fit. */
  malformed(path: string, detail: string, cause?: unknown): VenueError {
    const { host } = new URL(this.#parts.baseUrl)
    const call = `GET ${host}${path}`
    const code = 'MALFORMED'
    return new VenueError({ venue: 'kalshi', call, code, landed: 'no', detail, cause })
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  #url(path: string, query: Query): URL {
    const url = new URL(this.#parts.baseUrl.replace(/\/$/, '') + path)
    for (const [key, value] of Object.entries(query)) {
      if (typeof value === 'object') for (const each of value) url.searchParams.append(key, each)
      else url.searchParams.set(key, String(value))
    }
    return url
  }

  async #get(url: URL): Promise<Uint8Array> {
    const call = `GET ${url.host}${url.pathname}`
    let response: Dispatcher.ResponseData
    let body: Uint8Array
    try {
      response = await request(url, {
        dispatcher: this.#agent,
        headers: {
          accept: 'application/json',
          ...this.#parts.signer?.headers('GET', url.pathname),
        },
      })
      body = new Uint8Array(await response.body.arrayBuffer())
    } catch (cause) {
      const { code, detail } = networkFailure(cause)
      throw new VenueError({ venue: 'kalshi', call, code, landed: 'no', detail, cause })
    }
    const { statusCode: status, headers } = response
    if (status >= 200 && status < 300) return body

    throw new VenueError({
      venue: 'kalshi',
      call,
      code: status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'DOWN' : 'REFUSED',
      landed: 'no',
      detail: `HTTP ${status}`,
      status,
      retryAfterMs: retryAfter(headers['retry-after']),
    })
  }
}

type RestClientParts = {
  readonly baseUrl: string
  readonly config: RestConfig
  readonly limit: RateLimit
  readonly signer: RequestSigner | undefined
  readonly timers: Timers
  readonly random: Random
}
