import type { InstrumentId, Market, MarketId, VenueId } from '../core/market.ts'
import { min } from '../core/units.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { Settlements } from './settlements.ts'

export type LeftPairsOptions = {
  readonly portfolio: Portfolio
  readonly settlements: Settlements
  readonly marketOf: (leg: { venue: VenueId; market: MarketId }) => Market | undefined
  /** Whether something is under way in an instrument, or a trade of it is not final. */
  readonly isInMotion: (instrument: InstrumentId) => boolean
}

/**
 * Pairs that a basket of an earlier life had made and not merged when the program ended: YES and NO
 * of one market are a dollar, whoever bought them. Nobody else will ever merge them.
 */
export class LeftPairs {
  readonly #options: LeftPairsOptions
  readonly #left: Map<string, { readonly venue: VenueId; readonly market: MarketId }> = new Map()

  constructor(options: LeftPairsOptions) {
    this.#options = options
  }

  /** Notes the markets in which an earlier life has left shares. */
  note({ shares }: LedgerEntry): void {
    for (const { market, venue } of shares) this.#left.set(`${venue} ${market}`, { venue, market })
  }

  /** Merges what is left, market by market, as soon as nothing moves in it any more. */
  merge(): void {
    const { isInMotion, marketOf, portfolio, settlements } = this.#options
    for (const [key, left] of this.#left) {
      const market = marketOf(left)
      if (market === undefined || isInMotion(market.yes.id) || isInMotion(market.no.id)) continue
      this.#left.delete(key)
      const { id, no, venue, yes } = market
      const size = min(portfolio.sizeOf(venue, yes.id), portfolio.sizeOf(venue, no.id))
      if (size === 0 || market.status === 'resolved') continue
      settlements.submit(
        { kind: 'merge', market: id, size },
        { venue, basket: undefined, strategy: 'none' },
      )
    }
  }
}
