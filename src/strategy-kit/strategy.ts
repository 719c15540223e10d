/**
 * What a strategy of the user's own is written with: `prediction-engine/strategy`.
 *
 * A door of the package, so it passes on what other files export; within the project everybody
 * imports from those. docs/strategy-guide.md describes each name.
 */
export type { EvalContext, CacheView, CatalogueView, Strategy } from '../ports/strategy.ts'
export type { BookEntry } from '../ports/book-table.ts'
export type { Decision, LegRest, Pass, SignalLeg, TradeSignal } from '../core/signal.ts'
export type { Market, MarketId, MarketKey, Outcome, VenueId } from '../core/market.ts'
export type { Level } from '../core/order-book.ts'
export type { OutcomeBook } from '../core/outcome-book.ts'
export type { OutcomeSet } from '../core/outcome-set.ts'
export type { Side } from '../core/order.ts'
export type { EpochMs, MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
export { pass } from '../core/signal.ts'
export { askSide, bidSide } from '../core/order-book.ts'
export { takerFee, takerFeeMax } from '../core/fee.ts'
export { ceilToGrid, floorToGrid, stepAt } from '../core/price-grid.ts'
export {
  add,
  complement,
  cost,
  floorToLot,
  max,
  min,
  noAsk,
  noBid,
  proceeds,
  subtract,
  worth,
} from '../core/units.ts'
export type { Settings, StrategyBody, StrategyDefinition } from './define-strategy.ts'
export { defineStrategy } from './define-strategy.ts'
export { count, flag, fraction, milliseconds, price, shares, texts, usd } from './parameter.ts'
export { legOf, trade } from './trade.ts'
