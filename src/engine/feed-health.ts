import type { VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { BookEntry } from '../ports/book-table.ts'

export type FreshnessLimits = {
  /** A connection that was silent for so long is stale, however quiet it used to be. */
  readonly silenceMsMax: number
  /** A connection is never called stale for less silence than this. */
  readonly silenceMsMin: number
  /** In between, it is stale after so many of its own usual gaps. */
  readonly silenceGaps: number
}

const nanosPerMs = 1_000_000
/** How fast the usual gap follows: the last thirty-odd frames make most of it. */
const smoothing = 1 / 32

type Connections = { readonly lastAt: number[]; readonly gap: number[] }

/**
 * When each connection was last heard, and what silence is unusual for it.
 *
 * A frozen socket is the dangerous error: everything that came over it still looks right. A
 * connection that ticks every few milliseconds and has been silent for half a second is not
 * believed, long before a watchdog closes it; one that is quiet by nature is given longer.
 */
export class FeedHealth {
  readonly #limits: FreshnessLimits
  readonly #venues: Map<VenueId, Connections> = new Map()
  /** By the number of a market: the connection that last changed it, plus one; 0 for none yet. */
  #connectionOf: Int32Array = new Int32Array(1024)

  constructor(limits: FreshnessLimits) {
    this.#limits = limits
  }

  heard(venue: VenueId, connection: number, at: Nanos): void {
    const { lastAt, gap } = this.#connectionsOf(venue)
    const before = lastAt[connection]
    lastAt[connection] = at
    if (before === undefined) {
      gap[connection] = 0
      return
    }
    const known = gap[connection] ?? 0
    gap[connection] = known + (at - before - known) * smoothing
  }

  /** A market's books change over this connection. */
  carried(entry: BookEntry, connection: number): void {
    if (entry.index >= this.#connectionOf.length) this.#grow(entry.index)
    this.#connectionOf[entry.index] = connection + 1
  }

  isFresh(entry: BookEntry, now: Nanos): boolean {
    const carrier = this.#connectionOf[entry.index]
    if (carrier === undefined || carrier === 0) return false
    return this.silenceMs(entry.market.venue, carrier - 1, now) <= this.#limitMs(entry, carrier - 1)
  }

  silenceMs(venue: VenueId, connection: number, now: Nanos): number {
    const last = this.#venues.get(venue)?.lastAt[connection]
    return last === undefined ? Number.POSITIVE_INFINITY : (now - last) / nanosPerMs
  }

  #limitMs({ market }: BookEntry, connection: number): number {
    const gap = this.#venues.get(market.venue)?.gap[connection] ?? 0
    const usual = (gap / nanosPerMs) * this.#limits.silenceGaps
    return Math.min(Math.max(usual, this.#limits.silenceMsMin), this.#limits.silenceMsMax)
  }

  #connectionsOf(venue: VenueId): Connections {
    const known = this.#venues.get(venue)
    if (known !== undefined) return known
    const made: Connections = { lastAt: [], gap: [] }
    this.#venues.set(venue, made)
    return made
  }

  #grow(index: number): void {
    const grown = new Int32Array(2 * Math.max(index, this.#connectionOf.length))
    grown.set(this.#connectionOf)
    this.#connectionOf = grown
  }
}
