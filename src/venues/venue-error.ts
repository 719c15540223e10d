import type { VenueId } from '../core/market.ts'

/**
 * Why a call came back without an answer; a metric label.
 *
 * - `UNREACHABLE`: no connection could be made. - `TIMEOUT`: it took longer than we wait.
 * - `RATE_LIMITED`: too many calls. - `REFUSED`: the venue says the call is wrong.
 * - `DOWN`: the venue says it is not well. - `MALFORMED`: an answer that does not fit its schema.
 */
export type VenueErrorCode =
  | 'UNREACHABLE'
  | 'TIMEOUT'
  | 'RATE_LIMITED'
  | 'REFUSED'
  | 'DOWN'
  | 'MALFORMED'

/**
 * A call to a venue that came back without an answer.
 *
 * `landed` says what the caller must know next. 'no': nothing happened, the call may be made
 * again. 'unknown': an order may be live, and only the venue can say.
 */
export class VenueError extends Error {
  override readonly name = 'VenueError'
  readonly venue: VenueId
  /** What was asked of whom: the method, the host and the path. */
  readonly call: string
  readonly code: VenueErrorCode
  readonly landed: 'no' | 'unknown'
  /** How long the venue asked us to wait. */
  readonly retryAfterMs: number | undefined
  /** Of the answer over HTTP, where there was one. */
  readonly status: number | undefined

  constructor({ venue, call, code, landed, detail, retryAfterMs, status, cause }: Failure) {
    const reason = detail === undefined ? code : `${code}, ${detail}`
    super(`${venue} ${call}: ${reason} (landed: ${landed})`, { cause })
    this.venue = venue
    this.call = call
    this.code = code
    this.landed = landed
    this.retryAfterMs = retryAfterMs
    this.status = status
  }
}

type Failure = {
  readonly venue: VenueId
  readonly call: string
  readonly code: VenueErrorCode
  readonly landed: 'no' | 'unknown'
  readonly detail?: string
  readonly retryAfterMs?: number | undefined
  readonly status?: number | undefined
  readonly cause?: unknown
}
