import type { BookKind, Outcome } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { microPerShare, zeroUsd } from '../core/units.ts'
import type { FeeTerms } from './fee-terms.ts'
import { MatchingEngine } from './matching-engine.ts'
import type { SimSet } from './sim-set.ts'

/** The least size of a resting order, in shares, as on nearly every real market. */
export const orderSizeMin: MicroShares = (5 * microPerShare) as MicroShares

/** What never changes about a market. */
export type MarketListing = {
  /** Gamma's number of it. */
  readonly id: string
  readonly conditionId: string
  readonly questionId: string
  readonly slug: string
  readonly question: string
  /** Its name within its set: "France", "100 to 110". */
  readonly label: string
  readonly outcomes: readonly [string, string]
  readonly tokens: { readonly yes: string; readonly no: string }
  readonly bookKind: BookKind
  readonly role: 'named' | 'placeholder' | 'other'
  /** Prepared for a name to come, and not trading until it has one. */
  readonly isReserved: boolean
  /** The number that decides it: the threshold of "above", the lower end of a range. */
  readonly strike: number | undefined
  readonly fee: FeeTerms
  readonly listedAt: EpochMs
  readonly endsAt: EpochMs
}

/**
 * `inactive`: prepared and not yet trading, as unnamed placeholders are. `closed`: no more orders,
 * the winner not yet known.
 */
export type SimMarketStatus = 'inactive' | 'open' | 'closed' | 'resolved'

/** The newest trade, as the maker saw it: the price of the maker's token, the taker's side. */
export type LastTrade = {
  readonly outcome: Outcome
  readonly price: Ticks
  readonly side: Side
  readonly size: MicroShares
  readonly at: EpochMs
}

/** One market of the simulated exchange. Only the world changes it. */
export class SimMarket {
  readonly listing: MarketListing
  readonly set: SimSet
  readonly engine: MatchingEngine
  status: SimMarketStatus
  tick: Ticks
  lastTrade: LastTrade | undefined
  readonly #lastTradeOf: Partial<Record<Outcome, LastTrade>> = {}
  volume: MicroUsd = zeroUsd
  winner: Outcome | undefined
  closedAt: EpochMs | undefined

  constructor(listing: MarketListing, set: SimSet, tick: Ticks) {
    this.listing = listing
    this.set = set
    this.tick = tick
    this.engine = new MatchingEngine(listing.bookKind)
    this.status = listing.isReserved ? 'inactive' : 'open'
  }

  get isOpen(): boolean {
    return this.status === 'open'
  }

  noteTrade(trade: LastTrade): void {
    this.lastTrade = trade
    this.#lastTradeOf[trade.outcome] = trade
  }

  /** The newest trade in the book of this outcome: of the market, where both share one book. */
  lastTradeIn(outcome: Outcome): LastTrade | undefined {
    return this.engine.kind === 'mirrored' ? this.lastTrade : this.#lastTradeOf[outcome]
  }
}
