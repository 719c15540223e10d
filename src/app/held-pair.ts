import type { MarketId, VenueId } from '../core/market.ts'
import type { MicroShares } from '../core/units.ts'
import { zeroShares } from '../core/units.ts'

/** Shares of both outcomes of a market. */
export type HeldPair = { readonly yes: MicroShares; readonly no: MicroShares }

type Holding = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly outcome: 'yes' | 'no'
  readonly size: MicroShares
}

/** What is held of a market, out of all that is held. */
export function heldPair(positions: Iterable<Holding>, venue: VenueId, market: MarketId): HeldPair {
  let yes = zeroShares
  let no = zeroShares
  for (const position of positions) {
    if (position.venue !== venue || position.market !== market) continue
    if (position.outcome === 'yes') yes = position.size
    else no = position.size
  }
  return { yes, no }
}
