import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'

/** `control` may do everything that `read` may. */
export type Scope = 'read' | 'control'

/** Secrets of 256 bits, in text. Each opens its scope to whoever holds it. */
export type Tokens = Readonly<Record<Scope, string>>

const codeMsMax = 60 * 60_000
/** Links that were not used. More of them at once nobody needs. */
const codesMax = 16
const cookieMsMax = 30 * 24 * 60 * 60_000
const failuresMax = 20
const failureWindowMs = 60_000

/**
 * Who may read and who may act.
 *
 * Programs send a token. A browser comes once with a link that is good for one use, and is given a
 * cookie that holds no token: a scope and an end, signed. Both survive a restart of the server.
 */
export class Access {
  readonly #tokens: Tokens
  readonly #clock: Clock
  readonly #codes: Map<string, { readonly scope: Scope; readonly untilMs: number }> = new Map()
  #failures: number[] = []

  constructor(tokens: Tokens, clock: Clock) {
    this.#tokens = tokens
    this.#clock = clock
  }

  /** A code for a link, good for one use. */
  issueCode(scope: Scope): string {
    const code = randomBytes(24).toString('base64url')
    this.#codes.set(code, { scope, untilMs: this.#clock.epochMs() + codeMsMax })
    const [oldest] = this.#codes.keys()
    if (this.#codes.size > codesMax && oldest !== undefined) this.#codes.delete(oldest)
    return code
  }

  redeemCode(code: string): Scope | undefined {
    const known = this.#codes.get(code)
    this.#codes.delete(code)
    return known !== undefined && this.#clock.epochMs() < known.untilMs ? known.scope : undefined
  }

  scopeOfToken(token: string): Scope | undefined {
    // Both are compared, so that the time says nothing about which was nearer.
    const control = same(token, this.#tokens.control)
    const read = same(token, this.#tokens.read)
    return control ? 'control' : read ? 'read' : undefined
  }

  /** What a browser keeps, and for how long it is good. */
  makeCookie(scope: Scope): { readonly value: string; readonly seconds: number } {
    const untilMs = this.#clock.epochMs() + cookieMsMax
    const claim = `${scope}.${untilMs}`
    return { value: `${claim}.${this.#sign(claim)}`, seconds: cookieMsMax / 1_000 }
  }

  scopeOfCookie(value: string): Scope | undefined {
    const [scope, until, signature = ''] = value.split('.')
    if (scope !== 'read' && scope !== 'control') return undefined
    if (!same(signature, this.#sign(`${scope}.${until}`))) return undefined
    return this.#clock.epochMs() < Number(until) ? scope : undefined
  }

  /** Whether so many have failed lately that nobody may try now. */
  get isBarred(): boolean {
    const since = this.#clock.epochMs() - failureWindowMs
    this.#failures = this.#failures.filter((atMs) => atMs > since)
    return this.#failures.length >= failuresMax
  }

  noteFailure(): void {
    this.#failures.push(this.#clock.epochMs())
  }

  #sign(claim: string): string {
    // The control token signs both scopes: who has it could have made the cookie anyway.
    return createHmac('sha256', this.#tokens.control).update(`cookie ${claim}`).digest('base64url')
  }
}

/** Takes as long whatever is wrong with it. */
function same(given: string, wanted: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', 'compare').update(text).digest()
  return timingSafeEqual(digest(given), digest(wanted))
}
