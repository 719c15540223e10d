import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { Order } from '../core/order.ts'
import type { ExecutionIntent, ExecutionReport, TradeSignal } from '../core/signal.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { epochMs, zeroShares } from '../core/units.ts'
import type { FillView, OpportunityView, RunEvent } from './run-view.ts'

/** As many as a screen could ever show. */
const shownMax = 100
/** A run that signals more than this is judged by its first part. */
const sightingsMax = 200_000

/** A signal as far as it takes to judge it: what was claimed, of which markets, when. */
export type Sighting = {
  readonly strategy: string
  readonly markets: readonly MarketId[]
  readonly atMs: EpochMs
}

/** Turns instants of the engine into dates: both clocks were read together when the run began. */
export type Dating = (at: Nanos) => EpochMs

export function datingFrom(at: Nanos, atMs: EpochMs): Dating {
  return (later) => epochMs(atMs + Math.round((later - at) / 1e6))
}

export type RecordOptions = {
  readonly dating: Dating
  readonly marketOf: (venue: VenueId, market: MarketId) => Market | undefined
  readonly tell: (event: RunEvent) => void
}

/** Tells people what the engine asks and hears, in their words, and keeps what a judge needs. */
export class RunRecord {
  readonly #options: RecordOptions
  readonly #intents = new Map<string, ExecutionIntent>()
  readonly #opportunities: OpportunityView[] = []
  readonly #fills: FillView[] = []
  readonly #sightings: Sighting[] = []

  constructor(options: RecordOptions) {
    this.#options = options
  }

  /** The latest first. */
  get opportunities(): readonly OpportunityView[] {
    return this.#opportunities
  }

  /** The latest first. */
  get fills(): readonly FillView[] {
    return this.#fills
  }

  get sightings(): readonly Sighting[] {
    return this.#sightings
  }

  noteSignal(signal: TradeSignal, approved: boolean, reason: string): void {
    const { strategy, legs, generatedAt } = signal
    const atMs = this.#options.dating(generatedAt)
    // What claims no proof is an opinion: a judge of arbitrages has nothing to say of it.
    if (signal.certificate !== undefined && this.#sightings.length < sightingsMax) {
      this.#sightings.push({
        strategy,
        markets: [...new Set(legs.map(({ market }) => market))],
        atMs,
      })
    }
    const view = this.describe(signal, approved ? 'taken' : reason)
    keepLatest(this.#opportunities, view)
    this.#options.tell({ kind: 'signal', signal: view, approved })
  }

  noteIntent(intent: ExecutionIntent): void {
    this.#intents.set(intent.basket, intent)
  }

  noteReport(report: ExecutionReport): void {
    const intent = this.#intents.get(report.basket)
    this.#intents.delete(report.basket)
    for (const leg of report.legs) {
      const order = intent?.orders.find(({ id }) => id === leg.order)
      if (order === undefined) continue
      if (leg.outcome === 'rejected') this.#tellRejection(report, order, leg.reason)
      for (const fill of leg.fills) {
        const view: FillView = {
          strategy: report.strategy,
          title: this.#titleOf(order.venue, order.market),
          outcome: order.outcome,
          side: order.side,
          price: fill.price,
          size: fill.size,
          fee: fill.fee,
          atMs: this.#options.dating(fill.at),
        }
        keepLatest(this.#fills, view)
        this.#options.tell({ kind: 'fill', fill: view })
      }
    }
  }

  /** A signal in the words of a list. */
  describe(signal: TradeSignal, verdict: string): OpportunityView {
    const { strategy, legs, edge, edgeRate, generatedAt } = signal
    const [first] = legs
    const title = first === undefined ? '' : this.#titleOf(first.venue, first.market)
    return {
      strategy,
      title: legs.length > 2 ? `${title} and ${legs.length - 1} others` : title,
      edge,
      edgeRate,
      legs: legs.length,
      size: first?.size ?? zeroShares,
      verdict,
      atMs: this.#options.dating(generatedAt),
    }
  }

  #tellRejection({ strategy, at }: ExecutionReport, order: Order, reason: string): void {
    const title = this.#titleOf(order.venue, order.market)
    this.#options.tell({
      kind: 'rejection',
      strategy,
      title,
      reason,
      atMs: this.#options.dating(at),
    })
  }

  /** Venues write their questions: what would move the cursor of a terminal is taken out. */
  #titleOf(venue: VenueId, market: MarketId): string {
    const title = this.#options.marketOf(venue, market)?.question ?? market
    return title.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
  }
}

function keepLatest<T>(list: T[], item: T): void {
  list.unshift(item)
  if (list.length > shownMax) list.pop()
}
