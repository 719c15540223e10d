import { Pool } from 'undici'

import { VenueError } from '../venue-error.ts'
import type { VenueErrorCode } from '../venue-error.ts'
import type { AuthHeaders } from './auth.ts'
import type { LineAnswer, OrderLine } from './order-line.ts'
import { networkFailure, retryAfter } from './rest-client.ts'

export type TradingCall = {
  readonly method: 'GET' | 'POST' | 'DELETE'
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  /** The exact text that is sent, and that a key signs. Empty when there is none. */
  readonly body: string
}

/** Any answer of the venue, a refusal too: what it means depends on what was asked. */
export type TradingAnswer = {
  readonly status: number
  readonly body: unknown
  readonly retryAfterMs: number | undefined
}

/** Failures of which it is certain that the request never left. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

const connections = 4

export type TradingClientParts = {
  readonly url: string
  readonly timeoutMs: number
  /** The faster way for what is posted, where it has a connection free. */
  readonly line?: OrderLine
}

/**
 * Carries calls to the trading host over connections that stay open.
 *
 * One try each: whether to try again is for those who know what was asked. A call that fails
 * without an answer throws, and says whether it can have landed.
 */
export class TradingClient {
  readonly #pool: Pool
  readonly #host: string
  readonly #line: OrderLine | undefined

  constructor({ url, timeoutMs, line }: TradingClientParts) {
    const { origin, host } = new URL(url)
    this.#host = host
    this.#line = line
    this.#pool = new Pool(origin, {
      connections,
      pipelining: 1,
      keepAliveTimeout: 60_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs },
    })
  }

  async send(call: TradingCall, headers: AuthHeaders): Promise<TradingAnswer> {
    const { method, path, query, body } = call
    const quick = method === 'POST' ? this.#line?.post(path, headers, body) : undefined
    if (quick !== undefined) return this.#byLine(call, quick)
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`
    try {
      const response = await this.#pool.request({
        method,
        path: path + search,
        headers: body === '' ? { ...headers } : { ...headers, 'content-type': 'application/json' },
        ...(body === '' ? {} : { body }),
      })
      const text = await response.body.text()
      return {
        status: response.statusCode,
        body: readJson(text),
        retryAfterMs: retryAfter(response.headers['retry-after']),
      }
    } catch (cause) {
      throw this.#failure(call, cause)
    }
  }

  async close(): Promise<void> {
    this.#line?.stop()
    await this.#pool.destroy()
  }

  async #byLine(call: TradingCall, answer: Promise<LineAnswer>): Promise<TradingAnswer> {
    try {
      const { status, headers, body } = await answer
      const retryAfterMs = retryAfter(headers.get('retry-after'))
      return { status, body: readJson(body), retryAfterMs }
    } catch (cause) {
      throw this.#failure(call, cause)
    }
  }

  #failure({ method, path }: TradingCall, cause: unknown): VenueError {
    const { code, detail } = networkFailure(cause)
    const changesNothing = method === 'GET' || neverSent.has(detail)
    return new VenueError({
      venue: 'polymarket',
      call: `${method} ${this.#host}${path}`,
      code,
      landed: changesNothing ? 'no' : 'unknown',
      detail,
      cause,
    })
  }
}

/** The answer to a call that must have one. Throws a `VenueError` for any other. */
export function expectOk({ method, path }: TradingCall, answer: TradingAnswer): unknown {
  if (answer.status >= 200 && answer.status < 300) return answer.body
  const code: VenueErrorCode =
    answer.status === 429 ? 'RATE_LIMITED' : answer.status >= 500 ? 'DOWN' : 'REFUSED'
  throw new VenueError({
    venue: 'polymarket',
    call: `${method} ${path}`,
    code,
    landed: 'no',
    detail: `HTTP ${answer.status}`,
    retryAfterMs: answer.retryAfterMs,
  })
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An answer that is no JSON fits no schema, which is what its reader will say.
    return text
  }
}
