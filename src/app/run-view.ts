import type { Outcome, VenueId } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Ppm, Ticks } from '../core/units.ts'

/** Says without a doubt what the money in the view is. */
export type Badge = 'SIMULATED' | 'PAPER' | 'LIVE'

/** Where a run stands, as a person watches it. A copy: nothing in it changes. */
export type RunView = {
  readonly badge: Badge
  readonly title: string
  readonly elapsedMs: number
  /** Undefined when the run goes on until it is stopped. */
  readonly forMs: number | undefined
  readonly metricsUrl: string
  /** Opens the dashboard, once. */
  readonly loginUrl: string
  readonly feeds: readonly FeedView[]
  readonly books: BookCounts
  readonly phantoms: number
  readonly framesReceived: number
  readonly framesRefused: number
  readonly framesPerSecond: number
  readonly eventsPerSecond: number
  readonly turnP50Us: number | undefined
  readonly turnP99Us: number | undefined
  readonly signals: number
  readonly fills: number
  readonly rejections: number
  readonly realized: MicroUsd
  readonly unrealized: MicroUsd
  readonly fees: MicroUsd
  readonly ledgerBalanced: boolean
  /** Mispricings that last at this moment. */
  readonly openCount: number
  /** Those that last, then those that were, the latest first. */
  readonly opportunities: readonly OpportunityView[]
  /** The latest first. */
  readonly lastFills: readonly FillView[]
}

export type FeedView = {
  readonly venue: VenueId
  readonly mode: 'socket' | 'polling'
  readonly open: number
  readonly wanted: number
  readonly markets: number
  readonly reconnects: number
}

export type BookCounts = {
  readonly proven: number
  readonly unproven: number
  readonly broken: number
}

export type OpportunityView = {
  readonly strategy: string
  readonly title: string
  readonly edge: MicroUsd
  readonly edgeRate: Ppm
  readonly legs: number
  readonly size: MicroShares
  /** `open` while it lasts, `taken` when it was traded, else why risk refused it. */
  readonly verdict: string
  readonly atMs: EpochMs
}

export type FillView = {
  readonly strategy: string
  readonly title: string
  readonly outcome: Outcome
  readonly side: Side
  readonly price: Ticks
  readonly size: MicroShares
  readonly fee: MicroUsd
  readonly atMs: EpochMs
}

/** What a run tells while it goes, for lines of text or of JSON. */
export type RunEvent =
  | { readonly kind: 'progress'; readonly text: string }
  | {
      readonly kind: 'serving'
      readonly metricsUrl: string
      readonly url: string
      /** Lets one browser in, once. */
      readonly loginUrl: string
    }
  | { readonly kind: 'signal'; readonly signal: OpportunityView; readonly approved: boolean }
  | { readonly kind: 'fill'; readonly fill: FillView }
  | {
      readonly kind: 'rejection'
      readonly strategy: string
      readonly title: string
      readonly reason: string
      readonly atMs: EpochMs
    }
  | {
      readonly kind: 'connection'
      readonly venue: VenueId
      readonly change: 'open' | 'lost'
      readonly reason: string
      readonly markets: number
      readonly atMs: EpochMs
    }
  | {
      /** What the simulated exchange says in the end: a plant nobody saw, a signal of nothing. */
      readonly kind: 'judged'
      readonly verdict: 'missed' | 'unfounded'
      readonly what: string
      readonly markets: readonly string[]
      readonly atMs: EpochMs
    }
