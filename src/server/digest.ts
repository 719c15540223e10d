import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { BookState, Level } from '../core/order-book.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { TradeSignal } from '../core/signal.ts'
import type { EpochMs, MicroUsd, Nanos, Ppm } from '../core/units.ts'
import type { BookCounts, HeldPosition } from '../engine/engine-view.ts'
import type { Effect, KeptBooks } from '../engine/event.ts'
import type { LimitUse } from '../risk/limit-use.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'

/** What the engine did, as far as people are told of it. */
export type ToldEffect = Extract<
  Effect,
  {
    readonly kind:
      | 'note-signal'
      | 'plan-basket'
      | 'place-basket'
      | 'note-order'
      | 'note-basket'
      | 'submit-operation'
      | 'note-operation'
      | 'note-entry'
  }
>

/** How the engine stands, in its own numbers. */
export type Figures = {
  readonly paused: boolean
  readonly killed: boolean
  readonly books: BookCounts
  readonly framesReceived: number
  readonly framesRefused: number
  readonly eventCount: number
  readonly turnP50Us: number | undefined
  readonly turnP99Us: number | undefined
  readonly signalCount: number
  readonly fillCount: number
  readonly rejectionCount: number
  readonly phantomCount: number
  readonly openBaskets: number
  readonly ordersOut: number
  readonly cash: MicroUsd
  readonly capital: MicroUsd
  readonly realised: MicroUsd
  readonly unrealised: MicroUsd
  readonly fees: MicroUsd
  readonly exposure: MicroUsd
  readonly limitUse: readonly LimitUse[]
  readonly ledgerBalanced: boolean
  readonly limits: RiskLimits
  readonly ordersLastSecond: number
  readonly ordersLastMinute: number
  readonly feeds: readonly FeedFigures[]
  readonly strategies: readonly StrategyFigures[]
  /** What each strategy has earned in this run, and paid in fees. */
  readonly profits: readonly StrategyProfit[]
}

export type StrategyProfit = {
  readonly strategy: string
  readonly gained: MicroUsd
  readonly fees: MicroUsd
  readonly realised: MicroUsd
}

export type FeedFigures = {
  readonly venue: VenueId
  readonly mode: 'socket' | 'polling'
  readonly open: number
  readonly wanted: number
  readonly markets: number
  readonly reconnects: number
}

export type StrategyFigures = {
  readonly name: string
  /** Why it does not run; undefined while it does. */
  readonly stopped: string | undefined
  readonly evaluations: number
  readonly episodes: number
  readonly openEpisodes: number
  readonly phantoms: number
  readonly parameters: Readonly<Record<string, string>>
}

/** An episode as it stands. The signal comes with its first sight only. */
export type EpisodeSight = {
  readonly number: number
  readonly strategy: string
  readonly signal: TradeSignal | undefined
  readonly firstSeenAt: Nanos
  readonly lastSeenAt: Nanos
  readonly sightings: number
  readonly peakEdgeRate: Ppm
  readonly attempts: number
  readonly working: boolean
  readonly refusal: string | undefined
  readonly endedBy: string | undefined
  readonly endedAt: Nanos | undefined
}

/** The best prices of books that changed: rows of {@link topColumns} numbers. */
export type Tops = { readonly rows: Float64Array; readonly count: number }

/**
 * The columns of a row of {@link Tops}: the number of the market, 0 for the book of YES and 1 for a
 * book of NO of its own, the state (an index of {@link bookStates}), bid, size, ask, size, and the
 * status of the market (an index of {@link marketStatuses}).
 */
export const topColumns = 8
export const bookStates = ['unproven', 'proven', 'broken'] as const
export const marketStatuses = ['open', 'paused', 'closed', 'resolved'] as const

/** The books of a market somebody looks at. */
export type SeenBooks = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly ladders: readonly SeenLadder[]
}

export type SeenLadder = {
  readonly outcome: 'yes' | 'no'
  readonly state: BookState
  readonly torn: boolean
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}

/** What has happened since the last digest, whole and bounded. Made of plain data: it is cloned. */
export type Digest = {
  readonly at: Nanos
  readonly atMs: EpochMs
  readonly figures: Figures
  readonly effects: readonly ToldEffect[]
  /** Effects that were left out, because there were too many to tell. */
  readonly untold: number
  readonly episodes: readonly EpisodeSight[]
  /** Undefined when nobody asked lately: positions are valued less often than the rest. */
  readonly positions: readonly HeldPosition[] | undefined
  readonly tops: Tops
  readonly seen: readonly SeenBooks[]
}

/** A market and the number of its books. */
export type ListedMarket = { readonly index: number; readonly market: Market }

/** What the catalogue has learned. */
export type Listing = {
  readonly markets: readonly ListedMarket[]
  readonly sets: readonly OutcomeSet[]
  readonly gone: readonly { readonly venue: VenueId; readonly market: MarketId }[]
}

/** What an earlier run has left at work. */
export type Kept = Pick<KeptBooks, 'baskets' | 'operations'>
