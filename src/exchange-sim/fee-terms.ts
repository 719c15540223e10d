import type { FeeSchedule } from '../core/fee.ts'
import { freeCurve } from '../core/fee.ts'
import type { Ppm } from '../core/units.ts'

/**
 * What a market says about its taker fee. docs/venues/polymarket.md, 8.3 and 8.4.
 *
 * `unstated`: fees are on and no schedule is published, so nobody outside can know the fee.
 */
export type FeeTerms =
  | { readonly kind: 'free' }
  | {
      readonly kind: 'curve'
      readonly feeType: string
      readonly rate: Ppm
      readonly rebateRate: Ppm
    }
  | { readonly kind: 'unstated'; readonly feeType: string }

export type FeeCategory =
  | 'crypto'
  | 'sports'
  | 'politics'
  | 'finance'
  | 'tech'
  | 'economics'
  | 'weather'
  | 'geopolitics'

/** The schedule of each category, as published in autumn 2026. docs/venues/polymarket.md, 8.3. */
const rates: Readonly<Record<FeeCategory, { rate: number; rebateRate: number }>> = {
  crypto: { rate: 70_000, rebateRate: 200_000 },
  sports: { rate: 50_000, rebateRate: 150_000 },
  politics: { rate: 40_000, rebateRate: 250_000 },
  finance: { rate: 40_000, rebateRate: 250_000 },
  tech: { rate: 40_000, rebateRate: 250_000 },
  economics: { rate: 50_000, rebateRate: 250_000 },
  weather: { rate: 50_000, rebateRate: 250_000 },
  geopolitics: { rate: 0, rebateRate: 0 },
}

export function feeTermsOf(category: FeeCategory): FeeTerms {
  const { rate, rebateRate } = rates[category]
  if (rate === 0) return { kind: 'free' }
  return {
    kind: 'curve',
    feeType: `${category}_fees_v2`,
    rate: rate as Ppm,
    rebateRate: rebateRate as Ppm,
  }
}

export function unstatedFeeOf(category: FeeCategory): FeeTerms {
  return { kind: 'unstated', feeType: `${category}_fees_v2` }
}

/** What the venue charges, whether it says so or not. */
export function chargedFee(terms: FeeTerms, category: FeeCategory): FeeSchedule {
  const known = terms.kind === 'unstated' ? feeTermsOf(category) : terms
  const rate = known.kind === 'curve' ? known.rate : (0 as Ppm)
  return {
    kind: 'known',
    taker: { rate, exponent: 1 },
    maker: freeCurve,
    rounding: 'down-to-5-decimals',
  }
}
