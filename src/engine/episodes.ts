import { doubtPass } from '../arbitrage/book-doubt.ts'
import type { BasketId } from '../core/order.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import type { MicroUsd, Nanos, Ppm } from '../core/units.ts'

/** A mispricing from its first sight to its end. However often it is seen, it is one. */
export type Episode = {
  readonly number: number
  readonly strategy: string
  /** The first signal. */
  readonly signal: TradeSignal
  readonly firstSeenAt: Nanos
  lastSeenAt: Nanos
  sightings: number
  peakEdge: MicroUsd
  peakEdgeRate: Ppm
  /** Baskets that were sent for it, one after another. */
  attempts: number
  /** The basket at work. There is one at most. */
  basket: BasketId | undefined
  /** Not to be tried again before this. */
  retryAt: Nanos
  /** Why it was last refused; undefined once it was approved. */
  refusal: string | undefined
  /** What ended it, as a label; undefined while it lasts. */
  endedBy: string | undefined
  endedAt: Nanos | undefined
}

/** Reasons that say we could not see. An episode is not over because we had to look away. */
const blind: ReadonlySet<string> = new Set(Object.values(doubtPass).map(({ reason }) => reason))

/**
 * The episodes of one strategy: tells one lasting mispricing from many. The strategy sees it at
 * every update, and it is traded once.
 *
 * It is traded again only when it has vanished and come back, or when what was taken has been
 * replaced by new liquidity; whether it has, the engine asks the gateway.
 */
export class Episodes {
  readonly #open: Map<string, Episode> = new Map()
  /** By the number of a market: the keys of the open episodes with a leg in it. */
  readonly #byMarket: Map<number, Set<string>> = new Map()
  readonly #numberOf: (leg: SignalLeg) => number
  readonly #ended: (episode: Episode) => void
  #count = 0

  /** `numberOf` gives the number of the market of a leg. */
  constructor(numberOf: (leg: SignalLeg) => number, ended: (episode: Episode) => void) {
    this.#numberOf = numberOf
    this.#ended = ended
  }

  /** How many there have been. */
  get count(): number {
    return this.#count
  }

  get openCount(): number {
    return this.#open.size
  }

  open(): Iterable<Episode> {
    return this.#open.values()
  }

  /** The episode a signal belongs to: the one that lasts, or a new one. */
  see(signal: TradeSignal, at: Nanos): Episode {
    const key = keyOf(signal)
    const known = this.#open.get(key)
    if (known === undefined) return this.#begin(key, signal, at)

    known.lastSeenAt = at
    known.sightings++
    if (signal.edge > known.peakEdge) known.peakEdge = signal.edge
    if (signal.edgeRate > known.peakEdgeRate) known.peakEdgeRate = signal.edgeRate
    return known
  }

  /** Whether an open episode has a leg in this market. */
  touches(market: number): boolean {
    return this.#byMarket.size > 0 && this.#byMarket.has(market)
  }

  /** The strategy has looked at a market and found nothing, or cannot trade it, for a reason. */
  passed(market: number, reason: string, at: Nanos): void {
    if (blind.has(reason)) return
    for (const key of this.#byMarket.get(market) ?? []) this.#end(key, reason, at)
  }

  /** The strategy looks at nothing any more. */
  endAll(reason: string, at: Nanos): void {
    for (const key of this.#open.keys()) this.#end(key, reason, at)
  }

  /** The basket that worked on an episode is over. */
  basketOver(basket: BasketId, retryAt: Nanos): void {
    for (const episode of this.#open.values()) {
      if (episode.basket !== basket) continue
      episode.basket = undefined
      episode.retryAt = retryAt
    }
  }

  #begin(key: string, signal: TradeSignal, at: Nanos): Episode {
    this.#count++
    const episode: Episode = {
      number: this.#count,
      strategy: signal.strategy,
      signal,
      firstSeenAt: at,
      lastSeenAt: at,
      sightings: 1,
      peakEdge: signal.edge,
      peakEdgeRate: signal.edgeRate,
      attempts: 0,
      basket: undefined,
      retryAt: at,
      refusal: undefined,
      endedBy: undefined,
      endedAt: undefined,
    }
    this.#open.set(key, episode)
    for (const market of signal.legs.map(this.#numberOf)) {
      const keys = this.#byMarket.get(market)
      if (keys === undefined) this.#byMarket.set(market, new Set([key]))
      else keys.add(key)
    }
    return episode
  }

  #end(key: string, reason: string, at: Nanos): void {
    const episode = this.#open.get(key)
    if (episode === undefined) return
    episode.endedBy = reason
    episode.endedAt = at
    this.#open.delete(key)
    for (const [market, keys] of this.#byMarket) {
      if (keys.delete(key) && keys.size === 0) this.#byMarket.delete(market)
    }
    this.#ended(episode)
  }
}

/** The same tokens, the same way round. */
function keyOf({ legs }: TradeSignal): string {
  return legs.map(({ instrument, side }) => `${side} ${instrument}`).join(' ')
}
