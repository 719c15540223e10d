import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { MarketLifecycle } from '../ports/feed-codec.ts'
import type { CatalogueChange } from '../ports/market-feed.ts'
import type { KnownCatalogue } from './catalogue.ts'
import type { EngineClock } from './engine-clock.ts'
import type { Effect } from './event.ts'
import type { MarketCache } from './market-cache.ts'

export type IntakeOptions = {
  readonly cache: MarketCache
  readonly catalogue: KnownCatalogue
  readonly clock: EngineClock
  readonly onResolved: (market: Market) => void
  /** Whether an order or a share of a market would miss it. */
  readonly isNeeded: (market: Market) => boolean
  /** Nobody may trade the market any more, for a reason. */
  readonly onClosed: (entry: BookEntry, reason: string) => void
  /** The books of a market are about to be forgotten. */
  readonly onForgotten: (entry: BookEntry) => void
  /** What is known has changed: strategies have to look again. */
  readonly onLearned: () => void
  readonly obey: (effect: Effect) => void
}

/**
 * Follows what the venues list: markets come, change, close, are resolved and go.
 *
 * A market we hold shares of, or have orders in, is followed to its end, whoever has delisted it.
 */
export class MarketIntake {
  readonly #options: IntakeOptions
  /** Markets to forget as soon as nothing of ours depends on them. */
  readonly #leaving: Map<string, BookEntry> = new Map()
  #refused = 0

  constructor(options: IntakeOptions) {
    this.#options = options
  }

  /** Listings that could not be taken in, because a token of theirs is another market's. */
  get refusedCount(): number {
    return this.#refused
  }

  onCatalogue({ venue, markets, sets, gone }: CatalogueChange): void {
    const { cache, catalogue, obey, onLearned } = this.#options
    for (const set of sets) catalogue.learn(set)

    const subscribed: MarketId[] = []
    for (const market of markets) {
      if (cache.byMarket(venue, market.id) !== undefined) this.#relist(market)
      else if (this.#timely(market).status === 'open') {
        if (this.#add(market)) subscribed.push(market.id)
      } else if (this.#options.isNeeded(market)) this.#take(market)
    }
    if (subscribed.length > 0) obey({ kind: 'subscribe', venue, markets: subscribed })

    for (const id of gone) this.#leave(venue, id)
    this.#sweep()
    onLearned()
  }

  onLifecycle(venue: VenueId, event: MarketLifecycle): void {
    const market = this.#options.cache.byMarket(venue, event.market)?.market
    if (market === undefined) return
    switch (event.kind) {
      case 'listed':
        return
      case 'grid-changed':
        this.#apply({ ...market, grid: event.grid })
        return
      case 'closed':
        this.#apply({ ...market, status: 'closed' })
        return
      case 'paused':
        this.#apply({ ...market, status: 'paused' })
        return
      case 'reopened':
        this.#apply({ ...market, status: 'open' })
        this.#options.onLearned()
        return
      case 'resolved':
        this.#apply({ ...market, status: 'resolved', resolution: event.resolution })
        return
    }
  }

  /** Closes what should have closed by now, and forgets what nobody needs. */
  onTimer(): void {
    for (const { market } of this.#options.cache.entries()) {
      if (market.status === 'open' && this.#timely(market) !== market) this.#apply(market)
    }
    this.#sweep()
  }

  /** A market that trades no more, of which an earlier life has left us something. */
  #take(market: Market): void {
    if (!this.#add(market)) return
    if (market.status === 'resolved') this.#options.onResolved(market)
    this.#leave(market.venue, market.id)
  }

  #add(market: Market): boolean {
    if (this.#options.cache.add(market) !== undefined) return true
    this.#refused++
    return false
  }

  #relist(market: Market): void {
    if (this.#timely(market).status === 'open') this.#leaving.delete(keyOf(market))
    this.#apply(market)
  }

  #apply(stated: Market): void {
    const { cache, obey, onResolved } = this.#options
    const entry = cache.byMarket(stated.venue, stated.id)
    if (entry === undefined) return
    const market = this.#timely(stated)
    const before = entry.market

    const outcome = cache.change(market)
    if (outcome === 'refused') {
      this.#refused++
      return
    }
    if (outcome === 'regridded') {
      obey({ kind: 'request-snapshot', venue: market.venue, market: market.id })
    }
    if (market.status === 'resolved' && market.resolution !== undefined) {
      onResolved(market)
    }
    if (before.status === market.status) return
    if (market.status !== 'open') this.#options.onClosed(entry, `market-${market.status}`)
    if (market.status === 'closed' || market.status === 'resolved')
      this.#leave(market.venue, market.id)
  }

  /** A market is closed once its time has passed, whatever the listing still says. */
  #timely(market: Market): Market {
    const { closesAt, status } = market
    const isOver = closesAt !== undefined && closesAt <= this.#options.clock.nowMs
    return isOver && status === 'open' ? { ...market, status: 'closed' } : market
  }

  #leave(venue: VenueId, id: MarketId): void {
    const entry = this.#options.cache.byMarket(venue, id)
    if (entry === undefined) return
    this.#options.onClosed(entry, 'market-gone')
    this.#leaving.set(keyOf(entry.market), entry)
  }

  /** Forgets the markets that leave and of which nothing is ours. */
  #sweep(): void {
    const { cache, isNeeded, obey, onForgotten } = this.#options
    const byVenue = new Map<VenueId, MarketId[]>()
    for (const [key, entry] of this.#leaving) {
      const { market } = entry
      if (isNeeded(market)) continue
      this.#leaving.delete(key)
      onForgotten(entry)
      cache.remove(market.venue, market.id)
      const gone = byVenue.get(market.venue)
      if (gone === undefined) byVenue.set(market.venue, [market.id])
      else gone.push(market.id)
    }
    for (const [venue, markets] of byVenue) obey({ kind: 'unsubscribe', venue, markets })
  }
}

function keyOf({ venue, id }: Market): string {
  return `${venue} ${id}`
}
