import type { MarketId } from '../../core/market.ts'
import type { Clock, Timers } from '../../ports/clock.ts'

/** A market whose book breaks again at once is asked for less and less often, down to this. */
const waitMsMin = 250
const waitMsMax = 10_000
/** A book that held for so long has earned a fresh start. */
const calmMs = 30_000

type Asked = { streak: number; atMs: number }

/**
 * Gathers the markets that want a snapshot, and asks for them together: a gap breaks every book of
 * a subscription at once. Each market is asked for not too often.
 */
export class SnapshotRequests {
  readonly #parts: SnapshotParts
  readonly #asked: Map<MarketId, Asked> = new Map()
  readonly #wanted: Set<MarketId> = new Set()
  #cancel: (() => void) | undefined

  constructor(parts: SnapshotParts) {
    this.#parts = parts
  }

  request(market: MarketId): void {
    this.#wanted.add(market)
    this.#cancel ??= this.#parts.timers.after(this.#parts.gatherMs, () => this.#ask())
  }

  /** What was wanted of a connection that is gone comes by itself with the next. */
  clear(): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#wanted.clear()
  }

  #ask(): void {
    const now = this.#nowMs()
    const due = [...this.#wanted].filter((market) => this.#isDue(market, now))
    for (const market of due) {
      this.#wanted.delete(market)
      const { streak, atMs } = this.#asked.get(market) ?? { streak: 0, atMs: -Infinity }
      this.#asked.set(market, { streak: now - atMs > calmMs ? 0 : streak + 1, atMs: now })
    }
    this.#cancel =
      this.#wanted.size === 0 ? undefined : this.#parts.timers.after(waitMsMin, () => this.#ask())
    if (due.length > 0) this.#parts.ask(due)
  }

  #isDue(market: MarketId, now: number): boolean {
    const asked = this.#asked.get(market)
    if (asked === undefined || now - asked.atMs > calmMs) return true
    return now - asked.atMs >= Math.min(waitMsMin * 2 ** asked.streak, waitMsMax)
  }

  #nowMs(): number {
    return this.#parts.clock.nanos() / 1e6
  }
}

type SnapshotParts = {
  readonly gatherMs: number
  readonly clock: Clock
  readonly timers: Timers
  ask(markets: readonly MarketId[]): void
}
