import type { InstrumentId, Market, MarketId, OutcomeSetId, VenueId } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { CatalogueView } from '../ports/strategy.ts'
import type { MarketCache } from './market-cache.ts'

/** What the venues list, as far as we follow it. The markets are those of the cache. */
export class KnownCatalogue implements CatalogueView {
  readonly #cache: MarketCache
  readonly #sets: Map<VenueId, Map<OutcomeSetId, OutcomeSet>> = new Map()
  #setsVersion = 0

  constructor(cache: MarketCache) {
    this.#cache = cache
  }

  /** Grows with whatever is learned: what is derived from the catalogue is then old. */
  get version(): number {
    return this.#cache.version + this.#setsVersion
  }

  market(venue: VenueId, id: MarketId): Market | undefined {
    return this.#cache.byMarket(venue, id)?.market
  }

  marketOf(venue: VenueId, instrument: InstrumentId): Market | undefined {
    return this.#cache.byInstrument(venue, instrument)?.entry.market
  }

  *markets(): Iterable<Market> {
    for (const { market } of this.#cache.entries()) yield market
  }

  *sets(): Iterable<OutcomeSet> {
    for (const ofVenue of this.#sets.values()) yield* ofVenue.values()
  }

  set(venue: VenueId, id: OutcomeSetId): OutcomeSet | undefined {
    return this.#sets.get(venue)?.get(id)
  }

  /**
   * The other markets of the set that these are of, when its NO converts free of charge.
   *
   * Undefined when it does not, or when we do not keep every market of it: what came for the NO
   * could not be booked.
   */
  othersOf(given: readonly Market[]): readonly Market[] | undefined {
    const [first] = given
    const set = first?.set === undefined ? undefined : this.set(first.venue, first.set)
    if (set?.conversion === undefined || set.conversion.feeBips > 0) return undefined
    if (given.some((market) => market.set !== set.id)) return undefined
    const members = set.members.map(({ market }) => this.market(set.venue, market))
    const kept = members.filter((market) => market !== undefined)
    if (kept.length < members.length) return undefined
    return kept.filter(({ id }) => given.every((market) => market.id !== id))
  }

  learn(set: OutcomeSet): void {
    this.#setsVersion++
    const known = this.#sets.get(set.venue)
    if (known !== undefined) known.set(set.id, set)
    else this.#sets.set(set.venue, new Map([[set.id, set]]))
  }
}
