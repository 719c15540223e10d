import type { VenueErrorCode } from './venue-error.ts'

/** What kept a connection from answering, from the code that Node or undici gives it. */
export function networkFailure(cause: unknown): { code: VenueErrorCode; detail: string } {
  const name = errorCode(cause)
  const isSlow = name === 'UND_ERR_HEADERS_TIMEOUT' || name === 'UND_ERR_BODY_TIMEOUT'
  return { code: isSlow ? 'TIMEOUT' : 'UNREACHABLE', detail: name }
}

/** `Retry-After` in milliseconds, from the seconds it is sent in. Undefined without it. */
export function retryAfter(header: string | readonly string[] | undefined): number | undefined {
  const text = typeof header === 'string' ? header : header?.[0]
  if (text === undefined || !/^\d{1,6}$/.test(text)) return undefined
  return Number(text) * 1000
}

function errorCode(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  // A host with several addresses fails with an error for each.
  const inner = cause instanceof AggregateError ? (cause.errors[0] as unknown) : cause
  if (inner instanceof Error && 'code' in inner && typeof inner.code === 'string') return inner.code
  return cause.message
}
