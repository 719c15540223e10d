import MiniSearch from 'minisearch'
import type { Market, MarketId, OutcomeSetId, VenueId } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import { refKey } from '../core/relation.ts'
import type { ListedMarket, Listing } from './digest.ts'
import type { MarketName } from './schema/scalars.ts'

type Indexed = { readonly id: string; readonly text: string; readonly tags: string }

/** What the venues list, as the engine knows it, and an index of its words. */
export class ReplicaCatalogue {
  readonly #markets: Map<string, ListedMarket> = new Map()
  readonly #sets: Map<string, OutcomeSet> = new Map()
  /** Left the catalogue, and still named by what was traded. */
  readonly #gone: Set<string> = new Set()
  readonly #index: MiniSearch<Indexed> = new MiniSearch<Indexed>({
    fields: ['text', 'tags'],
    searchOptions: { prefix: true, fuzzy: 0.15, combineWith: 'AND', boost: { text: 2 } },
  })

  get size(): number {
    return this.#markets.size - this.#gone.size
  }

  learn({ markets, sets, gone }: Listing): void {
    for (const listed of markets) this.#learnMarket(listed)
    for (const set of sets) this.#sets.set(`${set.venue}:${set.id}`, set)
    for (const { venue, market } of gone) {
      const key = refKey({ venue, market })
      // What was traded keeps its name; only lists and the search forget it.
      if (this.#index.has(key)) this.#index.discard(key)
      if (this.#markets.has(key)) this.#gone.add(key)
    }
  }

  /** Whether anything of this venue is known. */
  hasOf(venue: string): boolean {
    for (const { market } of this.#markets.values()) if (market.venue === venue) return true
    return false
  }

  find(venue: string, id: string): ListedMarket | undefined {
    return this.#markets.get(`${venue}:${id}`)
  }

  set(venue: string, id: string): OutcomeSet | undefined {
    return this.#sets.get(`${venue}:${id}`)
  }

  setOf(market: Market): OutcomeSet | undefined {
    return market.set === undefined ? undefined : this.set(market.venue, market.set)
  }

  /** Those that are listed now. */
  *markets(): Iterable<ListedMarket> {
    for (const [key, listed] of this.#markets) if (!this.#gone.has(key)) yield listed
  }

  sets(): Iterable<OutcomeSet> {
    return this.#sets.values()
  }

  /** The best match first. A text that is a market's own name finds just that. */
  search(words: string): readonly ListedMarket[] {
    return this.#index.search(words).flatMap(({ id }) => this.#markets.get(String(id)) ?? [])
  }

  name(venue: VenueId, id: MarketId): MarketName {
    const market = this.find(venue, id)?.market
    return { venue, id, question: plain(market?.question ?? id), label: plain(market?.label ?? '') }
  }

  setTitle(venue: VenueId, id: OutcomeSetId): string {
    return plain(this.set(venue, id)?.title ?? id)
  }

  #learnMarket(listed: ListedMarket): void {
    const { market } = listed
    const key = refKey({ venue: market.venue, market: market.id })
    this.#gone.delete(key)
    const text = `${market.question} ${market.label} ${market.slug} ${market.id}`
    const indexed = { id: key, text, tags: market.tags.join(' ') }
    if (!this.#index.has(key)) this.#index.add(indexed)
    else if (!isSameText(this.#markets.get(key)?.market, market)) this.#index.replace(indexed)
    this.#markets.set(key, listed)
  }
}

function isSameText(known: Market | undefined, market: Market): boolean {
  return known?.question === market.question && known.label === market.label
}

/** Venues write their texts: what would break a line is taken out. */
function plain(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}
