import type { Certificate } from './certificate.ts'
import type { InstrumentId, MarketId, Outcome, VenueId } from './market.ts'
import type { ClientOrderId, Fill, Order, Side, VenueOrderId, BasketId } from './order.ts'
import type { EpochMs, MicroShares, MicroUsd, Nanos, Ppm, Ticks } from './units.ts'

/** One leg of a signal: what to trade, on which side, up to which price, how much. */
export type SignalLeg = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly outcome: Outcome
  readonly side: Side
  /** The worst price at which the basket still pays. */
  readonly limit: Ticks
  readonly size: MicroShares
  /** It waits in the book for others. Left out: it takes what is there at once, all or nothing. */
  readonly rest?: LegRest
}

/** An order that rests: for how long, and whether it may only ever make. */
export type LegRest = { readonly forMs: number; readonly postOnly: boolean }

/**
 * How a basket becomes money.
 *
 * - `merge`: pairs of YES and NO are a dollar each at once.
 * - `split`: a dollar is split into such a pair first, and both halves are what the legs sell.
 * - `convert`: NO shares of a neg-risk set become cash and the YES of the others at once.
 * - `settlement`: it waits for the resolution.
 */
export type Realisation = 'merge' | 'split' | 'convert' | 'settlement'

/** A strategy's wish to trade, with what it claims to earn and, for an arbitrage, the proof. */
export type TradeSignal = {
  readonly kind: 'signal'
  readonly strategy: string
  readonly venue: VenueId
  readonly legs: readonly SignalLeg[]
  /** What the basket earns at the least, fees in. */
  readonly edge: MicroUsd
  /** The edge by dollar of payout, in ppm: 20 000 is 2 %. */
  readonly edgeRate: Ppm
  readonly certificate: Certificate | undefined
  readonly realisation: Realisation
  readonly generatedAt: Nanos
  /** When the frame that caused it came in. */
  readonly receivedAt: Nanos
}

/** A strategy's answer that it does not trade, with the reason: a label, never a sentence. */
export type Pass = { readonly kind: 'pass'; readonly reason: string }

export type Decision = TradeSignal | Pass

/** A signal that risk has approved, turned into orders that only make sense together. */
export type ExecutionIntent = {
  readonly basket: BasketId
  /**
   * `open`: the basket itself. `complete`, `unwind`: legs were left unequal, and these orders bring
   * the low ones up, or get rid of what the high ones have too much.
   */
  readonly purpose: 'open' | 'complete' | 'unwind'
  readonly signal: TradeSignal
  readonly orders: readonly Order[]
  readonly createdAt: Nanos
  readonly createdAtMs: EpochMs
}

/**
 * What became of one leg.
 *
 * `unknown`: the venue did not answer. The order may be live, and only the venue can say.
 */
export type LegReport = {
  readonly order: ClientOrderId
  readonly venueOrder: VenueOrderId | undefined
  readonly outcome: 'filled' | 'partly-filled' | 'rejected' | 'not-attempted' | 'unknown'
  readonly reason: string
  readonly fills: readonly Fill[]
}

export type ExecutionReport = {
  readonly basket: BasketId
  readonly strategy: string
  readonly executor: string
  readonly legs: readonly LegReport[]
  readonly at: Nanos
}

const passes = new Map<string, Pass>()

/** The same object for the same reason, so that passing costs nothing on the hot path. */
export function pass(reason: string): Pass {
  const known = passes.get(reason)
  if (known !== undefined) return known
  const made: Pass = { kind: 'pass', reason }
  passes.set(reason, made)
  return made
}
