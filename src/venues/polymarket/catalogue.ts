import type { Market, MarketId } from '../../core/market.ts'
import type { OutcomeSet } from '../../core/outcome-set.ts'
import type { EpochMs, MicroUsd } from '../../core/units.ts'
import type { Log } from '../../ports/log.ts'
import type { Catalogue, CatalogueChange } from '../../ports/market-feed.ts'
import { VenueError } from '../venue-error.ts'
import type { MarketFilter, PolymarketConfig } from './config.ts'
import type { GammaEvent } from './gamma.ts'
import { eventsPage, gammaEvent, gammaMarket, marketsPage } from './gamma.ts'
import type { MarketRefusal } from './gamma-market.ts'
import { toMarket } from './gamma-market.ts'
import type { Child, EventParts } from './outcome-sets.ts'
import { setIdOf, toOutcomeSet } from './outcome-sets.ts'
import type { RestClient } from './rest-client.ts'

/** The most that a page holds, whatever is asked for. docs/venues/polymarket.md, 2.1. */
const pageSize = 100
/** Two hundred thousand events: more than the venue lists. Above it, the cursor goes in circles. */
const pagesMax = 2_000
/** Condition ids in one query. docs/venues/polymarket.md, 2.1. */
const idsPerQuery = 50
/** Closed markets that we ask about until they are resolved. */
const watchedMax = 2_000

/** What Polymarket lists and passes the filter, and what changed of it. */
export class PolymarketCatalogue implements Catalogue {
  readonly venue = 'polymarket'
  readonly #config: PolymarketConfig
  readonly #rest: RestClient
  readonly #log: Log
  #markets: Map<MarketId, Market> = new Map()
  #sets: Map<string, OutcomeSet> = new Map()
  #adopted: readonly Market[] = []
  /** Markets that have closed and are not yet resolved. */
  readonly #closed: Map<MarketId, Market> = new Map()
  #refusals: Map<MarketRefusal, number> = new Map()

  constructor({ config, rest, log }: { config: PolymarketConfig; rest: RestClient; log: Log }) {
    this.#config = config
    this.#rest = rest
    this.#log = log
  }

  adopt(markets: readonly Market[]): void {
    this.#adopted = markets
  }

  async load(): Promise<CatalogueChange> {
    const { markets, sets } = await this.#scan()
    this.#markets = markets
    this.#sets = sets
    this.#closed.clear()
    const unlisted = this.#adopted.filter(({ id }) => !markets.has(id)).map(closedMarket)
    this.#watch(unlisted)
    return change([...markets.values(), ...unlisted], [...sets.values()], [])
  }

  async refresh(): Promise<CatalogueChange> {
    const { markets, sets } = await this.#scan()
    const changed = [...markets.values()].filter((market) => {
      const before = this.#markets.get(market.id)
      return before === undefined || !isSameMarket(before, market)
    })
    const changedSets = [...sets.values()].filter(
      (set) => JSON.stringify(this.#sets.get(set.id)) !== JSON.stringify(set),
    )
    const missing = [...this.#markets.keys()].filter((id) => !markets.has(id))
    const closed = await this.#closedOf([...missing, ...this.#closed.keys()])
    const news = closed.filter((market) => this.#isNews(market))
    const gone = missing.filter((id) => !closed.some((market) => market.id === id))

    this.#markets = markets
    this.#sets = sets
    this.#watch(closed)
    return change([...changed, ...news], changedSets, gone)
  }

  /** How many markets of the last scan were not taken, by reason. */
  refusals(): ReadonlyMap<MarketRefusal, number> {
    return this.#refusals
  }

  #isNews(market: Market): boolean {
    const before = this.#closed.get(market.id) ?? this.#markets.get(market.id)
    return before === undefined || !isSameMarket(before, market)
  }

  #watch(closed: readonly Market[]): void {
    for (const market of closed) {
      if (market.status === 'resolved') this.#closed.delete(market.id)
      else if (this.#closed.size < watchedMax) this.#closed.set(market.id, market)
    }
  }

  async #scan(): Promise<{ markets: Map<MarketId, Market>; sets: Map<string, OutcomeSet> }> {
    const markets = new Map<MarketId, Market>()
    const sets = new Map<string, OutcomeSet>()
    this.#refusals = new Map()
    const { filter, exhaustiveSets } = this.#config
    let openCount = 0
    for await (const json of this.#events()) {
      const parts = this.#eventParts(json)
      if (parts === undefined || !passes(parts, filter)) continue

      for (const { market } of parts.children) {
        markets.set(market.id, market)
        if (market.status === 'open') openCount++
      }
      const set = toOutcomeSet(parts, exhaustiveSets)
      if (set !== undefined) sets.set(set.id, set)
      if (openCount >= filter.marketsMax) break
    }
    this.#log.info('polymarket catalogue read', {
      markets: markets.size,
      sets: sets.size,
      refused: Object.fromEntries(this.#refusals),
    })
    return { markets, sets }
  }

  /** Every open event, those with the most volume first. */
  async *#events(): AsyncGenerator {
    const seen = new Set<string>()
    let cursor: string | undefined
    for (let pageIndex = 0; pageIndex < pagesMax; pageIndex++) {
      const url = this.#eventsUrl(cursor)
      const page = await this.#rest.json('gamma-events', url, eventsPage)
      yield* page.events
      cursor = page.next_cursor ?? ''
      if (cursor === '') return
      if (seen.has(cursor)) throw circular(url)
      seen.add(cursor)
    }
  }

  #eventsUrl(cursor: string | undefined): URL {
    const { filter, gammaUrl } = this.#config
    const url = under(gammaUrl, 'events/keyset')
    url.searchParams.set('limit', String(pageSize))
    url.searchParams.set('closed', 'false')
    url.searchParams.set('order', 'volume_24hr')
    url.searchParams.set('ascending', 'false')
    for (const slug of filter.slugs) url.searchParams.append('slug', slug)
    if (cursor !== undefined) url.searchParams.set('after_cursor', cursor)
    return url
  }

  #eventParts(json: unknown): EventParts | undefined {
    const event = gammaEvent.safeParse(json)
    if (!event.success) {
      this.#refuse('schema')
      return undefined
    }
    const children: Child[] = []
    let refusedCount = 0
    for (const child of event.data.markets ?? []) {
      const taken = this.#child(child, event.data)
      if (typeof taken === 'object') children.push(taken)
      else {
        this.#refuse(taken)
        refusedCount++
      }
    }
    return { event: event.data, children, refusedCount }
  }

  #child(json: unknown, event: GammaEvent): Child | MarketRefusal {
    const gamma = gammaMarket.safeParse(json)
    if (!gamma.success) return 'schema'

    const tags = (event.tags ?? []).map(({ slug }) => slug)
    const { separateBooksTag } = this.#config
    const isSeparate = separateBooksTag !== undefined && tags.includes(separateBooksTag)
    const market = toMarket(gamma.data, {
      set: (event.markets?.length ?? 0) > 1 ? setIdOf(event) : undefined,
      bookKind: isSeparate ? 'separate' : 'mirrored',
      tags,
    })
    return typeof market === 'string' ? market : { gamma: gamma.data, market }
  }

  /** What the venue says of those of these markets that it has closed. */
  async #closedOf(ids: readonly MarketId[]): Promise<Market[]> {
    const closed: Market[] = []
    for (let start = 0; start < ids.length; start += idsPerQuery) {
      const url = under(this.#config.gammaUrl, 'markets/keyset')
      url.searchParams.set('limit', String(pageSize))
      url.searchParams.set('closed', 'true')
      for (const id of ids.slice(start, start + idsPerQuery)) {
        url.searchParams.append('condition_ids', id)
      }
      const page = await this.#rest.json('gamma-markets', url, marketsPage)
      for (const json of page.markets) {
        const market = this.#closedMarket(json)
        if (market !== undefined && ids.includes(market.id)) closed.push(market)
      }
    }
    return closed
  }

  /** A closed market as it was known, with its new state. */
  #closedMarket(json: unknown): Market | undefined {
    const gamma = gammaMarket.safeParse(json)
    if (!gamma.success) return undefined

    const id = gamma.data.conditionId as MarketId
    const before = this.#markets.get(id) ?? this.#closed.get(id)
    if (before === undefined) return undefined
    const { set, bookKind, tags } = before
    const market = toMarket(gamma.data, { set, bookKind, tags })
    return typeof market === 'string' ? undefined : market
  }

  #refuse(reason: MarketRefusal): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1)
  }
}

/** An event is taken or left as a whole: a set with an outcome missing says nothing. */
function passes({ event, children }: EventParts, filter: MarketFilter): boolean {
  const { slugs, tags } = filter
  if (slugs.length > 0) {
    const own = [event.slug, ...children.map(({ market }) => market.slug)]
    if (!own.some((slug) => slugs.includes(slug))) return false
  }
  if (tags.length > 0 && !(event.tags ?? []).some(({ slug }) => tags.includes(slug))) return false
  return children.some(({ market }) => marketPasses(market, filter))
}

function marketPasses(market: Market, filter: MarketFilter): boolean {
  if (market.status !== 'open') return false
  if ((market.volume24h ?? (0 as MicroUsd)) < filter.volume24hMin) return false
  if ((market.liquidity ?? (0 as MicroUsd)) < filter.liquidityMin) return false
  const { closesBefore } = filter
  return closesBefore === undefined || (market.closesAt ?? (Infinity as EpochMs)) <= closesBefore
}

/** What is not listed does not trade, whatever it was when it was last seen. */
function closedMarket(market: Market): Market {
  return market.status === 'resolved' ? market : { ...market, status: 'closed' }
}

/** Whether nothing has changed but figures that move all the time. */
function isSameMarket(before: Market, after: Market): boolean {
  const { volume24h, liquidity } = before
  return JSON.stringify(before) === JSON.stringify({ ...after, volume24h, liquidity })
}

function change(
  markets: readonly Market[],
  sets: readonly OutcomeSet[],
  gone: readonly MarketId[],
): CatalogueChange {
  return { venue: 'polymarket', markets, sets, gone }
}

/** A path under a base that may have a path of its own. */
export function under(base: string, path: string): URL {
  return new URL(path, base.endsWith('/') ? base : `${base}/`)
}

function circular(url: URL): VenueError {
  return new VenueError({
    venue: 'polymarket',
    call: `GET ${url.host}${url.pathname}`,
    code: 'MALFORMED',
    landed: 'no',
    detail: 'the cursor goes in circles',
  })
}
