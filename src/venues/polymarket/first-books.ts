import type { InstrumentId, Market, MarketId } from '../../core/market.ts'

/** Asked for so many times in vain, a book is left to the next connection. */
const attemptsMax = 6

/** What to do about a book that does not come. */
export type MissingBook = { readonly market: Market; readonly remedy: 'resubscribe' | 'snapshot' }

type Waiting = {
  readonly market: Market
  tokens: Set<InstrumentId>
  sinceMs: number
  attempt: number
}

/**
 * The markets of one socket whose first book has not come.
 *
 * Some subscriptions never get it: then we subscribe again, and after that ask for it over REST.
 * docs/venues/polymarket.md, 1.5 and 12.
 */
export class FirstBooks {
  readonly #waiting: Map<MarketId, Waiting> = new Map()
  readonly #markets: Map<string, MarketId> = new Map()
  /** Markets whose book has come over this connection: they are known to be answered. */
  readonly #come: Set<MarketId> = new Set()
  readonly #timeoutMs: number

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  /** How many markets wait: while none does, frames need no look. */
  get count(): number {
    return this.#waiting.size
  }

  /** A market that was answered before: one that is not now is a sign of trouble. */
  get answered(): MarketId | undefined {
    return this.#come.values().next().value
  }

  expect(markets: readonly Market[], nowMs: number): void {
    for (const market of markets) {
      const tokens = new Set([market.yes.id, market.no.id])
      this.#waiting.set(market.id, { market, tokens, sinceMs: nowMs, attempt: 0 })
      for (const token of tokens) this.#markets.set(token, market.id)
    }
  }

  forget(markets: readonly MarketId[]): void {
    for (const id of markets) {
      for (const token of this.#waiting.get(id)?.tokens ?? []) this.#markets.delete(token)
      this.#waiting.delete(id)
    }
  }

  /** The markets are no longer ours. */
  drop(markets: readonly MarketId[]): void {
    this.forget(markets)
    for (const id of markets) this.#come.delete(id)
  }

  clear(): void {
    this.#come.clear()
    this.#waiting.clear()
    this.#markets.clear()
  }

  /** Looks for books in a frame: any message with bids in it is one. */
  look(frame: Buffer): void {
    if (frame.indexOf('"bids"') < 0) return

    const key = '"asset_id":"'
    for (let at = frame.indexOf(key); at >= 0; at = frame.indexOf(key, at + key.length)) {
      const end = frame.indexOf('"', at + key.length)
      if (end < 0) return
      this.#arrived(frame.toString('latin1', at + key.length, end))
    }
  }

  /** What is overdue, and what to try next. */
  overdue(nowMs: number): MissingBook[] {
    const missing: MissingBook[] = []
    for (const waiting of this.#waiting.values()) {
      // Each try is given twice as long as the one before.
      if (nowMs - waiting.sinceMs < this.#timeoutMs * 2 ** waiting.attempt) continue
      waiting.sinceMs = nowMs
      waiting.attempt++
      if (waiting.attempt > attemptsMax) {
        this.forget([waiting.market.id])
        continue
      }
      const remedy = waiting.attempt % 2 === 1 ? 'resubscribe' : 'snapshot'
      missing.push({ market: waiting.market, remedy })
    }
    return missing
  }

  #arrived(token: string): void {
    const id = this.#markets.get(token)
    const waiting = id === undefined ? undefined : this.#waiting.get(id)
    if (id === undefined || waiting === undefined) return

    this.#come.add(id)
    waiting.tokens.delete(token as InstrumentId)
    this.#markets.delete(token)
    // One side of a mirrored market is all of it.
    if (waiting.market.bookKind === 'mirrored' || waiting.tokens.size === 0) this.forget([id])
  }
}
