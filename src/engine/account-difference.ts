import type { InstrumentId, MarketId } from '../core/market.ts'
import type { ClientOrderId, VenueOrderId } from '../core/order.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'

/**
 * Where a venue's account and our books do not agree, and the rule that was applied.
 *
 * `fill-missed`: the venue lists a fill of an order of ours that we had not heard of; it is booked.
 * `order-unknown`: an open order that is none of ours; its market is not traded.
 * `order-gone`: we think an order is open, the venue does not list it; it is asked about.
 * `shares`, `cash`: amounts differ while nothing is under way; the market, or the venue, is not
 * traded until they agree again.
 * `opening`: what an account held before we knew it; it is taken into the books.
 */
export type AccountDifference =
  | {
      readonly kind: 'fill-missed'
      readonly order: ClientOrderId
      readonly tradeId: string
    }
  | {
      readonly kind: 'order-unknown'
      readonly venueOrder: VenueOrderId
      readonly market: MarketId
    }
  | { readonly kind: 'order-gone'; readonly order: ClientOrderId; readonly market: MarketId }
  | {
      readonly kind: 'shares'
      readonly market: MarketId
      readonly instrument: InstrumentId
      readonly ours: MicroShares
      readonly theirs: MicroShares
    }
  | { readonly kind: 'cash'; readonly ours: MicroUsd; readonly theirs: MicroUsd }
  | { readonly kind: 'opening'; readonly cash: MicroUsd; readonly positions: number }
