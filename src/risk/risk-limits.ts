import type { MicroUsd, Ppm, Ticks } from '../core/units.ts'

/** How much may go wrong. Every limit has a small default; none can be left out. */
export type RiskLimits = {
  /** Size times limit of one order. */
  readonly orderNotionalMax: MicroUsd
  /** What is held at cost and reserved in one market. */
  readonly marketExposureMax: MicroUsd
  /** What is held at cost and reserved in all markets of one outcome set. */
  readonly setExposureMax: MicroUsd
  /** What is held at cost and reserved at one venue. */
  readonly venueExposureMax: MicroUsd
  /** What is held at cost and reserved for one strategy. */
  readonly strategyExposureMax: MicroUsd
  /** What is in baskets whose legs are unequal, or of which an order's fate is unknown. */
  readonly unresolvedExposureMax: MicroUsd
  /** What may be lost in a day, by UTC, before no new basket is begun. */
  readonly dailyLossMax: MicroUsd
  /** How far the limit of an order may lie beyond the best price. */
  readonly collarMax: Ticks
  /** What is held at cost and reserved in all. */
  readonly totalExposureMax: MicroUsd
  readonly openBasketsMax: number
  readonly legsMax: number
  readonly ordersPerSecondMax: number
  readonly ordersPerMinuteMax: number
  /** No order this close to the close of its market. */
  readonly closingMarginMs: number
  /** Limits of orders lie within: a price at the edge is an error more often than not. */
  readonly priceMin: Ticks
  readonly priceMax: Ticks
  /** An edge above this, by dollar of payout, is an error of the model and not a gift. */
  readonly edgeRateMax: Ppm
}

export const riskDefaults: RiskLimits = {
  orderNotionalMax: 250_000_000 as MicroUsd,
  marketExposureMax: 1_000_000_000 as MicroUsd,
  setExposureMax: 2_000_000_000 as MicroUsd,
  venueExposureMax: 8_000_000_000 as MicroUsd,
  strategyExposureMax: 5_000_000_000 as MicroUsd,
  unresolvedExposureMax: 500_000_000 as MicroUsd,
  dailyLossMax: 500_000_000 as MicroUsd,
  collarMax: 1_500 as Ticks,
  totalExposureMax: 10_000_000_000 as MicroUsd,
  openBasketsMax: 20,
  // Polymarket takes so many orders in one call. docs/venues/polymarket.md, 3.5.
  legsMax: 15,
  ordersPerSecondMax: 60,
  ordersPerMinuteMax: 600,
  closingMarginMs: 10_000,
  priceMin: 10 as Ticks,
  priceMax: 9_990 as Ticks,
  edgeRateMax: 250_000 as Ppm,
}
