import type { Clock, Timers } from '../../ports/clock.ts'
import type { AuthHeaders, RequestSigner } from './auth.ts'

/** How old a signature may be when it is used: the venue is known to take 30 s at least. 2.1. */
const ageMsMax = 8_000
const refreshMs = 4_000

export type HeaderParts = {
  readonly signer: RequestSigner
  readonly clock: Clock
  readonly timers: Timers
  /** The calls that must not wait for a signature, as `POST /path`. */
  readonly calls: readonly { readonly method: string; readonly path: string }[]
}

type Prepared = { readonly headers: AuthHeaders; readonly atMs: number }

/**
 * Signatures of the calls that must be quick, made before they are needed.
 *
 * A signature covers the time, the method and the path, and not the body, so an order can be
 * signed for before there is one. Each is used once. docs/venues/kalshi.md, 2.1.
 */
export class PreparedHeaders {
  readonly #parts: HeaderParts
  readonly #ready: Map<string, Prepared> = new Map()
  #stops: (() => void)[] = []

  constructor(parts: HeaderParts) {
    this.#parts = parts
  }

  start(): void {
    this.#refresh()
    this.#stops = [this.#parts.timers.every(refreshMs, () => this.#refresh())]
  }

  stop(): void {
    for (const stop of this.#stops) stop()
    this.#ready.clear()
    this.#stops = []
  }

  /** The headers of a call: those that lie ready, else made now. */
  take(method: string, path: string): AuthHeaders {
    const { signer, timers } = this.#parts
    const name = `${method} ${path}`
    const prepared = this.#ready.get(name)
    if (prepared === undefined) return signer.headers(method, path)

    this.#ready.delete(name)
    // The next one is made when this turn, and the order in it, is on its way.
    const stop = timers.after(0, () => {
      this.#stops = this.#stops.filter((each) => each !== stop)
      this.#prepare(method, path)
    })
    this.#stops.push(stop)
    const isFresh = this.#nowMs() - prepared.atMs < ageMsMax
    return isFresh ? prepared.headers : signer.headers(method, path)
  }

  #refresh(): void {
    for (const { method, path } of this.#parts.calls) this.#prepare(method, path)
  }

  #prepare(method: string, path: string): void {
    const headers = this.#parts.signer.headers(method, path)
    this.#ready.set(`${method} ${path}`, { headers, atMs: this.#nowMs() })
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}
