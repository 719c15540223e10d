import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { FeedListener } from './feed-codec.ts'

/** The sockets of one venue's public data. */
export interface MarketFeed {
  readonly venue: VenueId
  /** Starts to connect. Resolves when the first connection stands; rejects with a `VenueError`. */
  start(listener: FeedListener): Promise<void>
  subscribe(markets: readonly Market[]): void
  unsubscribe(markets: readonly MarketId[]): void
  /** Asks for a whole book over REST; it comes back through the listener. */
  requestSnapshot(market: MarketId): void
  status(): FeedStatus
  stop(): Promise<void>
}

export type FeedStatus = {
  readonly connectionsOpen: number
  readonly connectionsWanted: number
  readonly marketsSubscribed: number
  readonly reconnects: number
  /** How the data comes: `socket`, or `polling` where the venue gives no socket without a key. */
  readonly mode: 'socket' | 'polling'
}

export type CatalogueChange = {
  readonly venue: VenueId
  /** New or changed markets, whole. */
  readonly markets: readonly Market[]
  readonly sets: readonly OutcomeSet[]
  /** Markets that have left the catalogue's filter or the venue. */
  readonly gone: readonly MarketId[]
}

/** What a venue lists. */
export interface Catalogue {
  readonly venue: VenueId
  /**
   * Markets of an earlier run of which something is still ours. Before {@link load}: those that are
   * listed no more are asked about at each refresh, until they are resolved.
   */
  adopt(markets: readonly Market[]): void
  /**
   * Everything that passes the filter, now, and what was adopted and is not listed, as it was.
   * Rejects with a `VenueError`.
   */
  load(): Promise<CatalogueChange>
  /** What changed since the last load or refresh. */
  refresh(): Promise<CatalogueChange>
}
