import type { InstrumentId, Market, MarketId } from '../../core/market.ts'
import type { Nanos } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import { VenueError } from '../venue-error.ts'
import { under } from './catalogue.ts'
import type { RestClient } from './rest-client.ts'

/** A market whose book breaks again at once is asked for less and less often, down to this. */
const waitMsMin = 250
const waitMsMax = 10_000
/** A book that held for so long has earned a fresh start. */
const calmMs = 30_000
/** Tries of a snapshot beyond those that the client makes. */
const triesMax = 5

type Asked = { streak: number; atMs: number; isPending: boolean }

/** Fetches whole books over REST: each market once at a time, and not too often. */
export class SnapshotRequests {
  readonly #parts: SnapshotParts
  readonly #asked: Map<MarketId, Asked> = new Map()
  #isStopped = false

  constructor(parts: SnapshotParts) {
    this.#parts = parts
  }

  request(market: Market): void {
    const now = this.#nowMs()
    const asked = this.#asked.get(market.id) ?? { streak: 0, atMs: -Infinity, isPending: false }
    if (asked.isPending || this.#isStopped) return

    asked.streak = now - asked.atMs > calmMs ? 0 : asked.streak + 1
    asked.isPending = true
    this.#asked.set(market.id, asked)
    const waitMs = asked.streak === 0 ? 0 : Math.min(waitMsMin * 2 ** (asked.streak - 1), waitMsMax)
    if (waitMs === 0) this.#begin(market, asked)
    else this.#parts.timers.after(waitMs, () => this.#begin(market, asked))
  }

  stop(): void {
    this.#isStopped = true
  }

  #begin(market: Market, asked: Asked): void {
    void this.#fetch(market).finally(() => {
      asked.isPending = false
      asked.atMs = this.#nowMs()
    })
  }

  /** Both books of a market that keeps them separate; one, where the other is its mirror. */
  async #fetch(market: Market): Promise<void> {
    const tokens = market.bookKind === 'separate' ? [market.yes.id, market.no.id] : [market.yes.id]
    for (const token of tokens) {
      for (let attempt = 1; attempt <= triesMax && !this.#isStopped; attempt++) {
        if (await this.#fetchOne(market.id, token)) break
      }
    }
  }

  /** False when it is worth another try. */
  async #fetchOne(market: MarketId, token: InstrumentId): Promise<boolean> {
    const { clobUrl, rest, clock, log } = this.#parts
    const url = under(clobUrl, 'book')
    url.searchParams.set('token_id', token)
    try {
      const bytes = await rest.bytes('clob-book', url)
      if (!this.#isStopped) this.#parts.onSnapshot(market, bytes, clock.nanos())
      return true
    } catch (error) {
      if (!(error instanceof VenueError)) throw error
      if (this.#isStopped) return true
      log.warn('no snapshot of a book', { market, code: error.code, reason: error.message })
      return error.code === 'REFUSED'
    }
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}

type SnapshotParts = {
  readonly clobUrl: string
  readonly rest: RestClient
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  onSnapshot(market: MarketId, bytes: Uint8Array, receivedAt: Nanos): void
}
