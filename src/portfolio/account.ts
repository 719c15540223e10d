import type { InstrumentId, VenueId } from '../core/market.ts'

/**
 * Where money is, or where it came from. Debits are positive.
 *
 * - `cash`, `reserved`: dollars at a venue, free or tied up by orders that are out.
 * - `inventory`: shares of an instrument, at what they cost, fees in.
 * - `fees`: paid to a venue by a strategy.
 * - `capitalised`: fees of buys, which are a part of what the shares cost; the other side of them.
 * - `realised`: gains (credits) and losses of a strategy from what is closed or settled.
 * - `capital`: what the owner put in.
 */
export type Account =
  | `cash:${VenueId}`
  | `reserved:${VenueId}`
  | `inventory:${VenueId}:${InstrumentId}`
  | `fees:${VenueId}:${string}`
  | `capitalised:${VenueId}:${string}`
  | `realised:${string}`
  | 'capital'

export function inventoryOf(venue: VenueId, instrument: InstrumentId): Account {
  return `inventory:${venue}:${instrument}`
}
