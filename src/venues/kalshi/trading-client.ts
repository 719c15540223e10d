import { Pool } from 'undici'
import type { Clock, Timers } from '../../ports/clock.ts'
import { networkFailure } from '../network-failure.ts'
import { VenueError } from '../venue-error.ts'
import type { RequestSigner } from './auth.ts'
import { PreparedHeaders } from './prepared-headers.ts'
import type { RateLimit } from './rate-limit.ts'

/** A call that changes something. Reads go through `rest-client.ts`, which may try again. */
export type TradingCall = {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  /** Under the base. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>> | undefined
  /** The text that is sent. Empty when there is none. */
  readonly body: string
  /** In tokens. docs/venues/kalshi.md, 1.3. */
  readonly cost: number
  /** How long the call may wait for its tokens. */
  readonly patienceMs: number
}

/** Any answer of the venue, a refusal too: what it means depends on what was asked. */
export type TradingAnswer = { readonly status: number; readonly body: unknown }

export const ordersPath = '/portfolio/events/orders'
export const batchPath = '/portfolio/events/orders/batched'

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
/** The venue tells no time to wait after a 429. docs/venues/kalshi.md, 1.3. */
const pauseMs = 250

export type TradingClientParts = {
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly signer: RequestSigner
  readonly limit: RateLimit
  readonly clock: Clock
  readonly timers: Timers
}

/**
 * Carries signed writes to the venue over connections that stay open, within the write budget.
 *
 * One try each: whether to try again is for those who know what was asked. A call that fails
 * without an answer throws, and says whether it can have landed.
 */
export class TradingClient {
  readonly #limit: RateLimit
  readonly #pool: Pool
  readonly #host: string
  readonly #base: string
  readonly #headers: PreparedHeaders

  constructor(parts: TradingClientParts) {
    const { baseUrl, timeoutMs, signer, limit, clock, timers } = parts
    const { origin, host, pathname } = new URL(baseUrl)
    this.#limit = limit
    this.#host = host
    this.#base = pathname.replace(/\/$/, '')
    const calls = [ordersPath, batchPath].map((path) => ({
      method: 'POST',
      path: this.#base + path,
    }))
    this.#headers = new PreparedHeaders({ signer, clock, timers, calls })
    this.#pool = new Pool(origin, {
      connections,
      pipelining: 1,
      keepAliveTimeout: 60_000,
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      connect: { timeout: timeoutMs },
    })
  }

  start(): void {
    this.#headers.start()
  }

  /** The most items of `cost` that one batch can have. */
  batchMax(cost: number): number {
    return Math.max(1, Math.floor(this.#limit.most('write') / cost))
  }

  async send(call: TradingCall): Promise<TradingAnswer> {
    const { method, query, body, cost, patienceMs } = call
    if (!(await this.#limit.takeWithin('write', cost, patienceMs))) {
      throw this.#error(call, 'RATE_LIMITED', 'no', 'our own budget is used up')
    }
    const path = this.#base + call.path
    const search = query === undefined ? '' : `?${new URLSearchParams(query).toString()}`
    try {
      const response = await this.#pool.request({
        method,
        path: path + search,
        headers: {
          ...this.#headers.take(method, path),
          ...(body === '' ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === '' ? {} : { body }),
      })
      const text = await response.body.text()
      if (response.statusCode === 429) this.#limit.pause('write', pauseMs)
      return { status: response.statusCode, body: readJson(text) }
    } catch (cause) {
      const { code, detail } = networkFailure(cause)
      throw this.#error(call, code, neverSent.has(detail) ? 'no' : 'unknown', detail, cause)
    }
  }

  async close(): Promise<void> {
    this.#headers.stop()
    await this.#pool.destroy()
  }

  #error(
    { method, path }: TradingCall,
    code: VenueError['code'],
    landed: VenueError['landed'],
    detail: string,
    cause?: unknown,
  ): VenueError {
    const call = `${method} ${this.#host}${path}`
    return new VenueError({ venue: 'kalshi', call, code, landed, detail, cause })
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // An answer that is no JSON fits no schema, which is what its reader will say.
    return text
  }
}
