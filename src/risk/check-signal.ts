import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { BookState } from '../core/order-book.ts'
import { isOnGrid } from '../core/price-grid.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import { takerSizeStep } from '../core/taker-size-step.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { add, cost, subtract, zeroUsd } from '../core/units.ts'
import type { RiskLimits } from './risk-limits.ts'

/** Why a signal may not trade; a metric label. */
export type RefusalReason =
  | 'paused'
  | 'no-legs'
  | 'too-many-legs'
  | 'unknown-market'
  | 'market-not-open'
  | 'closing-soon'
  | 'unknown-fee'
  | 'unproven-book'
  | 'torn-book'
  | 'stale-feed'
  /** The venue takes no orders for now. */
  | 'venue-closed'
  /** Our books and the venue's account do not agree, or have not been compared yet. */
  | 'not-reconciled'
  | 'bad-size'
  | 'off-grid'
  | 'price-collar'
  | 'edge-too-good'
  | 'no-edge'
  | 'order-notional'
  | 'market-exposure'
  | 'set-exposure'
  | 'venue-exposure'
  | 'strategy-exposure'
  | 'unresolved-exposure'
  | 'daily-loss'
  | 'total-exposure'
  | 'no-cash'
  | 'not-held'
  | 'already-taken'
  | 'basket-at-work'
  | 'open-baskets'
  | 'order-rate'
  | `certificate-${string}`

/** What is known of a leg at this moment. */
export type LegFacts = {
  readonly market: Market
  readonly state: BookState
  readonly torn: boolean
  /** Whether its feed was heard of recently enough. */
  readonly fresh: boolean
  /** Why its venue, or the market itself, is closed to us. */
  readonly closed: 'venue-closed' | 'not-reconciled' | undefined
  /** A basket with an order in the same instrument is at work. */
  readonly atWork: boolean
  /** The books show the size, but we have taken some of it before. */
  readonly taken: boolean
  /** The best price that the leg could trade at now. */
  readonly best: Ticks
  /** Shares of the instrument that we hold. */
  readonly held: MicroShares
}

/** Cash that a basket ties up in a market until its orders are done. */
export type CashNeed = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly amount: MicroUsd
}

/** What the checks may know. Everything is handed in, so that a check is a pure function. */
export type RiskFacts = {
  readonly paused: boolean
  readonly nowMs: EpochMs
  readonly legOf: (leg: SignalLeg) => LegFacts | undefined
  readonly needs: readonly CashNeed[]
  readonly exposureOf: (venue: VenueId, market: MarketId) => MicroUsd
  /** Of the outcome set that a market is in; of the market alone where it is in none. */
  readonly setExposureOf: (venue: VenueId, market: MarketId) => MicroUsd
  readonly venueExposureOf: (venue: VenueId) => MicroUsd
  readonly strategyExposure: MicroUsd
  readonly unresolvedExposure: MicroUsd
  readonly dailyLoss: MicroUsd
  readonly totalExposure: MicroUsd
  readonly cashOf: (venue: VenueId) => MicroUsd
  readonly openBaskets: number
  readonly ordersLastSecond: number
  readonly ordersLastMinute: number
  /** Why the proof of the signal does not hold; asked last, because it costs the most. */
  readonly certificateFault: (signal: TradeSignal) => string | undefined
}

/**
 * Whether a signal may become orders: the first reason against it, or undefined.
 *
 * The strategy has looked at the books already. It is asked again here, because no strategy,
 * a user's own least of all, is trusted with the last word on what may be believed.
 */
export function checkSignal(
  signal: TradeSignal,
  facts: RiskFacts,
  limits: RiskLimits,
): RefusalReason | undefined {
  if (facts.paused) return 'paused'
  if (signal.legs.length === 0) return 'no-legs'
  if (signal.legs.length > limits.legsMax) return 'too-many-legs'
  for (const leg of signal.legs) {
    const reason = checkLeg(leg, facts, limits) ?? checkHeld(leg, signal, facts)
    if (reason !== undefined) return reason
  }
  return (
    checkEdge(signal, limits) ??
    checkLosses(facts, limits) ??
    checkExposure(facts, limits) ??
    checkRates(signal, facts, limits) ??
    checkCertificate(signal, facts)
  )
}

function checkLeg(leg: SignalLeg, facts: RiskFacts, limits: RiskLimits): RefusalReason | undefined {
  const known = facts.legOf(leg)
  if (known === undefined) return 'unknown-market'
  return (
    checkMarket(known.market, facts.nowMs, limits) ??
    known.closed ??
    checkBook(known) ??
    checkOrder(leg, known.market, limits) ??
    checkSpend(leg, known.market) ??
    checkCollar(leg, known, limits) ??
    (known.atWork ? 'basket-at-work' : undefined) ??
    // What only makes takes nothing: whether the books would give it says nothing.
    (known.taken && leg.rest?.postOnly !== true ? 'already-taken' : undefined)
  )
}

function checkMarket(
  { status, closesAt, fee }: Market,
  nowMs: EpochMs,
  { closingMarginMs }: RiskLimits,
): RefusalReason | undefined {
  if (status !== 'open') return 'market-not-open'
  if (closesAt !== undefined && closesAt - nowMs < closingMarginMs) return 'closing-soon'
  if (fee.kind === 'unknown') return 'unknown-fee'
  return undefined
}

function checkBook({ state, torn, fresh }: LegFacts): RefusalReason | undefined {
  if (state !== 'proven') return 'unproven-book'
  if (torn) return 'torn-book'
  if (!fresh) return 'stale-feed'
  return undefined
}

function checkOrder(
  { limit, size }: SignalLeg,
  { grid, lot, sizeMin }: Market,
  limits: RiskLimits,
): RefusalReason | undefined {
  if (!Number.isSafeInteger(size) || size <= 0 || size % lot !== 0 || size < sizeMin)
    return 'bad-size'
  if (!isOnGrid(grid, limit)) return 'off-grid'
  if (limit < limits.priceMin || limit > limits.priceMax) return 'price-collar'
  if (cost(limit, size) > limits.orderNotionalMax) return 'order-notional'
  return undefined
}

/** A buy that takes has to be told in the steps of the venue, or it would be refused there. */
function checkSpend(leg: SignalLeg, market: Market): RefusalReason | undefined {
  const { limit, rest, side, size } = leg
  if (rest !== undefined || side === 'sell' || market.takerSpend === undefined) return undefined
  const isSayable = size % takerSizeStep(market, side, limit) === 0
  return isSayable && cost(limit, size) >= market.takerSpend.min ? undefined : 'bad-size'
}

/** A limit far beyond the best price is an error more often than not. What rests takes nothing. */
function checkCollar(
  { limit, rest, side }: SignalLeg,
  { best }: LegFacts,
  { collarMax }: RiskLimits,
): RefusalReason | undefined {
  if (rest !== undefined) return undefined
  const beyond = side === 'buy' ? limit - best : best - limit
  return beyond > collarMax ? 'price-collar' : undefined
}

/** Nobody sells what he has not got: it is held, or both halves come of one split. */
function checkHeld(
  leg: SignalLeg,
  { legs, realisation }: TradeSignal,
  facts: RiskFacts,
): RefusalReason | undefined {
  if (leg.side === 'buy') return undefined
  const isHalf = legs.some(
    ({ market, outcome, side, size }) =>
      market === leg.market && outcome !== leg.outcome && side === 'sell' && size === leg.size,
  )
  if (realisation === 'split' && isHalf) return undefined
  return (facts.legOf(leg)?.held ?? 0) >= leg.size ? undefined : 'not-held'
}

function checkCertificate(signal: TradeSignal, facts: RiskFacts): RefusalReason | undefined {
  const fault = facts.certificateFault(signal)
  return fault === undefined ? undefined : `certificate-${fault}`
}

function checkEdge(
  { edge, edgeRate }: TradeSignal,
  { edgeRateMax }: RiskLimits,
): RefusalReason | undefined {
  if (edge <= 0) return 'no-edge'
  return edgeRate > edgeRateMax ? 'edge-too-good' : undefined
}

function checkExposure(facts: RiskFacts, limits: RiskLimits): RefusalReason | undefined {
  const byVenue = new Map<VenueId, MicroUsd>()
  let total = facts.totalExposure
  for (const { venue, market, amount } of facts.needs) {
    if (add(facts.exposureOf(venue, market), amount) > limits.marketExposureMax) {
      return 'market-exposure'
    }
    const ofSet = sumIn(facts, market)
    if (add(facts.setExposureOf(venue, market), ofSet) > limits.setExposureMax) {
      return 'set-exposure'
    }
    total = add(total, amount)
    byVenue.set(venue, add(byVenue.get(venue) ?? zeroUsd, amount))
  }
  if (total > limits.totalExposureMax) return 'total-exposure'
  const wanted = subtract(total, facts.totalExposure)
  if (add(facts.strategyExposure, wanted) > limits.strategyExposureMax) return 'strategy-exposure'
  for (const [venue, amount] of byVenue) {
    if (add(facts.venueExposureOf(venue), amount) > limits.venueExposureMax) return 'venue-exposure'
  }
  for (const [venue, amount] of byVenue) if (amount > facts.cashOf(venue)) return 'no-cash'
  return undefined
}

/** What the basket needs in all markets: at the most so much of it is in the set of this one. */
function sumIn({ needs }: RiskFacts, market: MarketId): MicroUsd {
  const { venue } = needs.find((need) => need.market === market) ?? {}
  return needs
    .filter((need) => need.venue === venue)
    .reduce<MicroUsd>((sum, { amount }) => add(sum, amount), zeroUsd)
}

function checkLosses(facts: RiskFacts, limits: RiskLimits): RefusalReason | undefined {
  if (facts.dailyLoss >= limits.dailyLossMax) return 'daily-loss'
  if (facts.unresolvedExposure >= limits.unresolvedExposureMax) return 'unresolved-exposure'
  return undefined
}

function checkRates(
  { legs }: TradeSignal,
  facts: RiskFacts,
  limits: RiskLimits,
): RefusalReason | undefined {
  if (facts.openBaskets >= limits.openBasketsMax) return 'open-baskets'
  if (facts.ordersLastSecond + legs.length > limits.ordersPerSecondMax) return 'order-rate'
  if (facts.ordersLastMinute + legs.length > limits.ordersPerMinuteMax) return 'order-rate'
  return undefined
}
