import { GroupRegistry } from '../../src/arbitrage/group-registry.ts'
import type { RelationEntry } from '../../src/arbitrage/relation-entry.ts'
import { propositionEntries } from '../../src/app/proposition-entries.ts'
import type { FeeSchedule } from '../../src/core/fee.ts'
import type { InstrumentId, Market, MarketId, Outcome } from '../../src/core/market.ts'
import { askSide, bidSide } from '../../src/core/order-book.ts'
import { uniformGrid } from '../../src/core/price-grid.ts'
import type { Proposition, PropositionId, WithdrawalReason } from '../../src/core/proposition.ts'
import type { Decision } from '../../src/core/signal.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../../src/core/units.ts'
import { MarketCache } from '../../src/engine/market-cache.ts'
import type { BookEntry } from '../../src/ports/book-table.ts'
import type { PropositionWatch } from '../../src/ports/proposition-watch.ts'
import type { CatalogueView } from '../../src/ports/strategy.ts'
import type { CrossVenueConfig } from '../../src/strategies/cross-venue/cross-venue.ts'
import { CrossVenue } from '../../src/strategies/cross-venue/cross-venue.ts'

export const nowMs: EpochMs = Date.UTC(2026, 11, 1) as EpochMs

/** Asks and bids of YES: price in ticks, size in shares, best first. */
export type SideLevels = readonly (readonly [ticks: number, shares: number])[]
export type YesBook = { readonly bids?: SideLevels; readonly asks?: SideLevels }

/** A watch with a hand on it. */
export class HandWatch implements PropositionWatch {
  readonly gaps: number[] = []
  #reason: WithdrawalReason | undefined

  get version(): number {
    return this.#reason === undefined ? 0 : 1
  }

  withdraw(reason: WithdrawalReason): void {
    this.#reason = reason
  }

  onMarkets(): void {}

  onGap(_id: PropositionId, gap: Ticks): void {
    this.gaps.push(gap)
  }

  withdrawn(): WithdrawalReason | undefined {
    return this.#reason
  }
}

/** One question on both venues, with what a person has said of it. */
export const sameRain: Proposition = {
  id: 'p-rain' as PropositionId,
  title: 'Will it rain?',
  first: { venue: 'polymarket', market: '0xrain' as MarketId },
  second: { venue: 'kalshi', market: 'KXRAIN' as MarketId },
  orientation: 'same',
  holds: 'alike',
  because: 'proposition p-rain, "Will it rain?": confirmed by Ann on 2026-11-25',
}

export function polymarketFee(rate: number): FeeSchedule {
  return feeOf(rate, 'down-to-5-decimals')
}

export function kalshiFee(rate: number): FeeSchedule {
  return feeOf(rate, 'up-to-micro')
}

function feeOf(rate: number, rounding: 'down-to-5-decimals' | 'up-to-micro'): FeeSchedule {
  const taker = { rate: rate as Ppm, exponent: 1 } as const
  return { kind: 'known', taker, maker: { rate: 0 as Ppm, exponent: 1 }, rounding }
}

export function rainMarket(venue: Market['venue'], facts: Partial<Market> = {}): Market {
  const id = venue === 'polymarket' ? '0xrain' : 'KXRAIN'
  return {
    venue,
    id: id as MarketId,
    slug: id,
    question: 'Will it rain?',
    label: '',
    yes: { id: `${id}:yes` as InstrumentId, outcome: 'yes', label: 'Yes' },
    no: { id: `${id}:no` as InstrumentId, outcome: 'no', label: 'No' },
    set: undefined,
    status: 'open',
    bookKind: 'mirrored',
    grid: uniformGrid(1 as Ticks),
    lot: 10_000 as MicroShares,
    sizeMin: 10_000 as MicroShares,
    fee: venue === 'polymarket' ? polymarketFee(0) : kalshiFee(0),
    negRisk: false,
    takerDelayMs: 0,
    closesAt: (nowMs + 86_400_000) as EpochMs,
    volume24h: undefined,
    liquidity: undefined,
    tags: [],
    strike: undefined,
    rules: '',
    resolutionSource: '',
    resolution: undefined,
    ...facts,
  }
}

/** Nothing asked for but a profit, so that what is found is what is there. */
export const anyProfit: CrossVenueConfig = {
  edgeMin: 0 as Ppm,
  hurdlePerYear: 0 as Ppm,
  sizeMin: 0 as MicroShares,
  spendMax: 1_000_000_000 as MicroUsd,
}

export type TwoVenuesOptions = {
  readonly config?: CrossVenueConfig
  readonly proposition?: Proposition | undefined
  readonly markets?: readonly [Market, Market]
  readonly books?: readonly [YesBook, YesBook]
  /** What a relations file says besides, of which the strategy is told nothing. */
  readonly alsoSaid?: readonly RelationEntry[]
}

/** The strategy among two books of one question, with a hand on everything it may ask. */
export class TwoVenues {
  readonly watch: HandWatch = new HandWatch()
  readonly strategy: CrossVenue
  readonly registry: GroupRegistry
  readonly cache: MarketCache = new MarketCache()
  readonly entries: readonly [BookEntry, BookEntry]
  readonly phantoms: string[] = []
  readonly stale: Set<BookEntry> = new Set()
  readonly lying: Set<BookEntry> = new Set()
  readonly #markets: readonly Market[]

  constructor({ config = anyProfit, markets, books, ...rest }: TwoVenuesOptions = {}) {
    const proposition = 'proposition' in rest ? rest.proposition : sameRain
    const propositions = proposition === undefined ? [] : [proposition]
    const said = propositionEntries(propositions, this.watch)
    const { alsoSaid = [] } = rest
    this.registry = new GroupRegistry([...said.entries, ...alsoSaid], said.watch)
    this.#markets = markets ?? [rainMarket('polymarket'), rainMarket('kalshi')]
    const entries = this.#markets.map((market) => {
      const entry = this.cache.add(market)
      if (entry === undefined) throw new Error(`no books for ${market.id}`)
      return entry
    })
    const [first, second] = entries
    if (first === undefined || second === undefined) throw new Error('two markets')
    this.entries = [first, second]
    books?.forEach((book, index) => this.setBook(index === 0 ? 0 : 1, book))
    this.strategy = new CrossVenue(config, this.registry, { propositions, watch: this.watch })
    this.list()
  }

  setBook(index: 0 | 1, { bids = [], asks = [] }: YesBook): void {
    const { book } = this.entries[index].yes
    book.clear()
    book.mark('proven')
    for (const [ticks, shares] of bids) book.set(bidSide, ticks as Ticks, sizeOf(shares))
    for (const [ticks, shares] of asks) book.set(askSide, ticks as Ticks, sizeOf(shares))
  }

  get catalogue(): CatalogueView {
    return {
      market: (venue, id) => this.cache.byMarket(venue, id)?.market,
      marketOf: (venue, instrument) => this.cache.byInstrument(venue, instrument)?.entry.market,
      markets: () => this.#markets,
      sets: () => [],
    }
  }

  list(): void {
    this.strategy.onCatalogue(this.catalogue, this.cache)
  }

  evaluate(index: 0 | 1 = 0): Decision {
    const entry = this.entries[index]
    return this.strategy.evaluate({
      key: { venue: entry.market.venue, instrument: entry.market.yes.id },
      entry,
      cache: this.cache,
      catalogue: this.catalogue,
      receivedAt: 1 as Nanos,
      now: 2 as Nanos,
      nowMs,
      fresh: (one) => !this.stale.has(one),
      held: () => 0 as MicroShares,
      prove: (book) => !this.entries.some((one) => one.yes.book === book && this.lying.has(one)),
      phantom: (cause) => this.phantoms.push(cause),
    })
  }

  /** Why it passes, or the outcomes it buys. */
  answer(index: 0 | 1 = 0): string | readonly Outcome[] {
    const decision = this.evaluate(index)
    return decision.kind === 'pass' ? decision.reason : decision.legs.map(({ outcome }) => outcome)
  }
}

function sizeOf(shares: number): MicroShares {
  return Math.round(shares * 1_000_000) as MicroShares
}
