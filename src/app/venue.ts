import type { VenueId } from '../core/market.ts'
import type { FeedCodec } from '../ports/feed-codec.ts'
import type { Catalogue, MarketFeed } from '../ports/market-feed.ts'

/** A venue as the composition root sees it: what it lists, its sockets, and how to read them. */
export type Venue = {
  readonly id: VenueId
  readonly catalogue: Catalogue
  readonly feed: MarketFeed
  readonly codec: FeedCodec
}
