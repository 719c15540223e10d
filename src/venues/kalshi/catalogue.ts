import type { Market, MarketId } from '../../core/market.ts'
import type { OutcomeSet } from '../../core/outcome-set.ts'
import type { EpochMs, MicroUsd } from '../../core/units.ts'
import { epochMs } from '../../core/units.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Catalogue, CatalogueChange } from '../../ports/market-feed.ts'
import type { KalshiConfig, MarketFilter } from './config.ts'
import type { ExchangeHours } from './exchange-hours.ts'
import { ExchangeSchedule, ExchangeStatus, tradesThrough } from './exchange-hours.ts'
import { FeeBook } from './fee-book.ts'
import { EventsPage, KalshiEvent, KalshiMarket, MarketsPage } from './listing.ts'
import type { EventParts } from './outcome-sets.ts'
import { setIdOf, toOutcomeSet } from './outcome-sets.ts'
import type { Query, RestClient } from './rest-client.ts'
import type { MarketRefusal, Surroundings } from './to-market.ts'
import { toMarket } from './to-market.ts'

/** The most that a page of events holds. docs/venues/kalshi.md, 4.1. */
const pageSize = 200
/** Two hundred thousand events: more than the venue lists. Above it, the cursor goes in circles. */
const pagesMax = 1_000
/** Tickers in one query, within the length of an address. */
const tickersPerQuery = 50
/** Closed markets that we ask about until they are resolved. */
const watchedMax = 2_000

type Scan = { readonly markets: Map<MarketId, Market>; readonly sets: Map<string, OutcomeSet> }

/** What Kalshi lists and passes the filter, and what changed of it. */
export class KalshiCatalogue implements Catalogue {
  readonly venue = 'kalshi'
  readonly #parts: CatalogueParts
  readonly #fees: FeeBook
  #markets: Map<MarketId, Market> = new Map()
  #sets: Map<string, OutcomeSet> = new Map()
  /** The events of the markets we hold: what a market is told without. */
  #events: Map<string, KalshiEvent> = new Map()
  #adopted: readonly Market[] = []
  /** Markets that have closed and are not yet resolved. */
  readonly #closed: Map<MarketId, Market> = new Map()
  #refusals: Map<MarketRefusal, number> = new Map()

  constructor(parts: CatalogueParts) {
    this.#parts = parts
    this.#fees = new FeeBook({ rest: parts.rest, series: parts.config.filter.series })
  }

  adopt(markets: readonly Market[]): void {
    this.#adopted = markets
  }

  async load(): Promise<CatalogueChange> {
    if (this.#parts.rest.isSigned) await this.#parts.rest.adoptLimits()
    const { markets, sets } = await this.#scan()
    this.#markets = markets
    this.#sets = sets
    this.#closed.clear()
    const unlisted = this.#adopted.filter(({ id }) => !markets.has(id)).map(closedMarket)
    this.#watch(unlisted)
    return change([...markets.values(), ...unlisted], [...sets.values()], [])
  }

  async refresh(): Promise<CatalogueChange> {
    const before = this.#markets
    const { markets, sets } = await this.#scan()
    const changed = [...markets.values()].filter((market) => {
      const known = before.get(market.id)
      return known === undefined || !isSameMarket(known, market)
    })
    const changedSets = [...sets.values()].filter(
      (set) => JSON.stringify(this.#sets.get(set.id)) !== JSON.stringify(set),
    )
    const missing = [...before.keys()].filter((id) => !markets.has(id))
    const ended = await this.#endedOf([...new Set([...missing, ...this.#closed.keys()])])
    const news = ended.filter((market) => {
      const known = this.#closed.get(market.id) ?? before.get(market.id)
      return known === undefined || !isSameMarket(known, market)
    })
    const gone = missing.filter((id) => !ended.some((market) => market.id === id))

    this.#markets = markets
    this.#sets = sets
    this.#watch(ended)
    return change([...changed, ...news], changedSets, gone)
  }

  /** How many markets of the last scan were not taken, by reason. */
  refusals(): ReadonlyMap<MarketRefusal, number> {
    return this.#refusals
  }

  #watch(ended: readonly Market[]): void {
    for (const market of ended) {
      if (market.status === 'resolved') this.#closed.delete(market.id)
      else if (this.#closed.size < watchedMax) this.#closed.set(market.id, market)
    }
  }

  async #scan(): Promise<Scan> {
    const { config, log } = this.#parts
    const [hours] = await Promise.all([this.#hours(), this.#fees.read()])
    this.#refusals = new Map()
    const found: EventParts[] = []
    for await (const json of this.#openEvents()) {
      const parts = this.#eventParts(json, hours)
      if (parts !== undefined && passes(parts, config.filter)) found.push(parts)
    }
    const taken = busiest(found, config.filter.marketsMax)
    const markets = new Map(
      taken.flatMap(({ markets }) => markets.map((market) => [market.id, market])),
    )
    const sets = new Map(
      taken
        .map((parts) => toOutcomeSet(parts, config.exhaustiveEvents))
        .filter((set) => set !== undefined)
        .map((set) => [set.id, set]),
    )
    this.#events = new Map(taken.map(({ event }) => [event.event_ticker, event]))
    log.info('kalshi catalogue read', {
      markets: markets.size,
      sets: sets.size,
      left: found.length - taken.length,
      refused: Object.fromEntries(this.#refusals),
    })
    return { markets, sets }
  }

  async #hours(): Promise<ExchangeHours> {
    const { rest } = this.#parts
    const [status, { schedule }] = await Promise.all([
      rest.json('/exchange/status', {}, ExchangeStatus),
      rest.json('/exchange/schedule', {}, ExchangeSchedule),
    ])
    return { status, schedule }
  }

  /** Every event with an open market. The venue gives them in no order of ours. */
  async *#openEvents(): AsyncGenerator {
    const { series, events } = this.#parts.config.filter
    const open = { status: 'open', with_nested_markets: true, limit: pageSize }
    if (events.length > 0) {
      for (const tickers of chunks(events, tickersPerQuery)) {
        yield* this.#pages({ ...open, tickers: tickers.join(',') })
      }
    } else if (series.length > 0) {
      for (const ticker of series) yield* this.#pages({ ...open, series_ticker: ticker })
    } else yield* this.#pages(open)
  }

  async *#pages(query: Query): AsyncGenerator {
    const { rest } = this.#parts
    const seen = new Set<string>()
    let cursor = ''
    for (let pageIndex = 0; pageIndex < pagesMax; pageIndex++) {
      const here = cursor === '' ? query : { ...query, cursor }
      const page = await rest.json('/events', here, EventsPage)
      yield* page.events ?? []
      cursor = page.cursor ?? ''
      if (cursor === '') return
      if (seen.has(cursor)) throw rest.malformed('/events', 'the cursor goes in circles')
      seen.add(cursor)
    }
    throw rest.malformed('/events', `more than ${pagesMax} pages`)
  }

  #eventParts(json: unknown, hours: ExchangeHours): EventParts | undefined {
    const { data: event } = KalshiEvent.safeParse(json)
    if (event === undefined) {
      this.#refuse('schema')
      return undefined
    }
    const around = this.#around(event, hours)
    const markets: Market[] = []
    let refusedCount = 0
    for (const child of event.markets ?? []) {
      const taken = asMarket(child, around)
      if (typeof taken === 'object') markets.push(taken)
      else {
        this.#refuse(taken)
        refusedCount++
      }
    }
    return { event, markets, refusedCount }
  }

  #around(event: KalshiEvent, hours: ExchangeHours | undefined): Surroundings {
    const { clock, config } = this.#parts
    const now = clock.epochMs()
    const horizon = epochMs(now + config.rest.horizonMs)
    return {
      event,
      series: this.#fees.seriesOf(event),
      set: (event.markets?.length ?? 0) > 1 ? setIdOf(event) : undefined,
      fees: this.#fees.factsOf(event),
      isTrading:
        hours === undefined || tradesThrough(hours, event.exchange_index ?? 0, now, horizon),
      now,
      horizon,
    }
  }

  /** What the venue says of those of these markets that no longer trade. */
  async #endedOf(ids: readonly MarketId[]): Promise<Market[]> {
    const ended: Market[] = []
    for (const tickers of chunks(ids, tickersPerQuery)) {
      const query = { tickers: tickers.join(','), limit: 1000 }
      const page = await this.#parts.rest.json('/markets', query, MarketsPage)
      for (const json of page.markets ?? []) {
        const market = this.#endedMarket(json)
        if (market !== undefined && ids.includes(market.id)) ended.push(market)
      }
    }
    return ended
  }

  /** A market that has ended as it was known, with its new state. */
  #endedMarket(json: unknown): Market | undefined {
    const { data } = KalshiMarket.safeParse(json)
    const known =
      data &&
      (this.#markets.get(data.ticker as MarketId) ?? this.#closed.get(data.ticker as MarketId))
    const event = data && this.#events.get(data.event_ticker)
    if (data === undefined || known === undefined) return undefined

    const stub: KalshiEvent = event ?? {
      event_ticker: data.event_ticker,
      series_ticker: '',
      title: known.question,
      mutually_exclusive: false,
    }
    const told = toMarket(data, this.#around(stub, undefined))
    if (typeof told === 'string') return undefined
    const { status, resolution, closesAt } = told
    if (status !== 'closed' && status !== 'resolved') return undefined
    return { ...known, status, resolution, closesAt }
  }

  #refuse(reason: MarketRefusal): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1)
  }
}

type CatalogueParts = {
  readonly config: KalshiConfig
  readonly rest: RestClient
  readonly clock: Clock
  readonly log: Log
}

function asMarket(json: unknown, around: Surroundings): Market | MarketRefusal {
  const { data } = KalshiMarket.safeParse(json)
  return data === undefined ? 'schema' : toMarket(data, around)
}

/** An event is taken or left as a whole: a set with an outcome missing says nothing. */
function passes({ event, markets }: EventParts, filter: MarketFilter): boolean {
  const { categories, series } = filter
  if (series.length > 0 && !series.includes(event.series_ticker)) return false
  if (categories.length > 0 && !markets.some(({ tags }) => categories.includes(tags[0] ?? ''))) {
    return false
  }
  return markets.some((market) => marketPasses(market, filter))
}

function marketPasses(market: Market, { volume24hMin, closesBefore }: MarketFilter): boolean {
  if (market.status !== 'open' && market.status !== 'paused') return false
  if ((market.volume24h ?? (0 as MicroUsd)) < volume24hMin) return false
  return closesBefore === undefined || (market.closesAt ?? (Infinity as EpochMs)) <= closesBefore
}

/** The events with the most volume that fit into `marketsMax` markets. */
function busiest(found: readonly EventParts[], marketsMax: number): readonly EventParts[] {
  const volume = ({ markets }: EventParts): number =>
    markets.reduce((sum, { volume24h }) => sum + (volume24h ?? 0), 0)
  const taken: EventParts[] = []
  let count = 0
  for (const parts of found.toSorted((a, b) => volume(b) - volume(a))) {
    if (count + parts.markets.length > marketsMax) continue
    taken.push(parts)
    count += parts.markets.length
  }
  return taken
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
  return { venue: 'kalshi', markets, sets, gone }
}

function chunks<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size)
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size))
}
