import type { MarketId, VenueId } from '../core/market.ts'
import type { EpochMs, MicroUsd, Nanos } from '../core/units.ts'
import { add, zeroUsd } from '../core/units.ts'
import type { EngineView, HeldPosition } from '../engine/engine-view.ts'
import type { Effect } from '../engine/event.ts'
import { booksOf } from '../engine/market-cache.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type {
  Digest,
  FeedFigures,
  Figures,
  SeenBooks,
  SeenLadder,
  StrategyFigures,
  ToldEffect,
} from './digest.ts'
import { EpisodeWatch } from './episode-watch.ts'
import { StrategyProfits } from './strategy-profits.ts'
import { TopScan } from './top-scan.ts'

/** More than this between two digests no eye follows: the rest is counted. */
const effectsMax = 500
const episodesMax = 200
/** Markets looked at for new best prices in one digest: about a tenth of a millisecond. */
const scannedMax = 2_000
/** Counting the books and valuing positions walks all of them: once in so many digests. */
const slowEvery = 10
const levelsMax = 20

export type ObserverOptions = {
  readonly view: EngineView
  readonly venues: readonly VenueId[]
  readonly feeds: () => readonly FeedFigures[]
  readonly eventCount: () => number
  readonly parametersOf: (strategy: string) => Readonly<Record<string, string>>
  readonly turnQuantileUs: (quantile: number) => number | undefined
}

/** A market by its venue and the venue's name of it. */
export type SeenMarket = { readonly venue: VenueId; readonly market: MarketId }

/**
 * Notes what the engine does, in the engine's own thread, at the least cost.
 *
 * An effect is put into a list, and that is all that happens on the path of a frame. The rest is
 * gathered when a digest is taken, some times a second, and each part of it is bounded.
 */
export class EngineObserver {
  readonly #options: ObserverOptions
  readonly #tops: TopScan
  readonly #episodes: EpisodeWatch
  readonly #profits: StrategyProfits = new StrategyProfits()
  #effects: ToldEffect[] = []
  #untold = 0
  #seen: readonly SeenMarket[] = []
  #taken = 0
  #slow: SlowFigures = {
    books: { proven: 0, unproven: 0, broken: 0 },
    limitUse: [],
    unrealised: zeroUsd,
  }

  constructor(options: ObserverOptions) {
    this.#options = options
    this.#tops = new TopScan(options.view.cache, scannedMax)
    this.#episodes = new EpisodeWatch(options.view, episodesMax)
  }

  observe(effect: Effect): void {
    if (effect.kind === 'note-entry') this.#profits.post(effect.entry)
    switch (effect.kind) {
      case 'note-signal':
      case 'plan-basket':
      case 'place-basket':
      case 'note-order':
      case 'note-basket':
      case 'submit-operation':
      case 'note-operation':
      case 'note-entry':
        if (this.#effects.length < effectsMax) this.#effects.push(effect)
        else this.#untold++
        return
      default:
    }
  }

  /** Whose books somebody looks at. */
  look(seen: readonly SeenMarket[]): void {
    this.#seen = seen
  }

  take(at: Nanos, atMs: EpochMs): Digest {
    const slow = this.#taken % slowEvery === 0
    this.#taken++
    const effects = this.#effects
    this.#effects = []
    if (slow) this.#slow = slowFigures(this.#options.view)
    return {
      at,
      atMs,
      figures: this.#figures(),
      effects,
      untold: this.#untold,
      episodes: this.#episodes.take(),
      positions: slow ? this.#positions() : undefined,
      tops: this.#tops.take(),
      seen: this.#seen.flatMap((market) => this.#ladders(market)),
    }
  }

  #figures(): Figures {
    const { view, venues, feeds, eventCount, turnQuantileUs } = this.#options
    return {
      paused: view.paused,
      killed: view.killed,
      ...this.#slow,
      framesReceived: view.framesReceived,
      framesRefused: view.framesRefused,
      eventCount: eventCount(),
      turnP50Us: turnQuantileUs(0.5),
      turnP99Us: turnQuantileUs(0.99),
      signalCount: view.signalCount,
      fillCount: view.fillCount,
      rejectionCount: view.rejectionCount,
      phantomCount: view.phantomCount,
      openBaskets: view.openBaskets,
      ordersOut: view.ordersOut,
      cash: venues.reduce<MicroUsd>((sum, venue) => add(sum, view.cashOf(venue)), zeroUsd),
      capital: view.capital,
      realised: view.realised,
      fees: view.fees,
      exposure: view.exposure,
      ledgerBalanced: view.ledgerBalanced,
      limits: view.limits,
      ordersLastSecond: view.ordersLastSecond,
      ordersLastMinute: view.ordersLastMinute,
      feeds: feeds(),
      strategies: this.#strategies(),
      profits: this.#profits.byStrategy(),
    }
  }

  #strategies(): readonly StrategyFigures[] {
    const { parametersOf, view } = this.#options
    return view.strategies.map(({ strategy, stopped, evaluations, episodes, phantoms }) => ({
      name: strategy.name,
      stopped,
      evaluations,
      episodes: episodes.count,
      openEpisodes: episodes.openCount,
      phantoms: phantoms.total,
      parameters: parametersOf(strategy.name),
    }))
  }

  /** Copies: the engine changes its own. */
  #positions(): readonly HeldPosition[] {
    return this.#options.view
      .positions()
      .map(({ position, basis, value }) => ({ position: { ...position }, basis, value }))
  }

  #ladders({ venue, market }: SeenMarket): readonly SeenBooks[] {
    const entry = this.#options.view.cache.byMarket(venue, market)
    return entry === undefined ? [] : [{ venue, market, ladders: laddersOf(entry) }]
  }
}

type SlowFigures = Pick<Figures, 'books' | 'limitUse' | 'unrealised'>

function slowFigures(view: EngineView): SlowFigures {
  return { books: view.books(), limitUse: view.limitUse(), unrealised: view.unrealised }
}

function laddersOf(entry: BookEntry): readonly SeenLadder[] {
  return booksOf(entry).map((book) => ({
    outcome: book === entry.yes.book ? 'yes' : 'no',
    state: book.state,
    torn: book.torn,
    bids: book.levels(0, levelsMax),
    asks: book.levels(1, levelsMax),
  }))
}
