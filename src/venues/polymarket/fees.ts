import { parseDecimal } from '../../core/decimal.ts'
import type { FeeCurve, FeeSchedule } from '../../core/fee.ts'
import { freeCurve } from '../../core/fee.ts'
import { ppm } from '../../core/units.ts'
import type { GammaFeeSchedule } from './gamma.ts'

/** What a market says of its fees, in Gamma or on the CLOB. docs/venues/polymarket.md, 8.4. */
export type FeeFacts = {
  readonly feesEnabled?: boolean | null | undefined
  readonly feeSchedule?: GammaFeeSchedule | null | undefined
}

/**
 * The fee a market charges, from its own parameters and never from a table of categories.
 *
 * Unknown when fees are on and nobody says how much: such a market is not traded. 8.4.
 */
export function feeSchedule({ feesEnabled, feeSchedule }: FeeFacts): FeeSchedule {
  if (feesEnabled === false) return known(freeCurve, freeCurve)
  if (feeSchedule === undefined || feeSchedule === null) {
    const reason = feesEnabled === true ? 'fees are on, without a schedule' : 'no word of fees'
    return { kind: 'unknown', reason }
  }

  const { rate, exponent, takerOnly } = feeSchedule
  // The shortest text of a double is the number the venue wrote.
  const ratePpm = parseDecimal(String(rate), 6)
  if (ratePpm === undefined || ratePpm < 0 || ratePpm > 1_000_000) {
    return { kind: 'unknown', reason: `the rate was ${rate}` }
  }
  if (exponent !== 1 && exponent !== 2) {
    return { kind: 'unknown', reason: `the exponent was ${exponent}` }
  }
  const curve: FeeCurve = { rate: ppm(ratePpm), exponent }
  return known(curve, takerOnly === true ? freeCurve : curve)
}

function known(taker: FeeCurve, maker: FeeCurve): FeeSchedule {
  return { kind: 'known', taker, maker, rounding: 'down-to-5-decimals' }
}
